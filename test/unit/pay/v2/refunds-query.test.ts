import { describe, expect, it } from 'vitest'
import { clientWith, codeOf, signedAnswer } from '../../../support/pay-v2.ts'

const ANSWER = {
  transaction_id: '4200001004202603010000000001',
  out_trade_no: '20260301000001',
  total_fee: '1980',
  cash_fee: '1980',
  total_refund_count: '2',
  refund_count: '2',
  out_refund_no_0: 'R1',
  refund_id_0: '501',
  refund_channel_0: 'ORIGINAL',
  refund_fee_0: '500',
  settlement_refund_fee_0: '490',
  coupon_refund_fee_0: '10',
  coupon_refund_count_0: '2',
  coupon_type_0_0: 'CASH',
  coupon_refund_id_0_0: 'c0',
  coupon_refund_fee_0_0: '4',
  coupon_refund_id_0_1: 'c1',
  coupon_refund_fee_0_1: '6',
  refund_status_0: 'SUCCESS',
  refund_account_0: 'REFUND_SOURCE_UNSETTLED_FUNDS',
  refund_recv_accout_0: '招商银行信用卡0403',
  refund_success_time_0: '2026-03-01 13:15:40',
  out_refund_no_1: 'R2',
  refund_id_1: '502',
  refund_fee_1: '1',
  refund_status_1: 'PROCESSING',
  strange_1: 'kept'
}

describe('refunds.query', () => {
  it('turns indexed fields into lists', async () => {
    const { pay } = clientWith(signedAnswer(ANSWER))
    const result = await pay.refunds.query({ out_trade_no: '20260301000001' })
    expect(result).toMatchObject({ total_fee: 1980, total_refund_count: 2, refund_count: 2, strange_1: 'kept' })
    expect(result.refunds).toEqual([
      {
        out_refund_no: 'R1',
        refund_id: '501',
        refund_channel: 'ORIGINAL',
        refund_fee: 500,
        settlement_refund_fee: 490,
        coupon_refund_fee: 10,
        coupon_refund_count: 2,
        refund_status: 'SUCCESS',
        refund_account: 'REFUND_SOURCE_UNSETTLED_FUNDS',
        refund_recv_accout: '招商银行信用卡0403',
        refund_success_time: '2026-03-01 13:15:40',
        coupons: [
          { coupon_type: 'CASH', coupon_refund_id: 'c0', coupon_refund_fee: 4 },
          { coupon_refund_id: 'c1', coupon_refund_fee: 6 }
        ]
      },
      { out_refund_no: 'R2', refund_id: '502', refund_fee: 1, refund_status: 'PROCESSING', coupons: [] }
    ])
  })

  it('keeps the order of ten and more', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 12 }, (_, index) => [`out_refund_no_${11 - index}`, `R${11 - index}`])
    )
    const { pay } = clientWith(
      signedAnswer({ ...many, out_trade_no: '20260301000001', total_fee: '1', cash_fee: '1', refund_count: '12' })
    )
    const { refunds } = await pay.refunds.query({ out_trade_no: '20260301000001', offset: 10 })
    expect(refunds.map(({ out_refund_no }) => out_refund_no)).toEqual(
      Array.from({ length: 12 }, (_, index) => `R${index}`)
    )
  })

  it('refuses refunds that were not asked for', async () => {
    const { pay } = clientWith(signedAnswer(ANSWER))
    await expect(pay.refunds.query({ out_refund_no: 'R2' })).resolves.toBeTruthy()
    expect(await codeOf(() => pay.refunds.query({ out_refund_no: 'R3' }))).toBe('ERR_UNEXPECTED_RESPONSE')
    expect(await codeOf(() => pay.refunds.query({ refund_id: '503' }))).toBe('ERR_UNEXPECTED_RESPONSE')
    expect(await codeOf(() => pay.refunds.query({ out_trade_no: '20260301000002' }))).toBe('ERR_UNEXPECTED_RESPONSE')
  })

  it.each([{}, { out_trade_no: '20260301000001', refund_id: '1' }, { out_refund_no: 'a b' }])(
    'refuses %j',
    async (params) => {
      const { pay, seen } = clientWith(signedAnswer(ANSWER))
      expect(await codeOf(() => pay.refunds.query(params as never))).toBe('ERR_INVALID_PARAM')
      expect(seen).toHaveLength(0)
    }
  )
})

describe('refunds.create', () => {
  const PARAMS = { out_trade_no: '20260301000001', out_refund_no: 'R1', total_fee: 1980, refund_fee: 500 }

  it.each([
    ['more than the order', { refund_fee: 1981 }],
    ['a float', { refund_fee: 0.5 }],
    ['text', { total_fee: '1980' }],
    ['both numbers', { transaction_id: '42' }],
    ['no number', { out_trade_no: undefined }],
    ['no refund number', { out_refund_no: undefined }],
    ['a long reason', { refund_desc: 'x'.repeat(81) }],
    ['another account', { refund_account: 'OTHER' }]
  ])('refuses %s', async (_what, changes) => {
    const { pay, seen } = clientWith('')
    expect(await codeOf(() => pay.refunds.create({ ...PARAMS, ...changes } as never))).toBe('ERR_INVALID_PARAM')
    expect(seen).toHaveLength(0)
  })
})
