import type { ApiErrorKind } from '../../errors/index.ts'
import { onFirstUse } from '../../internal/on-first-use.ts'

/**
 * Kind; whether a retry helps (`now`: automatic, `later`, `no`); what is known about the money; hint in English; in
 * Chinese
 */
export type ErrorCodeRow = readonly [
  kind: ApiErrorKind,
  repeat: 'now' | 'later' | 'no',
  outcome: 'open' | 'refused',
  en: string,
  zh: string
]
type Row = ErrorCodeRow

type Table = Readonly<Record<string, Row>>

/** Built on the first error: built while the library loads, hundreds of texts would slow down every cold start. */
export const errorCodeTable = onFirstUse(makeTable)

/** The error codes of API v2. (各接口文档: 错误码) */
function makeTable(): Table {
  const SIGN: Row = [
    'config',
    'no',
    'refused',
    'WeChat Pay computed a different signature: compare with explainSign(params); check that apiKey is the API v2 key (not the APIv3 key) of this mchId, and the sign type.',
    '签名错误：用 explainSign(params) 对比；确认 apiKey 是该商户号的 APIv2 密钥（不是 APIv3 密钥），以及签名类型一致。'
  ]
  const AUTHORITY: Row = [
    'config',
    'no',
    'refused',
    'The merchant has no permission for this product. Transfers to balance (企业付款) are replaced by the merchant transfers of API v3 (transfer-bills), which new merchants must use. Otherwise apply in 产品中心.',
    '商户没有此产品权限。「企业付款到零钱」已升级为 APIv3 的「商家转账」（transfer-bills），新商户请改用；其他产品请在商户平台「产品中心」开通。'
  ]
  const XML: Row = [
    'request',
    'no',
    'refused',
    'The request could not be parsed as XML, although this library wrote it: check for a proxy or middleware that changes the body.',
    'XML 格式错误。请求由本库生成，请检查代理或中间件是否改动了请求体。'
  ]
  const UTF8: Row = [
    'request',
    'no',
    'refused',
    'A value is not UTF-8: check for a proxy or middleware that re-encodes the body.',
    '编码不是 UTF-8，请检查代理或中间件是否转码。'
  ]
  const CONTRACT: Row = [
    'state',
    'no',
    'refused',
    'There is no such contract, or it has ended: check with papay.query, and let the user sign again.',
    '签约协议不存在或已解约：用 papay.query 查询，并请用户重新签约。'
  ]
  const PARAMETER: Row = [
    'request',
    'no',
    'refused',
    'A parameter is wrong; err_code_des names it.',
    '参数错误，具体字段见 err_code_des。'
  ]
  const BUSY: Row = [
    'busy',
    'now',
    'open',
    'WeChat Pay is busy: query, or retry the identical request with the same number.',
    '系统繁忙：先查询，或用原单号、原参数重试，切勿更换单号。'
  ]
  const SLOW_DOWN: Row = [
    'rate_limit',
    'later',
    'refused',
    'Too many requests, so this one was not accepted. Retry with the same number after a minute.',
    '请求过于频繁，未受理：一分钟后用原单号、原参数重试。'
  ]
  const DAY_LIMIT: Row = [
    'quota',
    'later',
    'refused',
    'A limit of amount or count is used up. Retry tomorrow with the same number, or raise the limit in the merchant platform.',
    '金额或次数已达上限：次日用原单号重试，或在商户平台调整限额。'
  ]
  const BALANCE: Row = [
    'state',
    'later',
    'refused',
    'The balance is not enough. For refunds and payouts, top up the merchant account and retry with the same number.',
    '余额不足：退款或付款请先充值，再用原单号重试。'
  ]
  const CERTIFICATE: Row = [
    'config',
    'no',
    'refused',
    'The client certificate is missing, expired, replaced, or belongs to another merchant.',
    '商户证书缺失、已过期、已更换，或不属于该商户号。'
  ]
  const REPEATED_WITH_CHANGES: Row = [
    'request',
    'no',
    'refused',
    'The number was already used with other parameters. Query it; retry only with the original parameters.',
    '同一单号的参数与首次请求不一致：请先查询，重试须使用原参数。'
  ]
  const ACCOUNT: Row = [
    'config',
    'no',
    'refused',
    'The appid and the mch_id do not belong together: bind them in the merchant platform (产品中心 > AppID 账号管理).',
    'appid 与 mch_id 不匹配：请在商户平台「产品中心 > AppID 账号管理」绑定。'
  ]
  const CLIENT_CODE: Row = [
    'user',
    'no',
    'refused',
    'The payment code of the customer is stale or wrong: let the customer show a new one and scan it for a new order.',
    '付款码已过期或有误：请让用户刷新付款码，用新订单重新扫码。'
  ]
  const NO_BILL: Row = [
    'state',
    'no',
    'refused',
    'There is no bill for this day: no transactions, or more than three months ago.',
    '该日没有账单：当日无交易，或已超过三个月。'
  ]
  const BILL_CREATING: Row = [
    'state',
    'later',
    'refused',
    'The bill is not ready yet; bills appear about 10:00 (Beijing) of the next day.',
    '账单生成中，次日约 10 点后再下载。'
  ]
  const ZIP: Row = [
    'busy',
    'later',
    'refused',
    'WeChat Pay could not compress the bill: try again, if necessary without tar_type.',
    '账单压缩失败：稍后重试，或不传 tar_type。'
  ]
  const PAYEE: Row = [
    'user',
    'no',
    'refused',
    'The recipient cannot be paid: err_code_des says why.',
    '收款方无法收款，原因见 err_code_des。'
  ]
  const ORDER_GONE: Row = [
    'state',
    'no',
    'refused',
    'This account has no order with this number. If it was just created, query again in a few seconds.',
    '订单不存在（请核对单号与商户号）；刚下单时请稍后再查。'
  ]

  return {
    SYSTEMERROR: BUSY,
    BIZERR_NEED_RETRY: BUSY,
    BANKERROR: [
      'busy',
      'no',
      'open',
      'The bank did not respond in time: query the order after 5 seconds.',
      '银行系统异常：5 秒后查询订单。'
    ],
    USERPAYING: [
      'user',
      'no',
      'open',
      'The customer is entering the password: query every 10 seconds (orders.micropayAndWait does).',
      '用户支付中：每 10 秒查询一次（orders.micropayAndWait 会代劳）。'
    ],
    INVALID_REQUEST: [
      'request',
      'no',
      'refused',
      'The number was used with other parameters, or the format is wrong: retry with the original parameters or use a new order number.',
      '重入请求的参数与首次不一致，或格式有误：使用原参数，或使用新订单号。'
    ],
    OUT_TRADE_NO_USED: [
      'state',
      'no',
      'refused',
      'out_trade_no belongs to another order of this merchant: query it, then use a new number for a new order.',
      '商户订单号重复：请先查询该单；新订单请换新单号。'
    ],
    ORDERPAID: [
      'state',
      'no',
      'refused',
      'The order is already paid: query it and treat it as paid.',
      '订单已支付：请查询并按已支付处理。'
    ],
    ORDERCLOSED: [
      'state',
      'no',
      'refused',
      'The order is closed: for a new payment use a new out_trade_no.',
      '订单已关闭：重新支付请使用新的 out_trade_no。'
    ],
    ORDERREVERSED: [
      'state',
      'no',
      'refused',
      'The order was reversed: for a new payment use a new out_trade_no.',
      '订单已撤销：重新支付请使用新的 out_trade_no。'
    ],
    ORDERNOTEXIST: ORDER_GONE,
    ORDER_NOT_EXIST: ORDER_GONE,
    REFUNDNOTEXIST: [
      'state',
      'no',
      'refused',
      'There is no such refund. Check the number; after an unknown result create it again with the same out_refund_no and parameters.',
      '退款单不存在：请核对单号；若此前结果未知，请用原退款单号、原参数重新申请。'
    ],
    TRADE_STATE_ERROR: [
      'state',
      'no',
      'refused',
      'The state of the order does not allow this: query the order.',
      '订单状态不允许此操作：请查询订单。'
    ],
    TRADE_ERROR: [
      'user',
      'no',
      'refused',
      'The payment failed; err_code_des says why. Use a new order.',
      '交易失败，原因见 err_code_des，请使用新订单。'
    ],
    NOAUTH: AUTHORITY,
    NO_AUTH: AUTHORITY,
    APPID_NOT_EXIST: ACCOUNT,
    MCHID_NOT_EXIST: ACCOUNT,
    APPID_MCHID_NOT_MATCH: ACCOUNT,
    ILLEGAL_APPID: [
      'config',
      'no',
      'refused',
      'Red packets need the appid of an Official Account (公众号), not of an app or mini program.',
      '红包只能使用公众号的 appid，不能使用 App 或小程序的 appid。'
    ],
    LACK_PARAMS: PARAMETER,
    PARAM_ERROR: PARAMETER,
    SIGNERROR: SIGN,
    SIGN_ERROR: SIGN,
    'SIGN ERROR': SIGN,
    XML_FORMAT_ERROR: XML,
    XML_ERROR: XML,
    REQUIRE_POST_METHOD: XML,
    POST_DATA_EMPTY: XML,
    NOT_UTF8: UTF8,
    PARAM_IS_NOT_UTF8: UTF8,
    NOTENOUGH: BALANCE,
    NOTSUPORTCARD: [
      'user',
      'no',
      'refused',
      'The card of the customer is not supported: let the customer choose another one.',
      '不支持该卡支付：请用户更换银行卡。'
    ],
    AUTHCODEEXPIRE: CLIENT_CODE,
    AUTH_CODE_ERROR: CLIENT_CODE,
    AUTH_CODE_INVALID: CLIENT_CODE,
    BUYER_MISMATCH: [
      'user',
      'no',
      'refused',
      'An order cannot be paid by two customers: use a new order.',
      '支付账号错误：同一订单不可由不同用户支付，请使用新订单。'
    ],
    RULE_LIMIT: [
      'state',
      'no',
      'refused',
      'The order cannot be shared: it was placed without profit_sharing, is finished, or the amount exceeds the ratio or the remaining amount (profitSharing.remainingAmount).',
      '该订单不能分账：下单时未传 profit_sharing、已完结分账，或金额超出比例或剩余待分金额（可用 profitSharing.remainingAmount 查询）。'
    ],
    RULELIMIT: [
      'state',
      'no',
      'refused',
      'The limits of the template (amount, or number of deductions per day) or of the account are exceeded.',
      '超过扣费模板（单笔金额、每日次数）或账户的限制。'
    ],
    CONTRACT_NOT_EXIST: CONTRACT,
    CONTRACTERROR: CONTRACT,
    OPENID_MISMATCH: [
      'request',
      'no',
      'refused',
      'The openid does not belong to this appid.',
      'openid 与 appid 不匹配。'
    ],
    INVALID_TRANSACTIONID: [
      'request',
      'no',
      'refused',
      'This merchant has no such transaction_id.',
      '微信订单号无效，或不属于该商户。'
    ],
    REVERSE_EXPIRE: [
      'state',
      'no',
      'refused',
      'Orders can be reversed only within 7 days: refund it instead.',
      '订单超过 7 天不能撤销：请改用退款。'
    ],
    INVALID_REQ_TOO_MUCH: SLOW_DOWN,
    FREQUENCY_LIMITED: SLOW_DOWN,
    FREQ_LIMIT: SLOW_DOWN,
    RATELIMIT: SLOW_DOWN,
    RATELIMIT_EXCEED: SLOW_DOWN,
    SECOND_OVER_LIMITED: SLOW_DOWN,
    TRADE_OVERDUE: [
      'state',
      'no',
      'refused',
      'The order is too old for a refund (one year).',
      '订单已超过退款期限（一年）。'
    ],
    ERROR: [
      'state',
      'no',
      'refused',
      'The refund was refused; err_code_des says why.',
      '业务错误，原因见 err_code_des。'
    ],
    USER_ACCOUNT_ABNORMAL: [
      'user',
      'no',
      'refused',
      'The account of the customer is closed or abnormal: refund another way.',
      '用户账户异常或已注销：请改用其他方式退款。'
    ],
    NO_BILL_EXIST: NO_BILL,
    'No Bill Exist': NO_BILL,
    '20002': NO_BILL,
    BILL_CREATING: BILL_CREATING,
    'Bill Creating': BILL_CREATING,
    'CompressGZip Error': ZIP,
    'UnCompressGZip Error': ZIP,
    'invalid bill_type': PARAMETER,
    'data format error': PARAMETER,
    'missing parameter': PARAMETER,
    CA_ERROR: CERTIFICATE,
    SEND_FAILED: [
      'unknown',
      'no',
      'open',
      'The payout may or may not have happened: query it, and never send it with another number before that.',
      '付款结果未知：请先查询，查明前切勿更换单号重发。'
    ],
    PROCESSING: [
      'busy',
      'no',
      'open',
      'In progress: query after 20 minutes, or retry with the same number.',
      '请求处理中：20 分钟后查询，或用原单号重试。'
    ],
    FATAL_ERROR: REPEATED_WITH_CHANGES,
    NAME_MISMATCH: [
      'user',
      'no',
      'refused',
      'The name does not match the recipient (check_name FORCE_CHECK).',
      '收款人姓名校验不一致。'
    ],
    OPENID_ERROR: ['request', 'no', 'refused', 'The openid does not belong to this appid.', 'openid 与 appid 不对应。'],
    V2_ACCOUNT_SIMPLE_BAN: [
      'user',
      'no',
      'refused',
      'The recipient has not verified a real name in WeChat Pay.',
      '收款用户未实名，无法付款。'
    ],
    AMOUNT_LIMIT: [
      'request',
      'no',
      'refused',
      'The amount is outside the limits set in the merchant platform.',
      '金额超出商户平台设置的范围。'
    ],
    MONEY_LIMIT: DAY_LIMIT,
    SENDNUM_LIMIT: DAY_LIMIT,
    SEND_MONEY_LIMIT: DAY_LIMIT,
    RECEIVED_MONEY_LIMIT: DAY_LIMIT,
    DAY_OVER_LIMITED: DAY_LIMIT,
    RECV_ACCOUNT_NOT_ALLOWED: PAYEE,
    PAY_CHANNEL_NOT_ALLOWED: [
      'config',
      'no',
      'refused',
      'The merchant may not pay out by API: enable it in the merchant platform.',
      '商户未开通 API 付款渠道：请在商户平台开通。'
    ],
    NOT_FOUND: [
      'state',
      'no',
      'refused',
      'There is no such payout in the last 30 days. That does not prove that none was made: retry only with the same number.',
      '查无此单（仅可查近 30 天），不代表付款失败：只能用原单号重试。'
    ],
    PAY_FAIL: ['user', 'no', 'refused', 'The deduction failed; nothing was paid.', '扣款失败，未支付。'],
    SUCCESS: [
      'state',
      'no',
      'open',
      'The bank transfer with this number was already made: query it.',
      '该单号已付款成功：请查询。'
    ]
  }
}
