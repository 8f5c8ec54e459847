import { integer, optional, record, required } from '../core/options.ts'
import { fen } from './common/fen.ts'
import { type EndpointRules, get, post } from './endpoint.ts'
import { chars, listOf, merchantId, notifyUrl, openid } from './field-rules.ts'
import type { PayscorePlan, PayscorePlanParams, PlanServiceParams, SignPlan, SignPlanParams } from './payscore-plan.ts'
import { resource } from './resource.ts'
import type { ServiceOrder } from './service-order.ts'
import { serviceId } from './service-order-rules.ts'
import type { SubMerchant } from './transactions/order.ts'

const planNo = required(chars(32, /^[0-9A-Za-z_|*-]{1,32}$/, '1 to 32 of the characters 0-9 A-Z a-z _ - | *'))
const PLAN = {
  service_id: required(serviceId),
  merchant_plan_no: planNo,
  plan_name: required(chars(64)),
  plan_duration: required(integer(1)),
  deduction_quantity: required(integer(1)),
  total_original_price: required(fen(0)),
  total_actual_price: required(fen(0)),
  plan_detail_list: optional(listOf(100)),
  'plan_detail_list[].plan_detail_name': required(chars(64)),
  'plan_detail_list[].original_price': required(fen(0)),
  'plan_detail_list[].actual_price': required(fen(0))
}
const SIGN = {
  service_id: required(serviceId),
  merchant_sign_plan_no: planNo,
  plan_id: required(chars(64)),
  notify_url: required(notifyUrl),
  openid: optional(openid),
  sub_openid: optional(openid),
  sign_plan_detail: required(listOf(100)),
  'sign_plan_detail[].merchant_plan_detail_no': planNo,
  'sign_plan_detail[].plan_detail_no': required(integer(0))
}
const SERVICE = {
  service_id: required(serviceId),
  out_trade_no: planNo,
  sign_plan_id: required(chars(64)),
  plan_detail_no: required(integer(0)),
  service_introduction: required(chars(20)),
  notify_url: required(notifyUrl),
  openid: optional(openid),
  sub_openid: optional(openid),
  time_range: required(record),
  'time_range.start_time': required(chars(14))
}

/** Differences between a merchant's own plans and those of sub-merchants. */
interface PlanVariant {
  readonly plans: string
  readonly signs: string
  readonly isPartner: boolean
}

