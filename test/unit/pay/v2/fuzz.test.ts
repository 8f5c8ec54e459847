import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isWeixinKitError } from 'weixin-kit'
import { fcParameters } from '../../../support/fc-parameters.ts'
import {
  API_KEY,
  APP_ID,
  clientWith,
  errorOf,
  MCH_ID,
  signedAnswer,
  signFields,
  toXml
} from '../../../support/pay-v2.ts'

const { pay } = clientWith('')
const PAYMENT = {
  return_code: 'SUCCESS',
  result_code: 'SUCCESS',
  appid: APP_ID,
  mch_id: MCH_ID,
  transaction_id: '42',
  out_trade_no: '20260301000001',
  total_fee: '1980',
  attach: '订单'
}
const genuine = Buffer.from(toXml({ ...PAYMENT, sign: signFields(PAYMENT) }))
const REQ_INFO =
  'm+cqC5OWNek/jGSeSFjMwxqoQmt9x/XQEPRosjYHR2a6kosdkuS2hFlt1QP/ykVOCm6PXnC0tOc7gsPzP3aG4Hhn7wJwJAvMhSUJhOAOlnXtHupbyiwb9vNgqAwcSr04'
const refund = Buffer.from(toXml({ return_code: 'SUCCESS', appid: APP_ID, mch_id: MCH_ID, req_info: REQ_INFO }))

function expectTypedError(work: () => unknown): void {
  let result: unknown
  try {
    result = work()
  } catch (error) {
    expect(isWeixinKitError(error)).toBe(true)
    expect(String((error as Error).stack) + JSON.stringify(error)).not.toContain(API_KEY)
    return
  }
  expect.fail(`a forged message was accepted: ${JSON.stringify(result)}`)
}

describe('fuzz: whatever arrives gives a typed error, never a crash or a success', () => {
  it('arbitrary bytes and text as notifications', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.string({ unit: 'binary' })), (body) => {
        expectTypedError(() => pay.parseNotification(body))
        expectTypedError(() => pay.parseRefundNotification(body))
      }),
      fcParameters(500)
    )
  })

  it('one changed byte of a genuine payment', () => {
    fc.assert(
      fc.property(fc.nat(genuine.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const bytes = Buffer.from(genuine)
        bytes[at] = (bytes[at] ?? 0) ^ change
        // White space between elements is layout; what the fields say is then unchanged.
        let fields: unknown
        try {
          fields = pay.parseNotification(bytes)
        } catch (error) {
          expect(isWeixinKitError(error)).toBe(true)
          return
        }
        expect(fields).toEqual(pay.parseNotification(genuine))
      }),
      fcParameters(1000)
    )
  })

  it('a genuine payment cut anywhere', () => {
    for (let end = 0; end < genuine.length; end++)
      expectTypedError(() => pay.parseNotification(genuine.subarray(0, end)))
  })

  it('one changed byte of a refund notification', () => {
    fc.assert(
      fc.property(fc.nat(refund.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const bytes = Buffer.from(refund)
        bytes[at] = (bytes[at] ?? 0) ^ change
        expectTypedError(() => pay.parseRefundNotification(bytes))
      }),
      fcParameters(500)
    )
  })

  it('elements put in, taken out and repeated', () => {
    const elements = genuine
      .toString()
      .replace(/<\/?xml>/g, '')
      .trim()
      .split('\n')
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...elements, '<total_fee>1</total_fee>', '<!-- x -->', '<a/>', '&lt;'), {
          maxLength: 12
        }),
        (picked) => {
          const isComplete = elements.every((element) => picked.filter((one) => one === element).length === 1)
          // Comments and one empty element change nothing, and no signature covers them.
          const isHarmless = picked.every((one) => elements.includes(one) || one === '<!-- x -->' || one === '<a/>')
          if (isComplete && isHarmless) return
          expectTypedError(() => pay.parseNotification(`<xml>${picked.join('')}</xml>`))
        }
      ),
      fcParameters(500)
    )
  })

  it('arbitrary answers', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 200 }),
        fc.constantFrom(200, 204, 400, 404),
        async (bytes, status) => {
          const { pay: client } = clientWith(() => new Response(status === 204 ? null : (bytes as never), { status }))
          const error = await errorOf(() => client.orders.query({ out_trade_no: '20260301000001' }))
          expect(error.code).toMatch(/^ERR_(UNEXPECTED_RESPONSE|WECHAT_PAY)$/)
        }
      ),
      fcParameters(100)
    )
  })

  it('arbitrary parameters are refused or arrive unchanged', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 140 }), fc.anything(), async (attach, strange) => {
        const { pay: client, seen } = clientWith(signedAnswer({ trade_type: 'APP', prepay_id: 'wx1' }))
        const order = {
          trade_type: 'APP',
          body: 'x',
          out_trade_no: '20260301000001',
          total_fee: 1,
          spbill_create_ip: '::1'
        }
        try {
          await client.orders.unified({ ...order, attach, new_field: strange } as never)
        } catch (error) {
          expect(error).toMatchObject({ code: 'ERR_INVALID_PARAM' })
          expect(seen).toHaveLength(0)
          return
        }
        expect(client.explainSign(seen[0]?.body ?? '').matches).toBe('HMAC-SHA256')
      }),
      fcParameters(300)
    )
  })
})
