import { createPublicKey, createSecretKey, type KeyObject } from 'node:crypto'
import { type ClientOptions, clientOptionRules } from '../core/client-options.ts'
import {
  appId,
  checkOptions,
  flag,
  httpUrl,
  list,
  type OptionCheck,
  type OptionRules,
  objectWith,
  optional,
  required,
  text
} from '../core/options.ts'
import type { Store } from '../core/store.ts'
import { type CertificateInfo, describeCertificate, normaliseSerial } from './common/certificate-info.ts'
import { checkSerial, exportPem, type PlatformKey, readPlatformKey } from './platform-key.ts'
import { type Pem, readCertificate, readPem, readPrivateKey } from './read-pem.ts'
import { refuseOption } from './refuse-option.ts'

/** Options of `WeChatPay`. */
export interface WeChatPayOptions extends ClientOptions {
  /** Merchant id (商户号); for a service provider, its own. */
  mchId: string
  /** App whose orders are placed; for a service provider, its own. Required by calls that contain an appid. */
  appId?: string | undefined
  /**
   * Additional apps bound to the merchant: their orders may be placed (`appid` per call) and their notifications are
   * accepted.
   */
  furtherAppIds?: readonly string[] | undefined
  /** The sub-merchant (特约商户) for whom a service provider acts, if a call names none. */
  subMchId?: string | undefined
  /** The app of that sub-merchant: for partner orders and for the parameters of clients. */
  subAppId?: string | undefined
  /** APIv3 key (APIv3 密钥): 32 characters. Not the API key of v2. */
  apiV3Key: string
  /** The previous key while the APIv3 key is being changed: decrypts what was encrypted with it. */
  formerApiV3Key?: string | undefined
  /** Content of `apiclient_key.pem`. */
  privateKey: Pem | KeyObject
  /** Serial number of the merchant certificate (商户 API 证书序列号), hexadecimal. May be left out if `certificate` is given. */
  certSerial?: string | undefined
  /** Content of `apiclient_cert.pem`: not needed for calls, but verifies that key and serial number belong together. */
  certificate?: Pem | undefined
  /**
   * Keys of the platform by their ids: the WeChat Pay public key (`PUB_KEY_ID_…`) and, while migrating, platform certificates
   * by serial number. `'certificates'` downloads platform certificates, for merchants without a public key.
   */
  platformKeys: 'certificates' | Readonly<Record<string, Pem>>
  /** Whether to download platform certificates besides the keys in `platformKeys`, while migrating. Default `false`. */
  downloadCertificates?: boolean | undefined
  /**
   * Key with which the platform is asked to sign, and for which fields are encrypted. Default: the first public key,
   * else the newest certificate.
   */
  preferredKey?: string | undefined
  /** Default for orders without a `notify_url`. */
  notifyUrl?: string | URL | undefined
  /** Stores dedupe records of handled notifications, shared by all processes. Default: a separate `memoryStore()`. */
  store?: Store | undefined
  /** Host for retries after a failed connection. Default `api2.mch.weixin.qq.com`; `false`: none. */
  backupHost?: string | false | undefined
  /** Additional certificate authorities (PEM) for TLS, e.g. of the simulator or a private proxy. */
  ca?: string | readonly string[] | undefined
}

const anyPem: OptionCheck = (value) => {
  if (value === '') return 'is empty: is the environment variable or file that it comes from set?'
  return typeof value === 'string' || (typeof value === 'object' && value !== null)
    ? undefined
    : 'must be the content of a PEM file'
}
const keyRing: OptionCheck = (value) =>
  value === 'certificates' || (typeof value === 'object' && value !== null && !Array.isArray(value))
    ? undefined
    : "must be an object such as { 'PUB_KEY_ID_…': pem }, or 'certificates'"
const ca: OptionCheck = (value) =>
  [value].flat().every((item) => typeof item === 'string' && item.includes('-----BEGIN CERTIFICATE'))
    ? undefined
    : 'must be a PEM certificate or a list of them'
const backup: OptionCheck = (value) =>
  value === false ? undefined : text(/^[a-z0-9.-]+$/, 'a host name such as api2.mch.weixin.qq.com, or false')(value)

