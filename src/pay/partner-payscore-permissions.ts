import { integer, optional, required } from '../core/options.ts'
import { get, type ParamProblem, type Params, post } from './endpoint.ts'
import { chars, merchantId, notifyUrl, openid } from './field-rules.ts'
import type {
  PayscorePermission,
  PayscorePermissionParams,
  PayscoreRisk,
  PayscoreRiskParams
} from './payscore-permissions.ts'
import { enableView, type PayscoreViewParams } from './payscore-view.ts'
import { resource } from './resource.ts'
import { authorizationCode, checkRisk, RISK, serviceId } from './service-order-rules.ts'
import type { SubMerchant } from './transactions/order.ts'

/** A permission to request from a user of a sub-merchant. */
export type PartnerPayscorePermissionParams = PayscorePermissionParams & SubMerchant

/** Identifies a permission of a sub-merchant by its number. */
export interface PartnerPayscorePermissionNumber extends Pick<SubMerchant, 'sub_mchid'> {
  service_id: string
  authorization_code: string
}

/** Identifies a permission of a sub-merchant by its user. */
export type PartnerPayscoreUser = SubMerchant & {
  service_id: string
  /** Default: `appId` of the client. */
  appid?: string | undefined
} & ({ openid: string; sub_openid?: never } | { sub_openid: string; openid?: never })

/** A permission of a sub-merchant as WeChat Pay returns it. */
export interface PartnerPayscorePermission extends PayscorePermission {
  sub_mchid: string
  sub_appid?: string
  sub_openid?: string
}

/** A user of a sub-merchant whose risk is queried. */
export type PartnerPayscoreRiskParams =
  | (PayscoreRiskParams & SubMerchant)
  | (Omit<PayscoreRiskParams, 'openid' | 'authorization_code'> & SubMerchant & { sub_openid: string })

/** Application to bind a service to a sub-merchant. */
export interface ServiceAccountParams extends SubMerchant {
  service_id: string
  /** Default: `appId` of the client. */
  appid?: string | undefined
  /** Your number of the application. */
  out_apply_no: string
  result_notify_url?: string | undefined
}

/** An application to bind a service to a sub-merchant. */
export interface ServiceAccountApplication {
  service_id: string
  appid: string
  mchid: string
  sub_mchid: string
  sub_appid?: string
  out_apply_no: string
  result_notify_url?: string
  apply_state: string
  reject_reason?: string
}

const PERMISSIONS = '/v3/payscore/partner/permissions'
const BY_CODE = `${PERMISSIONS}/authorization-code/{authorization_code}`
const APPLICATIONS = '/v3/payscore/partner/service-account-applications'
const SUB = { sub_mchid: 'subMchId' } as const
const APPS = { appid: 'appId', ...SUB, sub_appid: 'subAppId' } as const
const OF_SUB = { service_id: required(serviceId), sub_mchid: required(merchantId) }
const BY_CODE_RULES = { ...OF_SUB, authorization_code: required(authorizationCode) }
const USER = { ...OF_SUB, openid: optional(openid), sub_openid: optional(openid) }
const REASON = { reason: required(chars(50)) }
const FOUND = { expects: ['authorization_state'], echo: ['service_id', 'sub_mchid'] }
const APPLY = { ...BY_CODE_RULES, notify_url: required(notifyUrl) }
const applyNo = required(chars(64, /^[0-9A-Za-z_|*@-]{1,64}$/, '1 to 64 of the characters 0-9 A-Z a-z _ - | * @'))

const checkUser = ({ openid, sub_openid }: Params): ParamProblem | undefined =>
  (openid === undefined) === (sub_openid === undefined)
    ? { field: 'openid', problem: 'or sub_openid: pass exactly one of them' }
    : undefined

