import { describe, expect, it } from 'vitest'
import { parseXml } from '../../../../src/internal/xml/index.ts'
import { v2Sign } from '../../../support/pay-callers.ts'
import { setup, v2Order } from './setup.ts'

const UNIFIED = '/pay/unifiedorder'
const QUERY = '/pay/orderquery'

describe('who calls', () => {
  it.each([
    ['a foreign key', { key: 'f'.repeat(32) }, {}, '签名错误'],
    ['no sign', {}, { sign: '' }, '缺少参数sign'],
    ['an unknown merchant', {}, { mch_id: '1999999999' }, 'mch_id参数格式错误'],
    ['no merchant', {}, { mch_id: '' }, 'mch_id参数格式错误'],
    ['a long nonce', {}, { nonce_str: 'n'.repeat(33) }, 'nonce_str参数长度有误'],
    ['an unknown sign type', {}, { sign_type: 'RSA' }, '签名类型sign_type有误']
  ])('refuses %s without signing the refusal', async (_name, options, fields, text) => {
    const world = setup()
    const answer = await world.v2(UNIFIED, { ...v2Order(world, 'T00001'), ...fields }, options)
    expect(answer).toEqual({ return_code: 'FAIL', return_msg: text })
    expect(world.simulator.pay.orders).toEqual([])
  })

  it('says in its log why a sign is wrong', async () => {
    const world = setup()
    const { apiV3Key } = world.simulator.credentials.payV3
    await world.v2(UNIFIED, v2Order(world, 'T00001'), { key: apiV3Key })
    expect(world.simulator.log.entries.at(-1)?.refused.join()).toContain('APIv3 key')
  })

  it('refuses GET, an empty body, broken XML and duplicated elements', async () => {
    const { simulator } = setup()
    const call = async (init: RequestInit) =>
      parseXml(await (await simulator.fetch(`https://api.mch.weixin.qq.com${UNIFIED}`, init)).text()).return_msg
    expect(await call({})).toBe('请使用post方法')
    expect(await call({ method: 'POST', body: '' })).toBe('post数据为空')
    expect(await call({ method: 'POST', body: '<xml><a>1</a>' })).toBe('XML格式错误')
    expect(await call({ method: 'POST', body: '<root><mch_id>1900000109</mch_id></root>' })).toBe('mch_id参数格式错误')
    expect(await call({ method: 'POST', body: '<xml><a>1</a><a>2</a></xml>' })).toBe('XML格式错误')
  })

  it.each(['MD5', 'HMAC-SHA256'] as const)('signs its response with %s as asked', async (signType) => {
    const world = setup()
    const answer = await world.v2(UNIFIED, v2Order(world, 'T00001'), { signType })
    expect(answer).toMatchObject({ return_code: 'SUCCESS', result_code: 'SUCCESS', trade_type: 'JSAPI' })
    expect(answer.sign).toBe(v2Sign(answer, world.simulator.credentials.payV2.apiKey, signType))
  })
})

