import { type ClientOptions, clientOptionRules } from '../../core/client-options.ts'
import {
  anything,
  appId,
  type OptionCheck,
  type OptionRules,
  objectWith,
  oneOf,
  optional,
  required,
  text
} from '../../core/options.ts'
import type { Store } from '../../core/store.ts'
import type { ClientCertificateOption } from '../common/client-certificate.ts'
import { notifyUrl } from './notify-url.ts'
import type { SignType } from './signer.ts'

/** Options of `WeChatPayV2`. */
export interface WeChatPayV2Options extends ClientOptions {
  /** The app (公众号, 小程序, App) that is bound to the merchant. */
  appId: string
  /** 商户号 */
  mchId: string
  /** The API v2 key (API 密钥), 32 characters. Not the APIv3 key. */
  apiKey: string
  /**
   * Default `HMAC-SHA256`. Everything that belongs to an order (query, client call, notification) must use the type of
   * the order.
   */
  signType?: SignType | undefined
  /** The merchant's API certificate, for refunds, payouts, reversals and the fund-flow bill. Checked at construction. */
  clientCert?: ClientCertificateOption | undefined
  /** Additional apps of the same merchant: accepted as `appid` of a call and in notifications. */
  furtherAppIds?: readonly string[] | undefined
  /** Default of `notify_url` of orders. A public URL without query string. */
  notifyUrl?: string | URL | undefined
  /** Default of `notify_url` of refunds. A public URL without query string. */
  refundNotifyUrl?: string | URL | undefined
  /** Service provider mode (服务商模式): default of `sub_appid` of all calls. */
  subAppId?: string | undefined
  /**
   * Service provider mode (服务商模式): default of `sub_mch_id` of all calls. Notifications of other sub-merchants are then
   * refused: leave it out in a client for many, and set the sub-merchant per call.
   */
  subMchId?: string | undefined
  /**
   * Host for retries after a failed connection, with identical bytes. Default `api2.mch.weixin.qq.com`; `false`: only
   * the main host.
   */
  backupHost?: string | false | undefined
  /** Stores dedupe records of handled notifications; shared by all processes. Default: a `memoryStore()`. */
  store?: Store | undefined
  /** The sandbox (仿真系统): `true` fetches its key when needed; or pass the key. */
  sandbox?: boolean | { signKey: string } | undefined
  /**
   * Additional certificate authorities (PEM), e.g. that of the simulator; those of the system stay trusted.
   * Verification cannot be switched off.
   */
  ca?: string | readonly string[] | undefined
}

const mchId = text(/^\d{6,32}$/, 'a merchant id (商户号): digits only, as text')

const apiKey: OptionCheck = (value) => {
  const wrong = text(/^[\x21-\x7e]+$/, 'printable characters without spaces')(value)
  if (wrong) return wrong
  const { length } = value as string
  return length === 32 ? undefined : `must be the API v2 key (API 密钥) of 32 characters; this has ${length}`
}

const appIds: OptionCheck = (value) =>
  Array.isArray(value) && value.every((item) => appId(item) === undefined)
    ? undefined
    : 'must be a list of AppIDs such as wx0123456789abcdef'

const hostOrFalse: OptionCheck = (value) =>
  value === false || (typeof value === 'string' && /^[a-z0-9.-]+(:\d+)?$/i.test(value))
    ? undefined
    : 'must be a host name such as "api2.mch.weixin.qq.com", or false'

const pemOrList: OptionCheck = (value) =>
  [value].flat().every((item) => typeof item === 'string' && item.includes('-----BEGIN CERTIFICATE-----'))
    ? undefined
    : 'must be the content of a PEM file with certificates, or a list of such'

const sandbox: OptionCheck = (value) =>
  typeof value === 'boolean' || (typeof value === 'object' && value !== null)
    ? undefined
    : 'must be true, false or { signKey }'

export const payV2Rules = (): OptionRules => ({
  ...clientOptionRules(),
  appId: required(appId),
  furtherAppIds: optional(appIds),
  mchId: required(mchId),
  apiKey: required(apiKey),
  signType: optional(oneOf('HMAC-SHA256', 'MD5')),
  clientCert: optional(anything),
  notifyUrl: optional(notifyUrl),
  refundNotifyUrl: optional(notifyUrl),
  subAppId: optional(appId),
  subMchId: optional(mchId),
  backupHost: optional(hostOrFalse),
  store: optional(objectWith('get', 'set', 'delete', 'setIfAbsent', 'compareAndDelete')),
  sandbox: optional(sandbox),
  ca: optional(pemOrList)
})

export const sandboxRules = (): OptionRules => ({ signKey: required(apiKey) })