const Calls = resource('partnerPayscorePermissions', {
  /**
   * Requests a permission. (商户预授权, 服务商) The user grants it with `enableParams`, within an hour.
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  apply: post<PartnerPayscorePermissionParams, { apply_permissions_token: string }>(PERMISSIONS, {
    fill: { ...APPS, notify_url: 'notifyUrl' },
    rules: APPLY,
    expects: ['apply_permissions_token']
  }),

  /**
   * Requests a permission in another scene, e.g. with a payment. (商户预授权: 指定场景, 服务商)
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  applyForScene: post<
    PartnerPayscorePermissionParams & {
      scene: string
      /** The merchants of the payment. */
      transaction_scene_info?: { mchid: string; sub_mchid: string } | undefined
    },
    { scene: string; transaction_permissions_token?: string }
  >(`${PERMISSIONS}/apply-for-scene`, {
    fill: { ...APPS, notify_url: 'notifyUrl' },
    rules: { ...APPLY, scene: required(chars(64)) },
    expects: ['scene'],
    echo: ['scene']
  }),

  /**
   * Looks up a permission. (查询与用户授权记录（授权协议号）, 服务商) `UNBINDUSER` until the user opens it.
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  query: get<PartnerPayscorePermissionNumber, PartnerPayscorePermission>(BY_CODE, {
    fill: SUB,
    rules: BY_CODE_RULES,
    ...FOUND,
    echo: ['service_id', 'authorization_code', 'sub_mchid']
  }),

  /**
   * Looks up the permission of a user. (查询与用户授权记录（openid）, 服务商)
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  queryByUser: get<PartnerPayscoreUser, PartnerPayscorePermission>(`${PERMISSIONS}/search`, {
    fill: APPS,
    rules: USER,
    check: checkUser,
    ...FOUND
  }),

  /**
   * Ends a permission. (解除用户授权关系（授权协议号）, 服务商) Refused while an order of the user is open.
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError}
   */
  terminate: post<PartnerPayscorePermissionNumber & { reason: string }, void>(`${BY_CODE}/terminate`, {
    fill: SUB,
    rules: { ...BY_CODE_RULES, ...REASON },
    empty: true
  }),

  /**
   * Ends the permission of a user. (解除用户授权关系（openid）, 服务商) Refused while an order of the user is open.
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError}
   */
  terminateByUser: post<PartnerPayscoreUser & { reason: string }, void>(`${PERMISSIONS}/terminate`, {
    fill: APPS,
    rules: { ...USER, ...REASON },
    check: checkUser,
    empty: true
  }),

  /**
   * Queries WeChat's risk level of a user. (查询用户风险等级, 服务商) Needs a special permission.
   *
   * @param params the user, by one number; amounts in fen
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  assessRisk: post<PartnerPayscoreRiskParams, PayscoreRisk>(`${PERMISSIONS}/assess-user-risk-level`, {
    fill: APPS,
    inQuery: ['sub_mchid'],
    rules: { ...RISK, sub_mchid: required(merchantId), sub_openid: optional(openid) },
    check: checkRisk,
    expects: ['authorization_state'],
    echo: ['service_id']
  }),

  /**
   * Returns the limits that WeChat suggests, by risk level. (查询服务额度, 服务商)
   *
   * @returns `suggested_quota` in fen
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  quotas: get<
    SubMerchant & { service_id: string; appid?: string | undefined; risk_level_version: number },
    { service_id: string; risk_level_version: number; quotas: { risk_level: number; suggested_quota: number }[] }
  >('/v3/payscore/partner/servicequotas/service-id/{service_id}', {
    fill: APPS,
    rules: { ...OF_SUB, risk_level_version: required(integer(0)) },
    echo: ['service_id', 'risk_level_version']
  }),

  /**
   * Applies to bind a service to a sub-merchant. (申请绑定服务, 服务商)
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  applyService: post<ServiceAccountParams, ServiceAccountApplication>(APPLICATIONS, {
    fill: APPS,
    rules: { ...OF_SUB, out_apply_no: applyNo, result_notify_url: optional(notifyUrl) },
    expects: ['apply_state'],
    echo: ['out_apply_no', 'service_id', 'sub_mchid']
  }),

  /**
   * Looks up an application to bind a service. (查询绑定服务申请, 服务商)
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  queryServiceApplication: get<{ out_apply_no: string }, ServiceAccountApplication>(`${APPLICATIONS}/{out_apply_no}`, {
    rules: { out_apply_no: applyNo },
    expects: ['apply_state'],
    echo: ['out_apply_no']
  })
})

/** Permissions of the users of sub-merchants for service orders without confirmation (微信支付分授权, 服务商). */
export class PartnerPayscorePermissions extends Calls {
  /**
   * Returns the parameters of `wx.openBusinessView`, with which the user grants a permission. Computed locally; nothing
   * is sent.
   *
   * @param permission the response of `apply`
   * @throws {ConfigError} ERR_INVALID_PARAM without the token
   */
  enableParams(permission: { apply_permissions_token: string }): PayscoreViewParams<{
    apply_permissions_token: string
  }> {
    return enableView('partnerPayscorePermissions', permission)
  }
}
