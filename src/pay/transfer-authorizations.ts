import { optional, record, required } from '../core/options.ts'
import { fen } from './common/fen.ts'
import { get, post } from './endpoint.ts'
import { chars, listOf, notifyUrl, openid, outBillNo } from './field-rules.ts'
import { resource } from './resource.ts'
import { checkTransfer } from './transfer-scenes.ts'
import type { Transfer, TransferCreated, TransferParams, TransferState } from './transfers.ts'

/** A permission to request from a user: transfers of one scene then need no confirmation. */
export interface TransferAuthorizationParams {
  /** Idempotency key of the authorization, at most 32 characters. A user has one active authorization per scene. */
  out_authorization_no: string
  /** Default: `appId` of the client. */
  appid?: string | undefined
  openid: string
  transfer_scene_id: string
  /** Shown to the user as the account, at most 32 characters, without emoji. */
  user_display_name: string
  user_recv_perception?: string | undefined
  /** Default: `notifyUrl` of the client. */
  authorization_notify_url?: string | undefined
  scene_info?:
    | {
        client_ip?: string | undefined
        device_id?: string | undefined
        device_type?: 'IOS' | 'ANDROID' | 'HARMONY' | 'OTHER' | (string & {}) | undefined
      }
    | undefined
}

/** `TAKING_EFFECT`: transfers need no confirmation. `CLOSED` is final: a new number is needed. */
export type TransferAuthorizationState = 'WAIT_USER_CONFIRM' | 'TAKING_EFFECT' | 'CLOSED' | (string & {})

/** An authorization that waits for the user. */
export interface TransferAuthorizationCreated {
  out_authorization_no: string
  state: TransferAuthorizationState
  /** RFC 3339. The user has 24 hours. */
  create_time: string
  /** For `transfers.confirmParams`. */
  package_info?: string
}

/** An authorization as WeChat Pay returns it; also the content of its notifications. */
export interface TransferAuthorization {
  out_authorization_no: string
  appid: string
  openid: string
  user_display_name: string
  /** Present once confirmed. */
  authorization_id?: string
  state: TransferAuthorizationState
  /** RFC 3339. */
  authorize_time?: string
  /** `close_time` is RFC 3339. */
  close_info?: {
    close_time: string
    close_reason: 'CLOSE_VIA_MCH_API' | 'USER_CLOSE' | 'USER_OVERDUE_UNCONFIRMED' | (string & {})
  }
  transfer_scene_id?: string
  user_recv_perception?: string
  /** RFC 3339. */
  create_time?: string
  package_info?: string
}

/** A transfer to a user who has granted the permission, identified by either number of the authorization. */
export type AuthorizedTransferParams = Omit<TransferParams, 'openid' | 'user_recv_style'> &
  (
    | { authorization_id: string; out_authorization_no?: never }
    | { out_authorization_no: string; authorization_id?: never }
  ) & {
    /** The merchant that pays (出资商户), if it is another one. */
    sponsor_mchid?: string | undefined
  }

/** A transfer without confirmation. It is paid only in state `SUCCESS`; query other states until they are final. */
export type AuthorizedTransfer = Omit<Transfer, 'update_time'> & {
  /** RFC 3339. */
  update_time?: string
}

/** A transfer that also requests the permission. */
export interface TransferWithAuthorizationParams extends TransferParams {
  authorization_info: {
    out_authorization_no: string
    user_display_name: string
    authorization_notify_url: string
  }
  /** The merchant that pays (出资商户), if it is another one. */
  sponsor_mchid?: string | undefined
}

/** A transfer that waits for the user, who may grant the permission with it. */
export interface TransferWithAuthorizationCreated extends TransferCreated {
  state: TransferState
  out_authorization_no?: string
  user_display_name?: string
}

const BASE = '/v3/fund-app/mch-transfer'
const BY_NUMBER = `${BASE}/user-confirm-authorization/out-authorization-no/{out_authorization_no}`
const TRANSFER = `${BASE}/transfer-bills/transfer`
const authorizationNo = chars(32, /^[0-9A-Za-z_|*-]{1,32}$/, '1 to 32 of the characters 0-9 A-Z a-z _ - | *')
const NUMBER = {
  rules: { out_authorization_no: required(authorizationNo) },
  expects: ['state'],
  echo: ['out_authorization_no']
}
const BILL_RULES = {
  out_bill_no: required(outBillNo),
  transfer_scene_id: required(chars(36)),
  user_name: optional(chars(64)),
  transfer_amount: required(fen()),
  transfer_remark: required(chars(32)),
  notify_url: optional(notifyUrl),
  user_recv_perception: optional(chars(32)),
  transfer_scene_report_infos: required(listOf(10)),
  'transfer_scene_report_infos[].info_type': required(chars(15)),
  'transfer_scene_report_infos[].info_content': required(chars(32))
}
const MONEY = { open: 'any', query: { method: 'transfers.query', by: ['out_bill_no'] } } as const