describe('fields', () => {
  it.each([
    ['body', '', 'LACK_PARAMS'],
    ['body', '长'.repeat(128), 'PARAM_ERROR'],
    ['out_trade_no', 'short', 'PARAM_ERROR'],
    ['out_trade_no', 'with spaces 1', 'PARAM_ERROR'],
    ['total_fee', '0', 'PARAM_ERROR'],
    ['total_fee', '1.5', 'PARAM_ERROR'],
    ['total_fee', '-1', 'PARAM_ERROR'],
    ['fee_type', 'USD', 'PARAM_ERROR'],
    ['notify_url', 'https://shop.example.com/?a=1', 'PARAM_ERROR'],
    ['trade_type', 'WAP', 'PARAM_ERROR'],
    ['openid', '', 'LACK_PARAMS'],
    ['openid', 'oStranger', 'PARAM_ERROR'],
    ['time_expire', '20251332000000', 'PARAM_ERROR'],
    ['time_expire', '20250610120030', 'INVALID_REQUEST'],
    ['appid', 'wx0000000000000000', 'APPID_NOT_EXIST'],
    ['scene_info', 'no json', 'PARAM_ERROR']
  ])('%s = %j is %s', async (name, value, code) => {
    const world = setup()
    const answer = await world.v2(UNIFIED, { ...v2Order(world, 'T00001'), [name]: value })
    expect(answer).toMatchObject({ return_code: 'SUCCESS', result_code: 'FAIL', err_code: code })
    expect(answer.sign).toBe(v2Sign(answer, world.simulator.credentials.payV2.apiKey))
  })

  it.each(['', 'here'])('spbill_create_ip = %j fails before any business', async (spbill_create_ip) => {
    const world = setup()
    expect(await world.v2(UNIFIED, { ...v2Order(world, 'T00001'), spbill_create_ip })).toEqual({
      return_code: 'FAIL',
      return_msg: 'invalid spbill_create_ip'
    })
  })

  it('wants product_id for NATIVE and scene_info for MWEB, and gives what each is paid with', async () => {
    const world = setup()
    const native = { ...v2Order(world, 'NATIVE1'), trade_type: 'NATIVE', openid: '' }
    expect((await world.v2(UNIFIED, native)).err_code).toBe('LACK_PARAMS')
    const code = await world.v2(UNIFIED, { ...native, product_id: 'p1' })
    expect(code.code_url).toMatch(/^weixin:\/\/wxpay\/bizpayurl\?pr=/)
    const h5 = { ...v2Order(world, 'MWEB01'), trade_type: 'MWEB', openid: '' }
    expect((await world.v2(UNIFIED, h5)).err_code).toBe('LACK_PARAMS')
    const answer = await world.v2(UNIFIED, { ...h5, scene_info: '{"h5_info":{"type":"Wap"}}' })
    expect(answer.mweb_url).toMatch(/^https:\/\/wx\.tenpay\.com\/cgi-bin\/mmpayweb-bin\/checkmweb\?prepay_id=wx/)
  })

  it('refuses an appid that is not bound to the merchant', async () => {
    const world = setup({ accounts: { merchants: [{ appIds: ['wxother'] }] } })
    expect((await world.v2(UNIFIED, v2Order(world, 'T00001'))).err_code).toBe('APPID_MCHID_NOT_MATCH')
  })
})

