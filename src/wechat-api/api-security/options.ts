import { createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto'
import { checkOptions, type OptionRules, optional, record, required, text } from '../../core/options.ts'
import { ConfigError, type Product } from '../../errors/index.ts'

/** A symmetric key (对称密钥) of the console, with its number. */
export interface SymmetricKey {
  /** Number (编号) of the key in the console. */
  sn: string
  /** Base64 of 32 bytes, as the console shows it. */
  key: string
}

/**
 * Option `apiSecurity` of `OfficialAccount` and `MiniProgram`: the keys of the console page "API security" (API安全).
 * Document: 服务端 API 签名加密指南. Algorithms: `AES256_GCM` and `RSAwithSHA256`.
 */
export interface ApiSecurityOptions {
  symmetricKey: SymmetricKey
  /** The symmetric key before the last change; responses still in transit are decrypted with it. */
  previousSymmetricKey?: SymmetricKey | undefined
  /** Your private key as PEM, PKCS#1 or PKCS#8; its public key is uploaded in the console. */
  privateKey: string
  /** Number (编号) of your asymmetric key in the console. */
  privateKeySn: string
  /**
   * Certificates of the platform (平台证书) by their numbers in the console, not their X.509 serial numbers. Several during
   * a change.
   */
  platformCertificates: Readonly<Record<string, string>>
  /** Paths that need encryption besides the documented ones, e.g. of a new API. */
  paths?: readonly string[] | undefined
}

/** The parsed {@link ApiSecurityOptions}. */
export interface ApiSecurityKeys {
  /** The current one first. */
  readonly symmetric: readonly [ParsedSymmetricKey, ...ParsedSymmetricKey[]]
  readonly privateKey: KeyObject
  readonly privateKeySn: string
  readonly platform: ReadonlyMap<string, KeyObject>
}

interface ParsedSymmetricKey {
  readonly sn: string
  readonly key: Buffer
}

const SN = text(/^[\x21-\x7e]{1,128}$/, 'the number (编号) that the console shows beside the key')

const RULES: OptionRules = {
  symmetricKey: required(record),
  previousSymmetricKey: optional(record),
  // A PEM ends with a line break.
  privateKey: required((value) => (typeof value === 'string' && value !== '' ? undefined : 'must be a PEM')),
  privateKeySn: required(SN),
  platformCertificates: required(record),
  paths: optional((value) =>
    Array.isArray(value) && value.every((path) => typeof path === 'string' && /^\/[^\s?#]+$/.test(path))
      ? undefined
      : 'must be a list of paths such as /wxa/getuserriskrank'
  )
}

/**
 * @throws {ConfigError} ERR_CONFIG naming the option: a key of the wrong length, a PEM that cannot be read, a private
 * key in place of a certificate, your own key in place of the platform's
 */
export function readApiSecurityKeys(options: ApiSecurityOptions, product: Product): ApiSecurityKeys {
  checkOptions(options, RULES, { owner: 'apiSecurity', product })
  const { symmetricKey, previousSymmetricKey, privateKey, privateKeySn, platformCertificates } = options
  const key = readPem('privateKey', product, () => createPrivateKey(privateKey))
  const own = createPublicKey(key)
  const platform = new Map<string, KeyObject>()
  for (const [sn, pem] of Object.entries(platformCertificates)) {
    const name = `platformCertificates.${sn}`
    const publicKey = readPem(name, product, () => readPublicKey(pem))
    if (publicKey.equals(own))
      throw wrong(name, 'is your own key: download the platform certificate (平台证书)', product)
    platform.set(sn, publicKey)
  }
  if (platform.size === 0) throw wrong('platformCertificates', 'is empty: download the platform certificate', product)
  const current = readSymmetric('symmetricKey', symmetricKey, product)
  const previous = previousSymmetricKey && readSymmetric('previousSymmetricKey', previousSymmetricKey, product)
  const symmetric: ApiSecurityKeys['symmetric'] = previous ? [current, previous] : [current]
  return { symmetric, privateKey: key, privateKeySn, platform }
}

function readSymmetric(name: string, given: SymmetricKey, product: Product): ParsedSymmetricKey {
  checkOptions(given, { sn: required(SN), key: required(text()) }, { owner: `apiSecurity ${name}`, product })
  const key = Buffer.from(given.key, 'base64')
  if (key.length !== 32) {
    throw wrong(`${name}.key`, 'must be base64 of 32 bytes (AES256_GCM); a key of SM4_GCM has 16', product)
  }
  return { sn: given.sn, key }
}

function readPublicKey(pem: string): KeyObject {
  if (/PRIVATE KEY/.test(pem)) throw new Error('a private key')
  return /BEGIN CERTIFICATE/.test(pem) ? new X509Certificate(pem).publicKey : createPublicKey(pem)
}

function readPem(name: string, product: Product, read: () => KeyObject): KeyObject {
  let key: KeyObject
  try {
    key = read()
  } catch (cause) {
    throw wrong(name, 'cannot be read: paste the whole PEM with its BEGIN and END lines', product, cause)
  }
  if (key.asymmetricKeyType !== 'rsa') throw wrong(name, 'must be an RSA key (RSAwithSHA256)', product)
  return key
}

function wrong(name: string, problem: string, product: Product, cause?: unknown): ConfigError {
  return new ConfigError(`apiSecurity: option "${name}" ${problem}.`, { option: `apiSecurity.${name}`, product, cause })
}