/** Transfers that the user has permitted in advance. (免确认收款授权, 自动收款) The product needs a permission from WeChat Pay. */
export class TransferAuthorizations extends resource('transferAuthorizations', {
  /**
   * Requests the permission from a user. (发起免确认收款授权) The user grants it with the `package_info` of the response, within
   * 24 hours.
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY: `NO_AUTH` without the product, `INVALID_REQUEST` while an authorization of this user
   *   and scene is open; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError}; {UnexpectedResponseError}
   * @example
   * const authorization = await pay.transferAuthorizations.create({
   *   out_authorization_no: 'A202603010001', openid, transfer_scene_id: '1005', user_display_name: 'Rider 7'
   * })
   * const parameters = pay.transfers.confirmParams(authorization)
   */
  create: post<TransferAuthorizationParams, TransferAuthorizationCreated>(`${BASE}/user-confirm-authorization`, {
    fill: { appid: 'appId', authorization_notify_url: 'notifyUrl' },
    rules: {
      out_authorization_no: required(authorizationNo),
      openid: required(openid),
      transfer_scene_id: required(chars(36)),
      user_display_name: required(chars(32)),
      user_recv_perception: optional(chars(256)),
      authorization_notify_url: required(notifyUrl),
      scene_info: optional(record)
    },
    expects: ['state'],
    echo: ['out_authorization_no']
  }),

  /**
   * Looks up an authorization. (商户单号查询授权结果)
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY, e.g. `NOT_FOUND`; {ConfigError} ERR_INVALID_PARAM; {SignatureError};
   *   {ConnectionError}; {UnexpectedResponseError}
   */
  query: get<{ out_authorization_no: string; is_display_authorization?: boolean | undefined }, TransferAuthorization>(
    BY_NUMBER,
    NUMBER
  ),

  /**
   * Ends an authorization. (解除免确认收款授权) Idempotent; transfers accepted earlier are still made.
   *
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {ConfigError} ERR_INVALID_PARAM; {SignatureError}; {ConnectionError};
   *   {UnexpectedResponseError}
   */
  close: post<{ out_authorization_no: string }, TransferAuthorization>(`${BY_NUMBER}/close`, NUMBER),

  /**
   * Transfers money to a user who has granted the permission. (免确认收款转账) Never retried by the client.
   *
   * @param params `transfer_amount` in fen
   * @returns paid only if `state` is `SUCCESS`; query other states until they are final
   * @throws {UnknownResultError} ERR_UNKNOWN_RESULT for **every** status but 200: keep the number, run `error.query`, take a new
   *   number only after the state `FAIL`
   * @throws {ConfigError} ERR_INVALID_PARAM before anything is sent
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {SignatureError}; {ConnectionError} when the request was never sent
   */
  transfer: post<AuthorizedTransferParams, AuthorizedTransfer>(
    { authorization_id: TRANSFER, out_authorization_no: TRANSFER },
    {
      idempotent: false,
      fill: { appid: 'appId' },
      rules: {
        ...BILL_RULES,
        authorization_id: optional(chars(64)),
        out_authorization_no: optional(authorizationNo)
      },
      check: checkTransfer,
      encrypted: ['user_name'],
      decrypted: ['user_name'],
      expects: ['transfer_bill_no', 'state'],
      echo: ['out_bill_no', 'transfer_amount'],
      money: MONEY
    }
  ),

  /**
   * Starts a transfer that the user confirms, and requests the permission with it. (发起转账并完成免确认收款授权) The transfer does
   * not prove the permission: its own notification or `query()` does.
   *
   * @param params `transfer_amount` in fen
   * @throws {UnknownResultError} ERR_UNKNOWN_RESULT as for `transfer`
   * @throws {ConfigError} ERR_INVALID_PARAM before anything is sent
   * @throws {WeChatPayError} ERR_WECHAT_PAY; {SignatureError}; {ConnectionError} when the request was never sent
   */
  createWithTransfer: post<TransferWithAuthorizationParams, TransferWithAuthorizationCreated>(
    `${BASE}/transfer-bills/pre-transfer-with-authorization`,
    {
      idempotent: false,
      fill: { appid: 'appId' },
      rules: {
        ...BILL_RULES,
        openid: required(openid),
        user_recv_style: optional(record),
        authorization_info: required(record),
        'authorization_info.out_authorization_no': required(authorizationNo),
        'authorization_info.user_display_name': required(chars(32)),
        'authorization_info.authorization_notify_url': required(notifyUrl)
      },
      check: checkTransfer,
      encrypted: ['user_name'],
      expects: ['transfer_bill_no', 'state'],
      echo: ['out_bill_no'],
      money: MONEY
    }
  )
}) {}