describe('life of an order', () => {
  it('gives the same order for the same parameters and refuses others', async () => {
    const world = setup()
    const first = await world.v2(UNIFIED, v2Order(world, 'T00001'))
    const again = await world.v2(UNIFIED, v2Order(world, 'T00001'))
    expect(again.prepay_id).toBe(first.prepay_id)
    expect((await world.v2(UNIFIED, v2Order(world, 'T00001', 200))).err_code).toBe('INVALID_REQUEST')
    const native = { ...v2Order(world, 'T00001'), trade_type: 'NATIVE', product_id: 'p' }
    expect((await world.v2(UNIFIED, native)).err_code).toBe('OUT_TRADE_NO_USED')
  })

  it('is paid once, by the right user, and then described in full', async () => {
    const world = setup()
    const { simulator, v2, appId, user, openid } = world
    const { prepay_id: prepayId = '' } = await v2(UNIFIED, { ...v2Order(world, 'T00001'), attach: 'a&b<c>' })
    expect(await v2(QUERY, { appid: appId, out_trade_no: 'T00001' })).toMatchObject({ trade_state: 'NOTPAY' })
    await expect(simulator.user('other').pay(prepayId)).rejects.toMatchObject({ code: 'ERR_INVALID_PARAM' })
    const paid = await user.pay(`prepay_id=${prepayId}`)
    expect(paid).toMatchObject({ outTradeNo: 'T00001', state: 'SUCCESS' })
    expect(paid.delivery?.state).toBe('delivered')
    await expect(user.pay(prepayId)).rejects.toThrow('is SUCCESS')
    expect(await v2(QUERY, { appid: appId, transaction_id: paid.transactionId })).toMatchObject({
      trade_state: 'SUCCESS',
      out_trade_no: 'T00001',
      openid,
      total_fee: '100',
      cash_fee: '100',
      attach: 'a&b<c>',
      time_end: '20250610120000'
    })
    expect((await v2(UNIFIED, v2Order(world, 'T00001'))).err_code).toBe('ORDERPAID')
    expect((await v2('/pay/closeorder', { appid: appId, out_trade_no: 'T00001' })).err_code).toBe('ORDERPAID')
  })

  it('can be closed, and the number is then spent', async () => {
    const world = setup()
    const { prepay_id: prepayId = '' } = await world.v2(UNIFIED, v2Order(world, 'T00001'))
    const close = () => world.v2('/pay/closeorder', { appid: world.appId, out_trade_no: 'T00001' })
    expect(await close()).toMatchObject({ result_code: 'SUCCESS' })
    expect((await close()).err_code).toBe('ORDERCLOSED')
    expect((await world.v2(UNIFIED, v2Order(world, 'T00001'))).err_code).toBe('ORDERCLOSED')
    await expect(world.user.pay(prepayId)).rejects.toThrow('CLOSED')
    const unknown = { appid: world.appId, out_trade_no: 'UNKNOWN1' }
    expect((await world.v2(QUERY, unknown)).err_code).toBe('ORDERNOTEXIST')
  })

  it('expires at time_expire', async () => {
    const world = setup()
    const order = { ...v2Order(world, 'T00001'), time_expire: '20250610121000' }
    const { prepay_id: prepayId = '' } = await world.v2(UNIFIED, order)
    await world.simulator.clock.advance(10 * 60_000)
    await expect(world.user.pay(prepayId)).rejects.toThrow('CLOSED')
    expect(await world.v2(QUERY, { appid: world.appId, out_trade_no: 'T00001' })).toMatchObject({
      trade_state: 'CLOSED'
    })
  })

  it('gets a new prepay_id when the old one is two hours old', async () => {
    const world = setup()
    const first = await world.v2(UNIFIED, v2Order(world, 'T00001'))
    await world.simulator.clock.advance(2 * 3_600_000)
    await expect(world.user.pay(first.prepay_id ?? '')).rejects.toThrow('expired')
    const second = await world.v2(UNIFIED, v2Order(world, 'T00001'))
    expect(second.prepay_id).not.toBe(first.prepay_id)
    expect(await world.user.pay(second.prepay_id ?? '')).toMatchObject({ state: 'SUCCESS' })
  })
})

