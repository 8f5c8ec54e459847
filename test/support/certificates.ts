import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'
import { createCertificate } from '../../src/simulator/crypto/x509.ts'

export interface TestCertificate {
  pem: string
  serial: string
  privateKey: KeyObject
}

/** A certificate as the platform has them, valid from 2024 on. */
export function makeCertificate(commonName: string, options: { days?: number } = {}): TestCertificate {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const notBefore = Date.UTC(2024, 0)
  // Positive and without leading zeros: 40 digits, the first of them from 1 to 7.
  const serial = randomBytes(20)
  serial[0] = ((serial[0] ?? 0) & 0x6f) | 0x10
  const certificate = createCertificate({
    subject: { CN: commonName, O: 'Tenpay.com' },
    issuer: { CN: 'Tenpay.com Root CA' },
    publicKey,
    signingKey: privateKey,
    serialNumber: serial.toString('hex'),
    notBefore,
    notAfter: notBefore + (options.days ?? 1825) * 24 * 3_600_000
  })
  return { pem: certificate.toString(), serial: certificate.serialNumber, privateKey }
}
