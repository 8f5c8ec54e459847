import type { HttpClientOptions } from '../core/http-client.ts'
import type { CheckedOptions, WeChatPayOptions } from './options.ts'
import type { PlatformKey } from './platform-key.ts'
import type { Account } from './prepare-call.ts'
import { refuseOption } from './refuse-option.ts'

const BACKUP_HOST = 'api2.mch.weixin.qq.com'

/** The account of a client. */
export function accountOf(
  options: WeChatPayOptions,
  { privateKey, apiV3Key, formerApiV3Key, serial }: CheckedOptions
): Account {
  const { mchId, appId, subMchId, subAppId, furtherAppIds = [], notifyUrl } = options
  return {
    mchId,
    appId,
    appIds: appId === undefined ? [] : [appId, ...furtherAppIds],
    subMchId,
    subAppId,
    notifyUrl: notifyUrl === undefined ? undefined : String(notifyUrl),
    privateKey,
    apiV3Key,
    formerApiV3Key,
    serial
  }
}

/** @throws {ConfigError} ERR_CONFIG if no key is left. */
export function unexpiredKeys(
  { platformKeys, downloads }: CheckedOptions,
  now: number,
  warn: (message: string) => void
): readonly PlatformKey[] {
  const alive = platformKeys.filter((key) => {
    if (key.notAfter === undefined || key.notAfter > now) return true
    warn(`The platform certificate ${key.id} has expired and is not used: remove it from platformKeys.`)
    return false
  })
  if (alive.length > 0 || downloads) return alive
  throw refuseOption(
    'platformKeys',
    'has only expired certificates. Use the WeChat Pay public key, which does not expire.'
  )
}

/** With a base URL there is no second host unless one is configured. */
export function backupHostOf({ baseUrl, backupHost }: WeChatPayOptions): string | undefined {
  if (backupHost === false) return undefined
  return backupHost ?? (baseUrl === undefined ? BACKUP_HOST : undefined)
}

/** Options of the HTTP client. */
export function httpOptions(options: WeChatPayOptions, secrets: readonly string[]): HttpClientOptions {
  const { fetch, dispatcher, proxy, timeoutMs, maxRetries, middleware, logger, clock, nonce, ca } = options
  const given = { fetch, dispatcher, proxy, timeoutMs, maxRetries, middleware, logger, clock, nonce, ca }
  const kept = Object.entries(given).filter(([, value]) => value !== undefined)
  return { ...Object.fromEntries(kept), product: 'pay', secrets }
}

/** Values that no error may quote. */
export function secretsOf({ apiV3Key, formerApiV3Key }: WeChatPayOptions): string[] {
  return formerApiV3Key === undefined ? [apiV3Key] : [apiV3Key, formerApiV3Key]
}
