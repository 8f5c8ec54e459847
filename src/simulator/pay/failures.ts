/** Why an operation on the shared ledger was refused, with the code and text of each API version. */
const REASONS = {
  ORDER_PAID: ['ORDERPAID', '该订单已支付', 400, 'ORDER_PAID'],
  ORDER_CLOSED: ['ORDERCLOSED', '该订单已关闭，请重新下单', 400, 'ORDER_CLOSED'],
  ORDER_REVERSED: ['ORDERREVERSED', '当前订单已经被撤销', 400, 'ORDER_REVERSED'],
  OUT_NO_CHANGED: ['INVALID_REQUEST', '201 商户订单号重复：请求重入时，参数与首次请求时不一致', 400, 'INVALID_REQUEST'],
  OUT_NO_USED: ['OUT_TRADE_NO_USED', '商户订单号重复', 403, 'OUT_TRADE_NO_USED'],
  ORDER_NOT_FOUND: ['ORDERNOTEXIST', '此交易订单号不存在', 404, 'ORDER_NOT_EXIST'],
  TRADE_STATE: ['TRADE_STATE_ERROR', '订单状态错误', 400, 'INVALID_REQUEST'],
  NOT_PAID: ['TRADE_STATE_ERROR', '订单未支付，不能退款', 400, 'INVALID_REQUEST'],
  INVALID_TRANSACTION: ['INVALID_TRANSACTIONID', '无效的微信支付订单号', 500, 'INVALID_TRANSACTIONID'],
  REFUND_NOT_FOUND: ['REFUNDNOTEXIST', '退款单不存在', 404, 'RESOURCE_NOT_EXISTS'],
  REFUND_CHANGED: ['ERROR', '订单金额或退款金额与之前请求不一致，请核实后再试', 400, 'INVALID_REQUEST'],
  REFUND_TOTAL: ['PARAM_ERROR', '订单金额与原订单不一致', 400, 'INVALID_REQUEST'],
  REFUND_TOO_MUCH: ['ERROR', '累计退款金额大于支付金额', 400, 'INVALID_REQUEST'],
  REFUND_TOO_MANY: ['ERROR', '部分退款次数超过 50 次', 400, 'INVALID_REQUEST'],
  REFUND_OVERDUE: ['TRADE_OVERDUE', '订单已经超过退款期限', 400, 'INVALID_REQUEST'],
  FREQUENCY: ['FREQUENCY_LIMITED', '频率限制，请求请间隔 1 分钟', 429, 'FREQUENCY_LIMITED'],
  NOT_ENOUGH: ['NOTENOUGH', '商户可用余额不足', 403, 'NOT_ENOUGH'],
  OPENID: ['PARAM_ERROR', 'appid and openid not match', 500, 'OPENID_MISMATCH'],
  APPID_UNKNOWN: ['APPID_NOT_EXIST', 'appid不存在', 400, 'APPID_MCHID_NOT_MATCH'],
  APPID_NOT_BOUND: ['APPID_MCHID_NOT_MATCH', '商户号mch_id与appid不匹配', 400, 'APPID_MCHID_NOT_MATCH'],
  USERPAYING: ['USERPAYING', '需要用户输入支付密码', 202, 'USERPAYING'],
  AUTH_CODE_FORMAT: ['AUTH_CODE_ERROR', '付款码错误：18 位数字，以 10-15 开头', 400, 'PARAM_ERROR'],
  AUTH_CODE_UNKNOWN: ['AUTH_CODE_INVALID', '付款码检验错误，请扫描微信支付被扫条码/二维码', 400, 'INVALID_REQUEST'],
  AUTH_CODE_EXPIRED: ['AUTHCODEEXPIRE', '二维码已过期，请用户在微信上刷新后再试', 400, 'INVALID_REQUEST'],
  BUYER_MISMATCH: ['BUYER_MISMATCH', '支付帐号错误', 400, 'INVALID_REQUEST'],
  REVERSE_EXPIRE: ['REVERSE_EXPIRE', '订单无法撤销：超过 7 天', 400, 'INVALID_REQUEST']
} as const satisfies Record<string, readonly [v2: string, text: string, status: number, v3: string]>

export type Reason = keyof typeof REASONS

/** A refusal of the ledger, before it is put in the words of v2 or v3. */
export class PayFailure extends Error {
  readonly reason: Reason

  constructor(reason: Reason) {
    super(REASONS[reason][1])
    this.reason = reason
  }

  get v2Code(): string {
    return REASONS[this.reason][0]
  }

  get v3Status(): number {
    return REASONS[this.reason][2]
  }

  get v3Code(): string {
    return REASONS[this.reason][3]
  }
}

/** A refusal that only v2 knows. */
export class V2Failure extends Error {
  readonly code: string
  /** `true`: `return_code` is FAIL (通信标识) and nothing is signed. */
  readonly isTransport: boolean

  constructor(code: string, text: string, isTransport = false) {
    super(text)
    this.code = code
    this.isTransport = isTransport
  }
}

/** A refusal that only v3 knows. */
export class V3Failure extends Error {
  readonly status: number
  readonly code: string
  readonly detail: unknown
  /** Number at the end of `Request-ID`, which tells the reason where the code does not. */
  readonly reason: number

  constructor(status: number, code: string, text: string, detail?: unknown, reason = 0) {
    super(text)
    this.status = status
    this.code = code
    this.detail = detail
    this.reason = reason
  }
}
