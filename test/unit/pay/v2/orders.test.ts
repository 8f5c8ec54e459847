import { describe, expect, it } from 'vitest'
import {
  API_KEY,
  APP_ID,
  clientWith,
  codeOf,
  errorOf,
  fromXml,
  MCH_ID,
  OPENID,
  signedAnswer,
  signFields,
  toXml
} from '../../../support/pay-v2.ts'

const ORDER = {
  trade_type: 'JSAPI',
  body: '示例商城-充值',
  out_trade_no: '20260301000001',
  total_fee: 1980,
  spbill_create_ip: '203.0.113.7',
  openid: OPENID
} as const

const UNIFIED = { trade_type: 'JSAPI', prepay_id: 'wx201410272009395522657a690389285100' }

describe('orders.unified', () => {
  it('sends the signed parameters and answers with the order', async () => {
    const { pay, seen } = clientWith(signedAnswer(UNIFIED))
    const order = await pay.orders.unified(ORDER)
    expect(order).toEqual({ appid: APP_ID, mch_id: MCH_ID, ...UNIFIED })
    const sent = fromXml(seen[0]?.body ?? '')
    expect(sent).toEqual({
      appid: APP_ID,
      mch_id: MCH_ID,
      nonce_str: 'ibuaiVcKdpRxkhJA',
      sign_type: 'HMAC-SHA256',
      notify_url: 'https://shop.example.com/pay/notify',
      ...ORDER,
      total_fee: '1980',
      sign: signFields(sent)
    })
    expect(seen[0]?.method).toBe('POST')
    expect(seen[0]?.url.href).toBe('https://api.mch.weixin.qq.com/pay/unifiedorder')
    expect(seen[0]?.headers.get('content-type')).toBe('text/xml; charset=utf-8')
  })

  it('pins the bytes', async () => {
    const { pay, seen } = clientWith(signedAnswer(UNIFIED, 'MD5'), { signType: 'MD5' })
    await pay.orders.unified({ ...ORDER, attach: 'a&b <c> ]]> d' })
    expect(seen[0]?.body).toMatchInlineSnapshot(
      `"<xml><appid><![CDATA[wx2421b1c4370ec43b]]></appid><attach><![CDATA[a&b <c> ]]]]><![CDATA[> d]]></attach><body><![CDATA[示例商城-充值]]></body><mch_id><![CDATA[1900000109]]></mch_id><nonce_str><![CDATA[ibuaiVcKdpRxkhJA]]></nonce_str><notify_url><![CDATA[https://shop.example.com/pay/notify]]></notify_url><openid><![CDATA[oUpF8uMuAJO_M2pxb1Q9zNjWeS6o]]></openid><out_trade_no><![CDATA[20260301000001]]></out_trade_no><sign_type><![CDATA[MD5]]></sign_type><spbill_create_ip><![CDATA[203.0.113.7]]></spbill_create_ip><total_fee>1980</total_fee><trade_type><![CDATA[JSAPI]]></trade_type><sign><![CDATA[4BDB5446243D5FD7C38A1D1CE62745C9]]></sign></xml>"`
    )
  })

  it('turns dates into Beijing time and objects into JSON, and drops what is empty from signature and XML', async () => {
    const { pay, seen } = clientWith(
      signedAnswer({ ...UNIFIED, trade_type: 'MWEB', mweb_url: 'https://wx.tenpay.com/x?y=1' })
    )
    const { openid: _, ...rest } = ORDER
    const order = await pay.orders.unified({
      ...rest,
      trade_type: 'MWEB',
      scene_info: { h5_info: { type: 'Wap', wap_url: 'https://shop.example.com', wap_name: 'Shop' } },
      time_start: new Date(Date.UTC(2026, 11, 31, 16, 0, 1)),
      time_expire: '20270101020000',
      attach: '',
      device_info: undefined as unknown as string
    })
    expect(order.mweb_url).toBe('https://wx.tenpay.com/x?y=1')
    const sent = fromXml(seen[0]?.body ?? '')
    expect(sent.time_start).toBe('20270101000001')
    expect(sent.time_expire).toBe('20270101020000')
    expect(JSON.parse(sent.scene_info ?? '')).toEqual({
      h5_info: { type: 'Wap', wap_url: 'https://shop.example.com', wap_name: 'Shop' }
    })
    expect(sent).not.toHaveProperty('attach')
    expect(sent).not.toHaveProperty('device_info')
    expect(sent.sign).toBe(signFields(sent))
  })

  it('lets new fields of the upstream through with a warning, and refuses misspelt ones', async () => {
    const lines: string[] = []
    const { pay, seen } = clientWith(signedAnswer(UNIFIED), { logger: { warn: (line) => void lines.push(line) } })
    const withNew = { ...ORDER, edu_flag: 'Y' }
    await pay.orders.unified(withNew)
    expect(fromXml(seen[0]?.body ?? '').edu_flag).toBe('Y')
    expect(lines).toEqual(['orders.unified: "edu_flag" is not a documented parameter; it is sent unchanged.'])
    const misspelt = { ...ORDER, good_tag: 'x' }
    const error = await errorOf(() => pay.orders.unified(misspelt))
    expect(error.code).toBe('ERR_INVALID_PARAM')
    expect(error.message).toContain('goods_tag')
    expect(seen).toHaveLength(1)
  })

  it('adds the sub merchant in service provider mode', async () => {
    const sub = { sub_appid: 'wxsub0000000000', sub_mch_id: '1900000999' }
    const { pay, seen } = clientWith(signedAnswer({ ...UNIFIED, ...sub }), {
      subAppId: sub.sub_appid,
      subMchId: sub.sub_mch_id
    })
    const { openid: _, ...rest } = ORDER
    await pay.orders.unified({ ...rest, sub_openid: OPENID })
    expect(fromXml(seen[0]?.body ?? '')).toMatchObject(sub)
    const { pay: other } = clientWith(signedAnswer({ ...UNIFIED, ...sub, sub_mch_id: '1900000998' }), {
      subAppId: sub.sub_appid,
      subMchId: sub.sub_mch_id
    })
    expect(await codeOf(() => other.orders.unified(ORDER))).toBe('ERR_UNEXPECTED_RESPONSE')
  })

  it('takes another app of the merchant and another sub merchant for one order', async () => {
    const chosen = { appid: 'wxfurther0000001', sub_appid: 'wxsub0000000000', sub_mch_id: '1900000998' }
    const { pay, seen } = clientWith(signedAnswer({ ...UNIFIED, ...chosen }), {
      furtherAppIds: [chosen.appid],
      subMchId: '1900000999'
    })
    expect(await pay.orders.unified({ ...ORDER, ...chosen })).toMatchObject(chosen)
    expect(fromXml(seen[0]?.body ?? '')).toMatchObject(chosen)
    const { pay: other } = clientWith(signedAnswer(UNIFIED), { furtherAppIds: [chosen.appid] })
    expect(await codeOf(() => other.orders.unified({ ...ORDER, appid: chosen.appid }))).toBe('ERR_UNEXPECTED_RESPONSE')
  })

  it('takes plain text as detail, a URL as notify_url, and attach in any form that hides no field', async () => {
    const { pay, seen } = clientWith(signedAnswer(UNIFIED), { notifyUrl: new URL('https://shop.example.com/a') })
    await pay.orders.unified({ ...ORDER, detail: '2 cups of coffee', attach: 'order=1&order_id=2&b=3' })
    await pay.orders.unified({ ...ORDER, notify_url: new URL('https://shop.example.com/b') })
    const [first, second] = seen.map(({ body }) => fromXml(body))
    expect(first).toMatchObject({ detail: '2 cups of coffee', notify_url: 'https://shop.example.com/a' })
    expect(second?.notify_url).toBe('https://shop.example.com/b')
  })

  const refused: [string, string, unknown][] = [
    ['total_fee', 'a float', 19.8],
    ['total_fee', 'text', '1980'],
    ['total_fee', 'zero', 0],
    ['total_fee', 'negative', -1],
    ['total_fee', 'NaN', Number.NaN],
    ['total_fee', 'infinite', Number.POSITIVE_INFINITY],
    ['total_fee', 'over the limit', 1_000_000_001],
    ['total_fee', 'beyond 32 bits', 2 ** 31],
    ['total_fee', 'no safe integer', 2 ** 53],
    ['total_fee', 'a bigint', 1n],
    ['total_fee', 'absent', undefined],
    ['body', 'too long', '长'.repeat(128)],
    ['body', 'not text', 5],
    ['body', 'white space', ' \n'],
    ['body', 'a control character', 'a\u0001b'],
    ['body', 'a carriage return', 'a\r\nb'],
    ['body', 'half an emoji', 'a\ud83d'],
    ['out_trade_no', 'too short', '12345'],
    ['out_trade_no', 'a bad character', '2026030100/001'],
    ['out_trade_no', 'too long', '1'.repeat(33)],
    ['spbill_create_ip', 'a name', 'localhost'],
    ['notify_url', 'a query string', 'https://shop.example.com/pay?x=1'],
    ['notify_url', 'a fragment', 'https://shop.example.com/pay#x'],
    ['notify_url', 'relative', '/pay'],
    ['trade_type', 'unknown', 'MICROPAY'],
    ['trade_type', 'the name of something inherited', 'constructor'],
    ['trade_type', 'the name of something inherited', 'toString'],
    ['openid', 'absent', undefined],
    ['time_expire', 'another form', '2026-03-01 13:00:00'],
    ['time_expire', 'no date', new Date(Number.NaN)],
    ['time_expire', 'the last day there is', new Date(8.64e15)],
    ['time_start', 'long before there were orders', new Date(-8.64e15)],
    ['new_field', 'a date that cannot be written', new Date(8.64e15)],
    ['detail', 'too long', { goods_detail: [], receipt_id: 'x'.repeat(6000) }],
    ['detail', 'a cycle', cycle()],
    ['limit_pay', 'another value', 'no_debit'],
    ['appid', 'of no app of the client', 'wx0000000000000000'],
    ['sub_mch_id', 'not a merchant id', 'wx1'],
    ['sub_appid', 'not an appid', 'wx 1'],
    ['wxappid', 'the name of another endpoint', APP_ID],
    ['attach', 'like fields of the notification', 'a=1&openid=2'],
    ['mch_id', 'filled by the client', '1'],
    ['sign', 'filled by the client', 'A'],
    ['nonce_str', 'filled by the client', 'A'],
    ['new_field', 'a function', () => 1],
    ['<x>', 'no name', 'a']
  ]
  it.each(refused)('refuses %s: %s, before anything is sent', async (name, _what, value) => {
    const { pay, seen } = clientWith(signedAnswer(UNIFIED))
    const error = await errorOf(() => pay.orders.unified({ ...ORDER, [name]: value }))
    expect(error.code).toBe('ERR_INVALID_PARAM')
    expect(error.option).toBe(name)
    expect(seen).toHaveLength(0)
  })

  it('takes a body of 127 characters outside the basic plane', async () => {
    const { pay, seen } = clientWith(signedAnswer(UNIFIED))
    await pay.orders.unified({ ...ORDER, body: '😀'.repeat(127) })
    expect(fromXml(seen[0]?.body ?? '').body).toBe('😀'.repeat(127))
  })

  it.each([
    ['NATIVE', {}, 'product_id'],
    ['MWEB', {}, 'scene_info']
  ])('%s needs its field', async (trade_type, more, field) => {
    const { pay } = clientWith(signedAnswer(UNIFIED))
    const error = await errorOf(() => pay.orders.unified({ ...ORDER, ...more, trade_type } as never))
    expect([error.code, error.option]).toEqual(['ERR_INVALID_PARAM', field])
  })

  it.each([null, undefined, 'x', [], 5])('refuses %j as parameters', async (params) => {
    const { pay } = clientWith(signedAnswer(UNIFIED))
    expect(await codeOf(() => pay.orders.unified(params as never))).toBe('ERR_INVALID_PARAM')
  })

  it.each([
    ['NATIVE', 'code_url', { product_id: '1' }],
    ['MWEB', 'mweb_url', { scene_info: '{"h5_info":{}}' }],
    ['APP', 'prepay_id', {}]
  ])('refuses a response to %s without %s', async (trade_type, field, more) => {
    const answer = { trade_type, ...(field === 'prepay_id' ? {} : { prepay_id: 'wx1' }) }
    const { pay } = clientWith(signedAnswer(answer))
    const error = await errorOf(() => pay.orders.unified({ ...ORDER, ...more, trade_type } as never))
    expect(error.code).toBe('ERR_UNEXPECTED_RESPONSE')
    expect(error.message).toContain(field)
  })

  it('needs a notify_url from somewhere', async () => {
    const { pay } = clientWith(signedAnswer(UNIFIED))
    const { pay: without } = clientWith(signedAnswer(UNIFIED), { notifyUrl: undefined as never })
    await expect(pay.orders.unified(ORDER)).resolves.toBeTruthy()
    expect((await errorOf(() => without.orders.unified(ORDER))).option).toBe('notify_url')
  })
})

