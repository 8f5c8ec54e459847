import { oneOf, optional, required } from '../../core/options.ts'
import { fen } from '../common/fen.ts'
import { type Methods, signed } from './endpoint.ts'
import { chars, transactionId } from './params.ts'
import {
  checkReceiver,
  checkReceivers,
  checkRemoval,
  outShareNo,
  readReceiver,
  readReceivers,
  readSharing
} from './sharing-receivers.ts'
import type {
  ChangedSharingReceiver,
  QueriedSharing,
  SharingFinishParams,
  SharingOrder,
  SharingParams,
  SharingQueryParams,
  SharingReceiverParams,
  SharingReceiverRemoval,
  SharingReturn,
  SharingReturnParams,
  SharingReturnQueryParams,
  SingleSharingParams
} from './sharing-types.ts'

const merchantNumber = chars(32, /^\d{6,32}$/, 'a merchant id: digits')
/** Only this type is accepted. (分账: 签名类型) */
const HMAC = { signType: 'HMAC-SHA256' } as const
const NUMBERS = ['transaction_id', 'out_order_no']

const SHARE = {
  ...HMAC,
  certificate: true,
  echo: ['appid', 'mch_id', ...NUMBERS],
  needs: ['order_id'],
  query: { method: 'profitSharing.query', by: NUMBERS }
} as const

const SHARE_RULES = { transaction_id: required(transactionId), out_order_no: required(outShareNo) }
const RETURN_RULES = {
  out_order_no: optional(outShareNo),
  order_id: optional(chars(64)),
  out_return_no: required(outShareNo)
}
const RETURN = {
  ...HMAC,
  oneOf: ['out_order_no', 'order_id'],
  echo: ['mch_id', 'out_return_no', 'return_account', 'return_amount'],
  needs: ['result', 'return_account', 'return_amount']
} as const

