import { createCipheriv, createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { ConfigError, memoryStore, type Store } from 'weixin-kit'
import type {
  PaymentNotification as V2PaymentNotification,
  RefundNotification as V2RefundNotification
} from 'weixin-kit/pay/v2'
import {
  API_KEY,
  APP_ID,
  clientWith,
  codeOf,
  errorOf,
  type Fields,
  MCH_ID,
  networkError,
  OPENID,
  OTHER_KEY,
  signedAnswer,
  signFields,
  toXml
} from '../../../support/pay-v2.ts'

const PAYMENT: Fields = {
  return_code: 'SUCCESS',
  result_code: 'SUCCESS',
  appid: APP_ID,
  mch_id: MCH_ID,
  nonce_str: '5d2b6c2a8db53831f7eda20af46e531c',
  openid: OPENID,
  is_subscribe: 'N',
  trade_type: 'JSAPI',
  bank_type: 'CMB_DEBIT',
  total_fee: '1980',
  fee_type: 'CNY',
  cash_fee: '1970',
  coupon_fee: '10',
  coupon_count: '1',
  coupon_id_0: '10000',
  coupon_fee_0: '10',
  transaction_id: '4200001004202603010000000001',
  out_trade_no: '20260301000001',
  attach: '订单=1&x=<y>',
  time_end: '20260301131540'
}

function payment(changes: Fields = {}, type: 'MD5' | 'HMAC-SHA256' = 'HMAC-SHA256', key = API_KEY): string {
  const fields = { ...PAYMENT, ...changes }
  return toXml({ ...fields, sign: signFields(fields, type, key) })
}

const REFUND: Fields = {
  out_refund_no: 'R20260301000001',
  out_trade_no: '20260301000001',
  refund_account: 'REFUND_SOURCE_UNSETTLED_FUNDS',
  refund_fee: '500',
  refund_id: '50000000002026030100000000001',
  refund_recv_accout: '用户零钱',
  refund_request_source: 'API',
  refund_status: 'SUCCESS',
  settlement_refund_fee: '500',
  settlement_total_fee: '1980',
  success_time: '2026-03-01 13:15:40',
  total_fee: '1980',
  transaction_id: '4200001004202603010000000001'
}

function encrypt(plaintext: string, key = API_KEY): string {
  const aesKey = createHash('md5').update(key).digest('hex')
  const cipher = createCipheriv('aes-256-ecb', aesKey, null)
  return Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]).toString('base64')
}

function refund(changes: Fields = {}, outer: Fields = {}, key = API_KEY): string {
  return toXml({
    return_code: 'SUCCESS',
    appid: APP_ID,
    mch_id: MCH_ID,
    nonce_str: 'x',
    req_info: encrypt(toXml({ ...REFUND, ...changes }, 'root'), key),
    ...outer
  })
}

const { pay } = clientWith('')

