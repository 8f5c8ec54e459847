import { X509Certificate } from 'node:crypto'
import { ConfigError } from '../../errors/index.ts'

/** Details of a certificate; nothing in it is secret. */
export interface CertificateInfo {
  /** Serial number as WeChat Pay writes it: upper-case hexadecimal without leading zeros. */
  readonly serial: string
  /** Common name of the subject: the merchant id in a merchant certificate (商户 API 证书). */
  readonly commonName: string
  /** The merchant id, if the common name is one. */
  readonly merchantId: string | undefined
  readonly subject: string
  readonly issuer: string
  readonly notBefore: Date
  readonly notAfter: Date
}

/**
 * Reads serial number, subject and validity of a certificate.
 *
 * @param certificate PEM or DER; in a PEM with several certificates the first is used
 * @throws {ConfigError} ERR_CONFIG when it is no certificate.
 * @example
 * const { serial, notAfter } = readCertificateInfo(readFileSync('apiclient_cert.pem'))
 */
export function readCertificateInfo(certificate: string | Uint8Array, option = 'certificate'): CertificateInfo {
  return describeCertificate(parseCertificate(certificate, option))
}

/** @internal */
export function parseCertificate(certificate: string | Uint8Array, option: string): X509Certificate {
  try {
    return new X509Certificate(certificate)
  } catch {
    // The engine's message is not helpful and may quote the input.
    throw new ConfigError(
      `${option}: expected an X.509 certificate (PEM "-----BEGIN CERTIFICATE-----"). ${advice(certificate)}`,
      {
        option,
        product: 'pay'
      }
    )
  }
}

/** @internal */
export function describeCertificate(x509: X509Certificate): CertificateInfo {
  const commonName = /^CN=(.*)$/m.exec(x509.subject)?.[1] ?? ''
  return {
    serial: normaliseSerial(x509.serialNumber),
    commonName,
    merchantId: /^\d{6,32}$/.test(commonName) ? commonName : undefined,
    subject: x509.subject.replaceAll('\n', ', '),
    issuer: x509.issuer.replaceAll('\n', ', '),
    notBefore: new Date(x509.validFrom),
    notAfter: new Date(x509.validTo)
  }
}

/** Upper-case hexadecimal without leading zeros: the form for comparing serial numbers. */
export function normaliseSerial(serial: string): string {
  return serial.toUpperCase().replace(/^0+(?=.)/, '')
}

function advice(input: string | Uint8Array): string {
  const text = typeof input === 'string' ? input : Buffer.from(input).toString('latin1', 0, 64)
  if (/PRIVATE KEY/.test(text)) return 'This is a private key: pass apiclient_key.pem in the other option.'
  if (/PUBLIC KEY/.test(text)) return 'This is a public key, not a certificate.'
  if (typeof input === 'string' && !input.includes('-----BEGIN')) return 'This is a path: pass the content of the file.'
  return 'It is damaged or of another kind: download it again.'
}