const rules = (): OptionRules => ({
  ...clientOptionRules(),
  mchId: required(text(/^\d{6,32}$/, 'the merchant id (商户号): digits')),
  appId: optional(appId),
  furtherAppIds: optional((value) => list(value) ?? (value as unknown[]).map(appId).find(Boolean)),
  subMchId: optional(text(/^\d{6,32}$/, 'the merchant id of the sub-merchant (特约商户号): digits')),
  subAppId: optional(appId),
  apiV3Key: required(() => undefined),
  formerApiV3Key: optional(() => undefined),
  privateKey: required(anyPem),
  certSerial: optional(() => undefined),
  certificate: optional(anyPem),
  platformKeys: required(keyRing),
  downloadCertificates: optional(flag),
  preferredKey: optional(text()),
  notifyUrl: optional(httpUrl),
  store: optional(objectWith('get', 'set', 'delete', 'setIfAbsent', 'compareAndDelete')),
  backupHost: optional(backup),
  ca: optional(ca)
})

/** Keys that can be replaced while a client is in use. */
export type ReplacedKeys = Partial<
  Pick<
    WeChatPayOptions,
    'apiV3Key' | 'formerApiV3Key' | 'privateKey' | 'certSerial' | 'certificate' | 'platformKeys' | 'preferredKey'
  >
>

/**
 * Returns options with other keys. Options that belong to a replaced key are replaced with it.
 *
 * @throws {ConfigError} ERR_CONFIG
 */
export function withKeys(options: WeChatPayOptions, keys: ReplacedKeys): WeChatPayOptions {
  const { certSerial, certificate, ...rest } = options
  const { preferredKey, ...others } = rest
  const kept = keys.privateKey === undefined ? { certSerial, certificate } : {}
  const former =
    keys.apiV3Key === undefined || keys.apiV3Key === options.apiV3Key ? {} : { formerApiV3Key: options.apiV3Key }
  const merged = {
    ...others,
    ...(keys.platformKeys === undefined ? { preferredKey } : {}),
    ...kept,
    ...former,
    ...keys
  }
  // Absent and undefined are the same here, but not to the rules.
  return Object.fromEntries(
    Object.entries(merged).filter(([, value]) => value !== undefined)
  ) as typeof merged as WeChatPayOptions
}

/** The checked options, keys parsed once. */
export interface CheckedOptions {
  readonly privateKey: KeyObject
  readonly apiV3Key: KeyObject
  readonly formerApiV3Key: KeyObject | undefined
  /** The value sent in `serial_no`. */
  readonly serial: string
  /** Details of the merchant certificate, if it was given. */
  readonly certificate: CertificateInfo | undefined
  readonly platformKeys: readonly PlatformKey[]
  readonly downloads: boolean
  readonly preferredKey: string | undefined
}

/**
 * Checks the options, and reports mistakes that would otherwise show as "签名错误" days later.
 *
 * @throws {ConfigError} ERR_CONFIG naming the option.
 */
export function checkPayOptions(options: WeChatPayOptions): CheckedOptions {
  if (typeof options === 'object' && options !== null && 'apiKey' in options) {
    throw refuseOption('apiKey', 'is the key of API v2 (API 密钥). API v3 has a separate key, apiV3Key (APIv3 密钥).')
  }
  checkOptions(options, rules(), { owner: 'WeChatPay', product: 'pay' })
  const apiV3Key = readApiV3Key(options.apiV3Key, 'apiV3Key')
  const former = options.formerApiV3Key
  const formerApiV3Key = former === undefined ? undefined : readApiV3Key(former, 'formerApiV3Key')
  const privateKey = readPrivateKey(options.privateKey, 'privateKey')
  const publicKeyPem = exportPem(createPublicKey(privateKey))
  const { serial, certificate } = readSerial(options, privateKey)
  const own = { mchId: options.mchId, serial, publicKeyPem }
  const entries = options.platformKeys === 'certificates' ? [] : Object.entries(options.platformKeys)
  const platformKeys = entries.map(([id, pem]) => readPlatformKey(id, pem, own))
  const downloads = options.platformKeys === 'certificates' || options.downloadCertificates === true
  if (platformKeys.length === 0 && !downloads) {
    throw refuseOption(
      'platformKeys',
      "is empty: pass the WeChat Pay public key as { 'PUB_KEY_ID_…': pem }, or 'certificates'."
    )
  }
  return {
    privateKey,
    apiV3Key,
    formerApiV3Key,
    serial,
    certificate,
    platformKeys,
    downloads,
    preferredKey: readPreferred(options, platformKeys)
  }
}

