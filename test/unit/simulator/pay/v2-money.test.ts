import { createPublicKey, publicEncrypt } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { parseXml } from '../../../../src/internal/xml/index.ts'
import { decryptReqInfo } from '../../../../src/simulator/crypto/pay-v2.ts'
import { v2Sign } from '../../../support/pay-callers.ts'
import { type Setup, setup, v2Order } from './setup.ts'

const REFUND = '/secapi/pay/refund'

async function paid(world: Setup, number: string, fee = 100, coupon?: number) {
  const { prepay_id: prepayId = '' } = await world.v2('/pay/unifiedorder', v2Order(world, number, fee))
  const { transactionId } = await world.user.pay(prepayId, coupon === undefined ? {} : { coupon })
  world.received.length = 0
  return transactionId ?? ''
}

const refund = (world: Setup, number: string, refundNo: string, fee: number, total = 100, more = {}) =>
  world.v2(REFUND, {
    appid: world.appId,
    out_trade_no: number,
    out_refund_no: refundNo,
    refund_fee: fee,
    total_fee: total,
    notify_url: 'https://shop.example.com/v2/refund',
    ...more
  })

describe('client certificate', () => {
  it('is asked for where money goes out, and checked', async () => {
    const world = setup({ accounts: { merchants: [{}, {}] } })
    await paid(world, 'T00001')
    const without = world.v2(REFUND, { appid: world.appId }, { certificate: undefined })
    await expect(without).rejects.toThrow('root is not <xml>')
    expect(world.simulator.log.entries.at(-1)?.status).toBe(400)
    const redPack = await world.v2('/mmpaymkttransfers/sendredpack', {}, { certificate: undefined })
    expect(redPack).toMatchObject({ return_code: 'FAIL', result_code: 'FAIL', err_code: 'CA_ERROR' })
    const [, second] = world.simulator.context.accounts.merchants
    const foreign = world.simulator.credentials.merchantFiles(second?.mchId ?? '').cert
    const answer = await world.v2('/mmpaymkttransfers/sendredpack', {}, { certificate: foreign })
    expect(answer).toMatchObject({ err_code: 'CA_ERROR', err_code_des: '商户号与证书不匹配' })
    const forged = world.simulator.certificateAuthority
    expect((await world.v2('/mmpaymkttransfers/sendredpack', {}, { certificate: forged })).err_code).toBe('CA_ERROR')
    const plain = await world.v2(
      '/pay/orderquery',
      { appid: world.appId, out_trade_no: 'T00001' },
      { certificate: undefined }
    )
    expect(plain.trade_state).toBe('SUCCESS')
  })
})

describe('client certificate over a transport that cannot show one', () => {
  it.each([
    [false, 200],
    [true, 400]
  ])('requireClientCertificate: %s gets %i', async (requireClientCertificate, status) => {
    const world = setup({ requireClientCertificate })
    await paid(world, 'T00001')
    const server = await world.simulator.listen()
    const fields = { appid: world.appId, mch_id: world.mchId, nonce_str: 'n', out_trade_no: 'T00001' }
    const signed = { ...fields, out_refund_no: 'R1', refund_fee: 1, total_fee: 100 }
    const all = { ...signed, sign: v2Sign(signed, world.simulator.credentials.payV2.apiKey) }
    const body = `<xml>${Object.entries(all)
      .map(([name, value]) => `<${name}>${value}</${name}>`)
      .join('')}</xml>`
    const response = await fetch(`${server.baseUrl('api.mch.weixin.qq.com')}${REFUND}`, { method: 'POST', body })
    expect(response.status).toBe(status)
    const [entry] = world.simulator.log.find(REFUND)
    expect(`${entry?.note} ${entry?.refused}`).toContain(status === 200 ? 'was not checked' : '证书出错')
  })
})

