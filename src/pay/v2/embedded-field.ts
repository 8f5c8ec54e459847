/**
 * Fields of signed messages of API v2: responses, payment and contract notifications. The signed text is joined without
 * escaping (安全规范: 签名算法), so a value that contains `&<field>=` may be two fields, split differently under the same
 * signature.
 */
const FIELDS = [
  'amount',
  'appid',
  'attach',
  'bank_type',
  'cash_fee',
  'cash_fee_type',
  'cash_refund_fee',
  'change_type',
  'code_url',
  'contract_code',
  'contract_display_account',
  'contract_expired_time',
  'contract_id',
  'contract_state',
  'contract_termination_mode',
  'coupon_count',
  'coupon_fee',
  'coupon_refund_count',
  'coupon_refund_fee',
  'device_info',
  'err_code',
  'err_code_des',
  'fee_type',
  'finish_time',
  'is_subscribe',
  'max_ratio',
  'mch_id',
  'mweb_url',
  'nonce_str',
  'openid',
  'operate_time',
  'order_id',
  'out_order_no',
  'out_refund_no',
  'out_return_no',
  'out_trade_no',
  'plan_id',
  'prepay_id',
  'promotion_detail',
  'recall',
  'receivers',
  'refund_account',
  'refund_channel',
  'refund_count',
  'refund_fee',
  'refund_id',
  'refund_recv_accout',
  'refund_status',
  'refund_success_time',
  'request_serial',
  'result',
  'result_code',
  'result_msg',
  'return_account',
  'return_amount',
  'return_code',
  'return_msg',
  'return_no',
  'settlement_refund_fee',
  'settlement_total_fee',
  'sign_type',
  'status',
  'sub_appid',
  'sub_is_subscribe',
  'sub_mch_id',
  'sub_openid',
  'time_end',
  'total_fee',
  'total_refund_count',
  'trade_state',
  'trade_state_desc',
  'trade_type',
  'transaction_id',
  'unsplit_amount'
]

const INDEXED = '(?:coupon|coupon_refund|out_refund|refund|settlement_refund)_[a-z_]+_\\d{1,3}(?:_\\d{1,3})?'
const EMBEDDED = new RegExp(`&(${FIELDS.join('|')}|${INDEXED})=`, 'g')

/** Fields that the notification and the query of a payment may have besides `attach`. */
const OF_PAYMENTS = new Set([
  'bank_type',
  'cash_fee',
  'cash_fee_type',
  'coupon_count',
  'coupon_fee',
  'device_info',
  'fee_type',
  'is_subscribe',
  'mch_id',
  'nonce_str',
  'openid',
  'out_trade_no',
  'promotion_detail',
  'result_code',
  'return_code',
  'return_msg',
  'settlement_total_fee',
  'sign_type',
  'sub_appid',
  'sub_is_subscribe',
  'sub_mch_id',
  'sub_openid',
  'time_end',
  'total_fee',
  'trade_state',
  'trade_state_desc',
  'trade_type',
  'transaction_id'
])

/** The field that `attach` could hide in the signed messages of its payment. */
export function embeddedInAttach(value: string): string | undefined {
  return embeddedField('attach', value, (name) => OF_PAYMENTS.has(name))
}

/** Free text of a merchant, a customer or WeChat Pay, in which `&openid=` may be intended. */
const FREE_TEXT = new Set([
  'attach',
  'body',
  'contract_display_account',
  'contract_termination_remark',
  'description',
  'detail',
  'err_code_des',
  'error_msg',
  'promotion_detail',
  'receiver',
  'receivers',
  'result_msg',
  'return_msg',
  // Links have their own parameters.
  'code_url',
  'mweb_url',
  'redirect_url',
  'miniprogram_path'
])

/**
 * A documented field that a value may hide, e.g. `nonce_str` in `x&nonce_str=1`; `undefined` for nearly every value. In
 * free text only a field that sorts after it and also occurs in the message counts: others could not be forged that
 * way.
 */
export function embeddedField(field: string, value: string, isPresent: (name: string) => boolean): string | undefined {
  if (!value.includes('&')) return undefined
  const isFree = FREE_TEXT.has(field)
  for (const [, name = ''] of value.matchAll(EMBEDDED)) {
    if (!isFree || (name > field && isPresent(name))) return name
  }
  return undefined
}
