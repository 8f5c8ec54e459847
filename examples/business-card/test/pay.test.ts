import { createHash } from 'node:crypto'
import { inspect } from 'node:util'
import { eq } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { signedPayNotification } from 'weixin-kit/simulator'
import { Seal } from '../../shared/seal.ts'
import { secretsIn } from '../../shared/test/secrets.ts'
import { payAccounts } from '../migrations/shop-schema.ts'
import { createClients } from '../src/clients.ts'
import {
  type CardHarness,
  MERCHANTS,
  type Party,
  type Person,
  SECOND_APP,
  SEED,
  signed,
  startCards,
  X
} from './harness.ts'

type Params = Record<'appId' | 'nonceStr' | 'package' | 'paySign' | 'signType', string> & { timeStamp: number }
interface OrderRow {
  order_no: string
  status: string
  total_fee: number
  uuid: string
  mch_id: string
}

const [A, B, C] = MERCHANTS as [(typeof MERCHANTS)[0], (typeof MERCHANTS)[0], (typeof MERCHANTS)[0]]

describe('a merchant for each company', { timeout: 60_000 }, () => {
  let h: CardHarness
  let admin: Party
  let other: Party
  beforeAll(async () => {
    h = await startCards()
    admin = await h.staff('zhangju')
    other = await h.staff('linyuan')
    await setMerchant(other, B)
  }, 60_000)
  afterAll(() => h.close())
  /** What was paid is in the ledger of its own account, once. */
  afterEach(async () => {
    const broken = await h.app.database.query(
      `select o.order_no from goods_orders o full join ledger_entries l on l.reference = 'order:' || o.order_no
       where (o.status = 'paid') is distinct from (l.id is not null)
         or l.amount is distinct from case when o.status = 'paid' then o.total_fee end
         or (l.account_id <> o.account_id)`
    )
    expect(broken).toEqual([])
  })

  const clients = () => {
    const { database, ...rest } = h.app
    const logger = { warn: () => undefined, error: () => undefined }
    return createClients({ ...rest, db: database.db, log: () => undefined, logger }, new Seal(SEED))
  }
  const setMerchant = (who: Party, { mchId, apiKey }: { mchId: string; apiKey: string }) =>
    who.post(`${X}/jiChuSheZhiOper/addOrUpdate`, { shangHuHao: mchId, shangHuMiYao: apiKey })
  const order = async (customer: Person, goodsId = 3, mini = 1) =>
    customer.post(`${X}/yuZhiFu`, { u_id: customer.id, goodsId, xiaochengxu_id: mini })
  const rows = (customer: Person) =>
    h.app.database.query<OrderRow>(
      `select o.*, a.uuid, a.mch_id from goods_orders o join pay_accounts a on a.id = o.account_id where customer_id = ${customer.id} order by o.id`
    )
  const status = async (customer: Person) =>
    ((await customer.get(`${X}/order_status`)).body.data as { status: string }).status
  /** A notification as the merchant's own key signs it, at the address of an account. */
  const notify = async (
    uuid: string,
    { mchId, apiKey }: { mchId: string; apiKey: string },
    appId: string,
    out_trade_no: string,
    total_fee: number
  ) => {
    const request = signedPayNotification({ mchId, apiKey, appId, fields: { out_trade_no, total_fee } })
    const headers = { 'content-type': 'text/xml' }
    return h.call('POST', `${X}/pay_notify/${uuid}`, { headers, body: await request.text() })
  }

  it('pays by MD5 with a number as timeStamp, once however often one taps', async () => {
    const customer = await h.customer()
    const answers = await Promise.all(Array.from({ length: 20 }, () => order(customer)))
    const params = answers.map(({ body }) => body.data as Params)
    expect(new Set(params.map((one) => one.package)).size).toBe(1)
    expect(await rows(customer)).toHaveLength(1)
    const [first] = params
    if (!first) throw new Error('no response')
    const { paySign, ...given } = first
    const text = Object.entries({ ...given, key: A.apiKey })
      .sort(([a], [b]) => (a === 'key' ? 1 : b === 'key' ? -1 : a < b ? -1 : 1))
      .map(([name, value]) => `${name}=${value}`)
      .join('&')
    expect(paySign).toBe(createHash('md5').update(text).digest('hex').toUpperCase())
    expect(typeof first.timeStamp).toBe('number')
    await expect(customer.user.pay({ ...first, timeStamp: String(first.timeStamp) })).resolves.toBeDefined()
    expect(await status(customer)).toBe('paid')
    expect((await customer.get(`${X}/order_status`, { order_no: 'Y00000000000' })).body.code).toBe(302)
  })

  it('pays nobody else: not for others, not with another mini program, not what is not sold', async () => {
    const [customer, foreign] = [await h.customer(), await h.customer({ staff: [3], mini: h.secondMini })]
    const ask = (fields: object) => customer.post(`${X}/yuZhiFu`, fields)
    expect((await ask({ u_id: foreign.id, goodsId: 3, xiaochengxu_id: 1 })).body.code).toBe(404)
    expect((await ask({ u_id: customer.id, goodsId: 3, xiaochengxu_id: h.secondMini })).body.code).toBe(302)
    expect((await order(foreign, 3, h.secondMini)).body.code).toBe(302)
    await h.app.database.query('update goods set is_on_sale = false where id = 2')
    expect((await order(customer, 2)).body.code).toBe(302)
    await h.app.database.query('update goods set is_on_sale = true where id = 2')
  })

  it('keeps the notifications of three merchants apart', async () => {
    const ofA = await h.customer()
    const ofB = await h.customer({ staff: [3], mini: h.secondMini })
    await order(ofA)
    await order(ofB, 4, h.secondMini)
    const [a, b] = [(await rows(ofA))[0], (await rows(ofB))[0]]
    if (!a || !b) throw new Error('no orders')
    expect([a.mch_id, b.mch_id]).toEqual([A.mchId, B.mchId])
    const appA = h.simulator.credentials.miniProgram.appId
    const appB = SECOND_APP.appId
    const crossed = [
      // A's notification at B's address, and the other way round.
      await notify(b.uuid, A, appA, a.order_no, a.total_fee),
      await notify(a.uuid, B, appB, b.order_no, b.total_fee),
      // Signed with the right key, at the right address, for the order of another.
      await notify(a.uuid, A, appA, b.order_no, b.total_fee),
      await notify(b.uuid, B, appB, a.order_no, a.total_fee),
      // Of one who has no account here, and at an address that nobody has.
      await notify(a.uuid, C, appA, a.order_no, a.total_fee),
      await notify('00000000-0000-4000-8000-000000000000', A, appA, a.order_no, a.total_fee),
      await notify('no-uuid', A, appA, a.order_no, a.total_fee),
      // Another amount.
      await notify(a.uuid, A, appA, a.order_no, a.total_fee - 1)
    ]
    for (const answer of crossed) {
      expect([answer.text.includes('SUCCESS'), answer.text.includes('FAIL')]).toEqual([false, true])
      expect(answer.text).not.toMatch(/160000000|account|key/i)
    }
    expect([await status(ofA), await status(ofB)]).toEqual(['placed', 'placed'])
    const right = await Promise.all([
      notify(a.uuid, A, appA, a.order_no, a.total_fee),
      notify(b.uuid, B, appB, b.order_no, b.total_fee)
    ])
    expect(right.every(({ text }) => text.includes('SUCCESS'))).toBe(true)
    expect([(await rows(ofA))[0]?.status, (await rows(ofB))[0]?.status]).toEqual(['paid', 'paid'])
  })

  it('an order keeps the account that it was placed with, and its price', async () => {
    const customer = await h.customer()
    await order(customer)
    const [old] = await rows(customer)
    if (!old) throw new Error('no order')
    const accounts = () => h.number('select count(*) from pay_accounts where company_id = 1')
    const before = await accounts()
    await setMerchant(admin, A)
    expect(await accounts()).toBe(before)
    await setMerchant(admin, C)
    expect(await accounts()).toBe(before + 1)
    await h.app.database.query('update goods set price_fen = 300 where id = 3')
    await order(customer)
    const [, fresh] = await rows(customer)
    expect([fresh?.mch_id, fresh?.total_fee]).toEqual([C.mchId, 300])
    const appId = h.simulator.credentials.miniProgram.appId
    // The new key at the old address, then the old one, which is late.
    expect((await notify(old.uuid, { ...A, apiKey: C.apiKey }, appId, old.order_no, 100)).text).toContain('FAIL')
    expect((await notify(old.uuid, A, appId, old.order_no, 100)).text).toContain('SUCCESS')
    expect((await rows(customer)).map((one) => one.status)).toEqual(['paid', 'placed'])
    await setMerchant(admin, A)
    await h.app.database.query('update goods set price_fen = 100 where id = 3')
  })

  it('settings: both or none at first, absent is kept, and only for administrators', async () => {
    const third = await h.number("insert into companies (name) values ('第三家') returning id")
    await h.app.database.query(
      `insert into staff (company_id, login, password_hash, is_admin, username) select ${third}, 'third', password_hash, true, '三' from staff where id = 1`
    )
    const boss = await h.staff('third')
    const set = (fields: object) => boss.post(`${X}/jiChuSheZhiOper/addOrUpdate`, fields)
    expect((await set({ shangHuHao: '1600000009' })).body).toEqual({
      code: 303,
      msg: '商户号和商户秘钥要一起设置',
      data: {}
    })
    expect((await set({ shangChengName: '三' })).body).toEqual({ code: 200, msg: '创建成功', data: '' })
    expect((await set({ shangHuHao: '1600000009', shangHuMiYao: 'c'.repeat(32) })).body).toEqual({
      code: 200,
      msg: '修改成功',
      data: ''
    })
    expect((await set({ shangHuHao: '1600000008' })).body.msg).toBe('修改成功')
    expect(await h.number(`select count(*) from pay_accounts where company_id = ${third}`)).toBe(2)
    expect(await h.number(`select count(*) from settings where company_id = ${third} and shop_name = '三'`)).toBe(1)
  })

  it('answers 商户未配置 without a merchant, 502 when WeChat Pay is away, and 429 after ten orders in an hour', async () => {
    const customer = await h.customer()
    await h.app.database.query('update settings set current_account_id = null where company_id = 1')
    expect((await order(customer)).body).toEqual({ code: 303, msg: '商户未配置', data: {} })
    await setMerchant(admin, A)
    const fault = h.simulator.fail('/pay/unifiedorder', { status: 503, times: 10 })
    expect((await order(customer)).body).toEqual({ code: 502, msg: '微信服务暂时不可用', data: {} })
    expect((await rows(customer))[0]?.status).toBe('created')
    fault.restore()
    // The same order, placed by the next tap.
    expect((await order(customer)).body.code).toBe(200)
    expect(await rows(customer)).toHaveLength(1)
    await h.app.database.query(
      `insert into goods_orders (order_no, account_id, customer_id, goods_id, name, total_fee, status, time_expire, client_ip)
       select order_no || n, account_id, customer_id, goods_id, name, total_fee, 'closed', time_expire, client_ip
       from goods_orders, generate_series(1, 9) n where customer_id = ${customer.id}`
    )
    expect((await order(customer, 1)).body.code).toBe(429)
  })

  it('an order that WeChat Pay refuses is failed, and one that nobody paid is closed by the sweep', async () => {
    const [refused, idle, lost] = [await h.customer(), await h.customer(), await h.customer()]
    h.simulator.fail('/pay/unifiedorder', { errcode: 'NOAUTH', times: 1 })
    expect((await order(refused)).body.code).toBe(502)
    expect((await rows(refused))[0]?.status).toBe('failed')
    const params = (await order(lost)).body.data as object
    await order(idle)
    h.simulator.deliveries.hold('pay')
    await lost.user.pay(params)
    const long = "created_at = now() - interval '2 hours', time_expire = now() - interval '90 minutes'"
    await h.app.database.query(`update goods_orders set ${long} where customer_id in (${idle.id}, ${lost.id})`)
    await h.app.sweep('orders')
    expect([(await rows(idle))[0]?.status, (await rows(lost))[0]?.status]).toEqual(['closed', 'paid'])
    await h.simulator.deliveries.release('pay')
    expect((await rows(lost))[0]?.status).toBe('paid')
  })

  it('a company that gets another mini program is paid by it at once, and clients are kept as long as their rows', async () => {
    const customer = await h.customer({ staff: [3], mini: h.secondMini })
    await order(customer, 4, h.secondMini)
    const [placed] = await rows(customer)
    if (!placed) throw new Error('no order')
    const third = 'wx00000000000000c3'
    const pay = async () => (await notify(placed.uuid, B, third, placed.order_no, placed.total_fee)).text
    const { merchantOf, miniOf } = clients()
    const merchant = () => merchantOf(eq(payAccounts.uuid, placed.uuid))
    const before = await merchant()
    expect(before).toMatchObject({ id: expect.any(Number) })
    expect(await merchant()).toBe(before)
    expect(await pay()).toContain('FAIL')
    const seal = (secret: string) => new Seal(SEED).seal('mini program', secret.repeat(32))
    const id = await h.number(
      `insert into mini_programs (company_id, app_id, secret_sealed) values (2, '${third}', '${seal('c')}') returning id`
    )
    expect(await merchant()).not.toBe(before)
    expect(await pay()).toContain('SUCCESS')
    const mini = await miniOf(id)
    expect(await miniOf(id)).toBe(mini)
    await h.app.database.query(`update mini_programs set secret_sealed = '${seal('d')}' where id = ${id}`)
    expect(await miniOf(id)).not.toBe(mini)
    await h.app.database.query(`delete from mini_programs where id = ${id}`)
    await expect(miniOf(id)).rejects.toMatchObject({ errorCode: 302 })
  })

  it('decrypts a phone number of this login of this person, and nothing else', async () => {
    const customer = await h.customer()
    const stranger = await h.customer()
    const give = (who: Person, fields: object) => who.post(`${X}/chat/encrypted_phone_number/0`, { u_id: 1, ...fields })
    const { encryptedData, iv } = customer.user.encryptedPhone()
    const again = { code: 303, msg: '请重新登录后再试', data: {} }
    expect((await give(stranger, { encryptedData, iv })).body).toEqual(again)
    expect((await give(customer, { encryptedData: 'AAAA', iv })).body).toEqual(again)
    expect((await give(customer, { encryptedData: `${encryptedData.slice(0, -4)}AAA=`, iv })).body).toEqual(again)
    const later = await h.customer({ user: customer.user })
    const fresh = later.user.encryptedPhone()
    // The token of the login before still signs, and decrypts nothing of the new one.
    expect((await give(customer, { encryptedData: fresh.encryptedData, iv: fresh.iv })).body).toEqual(again)
    expect((await give(later, { code: 'wrong' })).body.code).toBe(303)
    const code = later.user.phoneCode()
    const path = `${X}/chat/encrypted_phone_number/0?${signed(later.id, later.token)}`
    const twice = [
      await h.call('POST', path, { body: { u_id: 1, code } }),
      await h.call('POST', path, { body: { u_id: 1, code } })
    ]
    expect(twice.map(({ text }) => text)).toEqual(Array(2).fill('{"code":200,"msg":"查询成功","data":{}}'))
    expect(await h.number(`select count(*) from messages where customer_id = ${later.id}`)).toBe(1)
  })

  it('leaves no key, token or phone number in clear: not in responses, the log, the database or an inspected client', async () => {
    const phone = '13912345678'
    const user = h.simulator.user({ id: 'secretive', phone })
    const customer = await h.customer({ user })
    const answers: string[] = []
    const keep = async (answer: Promise<{ text: string }>) => answers.push((await answer).text)
    await keep(customer.post(`${X}/chat/encrypted_phone_number/0`, { u_id: 1, ...user.encryptedPhone() }))
    await keep(customer.get('/zhugeleida/qiyeweixin/chat', { u_id: 1 }))
    await keep(customer.get('/zhugeleida/qiyeweixin/chat/getmsg/0', { u_id: 1 }))
    await keep(setMerchant(admin, C))
    await keep(order(customer))
    await keep(setMerchant(admin, A))
    const tables = await h.app.database.query<{ table_name: string }>(
      "select table_name from information_schema.tables where table_schema = 'public'"
    )
    const dump = await Promise.all(
      tables.map(async ({ table_name }) =>
        JSON.stringify(await h.app.database.query(`select t::text from "${table_name}" t`))
      )
    )
    const secrets = {
      A: A.apiKey,
      B: B.apiKey,
      C: C.apiKey,
      token: customer.token,
      admin: admin.token,
      phone,
      mini: SECOND_APP.appSecret
    }
    expect(secretsIn([...answers, ...dump, h.logged()].join('\n'), h.simulator, secrets)).toEqual([])
    const [{ uuid } = { uuid: '' }] = await rows(customer)
    const { merchantOf, miniOf } = clients()
    const shown = inspect([await merchantOf(eq(payAccounts.uuid, uuid)), await miniOf(1)], {
      depth: 9,
      showHidden: true
    })
    const { appSecret } = h.simulator.credentials.miniProgram
    expect([C.apiKey, A.apiKey, appSecret].filter((secret) => shown.includes(secret))).toEqual([])
    // The member of the staff to whom it was given reads it.
    const read = await admin.get('/zhugeleida/qiyeweixin/chat', { customer_id: customer.id })
    expect(read.text).toContain(phone)
  })

  it('shows a number to whom it was given, and not to a colleague whom the customer knows as well', async () => {
    const phone = '13700000001'
    const customer = await h.customer({ user: h.simulator.user({ id: 'careful', phone }), staff: [1, 2] })
    const colleague = await h.staff('zhangcong')
    await customer.post(`${X}/chat/encrypted_phone_number/0`, { u_id: 1, ...customer.user.encryptedPhone() })
    const phoneFor = async (who: Party) => {
      const { ret_data } = (await who.get('/zhugeleida/qiyeweixin/customers')).body.data as {
        ret_data: { customer_id: number; phone: string }[]
      }
      return ret_data.find(({ customer_id }) => customer_id === customer.id)?.phone
    }
    expect([await phoneFor(admin), await phoneFor(colleague)]).toEqual([phone, ''])
  })
})