describe('refunds', () => {
  it('add up, and come back as money and as coupon', async () => {
    const world = setup()
    await paid(world, 'T00001', 100, 30)
    const before = world.simulator.pay.balance(world.mchId)
    expect(await refund(world, 'T00001', 'R1', 33)).toMatchObject({
      result_code: 'SUCCESS',
      cash_refund_fee: '23',
      coupon_refund_fee: '10'
    })
    expect(await refund(world, 'T00001', 'R2', 33)).toMatchObject({ cash_refund_fee: '23' })
    expect((await refund(world, 'T00001', 'R3', 35)).err_code).toBe('ERROR')
    expect(await refund(world, 'T00001', 'R3', 34)).toMatchObject({ cash_refund_fee: '24', coupon_refund_fee: '10' })
    expect((await refund(world, 'T00001', 'R4', 1)).err_code).toBe('ERROR')
    expect(world.simulator.pay.balance(world.mchId)).toBe(before - 100)
    const order = await world.v2('/pay/orderquery', { appid: world.appId, out_trade_no: 'T00001' })
    expect(order).toMatchObject({
      trade_state: 'REFUND',
      coupon_fee: '30',
      cash_fee: '70',
      coupon_id_0: expect.any(String)
    })
  })

  it('are idempotent by out_refund_no and refuse other amounts under it', async () => {
    const world = setup()
    await paid(world, 'T00001')
    const first = await refund(world, 'T00001', 'R1', 40)
    expect((await refund(world, 'T00001', 'R1', 40)).refund_id).toBe(first.refund_id)
    expect((await refund(world, 'T00001', 'R1', 41)).err_code).toBe('ERROR')
    expect(world.simulator.pay.refunds).toHaveLength(1)
  })

  it.each([
    ['an unknown order', 'UNKNOWN1', 10, 100, 'ORDERNOTEXIST'],
    ['another total', 'T00001', 10, 99, 'PARAM_ERROR'],
    ['more than was paid', 'T00001', 101, 100, 'ERROR']
  ])('refuse %s', async (_name, number, fee, total, code) => {
    const world = setup()
    await paid(world, 'T00001')
    expect((await refund(world, number, 'R1', fee, total)).err_code).toBe(code)
  })

  it('refuse an order that is not paid, is a year old, or has 50 refunds', async () => {
    const world = setup()
    await world.v2('/pay/unifiedorder', v2Order(world, 'UNPAID1'))
    expect((await refund(world, 'UNPAID1', 'R1', 1)).err_code).toBe('TRADE_STATE_ERROR')
    await paid(world, 'T00001')
    for (let i = 0; i < 50; i++) expect((await refund(world, 'T00001', `R${i}`, 1)).result_code).toBe('SUCCESS')
    expect((await refund(world, 'T00001', 'R51', 1)).err_code).toBe('ERROR')
    await paid(world, 'T00002')
    await world.simulator.clock.advance(366 * 86_400_000)
    expect((await refund(world, 'T00002', 'R1-2', 1)).err_code).toBe('TRADE_OVERDUE')
  })

  it('can be held one minute apart, as the platform asks', async () => {
    const world = setup()
    world.simulator.pay.settings.refundIntervalMs = 60_000
    await paid(world, 'T00001')
    await refund(world, 'T00001', 'R1', 1)
    expect((await refund(world, 'T00001', 'R2', 1)).err_code).toBe('FREQUENCY_LIMITED')
    await world.simulator.clock.advance(60_000)
    expect((await refund(world, 'T00001', 'R2', 1)).result_code).toBe('SUCCESS')
  })

  it('succeed after a while and notify with an encrypted req_info', async () => {
    const world = setup()
    const transactionId = await paid(world, 'T00001')
    await refund(world, 'T00001', 'R1', 40)
    const query = () => world.v2('/pay/refundquery', { appid: world.appId, out_refund_no: 'R1' })
    expect(await query()).toMatchObject({ refund_status_0: 'PROCESSING', refund_count: '1' })
    await world.simulator.clock.advance(1_000)
    expect(await query()).toMatchObject({
      refund_status_0: 'SUCCESS',
      refund_success_time_0: '2025-06-10 12:00:01',
      refund_recv_accout_0: '支付用户零钱'
    })
    const [notified] = world.received
    expect(notified?.url).toBe('https://shop.example.com/v2/refund')
    const outer = parseXml(notified?.body ?? '') as Record<string, string>
    expect(outer.sign).toBeUndefined()
    const info = decryptReqInfo(outer.req_info ?? '', world.simulator.credentials.payV2.apiKey)
    expect(parseXml(info, { root: 'root' })).toMatchObject({
      transaction_id: transactionId,
      out_refund_no: 'R1',
      refund_fee: '40',
      refund_status: 'SUCCESS'
    })
  })

  it.each([
    ['CLOSED', 'REFUNDCLOSE', 'SUCCESS'],
    ['ABNORMAL', 'CHANGE', 'REFUND']
  ] as const)('can end as %s', async (outcome, status, state) => {
    const world = setup()
    await paid(world, 'T00001')
    const before = world.simulator.pay.balance(world.mchId)
    world.simulator.pay.nextRefunds(outcome)
    await refund(world, 'T00001', 'R1', 40)
    await world.simulator.clock.advance(1_000)
    const answer = await world.v2('/pay/refundquery', { appid: world.appId, out_trade_no: 'T00001' })
    expect(answer.refund_status_0).toBe(status)
    const order = await world.v2('/pay/orderquery', { appid: world.appId, out_trade_no: 'T00001' })
    expect(order.trade_state).toBe(state)
    expect(world.simulator.pay.balance(world.mchId)).toBe(outcome === 'CLOSED' ? before : before - 40)
  })

  it('are listed ten at a time', async () => {
    const world = setup()
    await paid(world, 'T00001')
    for (let i = 0; i < 12; i++) await refund(world, 'T00001', `R${i}`, 1)
    const list = (offset: number) =>
      world.v2('/pay/refundquery', { appid: world.appId, out_trade_no: 'T00001', offset })
    expect(await list(0)).toMatchObject({ refund_count: '10', total_refund_count: '12', out_refund_no_9: 'R9' })
    expect(await list(10)).toMatchObject({ refund_count: '2', out_refund_no_0: 'R10' })
    const unknown = await world.v2('/pay/refundquery', { appid: world.appId, out_refund_no: 'R99' })
    expect(unknown.err_code).toBe('REFUNDNOTEXIST')
  })

  it('are not there for what was shared with others', async () => {
    const world = setup()
    const order = { ...v2Order(world, 'T00001'), profit_sharing: 'Y' }
    const { prepay_id: prepayId = '' } = await world.v2('/pay/unifiedorder', order)
    const { transactionId } = await world.user.pay(prepayId)
    const receiver = { appid: world.appId, type: 'PERSONAL_OPENID', account: world.openid }
    await world.v3('POST', '/v3/profitsharing/receivers/add', { ...receiver, relation_type: 'STAFF' })
    const shared = await world.v3('POST', '/v3/profitsharing/orders', {
      appid: world.appId,
      transaction_id: transactionId,
      out_order_no: 'S1',
      receivers: [{ type: receiver.type, account: receiver.account, amount: 30, description: 'x' }],
      unfreeze_unsplit: true
    })
    expect(shared.status).toBe(200)
    expect((await refund(world, 'T00001', 'R1', 71)).err_code).toBe('NOTENOUGH')
    expect((await refund(world, 'T00001', 'R1', 70)).result_code).toBe('SUCCESS')
  })

  it('fail for lack of money', async () => {
    const world = setup()
    await paid(world, 'T00001')
    world.simulator.pay.setBalance(world.mchId, 39)
    expect((await refund(world, 'T00001', 'R1', 40)).err_code).toBe('NOTENOUGH')
    expect(world.simulator.pay.order('T00001')).toMatchObject({ state: 'SUCCESS', refunded: 0 })
  })
})

