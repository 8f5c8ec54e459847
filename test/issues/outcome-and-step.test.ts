import { describe, expect, it } from 'vitest'
import { memoryStore, type WeixinKitError } from 'weixin-kit'
import { OfficialAccount } from 'weixin-kit/mp'
import { Qiniu } from 'weixin-kit/qiniu'
import {
  createSimulator,
  signedGatewayMessage,
  signedPayNotification,
  signedPayV3Notification
} from 'weixin-kit/simulator'
import * as v2 from '../support/pay-v2.ts'
import * as v3 from '../support/pay-v3.ts'
import { stubFetch } from '../support/stub-fetch.ts'

const errorOf = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error as WeixinKitError
  )

describe('outcome: whether money may have moved', () => {
  const refund = { out_trade_no: 'T202603010001', out_refund_no: 'R202603010001', total_fee: 2, refund_fee: 1 }
  const refusal = (code: string) => v2.signedAnswer({ result_code: 'FAIL', err_code: code, err_code_des: 'x' })
  const packet = {
    out_trade_no: 'T202603010001',
    body: 'tea',
    total_fee: 100,
    spbill_create_ip: '192.0.2.1',
    auth_code: '134567890123456789'
  }
  const v3Refund = {
    out_trade_no: 'T202603010001',
    out_refund_no: 'R202603010001',
    amount: { refund: 1, total: 2, currency: 'CNY' as const }
  }

  it('v2: refused without a certificate, for wrong parameters and by WeChat Pay; unknown for a system error', async () => {
    const { pay } = v2.clientWith('')
    expect(await errorOf(pay.refunds.create(refund))).toMatchObject({ code: 'ERR_CONFIG', outcome: 'refused' })
    expect(await errorOf(pay.refunds.create({ ...refund, refund_fee: -1 }))).toMatchObject({
      code: 'ERR_INVALID_PARAM',
      outcome: 'refused'
    })
    const charge = (code: string) => errorOf(v2.clientWith(refusal(code)).pay.orders.micropay(packet))
    expect(await charge('NOTENOUGH')).toMatchObject({ code: 'ERR_WECHAT_PAY', outcome: 'refused' })
    expect(await charge('SYSTEMERROR')).toMatchObject({ code: 'ERR_UNKNOWN_RESULT', outcome: 'unknown' })
  })

  it('v2: says nothing of a call that moves no money', async () => {
    const { pay } = v2.clientWith(refusal('ORDERNOTEXIST'))
    expect(await errorOf(pay.orders.query({ out_trade_no: 'T202603010001' }))).not.toHaveProperty('outcome')
  })

  it('v3: refused for wrong parameters, which are never sent', async () => {
    const { pay } = v3.payWith(() => v3.signedAnswer({}))
    const wrong = { ...v3Refund, amount: { ...v3Refund.amount, refund: -1 } }
    expect(await errorOf(pay.refunds.create(wrong))).toMatchObject({ code: 'ERR_INVALID_PARAM', outcome: 'refused' })
    const { pay: refused } = v3.payWith(() => v3.signedAnswer({ code: 'NOT_ENOUGH', message: 'x' }, 403))
    expect(await errorOf(refused.refunds.create(v3Refund))).toMatchObject({
      code: 'ERR_WECHAT_PAY',
      outcome: 'refused'
    })
  })
})