function readApiV3Key(key: unknown, option: string): KeyObject {
  if (typeof key !== 'string') throw refuseOption(option, 'must be the APIv3 key (APIv3 密钥) as text.')
  const bytes = Buffer.from(key, 'utf8')
  const advice = 'It is set in the merchant platform under API security (API 安全) and has 32 letters and digits.'
  if (key !== key.trim()) {
    throw refuseOption(option, 'has spaces or a line break at its start or end: paste it without them.')
  }
  if (bytes.byteLength === 16) {
    throw refuseOption(option, `has 16 bytes, so it is not an APIv3 key but perhaps an AES-128 key. ${advice}`)
  }
  if (bytes.byteLength !== 32) {
    const guess = /^[A-Za-z0-9+/]{43}=?$|^[0-9a-fA-F]{64}$/.test(key)
      ? ' It looks encoded (base64 or hexadecimal): pass it as it was entered in the merchant platform.'
      : ' It may be the API key of v2 (API 密钥), an AppSecret, or truncated.'
    throw refuseOption(option, `has ${bytes.byteLength} bytes; exactly 32 are expected.${guess} ${advice}`)
  }
  return createSecretKey(bytes)
}

function readSerial(
  options: WeChatPayOptions,
  privateKey: KeyObject
): { serial: string; certificate: CertificateInfo | undefined } {
  const given = options.certSerial === undefined ? undefined : checkSerial(options.certSerial, 'certSerial')
  if (options.certificate === undefined) {
    if (given === undefined) {
      throw refuseOption(
        'certSerial',
        'is required (or pass "certificate"): the serial number of apiclient_cert.pem, openssl x509 -noout -serial.'
      )
    }
    return { serial: given, certificate: undefined }
  }
  const { text: pem, kind } = readPem(options.certificate, 'certificate', 'the merchant certificate', 'CERTIFICATE')
  if (kind !== 'certificate') {
    throw refuseOption('certificate', `is a ${kind}; apiclient_cert.pem is expected.`)
  }
  const x509 = readCertificate(pem, 'certificate')
  const info = describeCertificate(x509)
  if (!x509.checkPrivateKey(privateKey)) {
    throw refuseOption(
      'privateKey',
      `does not belong to the certificate ${info.serial}: use apiclient_key.pem and apiclient_cert.pem from the same download.`
    )
  }
  if (info.merchantId !== undefined && info.merchantId !== options.mchId) {
    throw refuseOption('certificate', `belongs to merchant ${info.merchantId}; mchId is ${options.mchId}.`)
  }
  if ((options.clock ?? Date.now)() > info.notAfter.getTime()) {
    throw refuseOption(
      'certificate',
      `expired on ${info.notAfter.toISOString()}: apply for a new one in the merchant platform (API 安全).`
    )
  }
  if (given !== undefined && normaliseSerial(given) !== info.serial) {
    throw refuseOption('certSerial', `is not that of the given certificate, which is ${info.serial}.`)
  }
  return { serial: x509.serialNumber.toUpperCase(), certificate: info }
}

function readPreferred(options: WeChatPayOptions, keys: readonly PlatformKey[]): string | undefined {
  const { preferredKey } = options
  if (preferredKey === undefined) return undefined
  const id = preferredKey.startsWith('PUB_KEY_ID_')
    ? preferredKey
    : normaliseSerial(checkSerial(preferredKey, 'preferredKey'))
  if (!keys.some((key) => key.id === id)) {
    throw refuseOption('preferredKey', 'does not name a key of platformKeys.')
  }
  return id
}