export const PROFIT_SHARING = {
  /**
   * Shares and finishes (请求单次分账): the rest is released to the paying merchant. Success only means *accepted*; `query`
   * reports the outcome of each receiver. Needs the merchant certificate. At the earliest a minute after the payment,
   * of an order with `profit_sharing: 'Y'`. Idempotent with the same number and receivers.
   *
   * @param params amounts in fen
   * @throws {ConfigError} ERR_INVALID_PARAM; ERR_CONFIG without a client certificate. Nothing was sent.
   * @throws {UnknownResultError} ERR_UNKNOWN_RESULT: run `profitSharing.query`, or repeat with the same number and receivers
   * @throws {WeChatPayError} ERR_WECHAT_PAY when it was certainly refused, e.g. `NOTENOUGH`, `RULE_LIMIT`
   * @returns amounts in fen
   * @example
   * const share = await pay2.profitSharing.create({
   *   transaction_id: '4200001004202603010000000001',
   *   out_order_no: 'S20260301000001',
   *   receivers: [{ type: 'MERCHANT_ID', account: '1900000110', amount: 300, description: 'Commission' }]
   * })
   */
  create: signed<SingleSharingParams, SharingOrder>('/secapi/pay/profitsharing', {
    ...SHARE,
    rules: { ...SHARE_RULES, receivers: required(checkReceivers), brand_mch_id: optional(merchantNumber) },
    check: ({ receivers, mch_id }) =>
      String(receivers).includes(`"account":"${mch_id}"`)
        ? ['receivers', 'must not contain the sharing merchant itself: the rest is released to it anyway']
        : undefined,
    read: readReceivers
  }),

  /**
   * Shares, and leaves the rest frozen for further shares (请求多次分账); call `finish` at the end. The sharer itself may be a
   * receiver. Needs the merchant certificate. Idempotent with the same number and receivers.
   *
   * @param params amounts in fen
   * @throws {ConfigError} ERR_INVALID_PARAM; ERR_CONFIG without a client certificate. Nothing was sent.
   * @throws {UnknownResultError} ERR_UNKNOWN_RESULT: run `profitSharing.query`, or repeat with the same number and receivers
   * @throws {WeChatPayError} ERR_WECHAT_PAY when it was certainly refused, e.g. `NOTENOUGH`, `RULE_LIMIT`
   * @returns amounts in fen
   * @example
   * const share = await pay2.profitSharing.createMulti({
   *   transaction_id: '4200001004202603010000000001',
   *   out_order_no: 'S20260301000002',
   *   receivers: [{ type: 'PERSONAL_OPENID', account: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o', amount: 100, description: 'Tip' }]
   * })
   */
  createMulti: signed<SharingParams, SharingOrder>('/secapi/pay/multiprofitsharing', {
    ...SHARE,
    rules: { ...SHARE_RULES, receivers: required(checkReceivers) },
    read: readReceivers
  }),

  /**
   * Ends the shares of an order and releases the rest (完结分账). It needs a separate number: with that of a share, WeChat
   * Pay returns success and does nothing. Not possible while a share is open. Needs the merchant certificate.
   * Idempotent.
   *
   * @param params `description` is shown in bills
   * @throws {ConfigError} ERR_INVALID_PARAM; ERR_CONFIG without a client certificate. Nothing was sent.
   * @throws {UnknownResultError} ERR_UNKNOWN_RESULT: run `profitSharing.query`, or repeat with the same number
   * @throws {WeChatPayError} ERR_WECHAT_PAY when it was certainly refused
   * @example
   * await pay2.profitSharing.finish({
   *   transaction_id: '4200001004202603010000000001',
   *   out_order_no: 'S20260301000003',
   *   description: 'Done'
   * })
   */
  finish: signed<SharingFinishParams, SharingOrder>('/secapi/pay/profitsharingfinish', {
    ...SHARE,
    identity: 'provider',
    rules: { ...SHARE_RULES, description: required(chars(80)) }
  }),

  /**
   * Queries a share or a finish (查询分账结果). `FINISHED` does not mean success: check `result` of each receiver.
   *
   * @param params the numbers of the order and of the share
   * @throws {ConfigError} ERR_INVALID_PARAM. Nothing was sent.
   * @throws {WeChatPayError} ERR_WECHAT_PAY
   * @throws {SignatureError} ERR_SIGNATURE_MISSING, ERR_SIGNATURE_MISMATCH
   * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT
   * @returns amounts in fen, times in Beijing time
   * @example
   * const { status, receivers } = await pay2.profitSharing.query({
   *   transaction_id: '4200001004202603010000000001',
   *   out_order_no: 'S20260301000001'
   * })
   */
  query: signed<SharingQueryParams, QueriedSharing>('/pay/profitsharingquery', {
    ...HMAC,
    identity: 'subMerchant',
    rules: SHARE_RULES,
    echo: ['mch_id', ...NUMBERS],
    needs: ['status'],
    read: readSharing
  }),

  /**
   * Returns a share from a merchant (分账回退), within 180 days; the money goes to the payer's available balance. Needs the
   * merchant certificate. `PROCESSING` is not a failure: `queryReturn` reports the outcome. Idempotent with the same
   * number.
   *
   * @param params amount in fen
   * @throws {ConfigError} ERR_INVALID_PARAM; ERR_CONFIG without a client certificate. Nothing was sent.
   * @throws {UnknownResultError} ERR_UNKNOWN_RESULT: run `profitSharing.queryReturn`, or repeat with the same number
   * @throws {WeChatPayError} ERR_WECHAT_PAY when it was certainly refused
   * @returns amount in fen, time in Beijing time
   * @example
   * const { result } = await pay2.profitSharing.createReturn({
   *   out_order_no: 'S20260301000001',
   *   out_return_no: 'B20260301000001',
   *   return_account: '1900000110',
   *   return_amount: 300,
   *   description: 'Refunded'
   * })
   */
  createReturn: signed<SharingReturnParams, SharingReturn>('/secapi/pay/profitsharingreturn', {
    ...RETURN,
    certificate: true,
    rules: {
      ...RETURN_RULES,
      return_account: required(chars(64)),
      return_amount: required(fen()),
      description: required(chars(80)),
      return_account_type: optional(oneOf('MERCHANT_ID'))
    },
    defaults: { return_account_type: 'MERCHANT_ID' },
    query: { method: 'profitSharing.queryReturn', by: ['out_return_no', 'out_order_no', 'order_id'] }
  }),

  /**
   * Queries a return (回退结果查询).
   *
   * @param params the numbers of the return and of the share
   * @throws {ConfigError} ERR_INVALID_PARAM. Nothing was sent.
   * @throws {WeChatPayError} ERR_WECHAT_PAY
   * @throws {SignatureError} ERR_SIGNATURE_MISSING, ERR_SIGNATURE_MISMATCH
   * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT
   * @returns amount in fen, time in Beijing time
   * @example
   * const { result } = await pay2.profitSharing.queryReturn({
   *   out_order_no: 'S20260301000001',
   *   out_return_no: 'B20260301000001'
   * })
   */
  queryReturn: signed<SharingReturnQueryParams, SharingReturn>('/pay/profitsharingreturnquery', {
    ...RETURN,
    identity: 'provider',
    rules: RETURN_RULES
  }),

  /**
   * Adds a receiver (添加分账接收方): needed once before its first share. Adding it again succeeds without effect. Idempotent.
   *
   * @param params the receiver; `name` is plain text in API v2
   * @throws {ConfigError} ERR_INVALID_PARAM. Nothing was sent.
   * @throws {WeChatPayError} ERR_WECHAT_PAY
   * @throws {SignatureError} ERR_SIGNATURE_MISSING, ERR_SIGNATURE_MISMATCH
   * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT
   * @example
   * await pay2.profitSharing.addReceiver({
   *   receiver: { type: 'MERCHANT_ID', account: '1900000110', name: '示例商户', relation_type: 'SUPPLIER' }
   * })
   */
  addReceiver: signed<SharingReceiverParams, ChangedSharingReceiver>('/pay/profitsharingaddreceiver', {
    ...HMAC,
    rules: { receiver: required(checkReceiver) },
    echo: ['appid', 'mch_id'],
    needs: ['receiver'],
    read: readReceiver
  }),

  /**
   * Removes a receiver (删除分账接收方). Shares that it received can still be returned. Idempotent.
   *
   * @param params the receiver
   * @throws {ConfigError} ERR_INVALID_PARAM. Nothing was sent.
   * @throws {WeChatPayError} ERR_WECHAT_PAY
   * @throws {SignatureError} ERR_SIGNATURE_MISSING, ERR_SIGNATURE_MISMATCH
   * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT
   * @example
   * await pay2.profitSharing.deleteReceiver({ receiver: { type: 'MERCHANT_ID', account: '1900000110' } })
   */
  deleteReceiver: signed<SharingReceiverRemoval, ChangedSharingReceiver>('/pay/profitsharingremovereceiver', {
    ...HMAC,
    rules: { receiver: required(checkRemoval) },
    echo: ['appid', 'mch_id'],
    needs: ['receiver'],
    read: readReceiver
  }),

  /**
   * Returns what can still be shared (查询订单待分账金额).
   *
   * @param params WeChat's number of the order
   * @throws {ConfigError} ERR_INVALID_PARAM. Nothing was sent.
   * @throws {WeChatPayError} ERR_WECHAT_PAY
   * @throws {SignatureError} ERR_SIGNATURE_MISSING, ERR_SIGNATURE_MISMATCH
   * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT
   * @returns `unsplit_amount` in fen
   * @example
   * const { unsplit_amount } = await pay2.profitSharing.remainingAmount({ transaction_id: '4200001004202603010000000001' })
   */
  remainingAmount: signed<
    { transaction_id: string },
    { mch_id: string; transaction_id: string; unsplit_amount: number }
  >('/pay/profitsharingorderamountquery', {
    ...HMAC,
    identity: 'merchant',
    rules: { transaction_id: required(transactionId) },
    hasResultCode: false,
    echo: ['mch_id', 'transaction_id'],
    needs: ['unsplit_amount']
  }),

  /**
   * Returns the maximum ratio that a sub-merchant or a brand allows its provider to share (查询最大分账比例).
   *
   * @param params the sub-merchant, default `subMchId` of the client; or the brand
   * @throws {ConfigError} ERR_INVALID_PARAM. Nothing was sent.
   * @throws {WeChatPayError} ERR_WECHAT_PAY
   * @throws {SignatureError} ERR_SIGNATURE_MISSING, ERR_SIGNATURE_MISMATCH
   * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT
   * @returns `max_ratio` in hundredths of a percent: 2000 is 20 %
   * @example
   * const { max_ratio } = await pay2.profitSharing.maxRatio({ sub_mch_id: '1900000999' })
   */
  maxRatio: signed<
    { sub_mch_id?: string | undefined; brand_mch_id?: string | undefined },
    { mch_id: string; sub_mch_id?: string; brand_mch_id?: string; max_ratio: number }
  >('/pay/profitsharingmerchantratioquery', {
    ...HMAC,
    identity: 'subMerchant',
    rules: { brand_mch_id: optional(merchantNumber) },
    check: ({ sub_mch_id, brand_mch_id }) =>
      sub_mch_id === undefined && brand_mch_id === undefined
        ? ['sub_mch_id', 'or brand_mch_id is required']
        : undefined,
    hasResultCode: false,
    echo: ['mch_id'],
    needs: ['max_ratio']
  })
}

/** Sharing the money of an order (分账): `pay2.profitSharing`. */
export type ProfitSharing = Methods<typeof PROFIT_SHARING>
