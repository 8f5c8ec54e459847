import type { ApiErrorKind } from '../errors/index.ts'

/** Kind, whether the identical request may succeed later, hint in English and Chinese. */
export type ErrorRow = readonly [kind: ApiErrorKind, retryable: boolean, en: string, zh: string]

type Table = Readonly<Record<string, ErrorRow>>

/** Error codes of API v3. (微信支付 APIv3: 错误码) Built when an error needs it. */
export function errorCodeTable(): Table {
  const SLOW_DOWN: ErrorRow = [
    'rate_limit',
    true,
    'Too many calls: slow down, then retry with the same number.',
    '请求过于频繁：降低频率后用原单号、原参数重试。'
  ]
  const BALANCE: ErrorRow = [
    'quota',
    false,
    'Not enough money in the merchant account: top it up, then retry with the same number.',
    '商户账户余额不足：充值后用原单号重试。'
  ]
  const PERMISSION: ErrorRow = [
    'config',
    false,
    'This merchant has no permission for the product or call: see the merchant platform, product centre. Promotion payouts and transfer batches were replaced by transfers (transfer-bills) for merchants opened since 2025: use pay.transfers.',
    '商户无此产品或接口权限，请在商户平台「产品中心」开通。企业付款、批量转账对 2025 年后的商户已由商家转账（transfer-bills）取代：请使用 pay.transfers。'
  ]
  const RULE: ErrorRow = [
    'quota',
    false,
    'Refused by a business rule or limit (amount per day, times per user, time between two refunds): see the message.',
    '触发业务规则或限额（单日金额、单用户次数、两次退款间隔等），详见错误描述。'
  ]
  const PAYER: ErrorRow = [
    'user',
    false,
    'The account of the user is closed, frozen or abnormal: pay this user another way.',
    '用户账户异常、冻结或已注销：请为该用户改用其他方式。'
  ]
  const MERCHANT: ErrorRow = [
    'restricted',
    false,
    'The merchant account is abnormal or restricted: see the notices in the merchant platform.',
    '商户号状态异常或受限：请查看商户平台的通知。'
  ]
  const NO_ORDER: ErrorRow = [
    'state',
    false,
    'This merchant has no such order: check the number and the merchant id. Right after a call this does not prove that nothing happened.',
    '查无此单：核对单号与商户号。刚提交后查不到，不代表未受理。'
  ]
  const USED: ErrorRow = [
    'state',
    false,
    'The number was already used with other parameters: retry with identical ones, or use a new number for a new order.',
    '单号已被使用且参数不一致：重试须用相同参数，新订单请换新单号。'
  ]
  const PAID: ErrorRow = [
    'state',
    false,
    'The order is already paid: query it, and refund it if it must not stand.',
    '订单已支付：请查询，如需撤回请退款。'
  ]
  const CLOSED: ErrorRow = [
    'state',
    false,
    'The order is closed: place a new one with a new number.',
    '订单已关闭：请用新单号重新下单。'
  ]
  const APP: ErrorRow = [
    'config',
    false,
    'appid and merchant id are not bound to each other: merchant platform, product centre, AppID account management.',
    'appid 与商户号未绑定：商户平台 → 产品中心 → AppID 账号管理。'
  ]
  const SYSTEM: ErrorRow = [
    'busy',
    true,
    'The platform failed temporarily: retry the identical request; for calls that move money, query first.',
    '系统错误：用相同参数重试；涉及资金的请求请先查询。'
  ]
  const BANK: ErrorRow = [
    'busy',
    false,
    'The bank failed: query the order before anything else.',
    '银行系统异常：请先查询订单状态。'
  ]

  return {
    PARAM_ERROR: [
      'request',
      false,
      'A parameter is wrong: the message names the field, `body.detail` has what was sent there.',
      '参数错误：错误描述中有字段名，body.detail 是传入的值。'
    ],
    INVALID_REQUEST: [
      'request',
      false,
      'Refused by a business rule, often because of a retry with other parameters: see the message.',
      '不符合业务规则，常见于用不同参数重入：详见错误描述。'
    ],
    SIGN_ERROR: [
      'config',
      false,
      'The signature was refused: privateKey and certSerial belong to different certificates, mchId is wrong, the clock is more than 5 minutes off, or a proxy changes path or body.',
      '签名被拒：私钥与证书序列号不匹配、商户号错误、本机时钟偏差超过 5 分钟，或代理改写了路径或报文。'
    ],
    APPID_MCHID_NOT_MATCH: APP,
    APPID_NOT_EXIST: ['config', false, 'The appid does not exist: check appId.', 'appid 不存在：请核对 appId。'],
    MCH_NOT_EXISTS: ['config', false, 'The merchant id does not exist: check mchId.', '商户号不存在：请核对 mchId。'],
    MCH_NOT_EXIST: ['config', false, 'The merchant id does not exist: check mchId.', '商户号不存在：请核对 mchId。'],
    NO_AUTH: PERMISSION,
    NOAUTH: PERMISSION,
    PRIVILEGE_ERROR: PERMISSION,
    RULE_LIMIT: RULE,
    RULELIMIT: RULE,
    QUOTA_EXCEED: RULE,
    TRADE_ERROR: ['state', false, 'The trade failed: see the message.', '交易错误：详见错误描述。'],
    NOT_ENOUGH: BALANCE,
    NOTENOUGH: BALANCE,
    BALANCE_NOT_ENOUGH: BALANCE,
    ACCOUNT_ERROR: PAYER,
    ACCOUNTERROR: PAYER,
    USER_ACCOUNT_ABNORMAL: PAYER,
    USER_NOT_EXISTS: [
      'user',
      false,
      'The user does not exist: check openid and appid.',
      '用户不存在：请核对 openid 与 appid。'
    ],
    NAME_NOT_CORRECT: ['user', false, 'The name does not match the user.', '姓名与收款用户不一致。'],
    REQUEST_BLOCKED: [
      'restricted',
      false,
      'Blocked by risk control or a rule of the platform: see the message and the merchant platform.',
      '请求被平台拦截（风控或规则）：详见错误描述与商户平台通知。'
    ],
    CONTRACT_ERROR: [
      'config',
      false,
      'A contract is missing or has ended: see the message.',
      '签约状态异常：详见错误描述。'
    ],
    MERCHANT_ACCOUNT_ABNORMAL: MERCHANT,
    ACCOUNT_NOT_VERIFIED: PAYER,
    OUT_TRADE_NO_USED: USED,
    ALREADY_EXISTS: USED,
    RESOURCE_ALREADY_EXISTS: USED,
    ORDER_NOT_EXIST: NO_ORDER,
    ORDERNOTEXIST: NO_ORDER,
    NOT_FOUND: NO_ORDER,
    RESOURCE_NOT_EXISTS: [
      'state',
      false,
      'Not found. For /v3/certificates this means that the merchant has no platform certificates and uses the WeChat Pay public key (platformKeys: { PUB_KEY_ID_…: pem }).',
      '资源不存在。若请求的是 /v3/certificates：该商户没有平台证书，请改用微信支付公钥（platformKeys: { PUB_KEY_ID_…: pem }）。'
    ],
    MCHBILLNO_NOT_EXISTS: NO_ORDER,
    ORDER_CLOSED: CLOSED,
    ORDERCLOSED: CLOSED,
    ORDER_PAID: PAID,
    ORDERPAID: PAID,
    ORDER_REVERSED: ['state', false, 'The order was reversed: place a new one.', '订单已撤销：请重新下单。'],
    AUTH_CODE_INVALID: [
      'user',
      false,
      'The payment code has expired or was already used: scan a new one.',
      '付款码已过期或已使用：请重新扫码。'
    ],
    AUTHCODEEXPIRE: [
      'user',
      false,
      'The payment code has expired: scan a new one.',
      '付款码已过期：请让用户刷新后重新扫码。'
    ],
    USERPAYING: [
      'busy',
      false,
      'The user is entering the password: query the order every few seconds.',
      '用户支付中：请每隔几秒查询订单。'
    ],
    OPENID_MISMATCH: [
      'request',
      false,
      'The openid belongs to another appid: use the one of the app with this appId.',
      'openid 与 appid 不匹配：请使用该 appId 下取得的 openid。'
    ],
    INVALID_TRANSACTIONID: [
      'request',
      false,
      'The transaction_id is wrong: compare it with the order.',
      '微信订单号非法：请核对。'
    ],
    BANK_ERROR: BANK,
    BANKERROR: BANK,
    SYSTEM_ERROR: SYSTEM,
    SYSTEMERROR: SYSTEM,
    INNER_ERROR: SYSTEM,
    SERVICE_UNAVAILABLE: SYSTEM,
    FREQUENCY_LIMITED: SLOW_DOWN,
    FREQUENCY_LIMIT: SLOW_DOWN,
    FREQUENCY_LIMIT_EXCEED: SLOW_DOWN,
    FREQUENCYLIMITED: SLOW_DOWN,
    RATELIMIT_EXCEEDED: SLOW_DOWN,
    RATELIMIT_EXCEED: SLOW_DOWN,
    RATE_LIMITED: SLOW_DOWN,
    NO_STATEMENT_EXIST: [
      'state',
      false,
      'There is no bill for that day: there was no trade, or it is more than three months ago.',
      '账单不存在：当日无交易，或已超过三个月。'
    ],
    STATEMENT_CREATING: [
      'busy',
      false,
      'The bill is being generated: try again after 10:00 on the next day (Beijing time).',
      '账单生成中：请在次日 10 点后（北京时间）再试。'
    ],
    ACCEPTED: ['busy', false, 'Accepted but not completed: query it.', '已受理、处理中：请查询结果。'],
    METHOD_NOT_ALLOWED: ['request', false, 'Wrong HTTP method for this path.', '该路径不支持此 HTTP 方法。']
  }
}
