import { createHash, createPublicKey, type KeyObject, sign, X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import { bitString, boolean, context, integer, nothing, octets, oid, sequence, set, time, tlv, utf8 } from './der.ts'

export interface CertificateOptions {
  readonly subject: Readonly<Partial<Record<'CN' | 'O' | 'OU' | 'C' | 'L' | 'ST', string>>>
  readonly issuer: Readonly<Partial<Record<'CN' | 'O' | 'OU' | 'C' | 'L' | 'ST', string>>>
  readonly publicKey: KeyObject
  readonly signingKey: KeyObject
  /** Hexadecimal. */
  readonly serialNumber: string
  readonly notBefore: number
  readonly notAfter: number
  readonly isAuthority?: boolean
  /** Host names and addresses of a server certificate. */
  readonly hosts?: readonly string[]
  /** Host names and addresses that an authority may vouch for, nobody else (critical name constraints). */
  readonly permitted?: readonly string[]
}

const ATTRIBUTES = { CN: '2.5.4.3', C: '2.5.4.6', L: '2.5.4.7', ST: '2.5.4.8', O: '2.5.4.10', OU: '2.5.4.11' } as const

function name(parts: CertificateOptions['subject']): Buffer {
  const rows = Object.entries(parts) as [keyof typeof ATTRIBUTES, string][]
  return sequence(...rows.map(([key, value]) => set(sequence(oid(ATTRIBUTES[key]), utf8(value)))))
}

function extension(id: string, critical: boolean, value: Buffer): Buffer {
  return sequence(oid(id), ...(critical ? [boolean(true)] : []), octets(value))
}

function addressBytes(ip: string): Buffer {
  if (isIP(ip) === 4) return Buffer.from(ip.split('.').map(Number))
  // ::1 is the only IPv6 address that a loopback server has.
  return Buffer.concat([Buffer.alloc(15), Buffer.from([1])])
}

/** Subject key identifier: the SHA-1 of the public key. */
function keyId(key: KeyObject): Buffer {
  const publicKey = key.type === 'private' ? createPublicKey(key.export({ type: 'pkcs8', format: 'pem' })) : key
  return createHash('sha1')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest()
}

/** `GeneralSubtree`s: a name stands for itself and what is below it, an address for its network. */
function subtrees(names: readonly string[]): Buffer[] {
  return names.map((name) => {
    // All of 127.0.0.0/8 is this machine.
    if (isIP(name) === 4) return sequence(tlv(0x87, Buffer.from([127, 0, 0, 0, 255, 0, 0, 0])))
    if (isIP(name) === 6) return sequence(tlv(0x87, addressBytes(name), Buffer.alloc(16, 255)))
    return sequence(tlv(0x82, Buffer.from(name, 'ascii')))
  })
}

/** Makes an X.509 v3 certificate (SHA-256 with RSA or ECDSA). */
export function createCertificate(options: CertificateOptions): X509Certificate {
  const isRsa = options.signingKey.asymmetricKeyType === 'rsa'
  const algorithm = isRsa ? sequence(oid('1.2.840.113549.1.1.11'), nothing()) : sequence(oid('1.2.840.10045.4.3.2'))
  const extensions = [
    extension('2.5.29.19', true, sequence(...(options.isAuthority ? [boolean(true)] : []))),
    extension('2.5.29.15', true, tlv(0x03, options.isAuthority ? Buffer.from([1, 0x06]) : Buffer.from([5, 0xa0])))
  ]
  if (options.permitted)
    extensions.push(extension('2.5.29.30', true, sequence(context(0, ...subtrees(options.permitted)))))
  // Strict readers (Python 3.13) want to see which key signed which.
  if (options.permitted || options.hosts) {
    extensions.push(extension('2.5.29.14', false, octets(keyId(options.publicKey))))
    extensions.push(extension('2.5.29.35', false, sequence(tlv(0x80, keyId(options.signingKey)))))
  }
  if (options.hosts) {
    // TLS servers only.
    extensions.push(extension('2.5.29.37', false, sequence(oid('1.3.6.1.5.5.7.3.1'))))
    const names = options.hosts.map((host) =>
      isIP(host) ? tlv(0x87, addressBytes(host)) : tlv(0x82, Buffer.from(host, 'ascii'))
    )
    extensions.push(extension('2.5.29.17', false, sequence(...names)))
  }
  const body = sequence(
    context(0, integer(2)),
    integer(Buffer.from(options.serialNumber, 'hex')),
    algorithm,
    name(options.issuer),
    sequence(time(options.notBefore), time(options.notAfter)),
    name(options.subject),
    createPublicKey(
      options.publicKey.type === 'private'
        ? options.publicKey.export({ type: 'pkcs8', format: 'pem' })
        : options.publicKey.export({ type: 'spki', format: 'pem' })
    ).export({ type: 'spki', format: 'der' }),
    context(3, sequence(...extensions))
  )
  return new X509Certificate(sequence(body, algorithm, bitString(sign('sha256', body, options.signingKey))))
}
