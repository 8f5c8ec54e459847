import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface MerchantCertificates {
  caCert: string
  serverCert: string
  serverKey: string
  /** Issued to the merchant by the CA. */
  cert: string
  key: string
  modernPfx: Buffer
  /** RC2-40 and 3DES, as the merchant platform made them for years. */
  legacyPfx: Buffer
  /** Issued to the merchant by another CA. */
  strangerCert: string
  strangerKey: string
}

export interface CertificateOptions {
  mchId: string
  days?: number
  serial?: string
}

/** Makes a CA, a server certificate for 127.0.0.1 and a merchant certificate with the openssl program. */
export function makeMerchantCertificates({
  mchId,
  days = 30,
  serial = '0x0A1B2C3D4E'
}: CertificateOptions): MerchantCertificates {
  const folder = mkdtempSync(join(tmpdir(), 'weixin-kit-'))
  const at = (name: string) => join(folder, name)
  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'ignore'] })
  const issue = (name: string, subject: string, ca: string, ...more: string[]) => {
    openssl(
      'req',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      at(`${name}.key`),
      '-out',
      at(`${name}.csr`),
      '-utf8',
      '-subj',
      subject
    )
    openssl(
      'x509',
      '-req',
      '-in',
      at(`${name}.csr`),
      '-CA',
      at(`${ca}.pem`),
      '-CAkey',
      at(`${ca}.key`),
      '-out',
      at(`${name}.pem`),
      ...more
    )
  }
  const authority = (name: string) =>
    openssl(
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      at(`${name}.key`),
      '-out',
      at(`${name}.pem`),
      '-subj',
      `/O=Test/CN=${name}`,
      '-days',
      '30'
    )
  const pfx = (name: string, ...more: string[]) => {
    openssl(
      'pkcs12',
      '-export',
      '-in',
      at('merchant.pem'),
      '-inkey',
      at('merchant.key'),
      '-certfile',
      at('ca.pem'),
      '-out',
      at(name),
      '-passout',
      `pass:${mchId}`,
      ...more
    )
    return readFileSync(at(name))
  }
  const text = (name: string) => readFileSync(at(name), 'utf8')
  try {
    execFileSync('sh', ['-c', `printf 'subjectAltName=IP:127.0.0.1,DNS:localhost' > '${at('san.cnf')}'`])
    authority('ca')
    authority('stranger-ca')
    const subject = `/C=CN/O=微信商户系统/OU=示例公司/CN=${mchId}`
    issue('server', '/CN=localhost', 'ca', '-days', '30', '-set_serial', '1', '-extfile', at('san.cnf'))
    issue('merchant', subject, 'ca', '-days', String(days), '-set_serial', serial)
    issue('stranger', subject, 'stranger-ca', '-days', '30', '-set_serial', '2')
    return {
      caCert: text('ca.pem'),
      serverCert: text('server.pem'),
      serverKey: text('server.key'),
      cert: text('merchant.pem'),
      key: text('merchant.key'),
      modernPfx: pfx('modern.p12'),
      legacyPfx: pfx('legacy.p12', '-legacy', '-certpbe', 'PBE-SHA1-RC2-40', '-keypbe', 'PBE-SHA1-3DES'),
      strangerCert: text('stranger.pem'),
      strangerKey: text('stranger.key')
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