describe('parseNotification', () => {
  it('answers the verified payment', () => {
    const expected = {
      appid: APP_ID,
      mch_id: MCH_ID,
      total_fee: 1980,
      cash_fee: 1970,
      coupon_fee: 10,
      coupon_count: 1,
      coupons: [{ coupon_id: '10000', coupon_fee: 10 }],
      attach: '订单=1&x=<y>',
      time_end: '20260301131540'
    }
    expect(pay.parseNotification(payment())).toMatchObject(expected)
    expect(pay.parseNotification(Buffer.from(payment()))).toMatchObject(expected)
    expect(pay.parseNotification(payment({ sign_type: 'HMAC-SHA256', brand_new: '1' }))).toMatchObject({
      brand_new: '1'
    })
  })

  const names = Object.keys(PAYMENT)

  it.each(names)('refuses a changed %s', async (name) => {
    const genuine = { ...PAYMENT, sign: signFields(PAYMENT) }
    const forged = toXml({ ...genuine, [name]: `${PAYMENT[name]}0` })
    expect(await codeOf(() => pay.parseNotification(forged))).toBe('ERR_SIGNATURE_MISMATCH')
  })

  it.each(names)('refuses a notification without %s', async (name) => {
    const genuine = { ...PAYMENT, sign: signFields(PAYMENT) }
    const forged = toXml({ ...genuine, [name]: undefined })
    expect(await codeOf(() => pay.parseNotification(forged))).toBe('ERR_SIGNATURE_MISMATCH')
  })

  it.each([...names, 'sign'])('refuses a second %s', async (name) => {
    for (const extra of [
      `<${name}>1</${name}>`,
      `<${name}><![CDATA[1]]></${name}>`,
      `<${name}/>`,
      `<${name}><a>1</a></${name}>`
    ]) {
      expect(await codeOf(() => pay.parseNotification(payment().replace('</xml>', `${extra}</xml>`)))).toBe(
        'ERR_BODY_MALFORMED'
      )
      expect(await codeOf(() => pay.parseNotification(payment().replace('<xml>', `<xml>${extra}`)))).toBe(
        'ERR_BODY_MALFORMED'
      )
    }
  })

  it.each<[string, string, string]>([
    ['no signature', toXml(PAYMENT), 'ERR_SIGNATURE_MISSING'],
    ['an empty signature', toXml({ ...PAYMENT, sign: '' }), 'ERR_SIGNATURE_MISSING'],
    ['the signature of another key', payment({}, 'HMAC-SHA256', OTHER_KEY), 'ERR_SIGNATURE_MISMATCH'],
    ['MD5 where HMAC-SHA256 is used', payment({}, 'MD5'), 'ERR_SIGNATURE_MISMATCH'],
    ['MD5 that names itself', payment({ sign_type: 'MD5' }, 'MD5'), 'ERR_SIGNATURE_MISMATCH'],
    ['a nested signature', payment().replace(/<sign>.*<\/sign>/, '<sign><a>1</a></sign>'), 'ERR_SIGNATURE_MISMATCH'],
    ['another merchant', payment({ mch_id: '1900000110' }), 'ERR_UNEXPECTED_RESPONSE'],
    ['another app', payment({ appid: 'wx0000000000000000' }), 'ERR_UNEXPECTED_RESPONSE'],
    ['no merchant', payment({ mch_id: undefined }), 'ERR_UNEXPECTED_RESPONSE'],
    ['no app', payment({ appid: undefined }), 'ERR_UNEXPECTED_RESPONSE'],
    ['no transaction_id', payment({ transaction_id: undefined }), 'ERR_UNEXPECTED_RESPONSE'],
    ['no out_trade_no', payment({ out_trade_no: '' }), 'ERR_UNEXPECTED_RESPONSE'],
    ['no total_fee', payment({ total_fee: undefined }), 'ERR_UNEXPECTED_RESPONSE'],
    ['an amount with a point', payment({ total_fee: '19.80' }), 'ERR_UNEXPECTED_RESPONSE'],
    ['a failed deduction', payment({ trade_state: 'PAY_FAIL' }), 'ERR_WECHAT_PAY'],
    ['result_code FAIL', payment({ result_code: 'FAIL', err_code: 'NOTENOUGH' }), 'ERR_WECHAT_PAY'],
    ['return_code FAIL', payment({ return_code: 'FAIL' }), 'ERR_WECHAT_PAY'],
    ['no result_code', payment({ result_code: undefined }), 'ERR_WECHAT_PAY'],
    ['an unsigned FAIL', toXml({ return_code: 'FAIL', return_msg: 'x' }), 'ERR_SIGNATURE_MISSING'],
    [
      'an external entity',
      `<!DOCTYPE xml [<!ENTITY x SYSTEM "file:///etc/passwd">]>${payment()}`,
      'ERR_BODY_MALFORMED'
    ],
    ['another root', payment().replaceAll('xml>', 'root>'), 'ERR_BODY_MALFORMED'],
    ['a cut body', payment().slice(0, -3), 'ERR_BODY_MALFORMED'],
    ['nothing', '', 'ERR_BODY_MALFORMED'],
    ['too much', payment({ attach: 'x'.repeat(70_000) }), 'ERR_BODY_TOO_LARGE']
  ])('refuses %s', async (_what, body, code) => {
    expect(await codeOf(() => pay.parseNotification(body))).toBe(code)
  })

  it('lets empty elements, which no signature covers, say nothing', () => {
    const empty = '<trade_state/><err_code></err_code><sub_mch_id><![CDATA[]]></sub_mch_id>'
    const padded = payment().replace('</xml>', `${empty}</xml>`)
    expect(pay.parseNotification(padded)).toEqual(pay.parseNotification(payment()))
  })

  it('says which sign type the notification has', async () => {
    const error = await errorOf(() => pay.parseNotification(payment({}, 'MD5')))
    expect(error.message).toContain("signType to 'MD5'")
    const { pay: md5 } = clientWith('', { signType: 'MD5' })
    expect(md5.parseNotification(payment({}, 'MD5')).total_fee).toBe(1980)
    expect(await codeOf(() => md5.parseNotification(payment()))).toBe('ERR_SIGNATURE_MISMATCH')
  })

  it('says what to do when given a parsed body', async () => {
    const error = await errorOf(() => pay.parseNotification({ xml: {} } as never))
    expect(error.code).toBe('ERR_BODY_ALREADY_PARSED')
    expect(error.message).toContain('express.text')
  })

  it('compares the sub merchant in service provider mode', async () => {
    const sub = { sub_appid: 'wxsub0000000000', sub_mch_id: '1900000999' }
    const { pay: provider } = clientWith('', { subAppId: sub.sub_appid, subMchId: sub.sub_mch_id })
    expect(provider.parseNotification(payment(sub))).toMatchObject(sub)
    for (const wrong of [
      { ...sub, sub_mch_id: '1900000998' },
      { ...sub, sub_appid: 'wxother' },
      { sub_appid: sub.sub_appid }
    ]) {
      expect(await codeOf(() => provider.parseNotification(payment(wrong)))).toBe('ERR_UNEXPECTED_RESPONSE')
    }
    // A client for all its sub merchants names none, and reads it from the notification.
    expect(pay.parseNotification(payment(sub)).sub_mch_id).toBe('1900000999')
  })
})