describe('bills', () => {
  const text = async (world: Setup, path: string, fields: object, signType: 'MD5' | 'HMAC-SHA256' = 'MD5') => {
    try {
      const answer = await world.v2(path, { appid: world.appId, ...fields }, { signType })
      return { answer }
    } catch {
      return { text: world.simulator.log.entries.at(-1)?.responseBody.replace(/^\ufeff/, '') ?? '' }
    }
  }

  it('list what happened, from ten in the morning of the next day', async () => {
    const world = setup()
    const transactionId = await paid(world, 'T00001', 100, 30)
    await paid(world, 'T00002', 5_001)
    await refund(world, 'T00001', 'R1', 50)
    const trade = () => text(world, '/pay/downloadbill', { bill_date: '20250610', bill_type: 'ALL' })
    expect((await trade()).answer).toEqual({ return_code: 'FAIL', return_msg: 'No Bill Exist', error_code: '20002' })
    await world.simulator.clock.advance(13 * 3_600_000)
    expect((await trade()).answer).toMatchObject({ return_msg: 'Bill Creating' })
    await world.simulator.clock.advance(9 * 3_600_000)
    const lines = (await trade()).text?.split('\r\n') ?? []
    expect(lines[0]?.split(',').slice(0, 3)).toEqual(['交易时间', '公众账号ID', '商户号'])
    expect(lines[0]?.split(',')).toHaveLength(27)
    expect(lines[1]).toMatch(/^`2025-06-10 12:00:00,`wx/)
    expect(lines[1]?.split(',')).toHaveLength(27)
    expect(lines[1]).toContain(`\`${transactionId},\`T00001`)
    expect(lines[3]).toContain('`REFUND')
    expect(lines[4]?.split(',')[0]).toBe('总交易单数')
    expect(lines[5]).toBe('`3,`50.71,`0.35,`0.15,`0.30216,`51.01,`0.50')
    const only = await text(world, '/pay/downloadbill', { bill_date: '20250610', bill_type: 'REFUND' })
    expect(only.text?.split('\r\n')).toHaveLength(5)
    expect((await text(world, '/pay/downloadbill', { bill_date: '2025-06-10' })).answer?.error_code).toBe('PARAM_ERROR')
    expect((await text(world, '/pay/downloadbill', { bill_date: '20250610', bill_type: 'X' })).answer?.return_msg).toBe(
      'invalid bill_type'
    )
  })

  it('come as gzip when asked', async () => {
    const world = setup()
    await paid(world, 'T00001')
    await world.simulator.clock.advance(24 * 3_600_000)
    const fields = { appid: world.appId, mch_id: world.mchId, nonce_str: 'n', bill_date: '20250610', tar_type: 'GZIP' }
    const body = `<xml>${Object.entries({ ...fields, sign: v2Sign(fields, world.simulator.credentials.payV2.apiKey) })
      .map(([name, value]) => `<${name}>${value}</${name}>`)
      .join('')}</xml>`
    const response = await world.simulator.fetch('https://api.mch.weixin.qq.com/pay/downloadbill', {
      method: 'POST',
      body
    })
    const bytes = Buffer.from(await response.arrayBuffer())
    expect(gunzipSync(bytes).toString()).toMatch(/^\ufeff交易时间/)
  })

  it('show every movement of money with the balance after it', async () => {
    const world = setup()
    const start = world.simulator.pay.balance(world.mchId)
    await paid(world, 'T00001')
    await refund(world, 'T00001', 'R1', 40)
    await world.simulator.clock.advance(24 * 3_600_000)
    const flow = { bill_date: '20250610', account_type: 'Basic' }
    expect((await text(world, '/pay/downloadfundflow', flow)).answer?.return_code).toBe('FAIL')
    const lines = (await text(world, '/pay/downloadfundflow', flow, 'HMAC-SHA256')).text?.split('\r\n') ?? []
    expect(lines[1]).toContain(`\`收入,\`1.00,\`${((start + 100) / 100).toFixed(2)}`)
    expect(lines[2]).toContain(`\`支出,\`0.40,\`${((start + 60) / 100).toFixed(2)}`)
    expect(lines[4]).toBe('`2,`1,`1.00,`1,`0.40')
    const none = await text(world, '/pay/downloadfundflow', { ...flow, bill_date: '20250609' }, 'HMAC-SHA256')
    expect(none.answer).toMatchObject({ result_code: 'FAIL', err_code: 'NO_BILL_EXIST' })
  })
})

