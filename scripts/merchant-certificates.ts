// Writes test/fixtures/merchant-certificates anew (`npx tsx scripts/merchant-certificates.ts`; needs the openssl program).
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { MerchantCertificates } from '../test/support/merchant-certificates.ts'

/** Valid for a hundred years: a test that is about the end sets its clock to it. */
const DAYS = '36500'

/** A CA, a server certificate for 127.0.0.1 and a merchant certificate, made by the openssl program. */
function makeMerchantCertificates(mchId: string): MerchantCertificates {
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
      DAYS
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
    writeFileSync(at('san.cnf'), 'subjectAltName=IP:127.0.0.1,DNS:localhost')
    authority('ca')
    authority('stranger-ca')
    const subject = `/C=CN/O=微信商户系统/OU=示例公司/CN=${mchId}`
    issue('server', '/CN=localhost', 'ca', '-days', DAYS, '-set_serial', '1', '-extfile', at('san.cnf'))
    issue('merchant', subject, 'ca', '-days', DAYS, '-set_serial', '0x0A1B2C3D4E')
    issue('stranger', subject, 'stranger-ca', '-days', DAYS, '-set_serial', '2')
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

for (const mchId of ['1900000109', '1900000110']) {
  const { modernPfx, legacyPfx, ...texts } = makeMerchantCertificates(mchId)
  const files = { ...texts, modernPfx: modernPfx.toString('base64'), legacyPfx: legacyPfx.toString('base64') }
  const path = new URL(`../test/fixtures/merchant-certificates/${mchId}.json`, import.meta.url)
  writeFileSync(path, `${JSON.stringify(files, null, 2)}\n`)
}
