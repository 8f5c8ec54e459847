import { describe, expectTypeOf, it } from 'vitest'
import type { FetchHandler } from 'weixin-kit'
import type { Transaction, WeChatPay, WeChatPayOptions } from 'weixin-kit/pay'

declare const pay: WeChatPay

describe('WeChatPay', () => {
  it('fills what is the client’s, and asks for the rest', () => {
    const order = { description: 'x', out_trade_no: 'T1', amount: { total: 1 } }
    expectTypeOf(pay.transactions.jsapi).toBeCallableWith({ ...order, payer: { openid: 'o' } })
    // @ts-expect-error payer is missing
    void pay.transactions.jsapi(order)
    // @ts-expect-error the merchant is filled in
    void pay.transactions.native({ ...order, mchid: '1900000109' })
    // @ts-expect-error an amount is a number of fen
    void pay.transactions.native({ ...order, amount: { total: '1' } })
    // @ts-expect-error H5 needs the scene
    void pay.transactions.h5(order)
  })

  it('takes one number or the other', () => {
    const refund = { out_refund_no: 'R', amount: { refund: 1, total: 1, currency: 'CNY' } }
    expectTypeOf(pay.refunds.create).toBeCallableWith({ ...refund, out_trade_no: 'T' })
    expectTypeOf(pay.refunds.create).toBeCallableWith({ ...refund, transaction_id: '4' })
    // @ts-expect-error none
    void pay.refunds.create(refund)
    // @ts-expect-error both
    void pay.refunds.create({ ...refund, out_trade_no: 'T', transaction_id: '4' })
  })

  it('takes one budget of a stock at once, with what it is now', () => {
    const change = { stock_id: '1', modify_budget_request_no: 'M1' }
    const all = { target_max_coupons: 2, current_max_coupons: 1 }
    const daily = { target_max_coupons_by_day: 2, current_max_coupons_by_day: 1 }
    expectTypeOf(pay.merchantCoupons.changeBudget).toBeCallableWith({ ...change, ...all })
    expectTypeOf(pay.merchantCoupons.changeBudget).toBeCallableWith({ ...change, ...daily })
    // @ts-expect-error both
    void pay.merchantCoupons.changeBudget({ ...change, ...all, ...daily })
    // @ts-expect-error not what it is now
    void pay.merchantCoupons.changeBudget({ ...change, target_max_coupons: 2 })
  })

  it('types what comes', () => {
    expectTypeOf(pay.transactions.query).returns.resolves.toEqualTypeOf<Transaction>()
    expectTypeOf(pay.transactions.close).returns.resolves.toBeVoid()
    expectTypeOf(pay.request).returns.resolves.toBeUnknown()
    expectTypeOf(pay.notifyHandler({ onPaid: ({ amount }) => void amount.total })).toExtend<FetchHandler>()
    expectTypeOf(pay.parseNotification).returns.resolves.toHaveProperty('resource').toBeUnknown()
  })

  it('knows both ways to the platform keys', () => {
    expectTypeOf<'certificates'>().toExtend<WeChatPayOptions['platformKeys']>()
    expectTypeOf<{ PUB_KEY_ID_1: string }>().toExtend<WeChatPayOptions['platformKeys']>()
  })
})
