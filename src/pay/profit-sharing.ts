import { flag, oneOf, optional, required } from '../core/options.ts'
import { fen } from './common/fen.ts'
import { get, type ParamProblem, type Params, post } from './endpoint.ts'
import { chars, listOf, merchantId, transactionId } from './field-rules.ts'
import { resource } from './resource.ts'

/**
 * Type of a receiver's `account`: a merchant number, an openid of the merchant's app, or one of the sub-merchant's app.
 */
export type ReceiverType = 'MERCHANT_ID' | 'PERSONAL_OPENID' | 'PERSONAL_SUB_OPENID'

interface ForSubMerchant {
  /** The sub-merchant (特约商户) of a service provider. Default: `subMchId` of the client. */
  sub_mchid?: string | undefined
}

interface ForApps extends ForSubMerchant {
  /** Default: `appId` of the client. */
  appid?: string | undefined
  sub_appid?: string | undefined
}

/** A sharing order. */
export interface ProfitSharingParams extends ForApps {
  transaction_id: string
  /** Idempotency key of the sharing order. 1 to 64 characters. */
  out_order_no: string
  receivers?:
    | readonly {
        type: ReceiverType
        account: string
        /** Plain text: the client encrypts it. */
        name?: string | undefined
        /** Fen. */
        amount: number
        description: string
      }[]
    | undefined
  /** Whether the rest is released to the merchant at once. */
  unfreeze_unsplit: boolean
}

/** A sharing order as WeChat Pay returns it. */
export interface ProfitSharingOrder {
  sub_mchid?: string
  transaction_id: string
  out_order_no: string
  order_id: string
  state: 'PROCESSING' | 'FINISHED' | (string & {})
  receivers?: {
    type: ReceiverType
    account: string
    /** Fen. */
    amount: number
    description: string
    result: 'PENDING' | 'SUCCESS' | 'CLOSED' | (string & {})
    fail_reason?: string
    detail_id?: string
    /** RFC 3339. */
    create_time: string
    /** RFC 3339. */
    finish_time?: string
  }[]
}

/** A share to return. */
export interface ProfitSharingReturnParams extends ForSubMerchant {
  /** This or `out_order_no`. */
  order_id?: string | undefined
  out_order_no?: string | undefined
  /** Idempotency key of the return. 1 to 64 characters. */
  out_return_no: string
  return_mchid: string
  /** Fen. */
  amount: number
  description: string
}

/** A returned share. */
export interface ProfitSharingReturn {
  sub_mchid?: string
  order_id: string
  out_order_no: string
  out_return_no: string
  return_id: string
  return_mchid: string
  /** Fen. */
  amount: number
  description: string
  result: 'PROCESSING' | 'SUCCESS' | 'FAILED' | (string & {})
  fail_reason?: string
  /** RFC 3339. */
  create_time: string
  /** RFC 3339. */
  finish_time?: string
}

/** Someone with whom money can be shared. */
export interface ReceiverParams extends ForApps {
  type: ReceiverType
  account: string
  /** Plain text: the client encrypts it. */
  name?: string | undefined
  relation_type: string
  custom_relation?: string | undefined
}

/** A receiver that was added or removed. */
export type ProfitSharingReceiver = Pick<ReceiverParams, 'appid' | 'sub_mchid' | 'sub_appid' | 'type' | 'account'>

const outOrderNo = chars(64, /^[0-9A-Za-z_|*@-]{1,64}$/, '1 to 64 of the characters 0-9 A-Z a-z _ - | * @')
const receiverType = required(oneOf('MERCHANT_ID', 'PERSONAL_OPENID', 'PERSONAL_SUB_OPENID'))
const SUB = { sub_mchid: 'subMchId' } as const
const APPS = { appid: 'appId', ...SUB } as const
const SUB_RULES = { sub_mchid: optional(merchantId) }
const APP_RULES = { ...SUB_RULES, sub_appid: optional(chars(32)) }
const MONEY = {
  open: 'throttled',
  query: { method: 'profitSharing.query', by: ['out_order_no', 'transaction_id', 'sub_mchid'] }
} as const

