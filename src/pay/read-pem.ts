import { createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto'
import { refuseOption } from './refuse-option.ts'

/** Content of a PEM file, as text or as bytes. */
export type Pem = string | Uint8Array

/** Keys shorter than this are not WeChat Pay's. */
const LEAST_BITS = 2048

/** What a text claims to be, by its first PEM header. */
export type PemKind =
  | 'private key'
  | 'encrypted private key'
  | 'public key'
  | 'certificate'
  | 'certificate request'
  | 'other'

/**
 * Reads the text of a PEM and names what is usually wrong with it: a path, a `.p12`, escaped line breaks.
 *
 * @throws {ConfigError} ERR_CONFIG
 */
export function readPem(value: unknown, option: string, expected: string): { text: string; kind: PemKind } {
  if (typeof value !== 'string' && !(value instanceof Uint8Array)) {
    throw refuseOption(option, `must be ${expected} as PEM text or bytes.`)
  }
  if (typeof value !== 'string' && value[0] === 0x30) {
    throw refuseOption(
      option,
      `has the bytes of a .p12 or DER file; ${expected} as PEM was expected: apiclient_key.pem and apiclient_cert.pem of the same download.`
    )
  }
  const text = (typeof value === 'string' ? value : Buffer.from(value).toString('utf8')).trim()
  const label = /-----BEGIN ([A-Z0-9 ]+)-----/.exec(text)?.[1]
  if (label === undefined) {
    const isPath = text.length < 300 && /\.(pem|key|crt|cer|p12|txt)$/i.test(text)
    throw refuseOption(
      option,
      isPath
        ? 'is a path, but the content of the file is expected: readFileSync(path).'
        : `has no "-----BEGIN …-----" line; ${expected} as PEM was expected.`
    )
  }
  if (!text.includes('\n') || text.includes('\\n')) {
    throw refuseOption(
      option,
      text.includes('\\n')
        ? 'has the two characters \\n where line breaks belong (an environment variable?): use value.replaceAll("\\\\n", "\\n").'
        : 'has lost its line breaks: keep the lines of the PEM file as they are.'
    )
  }
  return { text, kind: kindOf(label) }
}

/**
 * The merchant's RSA private key (apiclient_key.pem).
 *
 * @throws {ConfigError} ERR_CONFIG
 */
export function readPrivateKey(value: Pem | KeyObject, option: string): KeyObject {
  if (isKeyObject(value)) return checkRsa(value, 'private', option)
  const { text, kind } = readPem(value, option, 'the merchant private key (apiclient_key.pem)')
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
    key = createPrivateKey(text)
  } catch {
    // Neither the engine's message nor the error as a cause: they may quote the key.
    throw refuseOption(option, 'cannot be read: the PEM is damaged or cut short. Copy apiclient_key.pem again, whole.')
  }
  return checkRsa(key, 'private', option)
}

/** An RSA public key from its PEM. */
export function readPublicKey(text: string, option: string): KeyObject {
  try {
    return checkRsa(createPublicKey(text), 'public', option)
  } catch (error) {
    if (error instanceof Error && 'option' in error) throw error
    throw refuseOption(option, 'cannot be read: the PEM is damaged or cut short. Download it again.')
  }
}

/** A certificate from its PEM. */
export function readCertificate(text: string, option: string): X509Certificate {
  try {
    return new X509Certificate(text)
  } catch {
    throw refuseOption(option, 'cannot be read: the PEM is damaged or cut short. Download it again.')
  }
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
  if (bits < LEAST_BITS) throw refuseOption(option, `has ${bits} bits only; WeChat Pay uses RSA keys of 2048 bits.`)
  return key
}

function kindOf(label: string): PemKind {
  if (label === 'ENCRYPTED PRIVATE KEY') return 'encrypted private key'
  if (label.endsWith('PRIVATE KEY')) return 'private key'
  if (label.endsWith('PUBLIC KEY')) return 'public key'
  if (label.includes('REQUEST')) return 'certificate request'
  return label.endsWith('CERTIFICATE') ? 'certificate' : 'other'
}