describe('parseRefundNotification', () => {
  it('answers the decrypted refund', () => {
    expect(pay.parseRefundNotification(refund())).toEqual({
      ...REFUND,
      appid: APP_ID,
      mch_id: MCH_ID,
      refund_fee: 500,
      total_fee: 1980,
      settlement_refund_fee: 500,
      settlement_total_fee: 1980
    })
  })

  it('takes the account from outside and everything else from inside', () => {
    const outer = { out_refund_no: 'FORGED', refund_fee: '1', refund_status: 'SUCCESS' }
    const parsed = pay.parseRefundNotification(refund({ refund_status: 'CHANGE' }, outer))
    expect(parsed).toMatchObject({ out_refund_no: 'R20260301000001', refund_fee: 500, refund_status: 'CHANGE' })
    expect(pay.parseRefundNotification(refund({ mch_id: 'inner', appid: 'inner' }))).toMatchObject({
      mch_id: MCH_ID,
      appid: APP_ID
    })
  })

  const swapped = () => {
    const info = Buffer.from(encrypt(toXml(REFUND, 'root')), 'base64')
    const [first, second] = [Buffer.from(info.subarray(0, 16)), Buffer.from(info.subarray(16, 32))]
    second.copy(info, 0)
    first.copy(info, 16)
    return info.toString('base64')
  }

  it.each<[string, string, string]>([
    ['another key', refund({}, {}, OTHER_KEY), 'ERR_DECRYPT_PADDING'],
    ['another merchant', refund({}, { mch_id: '1900000110' }), 'ERR_UNEXPECTED_RESPONSE'],
    ['another app', refund({}, { appid: 'wx0000000000000000' }), 'ERR_UNEXPECTED_RESPONSE'],
    ['no merchant', refund({}, { mch_id: undefined }), 'ERR_UNEXPECTED_RESPONSE'],
    ['return_code FAIL', refund({}, { return_code: 'FAIL' }), 'ERR_UNEXPECTED_RESPONSE'],
    ['no req_info', refund({}, { req_info: undefined }), 'ERR_UNEXPECTED_RESPONSE'],
    ['plain text', refund({}, { req_info: toXml(REFUND, 'root') }), 'ERR_BODY_MALFORMED'],
    ['no base64', refund({}, { req_info: '!!!!' }), 'ERR_DECRYPT_MALFORMED'],
    ['half a block', refund({}, { req_info: 'AAAA' }), 'ERR_DECRYPT_MALFORMED'],
    [
      'spaces',
      refund({}, { req_info: encrypt(toXml(REFUND, 'root')).replace(/\+/g, ' ').replace(/^./, ' ') }),
      'ERR_DECRYPT_SPACES'
    ],
    ['swapped blocks', refund({}, { req_info: swapped() }), 'ERR_DECRYPT_MALFORMED'],
    ['another root inside', refund({}, { req_info: encrypt(toXml(REFUND)) }), 'ERR_DECRYPT_MALFORMED'],
    [
      'a second field inside',
      refund({}, { req_info: encrypt(toXml(REFUND, 'root').replace('<root>', '<root><refund_fee>1</refund_fee>')) }),
      'ERR_DECRYPT_MALFORMED'
    ],
    [
      'nested fields inside',
      refund({}, { req_info: encrypt(toXml(REFUND, 'root').replace('<root>', '<root><a><b>1</b></a>')) }),
      'ERR_DECRYPT_MALFORMED'
    ],
    ['no status', refund({ refund_status: undefined }), 'ERR_UNEXPECTED_RESPONSE'],
    ['an unknown status', refund({ refund_status: 'PROCESSING' }), 'ERR_UNEXPECTED_RESPONSE'],
    ['no out_refund_no', refund({ out_refund_no: undefined }), 'ERR_UNEXPECTED_RESPONSE'],
    ['a wrong amount', refund({ refund_fee: '5.00' }), 'ERR_UNEXPECTED_RESPONSE'],
    ['a payment notification', payment(), 'ERR_UNEXPECTED_RESPONSE']
  ])('refuses %s', async (_what, body, code) => {
    expect(await codeOf(() => pay.parseRefundNotification(body))).toBe(code)
  })

  it('shows neither key nor plaintext in what it throws', async () => {
    const error = await errorOf(() => pay.parseRefundNotification(refund({}, { req_info: swapped() })))
    const text = JSON.stringify(error) + String(error) + String(error.cause) + error.stack
    expect(text).not.toContain(API_KEY)
    expect(text).not.toContain('用户零钱')
  })
})

