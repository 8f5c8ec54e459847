import {
  createCipheriv,
  createHash,
  createHmac,
  type KeyObject,
  pbkdf2Sync,
  randomBytes,
  type X509Certificate
} from 'node:crypto'
import { bmp, context, integer, nothing, octets, oid, sequence, set, tlv } from './der.ts'
import { encryptRc2Cbc } from './rc2.ts'

/** `modern`: AES-256 as current tools write; `legacy`: RC2-40 and 3DES, as the merchant console hands out. */
export type Pkcs12Kind = 'modern' | 'legacy'

export interface Pkcs12Options {
  readonly key: KeyObject
  readonly certificate: X509Certificate
  /** For WeChat Pay the merchant id. */
  readonly passphrase: string
  readonly kind: Pkcs12Kind
  readonly friendlyName?: string
}

// Real files have 2,000 and more. The passphrase is the merchant id here: nothing is gained by making it slow.
const ITERATIONS = 200
const DATA = '1.2.840.113549.1.7.1'
const PBE_RC2_40 = '1.2.840.113549.1.12.1.6'
const PBE_3DES = '1.2.840.113549.1.12.1.3'

/** Key derivation of RFC 7292, appendix B.2. */
export function derivePkcs12(
  hash: 'sha1' | 'sha256',
  passphrase: string,
  salt: Buffer,
  id: 1 | 2 | 3,
  size: number
): Buffer {
  const block = 64
  const repeat = (bytes: Buffer) => {
    const length = bytes.length === 0 ? 0 : Math.ceil(bytes.length / block) * block
    return Buffer.alloc(length, bytes)
  }
  const password = Buffer.from(`${passphrase}\0`, 'utf16le').swap16()
  const diversifier = Buffer.alloc(block, id)
  const input = Buffer.concat([repeat(salt), repeat(password)])
  const parts: Buffer[] = []
  for (let made = 0; made < size; ) {
    let digest = createHash(hash).update(diversifier).update(input).digest()
    for (let i = 1; i < ITERATIONS; i++) digest = createHash(hash).update(digest).digest()
    parts.push(digest)
    made += digest.length
    const addend = BigInt(`0x${Buffer.alloc(block, digest).toString('hex')}`) + 1n
    for (let start = 0; start < input.length; start += block) {
      const sum = BigInt(`0x${input.subarray(start, start + block).toString('hex')}`) + addend
      input.write(
        sum
          .toString(16)
          .padStart(block * 2, '0')
          .slice(-block * 2),
        start,
        'hex'
      )
    }
  }
  return Buffer.concat(parts).subarray(0, size)
}

interface Sealed {
  readonly algorithm: Buffer
  readonly data: Buffer
}

function sealModern(passphrase: string, data: Buffer): Sealed {
  const salt = randomBytes(16)
  const iv = randomBytes(16)
  const cipher = createCipheriv('aes-256-cbc', pbkdf2Sync(passphrase, salt, ITERATIONS, 32, 'sha256'), iv)
  const prf = sequence(oid('1.2.840.113549.2.9'), nothing())
  const kdf = sequence(oid('1.2.840.113549.1.5.12'), sequence(octets(salt), integer(ITERATIONS), prf))
  const scheme = sequence(oid('2.16.840.1.101.3.4.1.42'), octets(iv))
  return {
    algorithm: sequence(oid('1.2.840.113549.1.5.13'), sequence(kdf, scheme)),
    data: Buffer.concat([cipher.update(data), cipher.final()])
  }
}

function sealLegacy(algorithm: typeof PBE_RC2_40 | typeof PBE_3DES, passphrase: string, data: Buffer): Sealed {
  const salt = randomBytes(8)
  const key = derivePkcs12('sha1', passphrase, salt, 1, algorithm === PBE_3DES ? 24 : 5)
  const iv = derivePkcs12('sha1', passphrase, salt, 2, 8)
  const parameters = sequence(octets(salt), integer(ITERATIONS))
  if (algorithm === PBE_RC2_40)
    return { algorithm: sequence(oid(algorithm), parameters), data: encryptRc2Cbc(key, iv, data) }
  const cipher = createCipheriv('des-ede3-cbc', key, iv)
  return { algorithm: sequence(oid(algorithm), parameters), data: Buffer.concat([cipher.update(data), cipher.final()]) }
}

/** Marks a certificate as trusted for everything, which Java asks for. */
const TRUSTED = sequence(oid('2.16.840.1.113894.746875.1.1'), set(oid('2.5.29.37.0')))

/** Makes a `.p12` file with a certificate to trust (a trust store, as Java reads it). */
export function createTrustStore(certificate: X509Certificate, passphrase: string, friendlyName: string): Buffer {
  const attributes = set(sequence(oid('1.2.840.113549.1.9.20'), set(bmp(friendlyName))), TRUSTED)
  const bag = sequence(
    oid('1.2.840.113549.1.12.10.1.3'),
    context(0, sequence(oid('1.2.840.113549.1.9.22.1'), context(0, octets(certificate.raw)))),
    attributes
  )
  return withMac(sequence(encryptedContent(sealModern(passphrase, sequence(bag)))), passphrase, 'sha256')
}

/** Makes a `.p12` file with one key and its certificate. */
export function createPkcs12(options: Pkcs12Options): Buffer {
  const { passphrase, kind, certificate } = options
  const localKeyId = createHash('sha1').update(certificate.raw).digest()
  const attributes = set(
    sequence(oid('1.2.840.113549.1.9.20'), set(bmp(options.friendlyName ?? 'Tenpay Certificate'))),
    sequence(oid('1.2.840.113549.1.9.21'), set(octets(localKeyId)))
  )
  const certificateBag = sequence(
    oid('1.2.840.113549.1.12.10.1.3'),
    context(0, sequence(oid('1.2.840.113549.1.9.22.1'), context(0, octets(certificate.raw)))),
    attributes
  )
  const seal = (algorithm: typeof PBE_RC2_40 | typeof PBE_3DES, data: Buffer) =>
    kind === 'modern' ? sealModern(passphrase, data) : sealLegacy(algorithm, passphrase, data)
  const certificates = seal(PBE_RC2_40, sequence(certificateBag))
  const key = seal(PBE_3DES, options.key.export({ type: 'pkcs8', format: 'der' }))
  const keyBag = sequence(
    oid('1.2.840.113549.1.12.10.1.2'),
    context(0, sequence(key.algorithm, octets(key.data))),
    attributes
  )
  const safe = sequence(encryptedContent(certificates), sequence(oid(DATA), context(0, octets(sequence(keyBag)))))
  return withMac(safe, passphrase, kind === 'modern' ? 'sha256' : 'sha1')
}

function encryptedContent({ algorithm, data }: Sealed): Buffer {
  const content = sequence(integer(0), sequence(oid(DATA), algorithm, tlv(0x80, data)))
  return sequence(oid('1.2.840.113549.1.7.6'), context(0, content))
}

function withMac(safe: Buffer, passphrase: string, hash: 'sha256' | 'sha1'): Buffer {
  const salt = randomBytes(8)
  const macKey = derivePkcs12(hash, passphrase, salt, 3, hash === 'sha256' ? 32 : 20)
  const digest = createHmac(hash, macKey).update(safe).digest()
  const hashOid = oid(hash === 'sha256' ? '2.16.840.1.101.3.4.2.1' : '1.3.14.3.2.26')
  const mac = sequence(sequence(sequence(hashOid, nothing()), octets(digest)), octets(salt), integer(ITERATIONS))
  return sequence(integer(3), sequence(oid(DATA), context(0, octets(safe))), mac)
}