describe('what the page passes to WeChat', () => {
  const params = async (world: ReturnType<typeof setup>, signType: 'MD5' | 'HMAC-SHA256' = 'MD5') => {
    const { prepay_id: prepayId } = await world.v2(UNIFIED, v2Order(world, 'T00001'), { signType })
    const fields = {
      appId: world.appId,
      timeStamp: '1749528000',
      nonceStr: 'abc',
      package: `prepay_id=${prepayId}`,
      signType
    }
    return { ...fields, paySign: v2Sign(fields, world.simulator.credentials.payV2.apiKey, signType) }
  }

  it.each(['MD5', 'HMAC-SHA256'] as const)('is verified as the client does: %s', async (signType) => {
    const world = setup()
    const good = await params(world, signType)
    await expect(world.user.pay({ ...good, paySign: '0'.repeat(32) })).rejects.toThrow('支付验证签名失败')
    await expect(world.user.pay({ ...good, nonceStr: 'abd' })).rejects.toThrow('支付验证签名失败')
    await expect(world.user.pay({ ...good, appId: 'wxother' })).rejects.toThrow('wxother')
    expect(await world.user.pay(good)).toMatchObject({ state: 'SUCCESS' })
  })

  it('has to be signed as the order was', async () => {
    const world = setup()
    const good = await params(world)
    const { paySign: _, ...fields } = { ...good, signType: 'HMAC-SHA256' }
    const paySign = v2Sign(fields, world.simulator.credentials.payV2.apiKey, 'HMAC-SHA256')
    await expect(world.user.pay({ ...fields, paySign })).rejects.toThrow('made with MD5')
  })

  it('may be chooseWXPay with a lower-case timestamp, or an app', async () => {
    const world = setup()
    const { timeStamp: timestamp, ...good } = await params(world)
    expect(await world.user.pay({ ...good, timestamp })).toMatchObject({ state: 'SUCCESS' })
    const appId = world.simulator.credentials.app.appId
    const order = { ...v2Order(world, 'APP0001'), appid: appId, trade_type: 'APP', openid: '' }
    const { prepay_id: prepayid } = await world.v2(UNIFIED, order)
    const app = { appid: appId, partnerid: world.mchId, prepayid, package: 'Sign=WXPay', noncestr: 'n', timestamp: '1' }
    const sign = v2Sign(app, world.simulator.credentials.payV2.apiKey)
    await expect(world.user.pay({ ...app, sign, timestamp: '2' })).rejects.toThrow('支付验证签名失败')
    expect(await world.user.pay({ ...app, sign })).toMatchObject({ state: 'SUCCESS' })
  })
})

describe('payment by code', () => {
  const MICROPAY = '/pay/micropay'
  const order = (world: ReturnType<typeof setup>, code: string, fee = 100) => {
    const { notify_url: _n, trade_type: _t, openid: _o, ...rest } = v2Order(world, 'MICRO01', fee)
    return { ...rest, auth_code: code }
  }

  it('pays at once, with a code that lives a minute and serves once', async () => {
    const world = setup()
    const code = world.user.paymentCode()
    expect(await world.v2(MICROPAY, order(world, code))).toMatchObject({
      result_code: 'SUCCESS',
      trade_type: 'MICROPAY',
      openid: world.openid
    })
    expect(world.received).toEqual([])
    expect((await world.v2(MICROPAY, order(world, code))).err_code).toBe('ORDERPAID')
    const other = { ...order(world, code), out_trade_no: 'MICRO02' }
    expect((await world.v2(MICROPAY, other)).err_code).toBe('AUTHCODEEXPIRE')
    expect((await world.v2(MICROPAY, { ...other, auth_code: '12' })).err_code).toBe('AUTH_CODE_ERROR')
    expect((await world.v2(MICROPAY, { ...other, auth_code: '130000000000000000' })).err_code).toBe('AUTH_CODE_INVALID')
    const late = world.user.paymentCode()
    await world.simulator.clock.advance(60_000)
    expect((await world.v2(MICROPAY, { ...other, auth_code: late })).err_code).toBe('AUTHCODEEXPIRE')
  })

  it.each([
    ['the password', {}, 'SUCCESS'],
    ['no password', { cancel: true }, 'PAYERROR']
  ])('waits for %s', async (_name, options, state) => {
    const world = setup()
    const code = world.user.paymentCode({ asksPassword: true })
    expect((await world.v2(MICROPAY, order(world, code))).err_code).toBe('USERPAYING')
    expect((await world.v2(MICROPAY, order(world, code))).err_code).toBe('USERPAYING')
    const query = () => world.v2(QUERY, { appid: world.appId, out_trade_no: 'MICRO01' })
    expect(await query()).toMatchObject({ trade_state: 'USERPAYING' })
    world.user.enterPassword(options)
    expect(await query()).toMatchObject({ trade_state: state })
    expect(() => world.user.enterPassword()).toThrow('No payment waits')
  })

  it('asks for the password above 1,000 yuan', async () => {
    const world = setup()
    expect((await world.v2(MICROPAY, order(world, world.user.paymentCode(), 100_001))).err_code).toBe('USERPAYING')
  })

  it('can be reversed for seven days, with a certificate', async () => {
    const world = setup()
    await world.v2(MICROPAY, order(world, world.user.paymentCode()))
    const before = world.simulator.pay.balance(world.mchId)
    const reverse = () => world.v2('/secapi/pay/reverse', { appid: world.appId, out_trade_no: 'MICRO01' })
    expect(await reverse()).toMatchObject({ result_code: 'SUCCESS', recall: 'N' })
    expect(await reverse()).toMatchObject({ result_code: 'SUCCESS', recall: 'N' })
    expect(world.simulator.pay.balance(world.mchId)).toBe(before - 100)
    expect((await world.v2(MICROPAY, order(world, world.user.paymentCode()))).err_code).toBe('ORDERREVERSED')
    await world.v2(MICROPAY, { ...order(world, world.user.paymentCode()), out_trade_no: 'MICRO02' })
    await world.simulator.clock.advance(8 * 86_400_000)
    const late = await world.v2('/secapi/pay/reverse', { appid: world.appId, out_trade_no: 'MICRO02' })
    expect(late).toMatchObject({ err_code: 'REVERSE_EXPIRE', recall: 'N' })
  })

  it('tells the openid behind a code and binds the code to the merchant', async () => {
    const world = setup()
    const code = world.user.paymentCode()
    const answer = await world.v2('/tools/authcodetoopenid', { appid: world.appId, auth_code: code })
    expect(answer).toMatchObject({ result_code: 'SUCCESS', openid: world.openid })
    expect((await world.v2(MICROPAY, order(world, code))).result_code).toBe('SUCCESS')
  })
})