function post(body: string | Uint8Array): Request {
  return new Request('https://shop.example.com/pay/notify', {
    method: 'POST',
    body: body as never,
    headers: { 'content-type': 'text/xml' }
  })
}

async function reply(response: Response): Promise<[number, string]> {
  return [response.status, /<return_code><!\[CDATA\[(\w+)\]\]>/.exec(await response.text())?.[1] ?? '']
}

/** A promise to be settled by the test. */
function gate() {
  let open: () => void = () => undefined
  let fail: (error: Error) => void = () => undefined
  const opened = new Promise<void>((resolve, reject) => {
    open = resolve
    fail = reject
  })
  return { opened, open, fail }
}

describe('refundNotifyHandler before strangers', () => {
  const forged: Record<string, string> = {
    'wrong padding': refund({}, {}, OTHER_KEY),
    'half a block': refund({}, { req_info: 'AAAA' }),
    'no base64': refund({}, { req_info: '!!!!' }),
    'no XML inside': refund({}, { req_info: encrypt('no XML') }),
    'no refund inside': refund({}, { req_info: encrypt('<root><a>1</a></root>') }),
    'no XML outside': 'nothing',
    'another account': refund({}, { mch_id: '1900000110' })
  }

  it('answers all that is not genuine alike, so that nobody decrypts with its help', async () => {
    const codes: unknown[] = []
    const handler = pay.refundNotifyHandler({
      onRefund: () => undefined,
      onError: (error) => void codes.push((error as { code: string }).code)
    })
    const answers = new Set<string>()
    for (const body of Object.values(forged)) {
      const response = await handler(post(body))
      answers.add(`${response.status} ${await response.text()}`)
    }
    expect([...answers]).toHaveLength(1)
    expect([...answers][0]).toContain('FAIL')
    expect(new Set(codes).size).toBeGreaterThan(3)
  })
})

