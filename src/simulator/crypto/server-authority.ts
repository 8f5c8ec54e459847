import { createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes, X509Certificate } from 'node:crypto'
import { createCertificate } from './x509.ts'

/** Who signs the TLS certificate of the loopback server. A machine is asked to trust it, so its key is random. */
export interface ServerAuthority {
  readonly key: KeyObject
  readonly certificate: X509Certificate
}

const DAY_MS = 86_400_000
/** A year, and whoever trusts it is asked again. */
export const AUTHORITY_DAYS = 365
const SUBJECT = { O: 'weixin-kit simulator', CN: 'weixin-kit simulator CA' } as const
const LOOPBACK = ['localhost', '127.0.0.1', '::1']

const serial = (): string => `5${randomBytes(20).toString('hex').slice(1)}`
const newKey = (): KeyObject => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey

/**
 * Makes an authority. It can vouch for the named hosts, whatever is below them, and this machine (critical name
 * constraints): who gets hold of its key cannot play any other host.
 */
export function createServerAuthority(hosts: readonly string[], nowMs: number = Date.now()): ServerAuthority {
  const key = newKey()
  const certificate = createCertificate({
    subject: SUBJECT,
    issuer: SUBJECT,
    publicKey: key,
    signingKey: key,
    serialNumber: serial(),
    notBefore: nowMs - DAY_MS,
    notAfter: nowMs + AUTHORITY_DAYS * DAY_MS,
    isAuthority: true,
    permitted: permittedNames(hosts)
  })
  return { key, certificate }
}

/** Reads what was kept. */
export function readServerAuthority(keyPem: string, certificatePem: string): ServerAuthority | undefined {
  try {
    const authority = { key: createPrivateKey(keyPem), certificate: new X509Certificate(certificatePem) }
    return authority.certificate.ca && authority.certificate.checkPrivateKey(authority.key) ? authority : undefined
  } catch {
    return undefined
  }
}

/** The names that the constraints allow: of `up*.qiniup.com` the part that is the same for all, `qiniup.com`. */
export function permittedNames(hosts: readonly string[]): string[] {
  const fixed = hosts.map((host) => (host.includes('*') ? host.replace(/^.*\*[^.]*\./, '') : host))
  return [...new Set([...fixed, ...LOOPBACK])].sort()
}

/** Key and certificate of a loopback server. Dated from the real time, because real clients check it. */
export function createServerCertificate(
  authority: ServerAuthority,
  hosts: readonly string[],
  nowMs: number = Date.now()
): { key: string; cert: string } {
  const key = newKey()
  const cert = createCertificate({
    subject: { O: 'weixin-kit simulator', CN: 'localhost' },
    issuer: SUBJECT,
    publicKey: key,
    signingKey: authority.key,
    serialNumber: serial(),
    notBefore: nowMs - DAY_MS,
    notAfter: Math.min(Date.parse(authority.certificate.validTo), nowMs + AUTHORITY_DAYS * DAY_MS),
    hosts: [...new Set([...hosts, ...LOOPBACK])]
  })
  return { key: String(key.export({ type: 'pkcs8', format: 'pem' })), cert: cert.toString() }
}