describe('payouts', () => {
  const TRANSFER = '/mmpaymkttransfers/promotion/transfers'
  const transfer = (world: Setup, more = {}) => ({
    mch_appid: world.appId,
    mchid: world.mchId,
    partner_trade_no: 'P1',
    openid: world.openid,
    check_name: 'NO_CHECK',
    amount: 100,
    desc: '奖励',
    ...more
  })

  it('reach the user once per number', async () => {
    const world = setup()
    const before = world.simulator.pay.balance(world.mchId)
    const first = await world.v2(TRANSFER, transfer(world))
    expect(first).toMatchObject({ result_code: 'SUCCESS', mchid: world.mchId, payment_time: '2025-06-10 12:00:00' })
    expect(first.sign).toBeUndefined()
    expect((await world.v2(TRANSFER, transfer(world))).payment_no).toBe(first.payment_no)
    expect((await world.v2(TRANSFER, transfer(world, { amount: 101 }))).err_code).toBe('FATAL_ERROR')
    expect(world.simulator.pay.balance(world.mchId)).toBe(before - 100)
    const query = { appid: world.appId, partner_trade_no: 'P1' }
    expect(await world.v2('/mmpaymkttransfers/gettransferinfo', query)).toMatchObject({
      status: 'SUCCESS',
      payment_amount: '100',
      openid: world.openid
    })
    const unknown = { appid: world.appId, partner_trade_no: 'P2' }
    expect((await world.v2('/mmpaymkttransfers/gettransferinfo', unknown)).err_code).toBe('NOT_FOUND')
  })

  it.each([
    ['a stranger', { openid: 'oStranger' }, 'OPENID_ERROR'],
    ['another name', { check_name: 'FORCE_CHECK', re_user_name: '李四' }, 'NAME_MISMATCH'],
    ['no name', { check_name: 'FORCE_CHECK' }, 'LACK_PARAMS'],
    ['too little', { amount: 29 }, 'AMOUNT_LIMIT'],
    ['a number with dashes', { partner_trade_no: 'P-1' }, 'PARAM_ERROR']
  ])('refuse %s', async (_name, more, code) => {
    const world = setup()
    expect((await world.v2(TRANSFER, transfer(world, more))).err_code).toBe(code)
  })

  it('fail for lack of money', async () => {
    const world = setup()
    world.simulator.pay.setBalance(world.mchId, 99)
    expect((await world.v2(TRANSFER, transfer(world))).err_code).toBe('NOTENOUGH')
  })

  it('go to a bank card with fields encrypted for the key of getpublickey', async () => {
    const world = setup()
    const { pub_key: pem = '' } = await world.v2('/risk/getpublickey', {}, { host: 'fraud.mch.weixin.qq.com' })
    expect(pem).toMatch(/^-----BEGIN RSA PUBLIC KEY-----/)
    const encrypt = (plain: string) =>
      publicEncrypt({ key: createPublicKey(pem), oaepHash: 'sha1' }, Buffer.from(plain)).toString('base64')
    const fields = {
      partner_trade_no: 'BANK0001',
      enc_bank_no: encrypt('6222600000000000'),
      enc_true_name: encrypt('张三'),
      bank_code: '1001',
      amount: 500
    }
    const first = await world.v2('/mmpaysptrans/pay_bank', fields)
    expect(first).toMatchObject({ result_code: 'SUCCESS', cmms_amt: '100' })
    const again = { ...fields, enc_bank_no: encrypt('6222600000000000') }
    expect((await world.v2('/mmpaysptrans/pay_bank', again)).payment_no).toBe(first.payment_no)
    const other = { ...fields, enc_true_name: encrypt('李四') }
    expect((await world.v2('/mmpaysptrans/pay_bank', other)).err_code).toBe('FATAL_ERROR')
    const broken = { ...fields, partner_trade_no: 'BANK0002', enc_bank_no: 'AAAA' }
    expect((await world.v2('/mmpaysptrans/pay_bank', broken)).err_code).toBe('PARAM_ERROR')
    const query = () => world.v2('/mmpaysptrans/query_bank', { partner_trade_no: 'BANK0001' })
    expect((await query()).status).toBe('PROCESSING')
    await world.simulator.clock.advance(1_000)
    expect(await query()).toMatchObject({ status: 'SUCCESS', amount: '500' })
  })
})

