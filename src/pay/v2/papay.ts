import type { RequestOptions } from '../../core/client-options.ts'
import { type OptionRules, oneOf, optional, required } from '../../core/options.ts'
import { UnexpectedResponseError } from '../../errors/index.ts'
import { fen } from '../common/fen.ts'
import { type Methods, signed } from './endpoint.ts'
import { CONTRACT_RULES } from './entrust-links.ts'
import { notifyUrl } from './notify-url.ts'
import type { OrderNumber, UnifiedOrderParams } from './order-types.ts'
import { checkPayer, ORDER_NUMBER, orderNeeds, orderRules } from './orders.ts'
import type {
  AcceptedDeduction,
  Contract,
  ContractNumber,
  ContractOrder,
  ContractOrderParams,
  ContractTermination,
  DeductionParams,
  H5SignParams,
  PreSigned,
  PreSignParams,
  QueriedDeduction,
  TerminatedContract
} from './papay-types.ts'
import { chars, echoedText, ipAddress, jsonOrText, outTradeNo, type ParamProblem, type WireFields } from './params.ts'

const ACCOUNT = ['appid', 'mch_id']
const { notify_url: _, ...CONTRACT } = CONTRACT_RULES

/** Providers have separate paths. */
const byRole = (path: string, partnerPath: string) => (fields: Readonly<WireFields>) =>
  fields.sub_mch_id === undefined ? path : partnerPath