function cycle(): object {
  const value: Record<string, unknown> = {}
  value.self = value
  return value
}

describe('orders.query', () => {
  const PAID = {
    openid: OPENID,
    is_subscribe: 'N',
    trade_type: 'JSAPI',
    trade_state: 'SUCCESS',
    trade_state_desc: '支付成功',
    bank_type: 'CMB_DEBIT',
    total_fee: '1980',
    cash_fee: '1970',
    coupon_fee: '10',
    coupon_count: '2',
    coupon_id_0: '10000',
    coupon_type_0: 'CASH',
    coupon_fee_0: '7',
    coupon_id_1: '10001',
    coupon_fee_1: '3',
    transaction_id: '4200001004400740201409030005092168',
    out_trade_no: '20260301000001',
    time_end: '20260301131540',
    some_new_field_7: 'kept'
  }

  it('answers amounts as integers and coupons as a list', async () => {
    const { pay } = clientWith(signedAnswer({ ...PAID, transaction_id: '42000010044007402014090300050921' }))
    const order = await pay.orders.query({ out_trade_no: '20260301000001' })
    expect(order).toMatchObject({ total_fee: 1980, cash_fee: 1970, coupon_fee: 10, coupon_count: 2 })
    expect(order.coupons).toEqual([
      { coupon_id: '10000', coupon_type: 'CASH', coupon_fee: 7 },
      { coupon_id: '10001', coupon_fee: 3 }
    ])
    expect(order).toMatchObject({ some_new_field_7: 'kept', time_end: '20260301131540' })
    expect(order).not.toHaveProperty('coupon_id_0')
    expect(order).not.toHaveProperty('sign')
  })

  it('answers an unpaid order', async () => {
    const { pay } = clientWith(signedAnswer({ trade_state: 'NOTPAY', out_trade_no: '20260301000001', attach: '' }))
    const order = await pay.orders.query({ out_trade_no: '20260301000001' })
    expect(order).toEqual({
      appid: APP_ID,
      mch_id: MCH_ID,
      trade_state: 'NOTPAY',
      out_trade_no: '20260301000001',
      coupons: []
    })
  })

  it.each([
    ['both numbers', { out_trade_no: '20260301000001', transaction_id: '42' }],
    ['no number', {}]
  ])('refuses %s', async (_what, params) => {
    const { pay } = clientWith(signedAnswer(PAID))
    expect(await codeOf(() => pay.orders.query(params as never))).toBe('ERR_INVALID_PARAM')
  })

  it.each(['1980.0', '01980', '-1', '1e3', '１９８０', '9'.repeat(16)])('refuses total_fee %s', async (total_fee) => {
    const { pay } = clientWith(signedAnswer({ ...PAID, total_fee }))
    expect(await codeOf(() => pay.orders.query({ out_trade_no: '20260301000001' }))).toBe('ERR_UNEXPECTED_RESPONSE')
  })

  it('refuses a paid order without amount', async () => {
    const { pay } = clientWith(signedAnswer({ ...PAID, total_fee: undefined }))
    expect(await codeOf(() => pay.orders.query({ out_trade_no: '20260301000001' }))).toBe('ERR_UNEXPECTED_RESPONSE')
  })
})

