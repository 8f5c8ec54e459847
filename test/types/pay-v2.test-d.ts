import { assertType, describe, expectTypeOf, it } from 'vitest'
import type { FetchHandler } from 'weixin-kit'
import {
  type QueriedOrder as V2QueriedOrder,
  type UnifiedOrderParams as V2UnifiedOrderParams,
  WeChatPayV2
} from 'weixin-kit/pay/v2'

const pay = new WeChatPayV2({ appId: 'wx1', mchId: '1', apiKey: 'k' })
const order = { body: 'Tea', out_trade_no: 'T1', total_fee: 1, spbill_create_ip: '::1' }

describe('orders', () => {
  it('ask for what their trade_type needs', () => {
    assertType<V2UnifiedOrderParams>({ ...order, trade_type: 'JSAPI', openid: 'o' })
    assertType<V2UnifiedOrderParams>({ ...order, trade_type: 'JSAPI', sub_openid: 'o' })
    assertType<V2UnifiedOrderParams>({ ...order, trade_type: 'NATIVE', product_id: '1' })
    assertType<V2UnifiedOrderParams>({ ...order, trade_type: 'APP' })
    // @ts-expect-error JSAPI needs openid or sub_openid
    assertType<V2UnifiedOrderParams>({ ...order, trade_type: 'JSAPI' })
    // @ts-expect-error NATIVE needs product_id
    assertType<V2UnifiedOrderParams>({ ...order, trade_type: 'NATIVE' })
    // @ts-expect-error MWEB needs scene_info
    assertType<V2UnifiedOrderParams>({ ...order, trade_type: 'MWEB' })
    // @ts-expect-error an amount is a number
    assertType<V2UnifiedOrderParams>({ ...order, trade_type: 'APP', total_fee: '1' })
    assertType<V2UnifiedOrderParams>({ ...order, trade_type: 'APP', appid: 'wx1', sub_mch_id: '1900000999' })
    assertType<V2UnifiedOrderParams>({ ...order, trade_type: 'APP', notify_url: new URL('https://shop.example.com') })
    // @ts-expect-error the client fills the merchant
    assertType<V2UnifiedOrderParams>({ ...order, trade_type: 'APP', mch_id: '1900000109' })
  })

  it('answer what their trade_type brings', async () => {
    const native = await pay.orders.unified({ ...order, trade_type: 'NATIVE', product_id: '1' })
    expectTypeOf(native.code_url).toEqualTypeOf<string>()
    const app = await pay.orders.unified({ ...order, trade_type: 'APP' })
    expectTypeOf(app.prepay_id).toEqualTypeOf<string>()
    // @ts-expect-error an order of an app has no code_url
    app.code_url
  })

  it('narrow by trade_state', () => {
    const found = {} as V2QueriedOrder
    if (found.trade_state === 'SUCCESS') expectTypeOf(found.total_fee).toEqualTypeOf<number>()
    else if (found.trade_state === 'NOTPAY') expectTypeOf(found.total_fee).toEqualTypeOf<number | undefined>()
    // @ts-expect-error no such state
    found.trade_state === 'PAID'
  })

  it('take one number for a query', () => {
    pay.orders.query({ out_trade_no: 'T1' })
    pay.orders.query({ transaction_id: '42' })
    // @ts-expect-error not both
    pay.orders.query({ out_trade_no: 'T1', transaction_id: '42' })
  })
})

describe('handlers', () => {
  it('are FetchHandlers', () => {
    expectTypeOf(pay.notifyHandler({ onPaid: () => undefined })).toEqualTypeOf<FetchHandler>()
    expectTypeOf(pay.refundNotifyHandler({ onRefund: async () => undefined })).toEqualTypeOf<FetchHandler>()
    // @ts-expect-error onPaid is required
    pay.notifyHandler({})
    pay.notifyHandler({
      onPaid: (payment) => {
        expectTypeOf(payment.total_fee).toEqualTypeOf<number>()
        expectTypeOf(payment.coupons[0]?.coupon_fee).toEqualTypeOf<number | undefined>()
      }
    })
  })
})

it('a query of a returned share takes no app of the sub-merchant', () => {
  const back = { out_order_no: 'S1', out_return_no: 'B1', sub_mch_id: '1900000999' }
  pay.profitSharing.queryReturn(back)
  // @ts-expect-error WeChat Pay calls the signature wrong
  pay.profitSharing.queryReturn({ ...back, sub_appid: 'wx1' })
})

describe('options', () => {
  it('take one form of certificate', () => {
    const account = { appId: 'wx1', mchId: '1', apiKey: 'k' }
    new WeChatPayV2({ ...account, clientCert: { pfx: Buffer.alloc(0) } })
    new WeChatPayV2({ ...account, clientCert: { cert: '', key: '' } })
    // @ts-expect-error a path is not read
    new WeChatPayV2({ ...account, clientCert: { pfx: 'apiclient_cert.p12' } })
    // @ts-expect-error nothing switches the check of TLS off
    new WeChatPayV2({ ...account, rejectUnauthorized: false })
    // @ts-expect-error MD5 must be named
    new WeChatPayV2({ ...account, signType: 'md5' })
  })

  it('have dates and times where the document has text', () => {
    pay.bills.trade({ bill_date: new Date() })
    pay.bills.fundFlow({ bill_date: '20260301', account_type: 'Basic' })
    // @ts-expect-error an account is required
    pay.bills.fundFlow({ bill_date: '20260301' })
  })
})
