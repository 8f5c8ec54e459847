import type { KeyObject, X509Certificate } from 'node:crypto'
import { describeCertificate, normaliseSerial } from './common/certificate-info.ts'
import { type Pem, readCertificate, readPem, readPublicKey } from './read-pem.ts'
import { refuseOption } from './refuse-option.ts'

/** Prefix of the id of WeChat Pay's public key (微信支付公钥 ID). */
export const PUBLIC_KEY_ID = /^PUB_KEY_ID_[0-9A-Za-z]{8,64}$/

/** A key of the platform, with which it signs and for which fields are encrypted. */
export interface PlatformKey {
  /** `PUB_KEY_ID_…`, or the serial number of a platform certificate (upper-case, without leading zeros). */
  readonly id: string
  readonly kind: 'publicKey' | 'certificate'
  readonly key: KeyObject
  /** Milliseconds since 1970; a public key does not expire. */
  readonly notAfter: number | undefined
  /** The value to send: with the leading zeros that {@link id} lacks. */
  readonly wireId: string
}

/** Values that must never be taken for a key of the platform. */
export interface OwnIdentity {
  mchId: string
  serial: string
  publicKeyPem: string
}

/**
 * Parses one entry of `platformKeys` and distinguishes it from every other file of the merchant platform.
 *
 * @throws {ConfigError} ERR_CONFIG
 */
export function readPlatformKey(id: string, pem: Pem, own: OwnIdentity): PlatformKey {
  const option = `platformKeys[${JSON.stringify(id.slice(0, 80))}]`
  const { text, kind } = readPem(
    pem,
    option,
    'a key of the platform',
    id.startsWith('PUB_KEY_ID_') ? 'PUBLIC KEY' : 'CERTIFICATE'
  )
  if (kind === 'private key' || kind === 'encrypted private key') {
    throw refuseOption(
      option,
      'is a private key; the public key (pub_key.pem) or platform certificate of WeChat Pay is expected.'
    )
  }
  if (id.startsWith('PUB_KEY_ID_')) return readPublicKeyEntry(id, text, kind, option, own)
  const serial = checkSerial(id, option)
  if (kind !== 'certificate') {
    throw refuseOption(
      option,
      `is a ${kind} under the serial number of a certificate. Put a WeChat Pay public key under its id, PUB_KEY_ID_….`
    )
  }
  const certificate = readCertificate(text, option)
  refuseOwnCertificate(certificate, option, own)
  const actual = describeCertificate(certificate).serial
  if (actual !== normaliseSerial(serial)) {
    throw refuseOption(option, `contains the certificate with the serial number ${actual}: use that as the name.`)
  }
  return platformKeyOf(certificate)
}

/** A platform certificate as a key. */
export function platformKeyOf(certificate: X509Certificate): PlatformKey {
  return {
    id: normaliseSerial(certificate.serialNumber),
    wireId: certificate.serialNumber.toUpperCase(),
    kind: 'certificate',
    key: certificate.publicKey,
    notAfter: Date.parse(certificate.validTo)
  }
}

/**
 * Checks a serial number (证书序列号) and returns it in upper case.
 *
 * @throws {ConfigError} ERR_CONFIG; a decimal one is named as such, with its hexadecimal form.
 */
export function checkSerial(serial: unknown, option: string): string {
  if (typeof serial !== 'string') throw refuseOption(option, 'must be a serial number as hexadecimal text.')
  // As printed by `openssl x509 -serial`.
  const plain = serial
    .trim()
    .replace(/^serial=/i, '')
    .replaceAll(':', '')
    .replaceAll(' ', '')
  // 160 bits are 40 hexadecimal digits but up to 49 decimal ones; 41 digits without a letter can only be decimal.
  if (/^\d{41,50}$/.test(plain)) {
    throw refuseOption(
      option,
      `is a decimal number; WeChat Pay writes serial numbers in hexadecimal: ${BigInt(plain).toString(16).toUpperCase()}.`
    )
  }
  if (serial.startsWith('PUB_KEY_ID_')) {
    throw refuseOption(option, 'is the id of a public key; the serial number of a certificate is expected.')
  }
  if (!/^[0-9A-Fa-f]{8,40}$/.test(plain)) {
    throw refuseOption(
      option,
      'must be a certificate serial number of at most 40 hexadecimal digits (openssl x509 -noout -serial -in apiclient_cert.pem).'
    )
  }
  return plain.toUpperCase()
}

function readPublicKeyEntry(id: string, text: string, kind: string, option: string, own: OwnIdentity): PlatformKey {
  if (!PUBLIC_KEY_ID.test(id)) {
    throw refuseOption(option, 'has a damaged name: copy the public key id (PUB_KEY_ID_ and digits) again.')
  }
  if (kind === 'certificate') {
    throw refuseOption(
      option,
      'is a certificate. Put the WeChat Pay public key (pub_key.pem) under PUB_KEY_ID_…, and a platform certificate under its serial number.'
    )
  }
  const key = readPublicKey(text, option)
  if (exportPem(key) === own.publicKeyPem) {
    throw refuseOption(
      option,
      "is your own public key; WeChat Pay's is expected: merchant platform, API security, WeChat Pay public key (微信支付公钥)."
    )
  }
  return { id, wireId: id, kind: 'publicKey', key, notAfter: undefined }
}

/** The merchant's certificate is the file that everybody has, but it does not verify what the platform signs. */
function refuseOwnCertificate(certificate: X509Certificate, option: string, own: OwnIdentity): void {
  const info = describeCertificate(certificate)
  const isMerchants =
    info.commonName === own.mchId ||
    info.merchantId !== undefined ||
    exportPem(certificate.publicKey) === own.publicKeyPem
  if (!isMerchants && info.serial === normaliseSerial(own.serial)) {
    throw refuseOption(
      'certSerial',
      'is the serial number of the platform certificate (平台证书): use that of apiclient_cert.pem, which belongs to the private key (openssl x509 -noout -serial -in apiclient_cert.pem).'
    )
  }
  if (!isMerchants) return
  throw refuseOption(
    option,
    `is a merchant certificate (商户 API 证书, ${info.serial}), not a platform certificate (平台证书). Use the WeChat Pay public key, or platformKeys: 'certificates', which downloads the right ones.`
  )
}

export function exportPem(publicKey: KeyObject): string {
  return String(publicKey.export({ type: 'spki', format: 'pem' }))
}