describe('red packets', () => {
  const send = (world: Setup, more = {}, path = 'sendredpack') =>
    world.v2(`/mmpaymkttransfers/${path}`, {
      mch_billno: 'HB1',
      wxappid: world.appId,
      send_name: '商户',
      re_openid: world.openid,
      total_amount: 100,
      total_num: 1,
      wishing: '恭喜',
      client_ip: '127.0.0.1',
      act_name: '活动',
      remark: '备注',
      ...more
    })
  const query = (world: Setup, number = 'HB1') =>
    world.v2('/mmpaymkttransfers/gethbinfo', { appid: world.appId, mch_billno: number, bill_type: 'MCHT' })

  it('are opened by their receiver', async () => {
    const world = setup()
    const sent = await send(world)
    expect(sent).toMatchObject({ result_code: 'SUCCESS', total_amount: '100' })
    expect((await send(world)).send_listid).toBe(sent.send_listid)
    expect((await send(world, { total_amount: 101 })).err_code).toBe('FATAL_ERROR')
    expect(await query(world)).toMatchObject({ status: 'SENT', hb_type: 'NORMAL' })
    expect(() => world.simulator.user('other').openRedPack('HB1')).toThrow('is for')
    expect(world.user.openRedPack(sent.send_listid ?? '')).toEqual({ amount: 100 })
    expect(() => world.user.openRedPack('HB1')).toThrow('already opened')
    const info = (await query(world)) as unknown as { status: string; hblist: { hbinfo: { openid: string } } }
    expect(info).toMatchObject({ status: 'RECEIVED', hblist: { hbinfo: { openid: world.openid, amount: '100' } } })
  })

  it('go back after 24 hours', async () => {
    const world = setup()
    const before = world.simulator.pay.balance(world.mchId)
    await send(world)
    await world.simulator.clock.advance(24 * 3_600_000)
    expect(await query(world)).toMatchObject({
      status: 'REFUND',
      refund_amount: '100',
      refund_time: '2025-06-11 12:00:00'
    })
    expect(() => world.user.openRedPack('HB1')).toThrow('returned')
    expect(world.simulator.pay.balance(world.mchId)).toBe(before)
  })

  it('are shared by a group, and the shares add up', async () => {
    const world = setup()
    await send(world, { total_num: 3, total_amount: 1_000, client_ip: '', amt_type: 'ALL_RAND' }, 'sendgroupredpack')
    const shares = ['a', 'b', 'c'].map((id) => world.simulator.user(id).openRedPack('HB1').amount)
    expect(shares.every((share) => share >= 1)).toBe(true)
    expect(shares.reduce((sum, share) => sum + share, 0)).toBe(1_000)
    expect(() => world.simulator.user('d').openRedPack('HB1')).toThrow('gone')
    expect(await query(world)).toMatchObject({ status: 'RECEIVED', hb_type: 'GROUP' })
  })

  it('are fetched in a mini program by their package', async () => {
    const world = setup()
    const wxappid = world.simulator.credentials.miniProgram.appId
    const more = { wxappid, re_openid: world.user.openid(wxappid), client_ip: '', notify_way: 'MINI_PROGRAM_JSAPI' }
    const sent = await send(world, more, 'sendminiprogramhb')
    expect(world.user.openRedPack(encodeURIComponent(sent.package ?? ''))).toEqual({ amount: 100 })
  })

  it.each([
    ['an amount outside of 1–200 yuan', { total_amount: 99 }, 'MONEY_LIMIT'],
    ['a stranger', { re_openid: 'oStranger' }, 'OPENID_ERROR'],
    ['the appid of no official account', { wxappid: 'wx0' }, 'ILLEGAL_APPID'],
    ['two receivers', { total_num: 2 }, 'PARAM_ERROR']
  ])('refuse %s', async (_name, more, code) => {
    const world = setup()
    expect((await send(world, more)).err_code).toBe(code)
  })

  it('are limited to ten a day and user', async () => {
    const world = setup()
    for (let i = 0; i < 10; i++) await send(world, { mch_billno: `HB${i}` })
    expect((await send(world, { mch_billno: 'HB11' })).err_code).toBe('SENDNUM_LIMIT')
    await world.simulator.clock.advance(12 * 3_600_000)
    expect((await send(world, { mch_billno: 'HB11' })).result_code).toBe('SUCCESS')
  })

  it('know nothing of an unknown number', async () => {
    expect((await query(setup())).err_code).toBe('NOT_FOUND')
  })
})