describe('orders.close', () => {
  it('closes', async () => {
    const { pay, seen } = clientWith(signedAnswer({ result_msg: 'OK' }))
    const closed = await pay.orders.close({ out_trade_no: '20260301000001' })
    expect(closed).toEqual({ appid: APP_ID, mch_id: MCH_ID, result_msg: 'OK', alreadyClosed: false })
    expect(seen[0]?.url.pathname).toBe('/pay/closeorder')
  })

  it('takes an order that is closed already for done, and no other refusal', async () => {
    const refusal = (err_code: string) => signedAnswer({ result_code: 'FAIL', err_code, err_code_des: 'x' })
    const closed = await clientWith(refusal('ORDERCLOSED')).pay.orders.close({ out_trade_no: '20260301000001' })
    expect(closed).toEqual({ appid: APP_ID, mch_id: MCH_ID, alreadyClosed: true })
    const error = await errorOf(() =>
      clientWith(refusal('ORDERPAID')).pay.orders.close({ out_trade_no: '20260301000001' })
    )
    expect([error.code, error.upstreamCode]).toEqual(['ERR_WECHAT_PAY', 'ORDERPAID'])
  })
})

describe('orders.authCodeToOpenid', () => {
  it('answers the openid', async () => {
    const { pay, seen } = clientWith(signedAnswer({ openid: OPENID }))
    expect(await pay.orders.authCodeToOpenid({ auth_code: '134650000000000000' })).toMatchObject({ openid: OPENID })
    expect(seen[0]?.url.pathname).toBe('/tools/authcodetoopenid')
  })
})