describe('notifyHandler', () => {
  it('answers SUCCESS in the protocol only after the callback resolved', async () => {
    const { opened, open } = gate()
    let answered = false
    const handler = pay.notifyHandler({ onPaid: () => opened })
    const answer = handler(post(payment({ transaction_id: 'A1' }))).then((response) => {
      answered = true
      return response
    })
    await new Promise((resolve) => setImmediate(resolve))
    expect(answered).toBe(false)
    open()
    const response = await answer
    expect(response.headers.get('content-type')).toBe('text/xml; charset=utf-8')
    expect(await response.text()).toBe(
      '<xml><return_code><![CDATA[SUCCESS]]></return_code><return_msg><![CDATA[OK]]></return_msg></xml>'
    )
  })

  it('calls onPaid once for all deliveries, over all processes of a store', async () => {
    const store = memoryStore()
    const seen: V2PaymentNotification[] = []
    const make = () =>
      clientWith('', { store }).pay.notifyHandler({
        onPaid: (notification) => {
          seen.push(notification)
        }
      })
    const [first, second] = [make(), make()]
    for (const handler of [first, first, second])
      expect(await reply(await handler(post(payment())))).toEqual([200, 'SUCCESS'])
    expect(seen).toHaveLength(1)
    expect(seen[0]).toMatchObject({ out_trade_no: '20260301000001', total_fee: 1980 })
  })

  it('answers FAIL while another delivery is being worked on, and runs it again if that one fails', async () => {
    const { opened, fail } = gate()
    let calls = 0
    const handler = clientWith('').pay.notifyHandler({
      onPaid: () => {
        calls++
        return calls === 1 ? opened : undefined
      }
    })
    const first = handler(post(payment()))
    await new Promise((resolve) => setImmediate(resolve))
    expect(await reply(await handler(post(payment())))).toEqual([503, 'FAIL'])
    expect(calls).toBe(1)
    fail(new Error('database is down'))
    expect(await reply(await first)).toEqual([500, 'FAIL'])
    expect(await reply(await handler(post(payment())))).toEqual([200, 'SUCCESS'])
    expect(calls).toBe(2)
    expect(await reply(await handler(post(payment())))).toEqual([200, 'SUCCESS'])
    expect(calls).toBe(2)
  })

  it('takes a delivery over from a process that died', async () => {
    let now = 0
    const store = memoryStore({ clock: () => now })
    const never = clientWith('', { store }).pay.notifyHandler({ onPaid: () => new Promise(() => undefined) })
    void never(post(payment()))
    await new Promise((resolve) => setImmediate(resolve))
    let calls = 0
    const handler = clientWith('', { store }).pay.notifyHandler({ onPaid: () => void calls++ })
    now = 14_000
    expect(await reply(await handler(post(payment())))).toEqual([503, 'FAIL'])
    now = 16_000
    expect(await reply(await handler(post(payment())))).toEqual([200, 'SUCCESS'])
    expect(calls).toBe(1)
  })

  it('books once, also when the clock is set back or ahead in between', async () => {
    let now = Date.UTC(2026, 2, 1)
    let calls = 0
    const handler = clientWith('', { clock: () => now }).pay.notifyHandler({ onPaid: () => void calls++ })
    for (const hours of [0, -1, 24, -24]) {
      now += hours * 3_600_000
      expect(await reply(await handler(post(payment())))).toEqual([200, 'SUCCESS'])
    }
    expect(calls).toBe(1)
  })

  it('loses nothing when the store fails', async () => {
    let isDown = true
    const inner = memoryStore()
    const failing = async () => {
      if (isDown) throw new Error('ECONNREFUSED')
    }
    const store: Store = {
      ...inner,
      setIfAbsent: async (...args) => {
        await failing()
        return inner.setIfAbsent(...args)
      },
      set: async (...args) => {
        await failing()
        return inner.set(...args)
      }
    }
    let calls = 0
    const errors: unknown[] = []
    const handler = clientWith('', { store }).pay.notifyHandler({
      onPaid: () => void calls++,
      onError: (error) => void errors.push(error)
    })
    expect(await reply(await handler(post(payment())))).toEqual([500, 'FAIL'])
    expect([calls, errors.length]).toEqual([0, 1])
    isDown = false
    expect(await reply(await handler(post(payment())))).toEqual([200, 'SUCCESS'])
    expect(calls).toBe(1)
  })

  it('keeps two merchants on one store apart', async () => {
    const store = memoryStore()
    let calls = 0
    const options = { onPaid: () => void calls++ }
    const other = { mch_id: '1900000110' }
    const { pay: second } = clientWith('', { store, mchId: other.mch_id })
    await clientWith('', { store }).pay.notifyHandler(options)(post(payment()))
    expect(await reply(await second.notifyHandler(options)(post(payment(other))))).toEqual([200, 'SUCCESS'])
    expect(calls).toBe(2)
  })

  it.each<[string, () => Request, number]>([
    ['a forged notification', () => post(payment({}, 'HMAC-SHA256', OTHER_KEY)), 400],
    ['an unsigned one', () => post(toXml(PAYMENT)), 400],
    ['another account', () => post(payment({ mch_id: '1900000110' })), 400],
    ['no XML', () => post('{}'), 400],
    ['an empty body', () => post(''), 400],
    ['a flood', () => post('x'.repeat(65 * 1024)), 413],
    ['GET', () => new Request('https://shop.example.com/pay/notify'), 405]
  ])('answers FAIL to %s and never calls onPaid', async (_what, request, status) => {
    let calls = 0
    const errors: unknown[] = []
    const handler = pay.notifyHandler({ onPaid: () => void calls++, onError: (error) => void errors.push(error) })
    const response = await handler(request())
    const text = await response.clone().text()
    expect(await reply(response)).toEqual([status, 'FAIL'])
    expect(calls).toBe(0)
    expect(errors).toHaveLength(status === 405 ? 0 : 1)
    expect(text).not.toContain(API_KEY)
  })

  it.each<[string, () => Error]>([
    ['a missing dependency', () => new ConfigError('no fast-xml-parser', { code: 'ERR_MISSING_DEPENDENCY' })],
    ['a mistake in code', () => new TypeError('undefined is not a function')]
  ])('answers 500 to a genuine notification when the fault is here: %s', async (_what, make) => {
    const errors: unknown[] = []
    const error = make()
    const { pay: broken } = clientWith('', { sandbox: true, fetch: () => Promise.reject(new Error('never sent')) })
    const failing = Object.assign(Object.create(Request.prototype), {}) as Request
    Object.defineProperties(failing, {
      method: { value: 'POST' },
      url: { value: 'https://shop.example.com/notify' },
      headers: { value: new Headers() },
      bodyUsed: { value: false },
      body: {
        get: () => {
          throw error
        }
      }
    })
    const handler = broken.notifyHandler({ onPaid: () => undefined, onError: (thrown) => void errors.push(thrown) })
    expect(await reply(await handler(failing))).toEqual([500, 'FAIL'])
    expect(errors).toEqual([error])
  })

  it('answers 500 when the key of the sandbox cannot be fetched', async () => {
    const errors: unknown[] = []
    const { pay: sandbox } = clientWith(networkError('ECONNREFUSED'), { sandbox: true, maxRetries: 0 })
    const handler = sandbox.notifyHandler({ onPaid: () => undefined, onError: (thrown) => void errors.push(thrown) })
    expect(await reply(await handler(post(payment())))).toEqual([500, 'FAIL'])
    expect(errors).toMatchObject([{ code: 'ERR_CONNECTION' }])
  })

  it('takes refunds at the address of payments with onRefund, and says so without', async () => {
    const seen: string[] = []
    const errors: { message: string }[] = []
    const onPaid = () => void seen.push('paid')
    const both = clientWith('').pay.notifyHandler({
      onPaid,
      onRefund: ({ refund_id }) => void seen.push(refund_id ?? '')
    })
    for (const body of [payment(), refund(), refund(), payment()]) {
      expect(await reply(await both(post(body)))).toEqual([200, 'SUCCESS'])
    }
    expect(seen).toEqual(['paid', '50000000002026030100000000001'])
    const one = clientWith('').pay.notifyHandler({ onPaid, onError: (error) => void errors.push(error as Error) })
    expect(await reply(await one(post(refund())))).toEqual([400, 'FAIL'])
    expect(errors[0]?.message).toContain('onRefund')
  })

  it('passes the request to onError', async () => {
    const requests: string[] = []
    const onError: NonNullable<Parameters<typeof pay.notifyHandler>[0]['onError']> = (_, { request }) =>
      requests.push(`${request.method} ${request.url} ${request.header('content-type')}`)
    const handler = pay.notifyHandler({ onPaid: () => undefined, onError })
    const request = post(toXml(PAYMENT))
    await handler(request)
    expect(requests).toEqual([`POST ${request.url} ${request.headers.get('content-type')}`])
  })

  it('takes the apps of the merchant that it was told of', async () => {
    const appid = 'wxfurther0000001'
    const { pay: many } = clientWith('', { furtherAppIds: [appid] })
    expect(many.parseNotification(payment({ appid })).appid).toBe(appid)
    expect(await codeOf(() => many.parseNotification(payment({ appid: `${appid}2` })))).toBe('ERR_UNEXPECTED_RESPONSE')
    expect(await codeOf(() => many.parseNotification(payment({ appid: appid.slice(0, -1) })))).toBe(
      'ERR_UNEXPECTED_RESPONSE'
    )
  })

  it('answers FAIL to a body that was read before, and says so', async () => {
    const request = post(payment())
    await request.text()
    const codes: string[] = []
    const handler = pay.notifyHandler({
      onPaid: () => undefined,
      onError: (error) => void codes.push((error as { code: string }).code)
    })
    expect((await handler(request)).status).toBe(500)
    expect(codes).toEqual(['ERR_BODY_ALREADY_PARSED'])
  })

  it('tells of a failed deduction apart from payments', async () => {
    const failed: string[] = []
    let paid = 0
    const { pay: fresh } = clientWith('')
    const handler = fresh.notifyHandler({
      onPaid: () => void paid++,
      onFailed: (error) => void failed.push(error.upstreamCode)
    })
    expect(await reply(await handler(post(payment({ trade_state: 'PAY_FAIL' }))))).toEqual([200, 'SUCCESS'])
    expect(failed).toEqual(['PAY_FAIL'])
    // A redelivery is the same event, a failure of another day or of a contract without numbers is another.
    await handler(post(payment({ trade_state: 'PAY_FAIL', nonce_str: 'another' })))
    expect(failed).toHaveLength(1)
    await handler(post(payment({ trade_state: 'PAY_FAIL', time_end: '20260302131540' })))
    const numberless = { result_code: 'FAIL', transaction_id: undefined, out_trade_no: undefined, err_code: 'X' }
    await handler(post(payment({ ...numberless, contract_id: '1' })))
    await handler(post(payment({ ...numberless, contract_id: '2' })))
    expect(failed.splice(1)).toEqual(['PAY_FAIL', 'X', 'X'])
    // The later success of the same order is another event.
    expect(await reply(await handler(post(payment({ trade_state: 'SUCCESS' }))))).toEqual([200, 'SUCCESS'])
    expect([paid, failed.length]).toEqual([1, 1])
    const quiet = clientWith('').pay.notifyHandler({ onPaid: () => void paid++ })
    // What nobody takes is not acknowledged.
    expect(await reply(await quiet(post(payment({ result_code: 'FAIL' }))))).toEqual([500, 'FAIL'])
    expect(paid).toBe(1)
  })

  it('refuses a payment whose amount is not that of the order', async () => {
    let calls = 0
    const errors: { message: string }[] = []
    const orders = new Map([['20260301000001', 1980]])
    const handler = clientWith('').pay.notifyHandler({
      onPaid: () => void calls++,
      expectedTotalFee: async ({ out_trade_no }) => orders.get(out_trade_no),
      onError: (error) => void errors.push(error as { message: string })
    })
    expect(await reply(await handler(post(payment({ total_fee: '1' }))))).toEqual([500, 'FAIL'])
    expect(await reply(await handler(post(payment({ out_trade_no: 'unknown1', transaction_id: 'B' }))))).toEqual([
      500,
      'FAIL'
    ])
    expect(calls).toBe(0)
    expect(errors[0]?.message).toContain('1 fen')
    expect(await reply(await handler(post(payment())))).toEqual([200, 'SUCCESS'])
    expect(calls).toBe(1)
  })

  it('answers even when onError throws, and logs', async () => {
    const lines: string[] = []
    const { pay: logged } = clientWith('', { logger: { error: (message) => void lines.push(message) } })
    const handler = logged.notifyHandler({
      onPaid: () => {
        throw new Error('no')
      },
      onError: () => {
        throw new Error('neither')
      }
    })
    expect(await reply(await handler(post(payment())))).toEqual([500, 'FAIL'])
    expect(lines).toHaveLength(2)
  })

  it.each([{}, { onPaid: 'x' }, { onPaid: () => undefined, onpaid: () => undefined }, undefined])(
    'refuses options %j',
    async (options) => {
      expect(await codeOf(() => pay.notifyHandler(options as never))).toBe('ERR_CONFIG')
    }
  )

  it('fetches the key of the sandbox by itself', async () => {
    const signKey = 'b4a1f0e2c3d4e5f60718293a4b5c6d7e'
    const { pay: sandbox } = clientWith(toXml({ return_code: 'SUCCESS', sandbox_signkey: signKey }), { sandbox: true })
    let calls = 0
    const handler = sandbox.notifyHandler({ onPaid: () => void calls++ })
    expect(await reply(await handler(post(payment({}, 'HMAC-SHA256', signKey))))).toEqual([200, 'SUCCESS'])
    expect(await reply(await handler(post(payment())))).toEqual([400, 'FAIL'])
    expect(calls).toBe(1)
  })
})