/** Sharing the money of an order. (分账) The order must have been placed with `settle_info.profit_sharing: true`. */
export class ProfitSharing extends resource('profitSharing', {
  /**
   * Shares the money of an order. (请求分账) `PROCESSING` is not shared yet: `query()` reports the outcome for each
   * receiver.
   *
   * @param params amounts in fen
   * @throws {UnknownResultError} ERR_UNKNOWN_RESULT after 5xx, 429 and unreadable responses: run `error.query`, or retry with the
   *   same number
   * @throws {ConfigError} ERR_INVALID_PARAM
   * @throws {WeChatPayError} ERR_WECHAT_PAY
   * @throws {SignatureError} {ConnectionError} {UnexpectedResponseError}
   */
  create: post<ProfitSharingParams, ProfitSharingOrder>('/v3/profitsharing/orders', {
    fill: APPS,
    rules: {
      ...APP_RULES,
      transaction_id: required(transactionId),
      out_order_no: required(outOrderNo),
      receivers: optional(listOf(50)),
      'receivers[].type': receiverType,
      'receivers[].account': required(chars(64)),
      'receivers[].name': optional(chars(64)),
      'receivers[].amount': required(fen()),
      'receivers[].description': required(chars(80)),
      unfreeze_unsplit: required(flag)
    },
    encrypted: ['receivers[].name'],
    expects: ['order_id', 'state'],
    echo: ['out_order_no', 'transaction_id'],
    money: MONEY
  }),

  /**
   * Looks up a sharing order. (查询分账结果)
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  query: get<{ out_order_no: string; transaction_id: string } & ForSubMerchant, ProfitSharingOrder>(
    '/v3/profitsharing/orders/{out_order_no}',
    {
      fill: SUB,
      rules: { ...SUB_RULES, out_order_no: required(outOrderNo), transaction_id: required(transactionId) },
      expects: ['state'],
      echo: ['out_order_no', 'transaction_id']
    }
  ),

  /**
   * Ends the sharing of an order and releases the rest to the merchant. (解冻剩余资金)
   *
   * @throws {UnknownResultError} ERR_UNKNOWN_RESULT as for `create`; {WeChatPayError} ERR_WECHAT_PAY; {ConfigError}
   *   ERR_INVALID_PARAM; {SignatureError}; {ConnectionError}; {UnexpectedResponseError}
   */
  unfreeze: post<
    { transaction_id: string; out_order_no: string; description: string } & ForSubMerchant,
    ProfitSharingOrder
  >('/v3/profitsharing/orders/unfreeze', {
    fill: SUB,
    rules: {
      ...SUB_RULES,
      transaction_id: required(transactionId),
      out_order_no: required(outOrderNo),
      description: required(chars(80))
    },
    expects: ['state'],
    echo: ['out_order_no', 'transaction_id'],
    money: MONEY
  }),

  /**
   * Returns the amount that can still be shared. (查询剩余待分金额)
   *
   * @returns `unsplit_amount` in fen
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  remainingAmount: get<{ transaction_id: string }, { transaction_id: string; unsplit_amount: number }>(
    '/v3/profitsharing/transactions/{transaction_id}/amounts',
    { rules: { transaction_id: required(transactionId) }, echo: ['transaction_id'] }
  ),

  /**
   * Returns the maximum share of an order that a sub-merchant allows its provider. (查询最大分账比例) For service providers.
   *
   * @returns `max_ratio` in hundredths of a percent: 2000 is 20 %
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   * @example
   * const { max_ratio } = await pay.profitSharing.maxRatio({ sub_mchid: '1900000109' })
   */
  maxRatio: get<ForSubMerchant, { sub_mchid: string; max_ratio: number }>(
    '/v3/profitsharing/merchant-configs/{sub_mchid}',
    { fill: SUB, rules: { sub_mchid: required(merchantId) }, echo: ['sub_mchid'] }
  ),

  /**
   * Returns a share from a merchant. (请求分账回退)
   *
   * @param params `amount` in fen
   * @throws {UnknownResultError} ERR_UNKNOWN_RESULT as for `create`; {WeChatPayError} ERR_WECHAT_PAY; {ConfigError}
   *   ERR_INVALID_PARAM; {SignatureError}; {ConnectionError}; {UnexpectedResponseError}
   */
  createReturn: post<ProfitSharingReturnParams, ProfitSharingReturn>('/v3/profitsharing/return-orders', {
    fill: SUB,
    rules: {
      ...SUB_RULES,
      order_id: optional(chars(64)),
      out_order_no: optional(outOrderNo),
      out_return_no: required(outOrderNo),
      return_mchid: required(merchantId),
      amount: required(fen()),
      description: required(chars(80))
    },
    check: checkReturn,
    expects: ['result'],
    echo: ['out_return_no', 'amount'],
    money: {
      open: 'throttled',
      query: { method: 'profitSharing.queryReturn', by: ['out_return_no', 'out_order_no', 'sub_mchid'] }
    }
  }),

  /**
   * Looks up a return. (查询分账回退结果)
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  queryReturn: get<{ out_return_no: string; out_order_no: string } & ForSubMerchant, ProfitSharingReturn>(
    '/v3/profitsharing/return-orders/{out_return_no}',
    {
      fill: SUB,
      rules: { ...SUB_RULES, out_return_no: required(outOrderNo), out_order_no: required(outOrderNo) },
      expects: ['result'],
      echo: ['out_return_no', 'out_order_no']
    }
  ),

  /**
   * Adds someone with whom money can be shared. (添加分账接收方)
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  addReceiver: post<ReceiverParams, ReceiverParams>('/v3/profitsharing/receivers/add', {
    fill: APPS,
    rules: {
      ...APP_RULES,
      type: receiverType,
      account: required(chars(64)),
      name: optional(chars(64)),
      relation_type: required(chars(32)),
      custom_relation: optional(chars(10))
    },
    encrypted: ['name'],
    echo: ['type', 'account']
  }),

  /**
   * Removes a receiver. (删除分账接收方)
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  deleteReceiver: post<ProfitSharingReceiver, ProfitSharingReceiver>('/v3/profitsharing/receivers/delete', {
    fill: APPS,
    rules: { ...APP_RULES, type: receiverType, account: required(chars(64)) },
    echo: ['type', 'account']
  })
}) {}

function checkReturn({ order_id: id, out_order_no: number }: Params): ParamProblem | undefined {
  return !id === !number ? { field: 'out_order_no', problem: 'or order_id is required, but not both' } : undefined
}
