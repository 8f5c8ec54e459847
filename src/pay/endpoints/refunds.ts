import { anything, oneOf, optional, required } from '../../core/options.ts'
import { fen } from '../common/fen.ts'
import { checkRefund } from '../cross-checks.ts'
import { tableOf } from '../endpoint-table.ts'
import { chars, listOf, merchantId, notifyUrl, outRefundNo, outTradeNo, transactionId } from '../field-rules.ts'

const QUERY = { method: 'refunds.query', by: ['out_refund_no', 'sub_mchid'] } as const

/** Refunds, of a merchant of its own and for a sub-merchant alike. (退款申请, 查询单笔退款, 发起异常退款) */
export const REFUND_ENDPOINTS = tableOf({
  create: {
    operation: 'refunds.create',
    method: 'POST',
    path: '/v3/refund/domestic/refunds',
    answer: 'json',
    // The same number and parameters never refund twice. (申请退款: 重入)
    repeat: 'safe',
    rules: {
      transaction_id: optional(transactionId),
      out_trade_no: optional(outTradeNo),
      out_refund_no: required(outRefundNo),
      reason: optional(chars(80)),
      notify_url: optional(notifyUrl),
      funds_account: optional(chars(32)),
      sub_mchid: optional(merchantId),
      amount: required(anything),
      'amount.refund': required(fen()),
      'amount.total': required(fen()),
      'amount.currency': required(chars(16)),
      'amount.from': optional(listOf(2)),
      'amount.from[].amount': required(fen()),
      goods_detail: optional(listOf(6000))
    },
    check: checkRefund,
    expects: ['refund_id', 'status'],
    echo: ['out_refund_no', 'out_trade_no', 'transaction_id', 'amount.refund', 'amount.total'],
    money: { open: 'throttled', query: QUERY }
  },
  query: {
    operation: 'refunds.query',
    method: 'GET',
    path: '/v3/refund/domestic/refunds/{out_refund_no}',
    answer: 'json',
    repeat: 'safe',
    rules: { out_refund_no: required(outRefundNo), sub_mchid: optional(merchantId) },
    expects: ['status'],
    echo: ['out_refund_no']
  },
  applyAbnormal: {
    operation: 'refunds.applyAbnormal',
    method: 'POST',
    path: '/v3/refund/domestic/refunds/{refund_id}/apply-abnormal-refund',
    answer: 'json',
    repeat: 'safe',
    rules: {
      refund_id: required(chars(32, /^[0-9A-Za-z]{1,32}$/, 'the refund_id of WeChat Pay')),
      out_refund_no: required(outRefundNo),
      sub_mchid: optional(merchantId),
      type: required(oneOf('USER_BANK_CARD', 'MERCHANT_BANK_CARD')),
      bank_type: optional(chars(16)),
      bank_account: optional(chars(64)),
      real_name: optional(chars(64))
    },
    encrypted: ['bank_account', 'real_name'],
    expects: ['status'],
    echo: ['out_refund_no', 'refund_id'],
    money: { open: 'throttled', query: QUERY }
  }
})
