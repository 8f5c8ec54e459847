import { createPrivateKey, type KeyObject, type X509Certificate } from 'node:crypto'
import { checkOptions, type OptionCheck, optional, required } from '../../core/options.ts'
import { ConfigError } from '../../errors/index.ts'
import { loadPkcs12 } from '../../internal/pkcs12/index.ts'
import { type CertificateInfo, describeCertificate, parseCertificate } from './certificate-info.ts'
import { pemBlocks, pemOf } from './pem.ts'

/** The merchant's API certificate (商户 API 证书) for mutual TLS: `apiclient_cert.p12`, or the PEM pair. */
export type ClientCertificateOption =
  | {
      /**
       * Bytes of `apiclient_cert.p12`, read without an encoding. Files with the old RC2/3DES encryption are supported
       * too.
       */
      pfx: Uint8Array
      /** Default: the merchant id. */
      passphrase?: string | undefined
    }
  | {
      /** Content of `apiclient_cert.pem`. */
      cert: string | Uint8Array
      /** Content of `apiclient_key.pem`. */
      key: string | Uint8Array | KeyObject
    }

/** A loaded and checked certificate. The key is an opaque `KeyObject`. */
export interface LoadedClientCertificate {
  /** PEM, leaf first. */
  readonly cert: string
  readonly key: KeyObject
  readonly info: CertificateInfo
}

const bytes: OptionCheck = (value) =>
  value instanceof Uint8Array
    ? undefined
    : 'must be the bytes of the .p12 file: readFileSync(path), without an encoding'
const pem: OptionCheck = (value) =>
  value instanceof Uint8Array || (typeof value === 'string' && value !== '')
    ? undefined
    : 'must be the content of a PEM file'
const keyLike: OptionCheck = (value) => (typeof value === 'object' && value !== null ? undefined : pem(value))
const phrase: OptionCheck = (value) => (typeof value === 'string' ? undefined : 'must be a string')

/**
 * Loads a client certificate and checks that the key belongs to it, that it is valid now, and that it is this merchant's.
 *
 * @throws {ConfigError} ERR_CONFIG, ERR_PKCS12_PASSWORD, ERR_PKCS12_ENCODING, ERR_PKCS12_UNSUPPORTED, ERR_PKCS12_MALFORMED
 */
export function loadClientCertificate(
  option: ClientCertificateOption,
  context: { owner: string; mchId: string; nowMs: number }
): LoadedClientCertificate {
  const owner = `${context.owner} clientCert`
  if (typeof option === 'string' || option instanceof Uint8Array) {
    throw refuse('clientCert', "expected { pfx: readFileSync('apiclient_cert.p12') }, or { cert, key } with PEM files.")
  }
  const isPfx = typeof option === 'object' && option !== null && 'pfx' in option
  const rules = isPfx
    ? { pfx: required(bytes), passphrase: optional(phrase) }
    : { cert: required(pem), key: required(keyLike) }
  checkOptions(option, rules, { owner, product: 'pay' })
  const loaded = 'pfx' in option ? loadPfx(option, context.mchId) : loadPem(option)
  const info = describeCertificate(loaded.x509)
  if (!loaded.x509.checkPrivateKey(loaded.key)) {
    throw refuse(
      'clientCert.key',
      'the private key does not belong to the certificate. Use the pair from the same download.'
    )
  }
  checkLife(info, context.nowMs)
  if (info.commonName !== context.mchId) {
    const whose = info.merchantId ? `of merchant ${info.merchantId}` : 'not a merchant certificate (商户 API 证书)'
    throw refuse('clientCert', `the certificate is ${whose}; expected the one of mchId ${context.mchId}.`)
  }
  return { cert: loaded.cert, key: loaded.key, info }
}

interface Loaded {
  cert: string
  key: KeyObject
  x509: X509Certificate
}

function loadPfx(option: { pfx: Uint8Array; passphrase?: string | undefined }, mchId: string): Loaded {
  const { certificate, chain, key } = loadPkcs12(option.pfx, option.passphrase ?? mchId, 'clientCert.pfx')
  return { cert: [certificate, ...chain].join('\n'), key, x509: parseCertificate(certificate, 'clientCert.pfx') }
}

function loadPem(option: { cert: string | Uint8Array; key: string | Uint8Array | KeyObject }): Loaded {
  const given = textOf(option.cert)
  // The chain is included; a key in the same file is not.
  const certificates = pemBlocks(given).filter(({ label }) => label.endsWith('CERTIFICATE'))
  const cert = certificates.length === 0 ? given : certificates.map(({ text }) => text).join('\n')
  return { cert, key: readKey(option.key), x509: parseCertificate(cert, 'clientCert.cert') }
}

function textOf(value: string | Uint8Array): string {
  return typeof value === 'string' ? value : Buffer.from(value).toString('utf8')
}

function readKey(key: string | Uint8Array | KeyObject): KeyObject {
  if (typeof key !== 'string' && !(key instanceof Uint8Array)) {
    if (key.type === 'private') return key
    throw refuse('clientCert.key', 'expected a private key (KeyObject of type "private").')
  }
  try {
    const text = textOf(key)
    return createPrivateKey(pemOf(text, 'PRIVATE KEY') ?? text)
  } catch {
    // Neither message nor cause of the engine is passed on: they may quote the key.
    throw refuse(
      'clientCert.key',
      'expected the content of apiclient_key.pem ("-----BEGIN PRIVATE KEY-----"), unencrypted.'
    )
  }
}

function checkLife(info: CertificateInfo, nowMs: number): void {
  if (nowMs > info.notAfter.getTime()) {
    throw refuse(
      'clientCert',
      `the certificate ${info.serial} expired on ${info.notAfter.toISOString()}. Apply for a new one in the merchant platform (账户中心 > API 安全).`
    )
  }
  if (nowMs < info.notBefore.getTime()) {
    throw refuse(
      'clientCert',
      `the certificate ${info.serial} is only valid from ${info.notBefore.toISOString()} on. Check the clock of this machine.`
    )
  }
}

function refuse(option: string, problem: string): ConfigError {
  return new ConfigError(`${option}: ${problem}`, { option, product: 'pay' })
}