describe('request', () => {
  it('uses what the library knows of the path', async () => {
    const { pay, seen } = clientWith(signedAnswer({ short_url: 'weixin://wxpay/s/XXXXXX' }))
    const answer = await pay.request({ path: '/tools/shorturl', params: { long_url: 'weixin://wxpay/x?y=1&z=2' } })
    expect(answer.short_url).toBe('weixin://wxpay/s/XXXXXX')
    expect(fromXml(seen[0]?.body ?? '').long_url).toBe('weixin://wxpay/x?y=1&z=2')
  })

  it('verifies an unknown path like every other', async () => {
    const { pay } = clientWith(toXml({ return_code: 'SUCCESS', result_code: 'SUCCESS' }))
    expect(await codeOf(() => pay.request({ path: '/pay/somethingnew' }))).toBe('ERR_SIGNATURE_MISSING')
    await expect(pay.request({ path: '/pay/somethingnew', responseSign: 'absent' })).resolves.toMatchObject({
      result_code: 'SUCCESS'
    })
  })

  it('lets nobody switch off the check of a signed path, or send a certificate call without one', async () => {
    const { pay, seen } = clientWith(signedAnswer({}))
    expect(await codeOf(() => pay.request({ path: '/pay/orderquery', responseSign: 'absent' }))).toBe(
      'ERR_INVALID_PARAM'
    )
    expect(await codeOf(() => pay.request({ path: '/secapi/pay/refund' }))).toBe('ERR_CONFIG')
    expect(await codeOf(() => pay.request({ path: '/pay/x', withCertificate: true }))).toBe('ERR_CONFIG')
    expect(await codeOf(() => pay.request({ path: 'pay/x' }))).toBe('ERR_INVALID_PARAM')
    expect(await codeOf(() => pay.request({ path: '/pay/downloadbill' }))).toBe('ERR_INVALID_PARAM')
    expect(await codeOf(() => pay.request({ path: '/x', sign: false } as never))).toBe('ERR_INVALID_PARAM')
    expect(seen).toHaveLength(0)
  })

  it('throws UnknownResultError for a call that moves money', async () => {
    const { pay } = clientWith('<html>')
    const query = { method: 'request /pay/profitsharingquery', params: { out_order_no: 'P1' } }
    const error = await errorOf(() => pay.request({ path: '/pay/profitsharing', query }))
    expect(error).toMatchObject({ code: 'ERR_UNKNOWN_RESULT', query })
  })
})