describe('step: which of several requests failed', () => {
  const url = 'https://shop.example.com/'
  const account = { appId: 'wx2421b1c4370ec43b', appSecret: 'a'.repeat(32) }
  const mpWhere = (answer: (path: string) => object) =>
    new OfficialAccount({
      ...account,
      store: memoryStore(),
      fetch: stubFetch(({ url }) => Response.json(answer(new URL(url).pathname)))
    })

  it('of a JS-SDK configuration: the access token or the ticket', async () => {
    const noToken = mpWhere(() => ({ errcode: 40164, errmsg: 'invalid ip' }))
    expect(await errorOf(noToken.jssdk.config({ url, jsApiList: [] }))).toMatchObject({ step: 'accessToken' })
    const noTicket = mpWhere((path) =>
      path.includes('token') ? { access_token: 'T', expires_in: 7200 } : { errcode: 48001, errmsg: 'unauthorized' }
    )
    expect(await errorOf(noTicket.jssdk.config({ url, jsApiList: [] }))).toMatchObject({ step: 'ticket' })
  })

  it('of an upload: the region', async () => {
    const qiniu = new Qiniu({
      accessKey: 'a'.repeat(40),
      secretKey: 'b'.repeat(40),
      bucket: 'pictures',
      domain: 'https://pictures.example.com',
      fetch: stubFetch(() => Response.json({ error: 'no such bucket' }, { status: 631 }))
    })
    expect(await errorOf(qiniu.upload(new Uint8Array(3), { key: 'a' }))).toMatchObject({ step: 'region' })
  })
})

describe('paidAt beside time_end (v2)', () => {
  const order = {
    openid: 'o1',
    trade_type: 'JSAPI',
    trade_state: 'SUCCESS',
    bank_type: 'CMC',
    total_fee: 1,
    cash_fee: 1,
    transaction_id: '42',
    out_trade_no: 'T202603010001'
  }
  it.each([
    ['20260228235959', '2026-02-28T15:59:59.000Z'],
    ['20240229000000', '2024-02-28T16:00:00.000Z'],
    ['20260229000000', undefined],
    ['20260228245959', undefined],
    ['soon', undefined]
  ])('%s', async (time_end, expected) => {
    const { pay } = v2.clientWith(v2.signedAnswer({ ...order, time_end }))
    const queried = await pay.orders.query({ out_trade_no: 'T202603010001' })
    expect(queried.time_end).toBe(time_end)
    expect(queried.paidAt?.toISOString()).toBe(expected)
  })
})

describe('a clock that is wrong', () => {
  it.each([3600, -900])(
    'by %i s is the one of this machine when the Date of the response agrees with the signature',
    async (skew) => {
      const { pay } = v3.payWith(() => {
        const response = v3.signedAnswer({}, 200, { timestamp: v3.NOW - skew })
        response.headers.set('date', new Date((v3.NOW - skew) * 1000).toUTCString())
        return response
      })
      const error = await errorOf(pay.transactions.query({ out_trade_no: 'T202603010001' }))
      expect(error).toMatchObject({ code: 'ERR_SIGNATURE_EXPIRED' })
      expect(error?.message).toContain(
        `the clock of this machine is ${Math.abs(skew)} s ${skew > 0 ? 'ahead' : 'behind'}`
      )
    }
  )

  it('may be another one without it', async () => {
    const { pay } = v3.payWith(() => v3.signedAnswer({}, 200, { timestamp: v3.NOW - 3600 }))
    const error = await errorOf(pay.transactions.query({ out_trade_no: 'T202603010001' }))
    expect(error?.message).toContain('If this always happens')
  })
})

describe('a response that is not of WeChat Pay', () => {
  it.each([200, 404, 502])('HTTP %i: status and host are named, or a hint says what answered', async (status) => {
    const { pay } = v3.payWith(() => new Response('<html>', { status }))
    const error = await errorOf(pay.transactions.query({ out_trade_no: 'T202603010001' }))
    const text = `${error?.message} ${error?.hint?.en}`
    if (status === 200) expect(text).toMatch(/HTTP 200 from api\.mch\.weixin\.qq\.com.+baseUrl/)
    else expect(text).toMatch(/baseUrl/)
  })
})

describe('test doubles', () => {
  it('refuse a kind of damage that they do not know', () => {
    const { payV3, payV2, gateway } = createSimulator().credentials
    const tamper = 'everything' as never
    expect(() => signedPayV3Notification({ apiV3Key: payV3.apiV3Key, resource: {}, tamper })).toThrow(/"tamper"/)
    expect(() => signedPayNotification({ ...payV2, appId: 'wx0123456789abcdef', fields: {}, tamper })).toThrow(
      /"tamper"/
    )
    expect(() => signedGatewayMessage({ ...gateway, message: { MsgType: 'text' }, tamper })).toThrow(/"tamper"/)
  })
})
