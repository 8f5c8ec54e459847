import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { signedPayNotification } from 'weixin-kit/simulator'
import {
  type CardHarness,
  MERCHANTS,
  type Party,
  type Person,
  Q,
  SECOND_APP,
  signed,
  startCards,
  X
} from './harness.ts'

/** What belongs to one company, person or role, tried as that of another. */
describe('nothing is crossed', { timeout: 60_000 }, () => {
  let h: CardHarness
  let customer: Person
  let foreign: Person
  let admin: Party
  let boss: Party
  beforeAll(async () => {
    h = await startCards()
    customer = await h.customer()
    foreign = await h.customer({ staff: [3], mini: h.secondMini })
    ;[admin, boss] = [await h.staff('zhangju'), await h.staff('linyuan')]
  }, 60_000)
  afterAll(() => h.close())

  const bearer = (method: string, path: string, token: string) =>
    h.call(method, path, { headers: { authorization: `Bearer ${token}` }, ...(method === 'POST' ? { body: {} } : {}) })

  it('companies that share a merchant: each order is settled at its own address only', async () => {
    const [merchant] = MERCHANTS
    if (!merchant) throw new Error('no merchant')
    for (const who of [admin, boss])
      await who.post(`${X}/jiChuSheZhiOper/addOrUpdate`, { shangHuHao: merchant.mchId, shangHuMiYao: merchant.apiKey })
    await customer.post(`${X}/yuZhiFu`, { u_id: customer.id, goodsId: 3, xiaochengxu_id: 1 })
    await foreign.post(`${X}/yuZhiFu`, { u_id: foreign.id, goodsId: 4, xiaochengxu_id: h.secondMini })
    const [a, b] = await h.app.database.query<{ order_no: string; total_fee: number; uuid: string }>(
      'select o.order_no, o.total_fee::int, p.uuid from goods_orders o join pay_accounts p on p.id = o.account_id order by o.id'
    )
    if (!a || !b) throw new Error('no orders')
    expect(a.uuid).not.toBe(b.uuid)
    const notify = async (address: string, order: typeof a, appId: string) => {
      const fields = { out_trade_no: order.order_no, total_fee: order.total_fee }
      const body = await signedPayNotification({ ...merchant, appId, fields }).text()
      return (await h.call('POST', `${X}/pay_notify/${address}`, { headers: { 'content-type': 'text/xml' }, body }))
        .text
    }
    const { appId } = h.simulator.credentials.miniProgram
    for (const [address, order, app] of [
      [b.uuid, a, appId],
      [b.uuid, a, SECOND_APP.appId],
      [a.uuid, b, appId],
      [a.uuid, a, SECOND_APP.appId],
      [a.uuid.toUpperCase(), a, appId],
      [`${b.uuid}%2F..%2F${a.uuid}`, a, appId],
      [`${b.uuid}?account=${a.uuid}`, a, appId]
    ] as const)
      expect([address, await notify(address, order, app)]).toEqual([address, expect.stringContaining('FAIL')])
    expect(await h.number("select count(*) from goods_orders where status = 'paid'")).toBe(0)
    expect(await notify(a.uuid, a, appId)).toContain('SUCCESS')
    expect(await notify(`${b.uuid}/`, b, SECOND_APP.appId)).toContain('SUCCESS')
    expect(await h.number('select count(*) from ledger_entries')).toBe(2)
  })

  it('a customer and a member of the staff with one number: neither signs for the other', async () => {
    expect(customer.id).toBe(admin.id)
    expect((await customer.get(`${Q}/customers`)).body.code).toBe(404)
    expect((await customer.post(`${X}/jiChuSheZhiOper/addOrUpdate`, { shangChengName: '我的' })).body.code).toBe(404)
    expect((await admin.get(`${X}/mingpian`, { uid: 1 })).body.code).toBe(404)
    expect((await bearer('GET', `${Q}/customers`, customer.token)).body.code).toBe(404)
    expect((await bearer('POST', `${X}/jiChuSheZhiOper/addOrUpdate`, customer.token)).body.code).toBe(404)
    expect((await bearer('GET', `${X}/mingpian/all`, admin.token)).body.code).toBe(404)
  })

  it('the token of one with the number of another, in a signature or beside a bearer token', async () => {
    const path = `${X}/mingpian/all?${signed(foreign.id, customer.token)}`
    expect((await h.call('GET', path)).body.code).toBe(404)
    const beside = `${X}/mingpian/all?${signed(foreign.id, foreign.token)}`
    expect((await bearer('GET', beside, customer.token)).body.code).toBe(404)
    expect((await bearer('GET', beside, foreign.token)).body.code).toBe(200)
  })

  it('a code of one mini program logs nobody in at another, and binds nobody there', async () => {
    const code = () => foreign.user.login({ account: SECOND_APP.appId })
    const at = (path: string, mini: number) =>
      h.call('GET', `${X}/${path}?code=${code()}&user_type=2&source=1&uid=1&xiaochengxu_id=${mini}`)
    expect((await at('login', 1)).body.code).toBe(401)
    expect((await at('login/binding', 1)).body.code).toBe(401)
    expect((await at('login/binding', h.secondMini)).body.code).toBe(302)
    expect(await h.number(`select count(*) from bindings where customer_id = ${foreign.id} and staff_id = 1`)).toBe(0)
  })

  it('orders, customers and classes of others are unknown', async () => {
    const [{ order_no } = { order_no: '' }] = await h.app.database.query<{ order_no: string }>(
      `select order_no from goods_orders where customer_id = ${foreign.id}`
    )
    const error = { code: 302, msg: '对应ID不存在', data: {} }
    expect((await customer.get(`${X}/order_status`, { order_no })).body).toEqual(error)
    expect((await admin.get(`${Q}/chat`, { customer_id: foreign.id })).body).toEqual(error)
    expect((await boss.get(`${Q}/chat/getmsg/0`, { customer_id: customer.id })).body).toEqual(error)
    const foreignClass = await h.number(
      "insert into goods_classes (company_id, name) values (2, '别人的') returning id"
    )
    expect((await customer.get(`${X}/goodsClassShow`, { singleUser: foreignClass })).body).toEqual(error)
    const change = { o_id: foreignClass, classificationName: 'x', goodsNum: 1 }
    expect((await admin.post(`${X}/goodsClassOper/update/${foreignClass}`, change)).body).toEqual(error)
    expect((await admin.post(`${X}/goodsClassOper/delete/${foreignClass}`, change)).body).toEqual(error)
    const own = { classificationName: 'x', goodsNum: 1, parentClassification: foreignClass }
    expect((await admin.post(`${X}/goodsClassOper/add/0`, own)).body).toEqual(error)
  })

  it('a field that moves from the body to the query, or comes twice, is not read', async () => {
    const text = { customer_id: customer.id, user_id: 1, content: { info_type: 1, msg: '在吗' } }
    expect((await customer.post(`${Q}/chat/send_msg/0?send_type=2`, text)).body.code).toBe(303)
    const form = `send_type=1&send_type=2&customer_id=${customer.id}&user_id=1&content=x`
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    expect((await customer.post(`${Q}/chat/send_msg/0`, form, { headers })).status).toBe(400)
    expect(await h.number('select count(*) from messages')).toBe(0)
  })

  it('who is an administrator no more changes nothing', async () => {
    await h.app.database.query(`update staff set is_admin = false where id = ${boss.id}`)
    const { status, body } = await boss.post(`${X}/jiChuSheZhiOper/addOrUpdate`, { shangChengName: '新' })
    expect([status, body.code]).toEqual([403, 404])
  })
})