describe('buildRequest', () => {
  const request = { path: '/pay/orderquery', params: { out_trade_no: '20260301000001' } }

  it('signs what request would send, and sends nothing', async () => {
    const answer = signedAnswer({ trade_state: 'NOTPAY', out_trade_no: '20260301000001' })
    const { pay, seen } = clientWith(answer)
    const built = pay.buildRequest(request)
    expect(seen).toHaveLength(0)
    expect(built).toMatchObject({ method: 'POST', needsCertificate: false })
    expect(built.readResponse({ status: 200, body: answer })).toEqual(await pay.request(request))
    expect([built.url.href, built.body]).toEqual([seen[0]?.url.href, seen[0]?.body])
    expect(built.headers).toEqual({ 'content-type': 'text/xml; charset=utf-8' })
    expect(pay.buildRequest({ path: '/secapi/pay/refund', params: {} }).needsCertificate).toBe(true)
  })

  it('verifies the response as the client does', async () => {
    const { readResponse } = clientWith('').pay.buildRequest(request)
    const of = (body: string, status = 200) => codeOf(() => readResponse({ status, body }))
    expect(await of(signedAnswer({ out_trade_no: '20260301000002' }))).toBe('ERR_UNEXPECTED_RESPONSE')
    expect(await of(toXml({ return_code: 'SUCCESS', result_code: 'SUCCESS' }))).toBe('ERR_SIGNATURE_MISSING')
    expect(await of(signedAnswer({}).replace('<sign><![CDATA[', '<sign><![CDATA[0'))).toBe('ERR_SIGNATURE_MISMATCH')
    expect(await of(signedAnswer({ result_code: 'FAIL', err_code: 'ORDERNOTEXIST' }))).toBe('ERR_WECHAT_PAY')
    expect(await of('<html>')).toBe('ERR_UNEXPECTED_RESPONSE')
  })
})