describe('refundNotifyHandler', () => {
  it('calls onRefund once for each refund and state', async () => {
    const seen: V2RefundNotification[] = []
    const handler = clientWith('').pay.refundNotifyHandler({
      onRefund: (notification) => void seen.push(notification)
    })
    for (const changes of [{ refund_status: 'CHANGE' }, { refund_status: 'CHANGE' }, {}, {}]) {
      expect(await reply(await handler(post(refund(changes))))).toEqual([200, 'SUCCESS'])
    }
    expect(seen.map(({ refund_status }) => refund_status)).toEqual(['CHANGE', 'SUCCESS'])
  })

  it('answers FAIL when the callback fails or the notification is forged', async () => {
    let calls = 0
    const handler = clientWith('').pay.refundNotifyHandler({
      onRefund: () => {
        if (calls++ === 0) throw new Error('database is down')
      }
    })
    expect(await reply(await handler(post(refund({}, {}, OTHER_KEY))))).toEqual([400, 'FAIL'])
    expect(calls).toBe(0)
    expect(await reply(await handler(post(refund())))).toEqual([500, 'FAIL'])
    expect(await reply(await handler(post(refund())))).toEqual([200, 'SUCCESS'])
    expect(calls).toBe(2)
  })

  it('confirms a refund by query before it is passed on', async () => {
    const queried = (changes: Fields = {}) => {
      const { transaction_id, out_trade_no, total_fee, out_refund_no, refund_id, refund_fee } = REFUND
      const first = { out_refund_no_0: out_refund_no, refund_id_0: refund_id, refund_fee_0: refund_fee }
      const all = { transaction_id, out_trade_no, total_fee, cash_fee: '1', refund_count: '1', ...first }
      return signedAnswer({ ...all, refund_status_0: 'SUCCESS', ...changes })
    }
    const wrong = [
      { refund_fee_0: '5' },
      { refund_status_0: 'PROCESSING' },
      { refund_id_0: '5' },
      { total_fee: '1' },
      { transaction_id: '42' },
      { out_trade_no: 'another' },
      { out_refund_no_0: 'another' }
    ]
    for (const changes of [...wrong, {}]) {
      let calls = 0
      const errors: unknown[] = []
      const { pay: asked, seen } = clientWith(queried(changes))
      const handler = asked.refundNotifyHandler({
        confirmRefund: true,
        onRefund: () => void calls++,
        onError: (error) => void errors.push(error)
      })
      const isRight = Object.keys(changes).length === 0
      expect(await reply(await handler(post(refund())))).toEqual(isRight ? [200, 'SUCCESS'] : [500, 'FAIL'])
      expect([calls, errors.length, seen.length]).toEqual(isRight ? [1, 0, 1] : [0, 1, 1])
    }
  })

  it('passes nothing on from outside the encryption', () => {
    const outer = { sub_mch_id: '1900000999', sub_appid: 'wxsub', openid: 'oForged' }
    expect(pay.parseRefundNotification(refund({}, outer))).toEqual(pay.parseRefundNotification(refund()))
    const { pay: provider } = clientWith('', { subMchId: '1900000999' })
    expect(provider.parseRefundNotification(refund({ sub_mch_id: 'inner' }, outer))).toMatchObject({
      sub_mch_id: '1900000999'
    })
  })
})