/** The rows of plans, of a merchant itself and of a service provider. */
function planRows<Sub, Owner>({ plans, signs, isPartner }: PlanVariant) {
  const own: EndpointRules = isPartner
    ? { fill: { sub_mchid: 'subMchId' }, rules: { sub_mchid: required(merchantId) } }
    : {}
  const fill = {
    appid: 'appId',
    ...(isPartner ? ({ sub_mchid: 'subMchId', sub_appid: 'subAppId' } as const) : {})
  } as const
  const plan = `${plans}/payscore-plans/merchant-plan-no/{merchant_plan_no}`
  const sign = `${signs}/user-sign-plans/merchant-sign-plan-no/{merchant_sign_plan_no}`
  const [family, owner] = isPartner ? ['partnerPayscore', 'sub_mchid'] : ['payscore', 'appid']
  const echo = isPartner ? ['sub_mchid'] : []
  return {
    /**
     * Creates a plan: several services for one price. (创建支付分计划) Idempotent by `merchant_plan_no`.
     *
     * @param params prices in fen
     * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
     *   {UnexpectedResponseError}
     */
    create: post<PayscorePlanParams & Sub, PayscorePlan>(`${plans}/payscore-plans`, {
      fill,
      rules: { ...PLAN, ...own.rules },
      expects: ['plan_id', 'plan_state'],
      echo: ['merchant_plan_no', ...echo]
    }),

    /**
     * Looks up a plan. (查询支付分计划)
     *
     * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
     *   {UnexpectedResponseError}
     */
    query: get<{ merchant_plan_no: string } & Owner, PayscorePlan>(plan, {
      ...own,
      rules: { merchant_plan_no: planNo, ...own.rules },
      expects: ['plan_state'],
      echo: ['merchant_plan_no']
    }),

    /**
     * Stops a plan, so that nobody can sign it any more. (停止支付分计划) Idempotent.
     *
     * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
     *   {UnexpectedResponseError}
     */
    stop: post<{ merchant_plan_no: string } & Owner, PayscorePlan>(`${plan}/stop`, {
      ...own,
      rules: { merchant_plan_no: planNo, ...own.rules },
      expects: ['plan_state'],
      echo: ['merchant_plan_no']
    }),

    /**
     * Prepares a plan for a user to sign, with the `package` of the response. (创建用户的签约计划) Idempotent by `merchant_sign_plan_no`.
     *
     * @returns the plan, and `package` for `wx.openBusinessView`
     * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
     *   {UnexpectedResponseError}
     */
    sign: post<SignPlanParams & Sub, { sign_plan: SignPlan; package: string }>(`${signs}/user-sign-plans`, {
      fill: { ...fill, notify_url: 'notifyUrl' },
      rules: { ...SIGN, ...own.rules },
      expects: ['package'],
      echo: ['merchant_sign_plan_no', ...echo],
      echoIn: 'sign_plan'
    }),

    /**
     * Looks up a signed plan. (查询用户的签约计划)
     *
     * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
     *   {UnexpectedResponseError}
     */
    querySigned: get<{ merchant_sign_plan_no: string } & Owner, SignPlan>(sign, {
      ...own,
      rules: { merchant_sign_plan_no: planNo, ...own.rules },
      expects: ['sign_state'],
      echo: ['merchant_sign_plan_no']
    }),

    /**
     * Ends a signed plan. (取消用户的签约计划)
     *
     * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
     *   {UnexpectedResponseError}
     */
    stopSigned: post<{ merchant_sign_plan_no: string; stop_reason: string } & Owner, SignPlan>(`${sign}/stop`, {
      ...own,
      rules: { merchant_sign_plan_no: planNo, stop_reason: required(chars(50)), ...own.rules },
      expects: ['sign_state'],
      echo: ['merchant_sign_plan_no']
    }),

    /**
     * Starts a service of a signed plan. (创建签约计划的服务订单) Complete and query it as a service order: `out_trade_no` is its
     * `out_order_no`.
     *
     * @throws {UnknownResultError} ERR_UNKNOWN_RESULT: run `error.query`; not found means not created
     * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
     *   {UnexpectedResponseError}
     */
    createOrder: post<PlanServiceParams & Sub, ServiceOrder>(`${signs}/serviceorder`, {
      fill: { ...fill, notify_url: 'notifyUrl' },
      rules: { ...SERVICE, ...own.rules },
      expects: ['state', 'out_order_no'],
      echo: ['service_id', ...echo],
      money: {
        open: 'throttled',
        query: { method: `${family}.query`, by: ['out_order_no=out_trade_no', 'service_id', owner] }
      }
    })
  }
}

// Interfaces, because declaration files keep docstrings only for named types.
interface PlanRows extends ReturnType<typeof planRows<unknown, unknown>> {}
interface PartnerPlanRows extends ReturnType<typeof planRows<SubMerchant, Pick<SubMerchant, 'sub_mchid'>>> {}

/** Plans that users sign: several services for one price (微信支付分计划). */
export class PayscorePlans extends resource<PlanRows>(
  'payscorePlans',
  planRows({ plans: '/v3/payscore/plan', signs: '/v3/payscore/sign-plan', isPartner: false })
) {}

/** Plans of sub-merchants (微信支付分计划, 服务商). */
export class PartnerPayscorePlans extends resource<PartnerPlanRows>(
  'partnerPayscorePlans',
  planRows({ plans: '/v3/payscore/plan/partner', signs: '/v3/payscore/sign-plan/partner', isPartner: true })
) {}