describe('sandbox', () => {
  const SANDBOX_KEY = 'b4a1f0e2c3d4e5f60718293a4b5c6d7e'
  const keyAnswer = toXml({ return_code: 'SUCCESS', return_msg: 'ok', sandbox_signkey: SANDBOX_KEY })

  it('fetches its key once, signed with the production key, and signs with it', async () => {
    const { pay, seen } = clientWith(
      (request) =>
        request.url.pathname.includes('getsignkey') ? keyAnswer : signedAnswer(UNIFIED, 'HMAC-SHA256', SANDBOX_KEY),
      { sandbox: true }
    )
    await Promise.all([pay.orders.unified(ORDER), pay.orders.unified(ORDER)])
    expect(seen.map(({ url }) => url.pathname)).toEqual([
      '/xdc/apiv2getsignkey/sign/getsignkey',
      '/xdc/apiv2sandbox/pay/unifiedorder',
      '/xdc/apiv2sandbox/pay/unifiedorder'
    ])
    const [first, second] = seen.map(({ body }) => fromXml(body))
    expect(first).toEqual({
      mch_id: MCH_ID,
      nonce_str: 'ibuaiVcKdpRxkhJA',
      sign: signFields(first ?? {}, 'MD5', API_KEY)
    })
    expect(second?.sign).toBe(signFields(second ?? {}, 'HMAC-SHA256', SANDBOX_KEY))
  })

  it('takes a given key, and says what to do when it is not at hand', async () => {
    const { pay } = clientWith(signedAnswer(UNIFIED, 'HMAC-SHA256', SANDBOX_KEY), { sandbox: { signKey: SANDBOX_KEY } })
    const params = pay.jsapiParams('wx1')
    expect(params.paySign).toBe(signFields({ ...params, paySign: undefined }, 'HMAC-SHA256', SANDBOX_KEY))
    const { pay: lazy } = clientWith(keyAnswer, { sandbox: true })
    const error = await errorOf(() => lazy.jsapiParams('wx1'))
    expect(error.code).toBe('ERR_CONFIG')
    expect(error.message).toContain('fetchSandboxKey')
    await lazy.fetchSandboxKey()
    expect(lazy.jsapiParams('wx1').paySign).toBe(params.paySign)
  })

  it('refuses a response that is no key', async () => {
    const { pay } = clientWith(toXml({ return_code: 'SUCCESS', sandbox_signkey: 'short' }), { sandbox: true })
    expect(await codeOf(() => pay.fetchSandboxKey())).toBe('ERR_UNEXPECTED_RESPONSE')
  })
})