describe('sandbox', () => {
  it('has its own key and its own books, and pays by itself', async () => {
    const world = setup()
    const { simulator, appId } = world
    const answer = await world.v2('/xdc/apiv2getsignkey/sign/getsignkey', {})
    const key = answer.sandbox_signkey ?? ''
    expect(key).toMatch(/^[0-9a-f]{32}$/)
    expect(answer.sign).toBeUndefined()
    expect((await world.v2('/sandboxnew/pay/getsignkey', {})).sandbox_signkey).toBe(key)
    const path = `/xdc/apiv2sandbox${UNIFIED}`
    expect((await world.v2(path, v2Order(world, 'SAND001'))).return_msg).toBe('签名错误')
    expect((await world.v2(path, v2Order(world, 'SAND001'), { key })).prepay_id).toMatch(/^wx/)
    expect((await world.v2(QUERY, { appid: appId, out_trade_no: 'SAND001' })).err_code).toBe('ORDERNOTEXIST')
    const query = await world.v2(`/xdc/apiv2sandbox${QUERY}`, { appid: appId, out_trade_no: 'SAND001' }, { key })
    expect(query).toMatchObject({ trade_state: 'SUCCESS', sign: v2Sign(query, key) })
    await simulator.settled()
    const [notified] = world.received
    const fields = parseXml(notified?.body ?? '') as Record<string, string>
    expect(fields.sign).toBe(v2Sign(fields, key))
  })
})

it('lists the platform certificates for v2, too', async () => {
  const world = setup({ accounts: { merchants: [{ platformKey: 'certificate' }] } })
  const md5 = await world.v2('/risk/getcertficates', {})
  expect(md5.return_code).toBe('FAIL')
  const answer = await world.v2('/risk/getcertficates', {}, { signType: 'HMAC-SHA256' })
  const { data } = JSON.parse(answer.certificates ?? '') as { data: { serial_no: string }[] }
  expect(data.map((one) => one.serial_no)).toEqual([world.simulator.pay.platform.serialNumber])
  expect(answer.sign).toBe(v2Sign(answer, world.simulator.credentials.payV2.apiKey, 'HMAC-SHA256'))
})
