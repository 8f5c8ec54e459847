import { createHash, createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto'
import { pemBlocks } from './common/pem.ts'
import { refuseOption } from './refuse-option.ts'

/** Content of a PEM file, as text or as bytes. */
export type Pem = string | Uint8Array

/** WeChat Pay does not use shorter keys. */
const LEAST_BITS = 2048

/** The type of a text by its first PEM header. */
export type PemKind =
  | 'private key'
  | 'encrypted private key'
  | 'public key'
  | 'certificate'
  | 'certificate request'
  | 'other'

/**
 * Reads a PEM and reports the usual mistakes: a path, a `.p12`, a truncated file. Of several blocks the expected one is
 * used.
 *
 * @throws {ConfigError} ERR_CONFIG
 */
export function readPem(
  value: unknown,
  option: string,
  expected: string,
  wanted: 'PRIVATE KEY' | 'PUBLIC KEY' | 'CERTIFICATE'
): { text: string; kind: PemKind } {
  if (typeof value !== 'string' && !(value instanceof Uint8Array)) {
    throw refuseOption(option, `must be ${expected} as PEM text or bytes.`)
  }
  if (typeof value !== 'string' && value[0] === 0x30) {
    throw refuseOption(
      option,
      `has the bytes of a .p12 or DER file; ${expected} as PEM was expected: apiclient_key.pem and apiclient_cert.pem of the same download.`
    )
  }
  const given = (typeof value === 'string' ? value : Buffer.from(value).toString('utf8')).trim()
  const blocks = pemBlocks(given)
  // One file may hold key and certificate: `openssl pkcs12 -nodes` writes both.
  const block = blocks.find(({ label }) => label.endsWith(wanted)) ?? blocks[0]
  if (!block) {
    const isPath = given.length < 300 && /\.(pem|key|crt|cer|p12|txt)$/i.test(given)
    const isCut = given.includes('-----BEGIN')
    throw refuseOption(
      option,
      isPath
        ? 'is a path, but the content of the file is expected: readFileSync(path).'
        : isCut
          ? 'has no "-----END …-----" line: it is damaged or truncated. Copy the whole file again.'
          : `has no "-----BEGIN …-----" line; ${expected} as PEM was expected.`
    )
  }
  const { text, label } = block
  return { text, kind: kindOf(label) }
}

/**
 * Reads the merchant's RSA private key (apiclient_key.pem).
 *
 * @throws {ConfigError} ERR_CONFIG
 */
export function readPrivateKey(value: Pem | KeyObject, option: string): KeyObject {
  if (isKeyObject(value)) return checkRsa(value, 'private', option)
  const { text, kind } = readPem(value, option, 'the merchant private key (apiclient_key.pem)', 'PRIVATE KEY')
  if (kind === 'certificate' || kind === 'public key') {
    throw refuseOption(option, `is a ${kind}, but the private key is expected: apiclient_key.pem.`)
  }
  if (kind === 'encrypted private key' || text.includes('Proc-Type: 4,ENCRYPTED')) {
    throw refuseOption(
      option,
      'is encrypted: decrypt it (openssl pkey -in apiclient_key.pem) or pass createPrivateKey({ key, passphrase }).'
    )
  }
  let key: KeyObject
  try {
    key = cached(text, createPrivateKey)
  } catch {
    // Neither the engine's message nor its error as a cause: they may quote the key.
    throw refuseOption(
      option,
      'cannot be read: the PEM is damaged or truncated. Copy the whole apiclient_key.pem again.'
    )
  }
  return checkRsa(key, 'private', option)
}

/** Reads an RSA public key from its PEM. */
export function readPublicKey(text: string, option: string): KeyObject {
  try {
    return checkRsa(cached(text, createPublicKey), 'public', option)
  } catch (error) {
    if (error instanceof Error && 'option' in error) throw error
    throw refuseOption(option, 'cannot be read: the PEM is damaged or truncated. Download it again.')
  }
}

/** Reads a certificate from its PEM. */
export function readCertificate(text: string, option: string): X509Certificate {
  try {
    return new X509Certificate(text)
  } catch {
    throw refuseOption(option, 'cannot be read: the PEM is damaged or truncated. Download it again.')
  }
}

/** Parsed keys by the hash of their text: clients of many merchants are created repeatedly from the same files. */
const parsed = new Map<string, KeyObject>()
const MAX_PARSED = 5_000

function cached(text: string, parse: (text: string) => KeyObject): KeyObject {
  const id = createHash('sha256').update(parse.name).update(text).digest('base64')
  const known = parsed.get(id)
  if (known) return known
  const key = parse(text)
  if (parsed.size >= MAX_PARSED) parsed.clear()
  parsed.set(id, key)
  return key
}

export function isKeyObject(value: unknown): value is KeyObject {
  return typeof value === 'object' && value !== null && 'asymmetricKeyType' in value
}

function checkRsa(key: KeyObject, type: 'private' | 'public', option: string): KeyObject {
  if (key.type !== type) throw refuseOption(option, `is a KeyObject of type ${key.type}; ${type} was expected.`)
  if (key.asymmetricKeyType !== 'rsa') {
    throw refuseOption(option, `is a ${key.asymmetricKeyType} key; WeChat Pay uses RSA keys of 2048 bits.`)
  }
  const bits = key.asymmetricKeyDetails?.modulusLength ?? LEAST_BITS
  if (bits < LEAST_BITS) throw refuseOption(option, `has only ${bits} bits; WeChat Pay uses RSA keys of 2048 bits.`)
  return key
}

function kindOf(label: string): PemKind {
  if (label === 'ENCRYPTED PRIVATE KEY') return 'encrypted private key'
  if (label.endsWith('PRIVATE KEY')) return 'private key'
  if (label.endsWith('PUBLIC KEY')) return 'public key'
  if (label.includes('REQUEST')) return 'certificate request'
  return label.endsWith('CERTIFICATE') ? 'certificate' : 'other'
}