/** `weixin://wap/…`, or a page under a domain of WeChat, written so that every URL parser reads it the same way. */
function isWeixinPage(url: unknown): boolean {
  if (typeof url !== 'string' || !/^[!-~]+$/.test(url) || /[\\"'<>`]/.test(url) || !URL.canParse(url)) return false
  const { protocol, host, hostname, username, password } = new URL(url)
  if (username !== '' || password !== '') return false
  return protocol === 'weixin:' ? host === 'wap' : protocol === 'https:' && /(?:^|\.)(?:qq|tenpay)\.com$/.test(hostname)
}

const NUMBER: OptionRules = {
  contract_id: optional(chars(32, /^[0-9A-Za-z]+$/, 'the contract_id of WeChat Pay')),
  plan_id: optional(CONTRACT_RULES.plan_id.check),
  contract_code: optional(CONTRACT_RULES.contract_code.check)
}

function checkNumber({ contract_id, plan_id, contract_code }: Readonly<WireFields>): ParamProblem | undefined {
  const isNumbered = contract_id !== undefined
  const isCoded = plan_id !== undefined && contract_code !== undefined
  const isMixed = isNumbered && (plan_id !== undefined || contract_code !== undefined)
  return isMixed || !(isNumbered || isCoded)
    ? ['contract_id', 'or plan_id with contract_code: pass exactly one of them']
    : undefined
}

const BY_CONTRACT = {
  // These calls have no nonce. (委托代扣: 查询签约关系、申请解约)
  nonce: false,
  defaults: { version: '1.0' },
  check: checkNumber,
  echo: ['mch_id']
} as const

export const PAPAY = {
  /**
   * Places an order that also signs a contract (支付中签约). Idempotent. The contract may fail although the order succeeds:
   * check `contract_result_code`. Payment and contract are notified to two URLs, in any order.
   *
   * @param params amounts in fen
   * @throws {ConfigError} ERR_INVALID_PARAM. Nothing was sent.
   * @throws {WeChatPayError} ERR_WECHAT_PAY, e.g. `ORDERPAID`
   * @throws {SignatureError} ERR_SIGNATURE_MISSING, ERR_SIGNATURE_MISMATCH
   * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT
   * @returns the result of `orders.unified`, and that of the contract
   * @example
   * const order = await pay2.papay.order({
   *   trade_type: 'APP',
   *   body: 'Membership, first month',
   *   out_trade_no: '20260301000001',
   *   total_fee: 1980,
   *   spbill_create_ip: '203.0.113.7',
   *   plan_id: '12535',
   *   contract_code: 'C20260301000001',
   *   request_serial: '1',
   *   contract_display_account: '张三 138****0000',
   *   contract_notify_url: 'https://shop.example.com/pay/contract-notify'
   * })
   */
  order: signed<
    ContractOrderParams,
    ContractOrder,
    <P extends UnifiedOrderParams>(
      params: ContractOrderParams<P>,
      options?: RequestOptions
    ) => Promise<ContractOrder<P['trade_type']>>
  >('/pay/contractorder', {
    rules: (params) => ({
      ...orderRules(params),
      ...CONTRACT,
      contract_code: required(chars(32)),
      contract_notify_url: required(notifyUrl)
    }),
    notifyUrl: 'notifyUrl',
    check: checkPayer,
    write: (fields) => {
      fields.contract_appid = fields.appid ?? ''
      fields.contract_mchid = fields.mch_id ?? ''
    },
    echo: [...ACCOUNT, 'trade_type'],
    needs: (sent) => [...orderNeeds(sent), 'contract_result_code']
  }),

  /**
   * Prepares a contract that the user signs in an app (APP 纯签约), with `pre_entrustweb_id`.
   *
   * @param params the contract
   * @throws {ConfigError} ERR_INVALID_PARAM. Nothing was sent.
   * @throws {WeChatPayError} ERR_WECHAT_PAY
   * @throws {SignatureError} ERR_SIGNATURE_MISSING, ERR_SIGNATURE_MISMATCH
   * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT
   * @example
   * const { pre_entrustweb_id } = await pay2.papay.preSign({
   *   plan_id: '12535',
   *   contract_code: 'C20260301000001',
   *   request_serial: '1',
   *   contract_display_account: '张三 138****0000',
   *   notify_url: 'https://shop.example.com/pay/contract-notify'
   * })
   */
  preSign: signed<PreSignParams, PreSigned>('/papay/preentrustweb', {
    nonce: false,
    pathFor: byRole('/papay/preentrustweb', '/papay/partner/preentrustweb'),
    rules: { ...CONTRACT_RULES, return_app: optional(oneOf('Y', 'N')) },
    defaults: { version: '1.0' },
    writeTime: true,
    echo: ['mch_id'],
    needs: ['pre_entrustweb_id']
  }),

  /**
   * Prepares a contract that a user signs in a browser outside WeChat (H5 纯签约), at `redirect_url`, within ten minutes.
   * Needs a special permission. The response is not signed: its URL must belong to WeChat.
   *
   * @param params the contract, and the IP of the user's client
   * @throws {ConfigError} ERR_INVALID_PARAM. Nothing was sent.
   * @throws {WeChatPayError} ERR_WECHAT_PAY
   * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT
   * @example
   * const { redirect_url } = await pay2.papay.signH5({
   *   plan_id: '12535',
   *   contract_code: 'C20260301000001',
   *   request_serial: '1',
   *   contract_display_account: '张三 138****0000',
   *   notify_url: 'https://shop.example.com/pay/contract-notify',
   *   clientip: '203.0.113.7'
   * })
   */
  signH5: signed<H5SignParams, { redirect_url: string }>('/papay/h5entrustweb', {
    asQuery: true,
    nonce: false,
    responseSign: 'absent',
    pathFor: byRole('/papay/h5entrustweb', '/papay/partner/h5entrustweb'),
    rules: {
      ...CONTRACT_RULES,
      clientip: required(ipAddress),
      return_appid: optional(chars(32)),
      deviceid: optional(chars(64)),
      mobile: optional(chars(32)),
      email: optional(chars(128)),
      qq: optional(chars(32)),
      openid: optional(chars(128)),
      creid: optional(chars(32)),
      outerid: optional(chars(64))
    },
    defaults: { version: '1.0' },
    writeTime: true,
    echo: [],
    needs: ['redirect_url'],
    read: ({ redirect_url }) => {
      if (!isWeixinPage(redirect_url)) {
        throw new UnexpectedResponseError('papay.signH5: redirect_url is not a page of WeChat.', { product: 'pay' })
      }
      return { redirect_url }
    }
  }),

  /**
   * Looks up a contract (查询签约关系).
   *
   * @param params `contract_id`, or `plan_id` with `contract_code`
   * @throws {ConfigError} ERR_INVALID_PARAM. Nothing was sent.
   * @throws {WeChatPayError} ERR_WECHAT_PAY
   * @throws {SignatureError} ERR_SIGNATURE_MISSING, ERR_SIGNATURE_MISMATCH
   * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT
   * @returns times in Beijing time
   * @example
   * const { contract_state } = await pay2.papay.query({ plan_id: '12535', contract_code: 'C20260301000001' })
   */
  query: signed<ContractNumber, Contract>('/papay/querycontract', {
    ...BY_CONTRACT,
    pathFor: byRole('/papay/querycontract', '/papay/partner/querycontract'),
    rules: NUMBER,
    needs: ['contract_id', 'contract_state']
  }),

  /**
   * Ends a contract (申请解约). Not retried by the client: a second call is refused.
   *
   * @param params `contract_id`, or `plan_id` with `contract_code`
   * @throws {ConfigError} ERR_INVALID_PARAM. Nothing was sent.
   * @throws {UnknownResultError} ERR_UNKNOWN_RESULT: run `papay.query`; `contract_state` `1` has ended
   * @throws {WeChatPayError} ERR_WECHAT_PAY, also when it has ended before
   * @example
   * await pay2.papay.terminate({ contract_id: 'Wx15463511252015071056489715', contract_termination_remark: 'Cancelled' })
   */
  terminate: signed<ContractTermination, TerminatedContract>('/papay/deletecontract', {
    ...BY_CONTRACT,
    pathFor: byRole('/papay/deletecontract', '/papay/partner/deletecontract'),
    rules: { ...NUMBER, contract_termination_remark: required(chars(512)) },
    retry: 'never',
    needs: ['contract_id'],
    query: { method: 'papay.query', by: ['contract_id', 'plan_id', 'contract_code'] }
  }),

  /**
   * Makes a deduction under a contract (申请扣款). Success only means *accepted*: the notification or `queryDeduction`
   * reports the outcome, after a day if WeChat informs the user first. Each number is deducted only once. Idempotent
   * with the same number.
   *
   * @param params amount in fen
   * @throws {ConfigError} ERR_INVALID_PARAM. Nothing was sent.
   * @throws {UnknownResultError} ERR_UNKNOWN_RESULT: run `papay.queryDeduction`, or repeat with the same number
   * @throws {WeChatPayError} ERR_WECHAT_PAY, e.g. `RULELIMIT` beyond the limits of the template, `INVALID_REQUEST` without the advance
   *   notice or outside its hours
   * @example
   * await pay2.papay.deduct({
   *   contract_id: 'Wx15463511252015071056489715',
   *   body: 'Membership, March',
   *   out_trade_no: '20260301000001',
   *   total_fee: 1980,
   *   spbill_create_ip: '203.0.113.7'
   * })
   */
  deduct: signed<DeductionParams, AcceptedDeduction>('/pay/pappayapply', {
    pathFor: byRole('/pay/pappayapply', '/pay/partner/pappayapply'),
    rules: {
      contract_id: required(chars(32)),
      body: required(chars(128)),
      detail: optional(jsonOrText(8192)),
      attach: optional(echoedText(127)),
      out_trade_no: required(outTradeNo),
      total_fee: required(fen()),
      fee_type: optional(chars(16, /^[A-Z]{3}$/, 'a currency such as CNY')),
      spbill_create_ip: required(ipAddress),
      goods_tag: optional(chars(32)),
      notify_url: required(notifyUrl),
      receipt: optional(oneOf('Y')),
      profit_sharing: optional(oneOf('Y', 'N')),
      trade_type: optional(oneOf('PAP'))
    },
    defaults: { trade_type: 'PAP' },
    notifyUrl: 'notifyUrl',
    echo: ACCOUNT,
    query: { method: 'papay.queryDeduction', by: ['out_trade_no'] }
  }),

  /**
   * Looks up a deduction (查询扣款订单). Check `trade_state`: `ACCEPT` is neither a failure nor a payment.
   *
   * @param params `out_trade_no` or `transaction_id`
   * @throws {ConfigError} ERR_INVALID_PARAM. Nothing was sent.
   * @throws {WeChatPayError} ERR_WECHAT_PAY, e.g. `ORDERNOTEXIST`
   * @throws {SignatureError} ERR_SIGNATURE_MISSING, ERR_SIGNATURE_MISMATCH
   * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT
   * @returns amounts in fen
   * @example
   * const { trade_state } = await pay2.papay.queryDeduction({ out_trade_no: '20260301000001' })
   */
  queryDeduction: signed<OrderNumber, QueriedDeduction>('/pay/paporderquery', {
    pathFor: byRole('/pay/paporderquery', '/pay/partner/paporderquery'),
    rules: ORDER_NUMBER,
    oneOf: ['out_trade_no', 'transaction_id'],
    echo: [...ACCOUNT, 'out_trade_no', 'transaction_id'],
    indexed: 'coupons',
    needs: (_sent, { trade_state }) =>
      trade_state === 'SUCCESS' ? ['trade_state', 'out_trade_no', 'total_fee'] : ['trade_state', 'out_trade_no']
  })
}

/** Contracts for deductions, and the deductions (委托代扣): `pay2.papay`. */
export type Papay = Methods<typeof PAPAY>
