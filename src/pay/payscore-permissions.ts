import { required } from '../core/options.ts'
import { get, post } from './endpoint.ts'
import { chars, notifyUrl, openid } from './field-rules.ts'
import { enableView, type PayscoreViewParams } from './payscore-view.ts'
import { resource } from './resource.ts'
import type { ShoppingInfo } from './service-order.ts'
import { authorizationCode, checkRisk, RISK, serviceId } from './service-order-rules.ts'

/** A permission to request from a user: service orders then need no confirmation. */
export interface PayscorePermissionParams {
  service_id: string
  /** Default: `appId` of the client. */
  appid?: string | undefined
  /** Your number of the permission, at most 32 characters, unique. */
  authorization_code: string
  /** Default: `notifyUrl` of the client. */
  notify_url?: string | undefined
}

/** Identifies a permission by its user. */
export interface PayscoreUser {
  service_id: string
  /** Default: `appId` of the client. */
  appid?: string | undefined
  openid: string
}

/** A permission as WeChat Pay returns it. */
export interface PayscorePermission {
  service_id: string
  appid: string
  mchid: string
  openid?: string
  authorization_code?: string
  /** Only `AVAILABLE` is granted. `UNBINDUSER`: no user yet. */
  authorization_state: 'UNAVAILABLE' | 'AVAILABLE' | 'UNBINDUSER' | (string & {})
  notify_url?: string
  /** RFC 3339. */
  cancel_authorization_time?: string
  /** RFC 3339. */
  authorization_success_time?: string
  /** The higher, the greater the risk. */
  user_risk_level?: number
  risk_level_version?: number
}

/** A user whose risk is queried, by one of two numbers. */
export type PayscoreRiskParams = {
  service_id: string
  /** Default: `appId` of the client. */
  appid?: string | undefined
  /** The service that the user is about to get. */
  shopping_info?: ShoppingInfo | undefined
} & ({ authorization_code: string; openid?: never } | { openid: string; authorization_code?: never })

/** A permission, with WeChat's assessment of its user. */
export interface PayscoreRisk extends PayscorePermission {
  user_label?: string
  channel_id?: string
  sub_mchid?: string
  sub_appid?: string
  sub_openid?: string
}

/** A user has granted a service or ended the permission (开启/解除授权服务回调通知). */
export interface PayscorePermissionNotification {
  appid: string
  /** Also if WeChat Pay spells it `mch_id`; the same applies to `sub_mchid`. */
  mchid: string
  sub_mchid?: string
  sub_appid?: string
  service_id: string
  /** Absent if a sub-merchant's user is identified only by `sub_openid`. */
  openid?: string
  sub_openid?: string
  user_service_status: 'USER_OPEN_SERVICE' | 'USER_CLOSE_SERVICE' | (string & {})
  /** `yyyyMMddHHmmss` in Beijing time. */
  openorclose_time: string
  authorization_code?: string
  out_request_no?: string
}

const PERMISSIONS = '/v3/payscore/permissions'
const BY_CODE = `${PERMISSIONS}/authorization-code/{authorization_code}`
const BY_OPENID = `${PERMISSIONS}/openid/{openid}`
const APP = { appid: 'appId' } as const
const BY_CODE_RULES = { service_id: required(serviceId), authorization_code: required(authorizationCode) }
const BY_OPENID_RULES = { service_id: required(serviceId), openid: required(openid) }
const REASON = { reason: required(chars(50)) }
const FOUND = { expects: ['authorization_state'], echo: ['service_id'] }

const Calls = resource('payscorePermissions', {
  /**
   * Requests a permission. (商户预授权) The user grants it with `enableParams`, within an hour.
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   * @example
   * const { apply_permissions_token } = await pay.payscorePermissions.apply({
   *   service_id: '2002000000000558128851361561536', authorization_code: 'A202603010001'
   * })
   */
  apply: post<PayscorePermissionParams, { apply_permissions_token: string }>(PERMISSIONS, {
    fill: { ...APP, notify_url: 'notifyUrl' },
    rules: {
      service_id: required(serviceId),
      authorization_code: required(authorizationCode),
      notify_url: required(notifyUrl)
    },
    expects: ['apply_permissions_token']
  }),

  /**
   * Looks up a permission. (查询与用户授权记录（授权协议号）) `UNBINDUSER` until the user opens it.
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  query: get<{ service_id: string; authorization_code: string }, PayscorePermission>(BY_CODE, {
    rules: BY_CODE_RULES,
    ...FOUND,
    echo: ['service_id', 'authorization_code']
  }),

  /**
   * Looks up the permission of a user. (查询与用户授权记录（openid）)
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  queryByOpenid: get<PayscoreUser, PayscorePermission>(BY_OPENID, { fill: APP, rules: BY_OPENID_RULES, ...FOUND }),

  /**
   * Ends a permission. (解除用户授权关系（授权协议号）) Refused while an order of the user is open.
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError}
   */
  terminate: post<{ service_id: string; authorization_code: string; reason: string }, void>(`${BY_CODE}/terminate`, {
    rules: { ...BY_CODE_RULES, ...REASON },
    empty: true
  }),

  /**
   * Ends the permission of a user. (解除用户授权关系（openid）) Refused while an order of the user is open.
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError}
   */
  terminateByOpenid: post<PayscoreUser & { reason: string }, void>(`${BY_OPENID}/terminate`, {
    fill: APP,
    rules: { ...BY_OPENID_RULES, ...REASON },
    empty: true
  }),

  /**
   * Queries WeChat's risk level of a user. (查询用户风险等级) Needs a special permission.
   *
   * @param params the user, by the number of the permission or by the openid; amounts in fen
   * @throws {WeChatPayError} ERR_WECHAT_PAY, e.g. `NO_AUTH` without the permission; {ConfigError} ERR_INVALID_PARAM;
   *   {SignatureError}; {ConnectionError}; {UnexpectedResponseError}
   */
  assessRisk: post<PayscoreRiskParams, PayscoreRisk>(`${PERMISSIONS}/assess-user-risk-level`, {
    fill: APP,
    rules: RISK,
    check: checkRisk,
    ...FOUND
  }),

  /**
   * Returns whether a user has granted a service, by the API from before 2020. (查询用户授权状态)
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  userState: get<
    PayscoreUser,
    { service_id: string; appid: string; openid?: string; use_service_state: 'UNAVAILABLE' | 'AVAILABLE' }
  >('/v3/payscore/user-service-state', {
    fill: APP,
    rules: BY_OPENID_RULES,
    expects: ['use_service_state'],
    echo: ['service_id']
  })
})

/** Permissions for service orders without confirmation (微信支付分授权). */
export class PayscorePermissions extends Calls {
  /**
   * Returns the parameters of `wx.openBusinessView`, with which the user grants a permission. (小程序调起授权) Computed
   * locally; nothing is sent.
   *
   * @param permission the response of `apply`
   * @throws {ConfigError} ERR_INVALID_PARAM without the token
   */
  enableParams(permission: { apply_permissions_token: string }): PayscoreViewParams<{
    apply_permissions_token: string
  }> {
    return enableView('payscorePermissions', permission)
  }
}
