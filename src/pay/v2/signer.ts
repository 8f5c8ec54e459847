import { equalsConstantTime, hashHex } from '../../internal/hash.ts'
import { nodeCrypto } from '../../internal/node-crypto.ts'
import { Secret } from '../../internal/secret.ts'

/** How messages of API v2 are signed. A message without `sign_type` is signed with MD5. */
export type SignType = 'MD5' | 'HMAC-SHA256'

export const SIGN_TYPES: readonly SignType[] = ['HMAC-SHA256', 'MD5']

/**
 * Joins `name=value` of every non-empty value, sorted by name in byte order; `sign` is never included. Values are used
 * unchanged: neither URL-encoded, nor escaped, nor trimmed. (安全规范: 签名算法)
 */
export function stringToSign(fields: Readonly<Record<string, unknown>>): string {
  let text = ''
  let previous = ''
  // WeChat Pay already writes its messages in this order, so usually nothing needs sorting.
  for (const name of Object.keys(fields)) {
    if (name < previous) return join(fields, Object.keys(fields).sort())
    previous = name
    text = append(text, name, fields[name])
  }
  return text
}

function join(fields: Readonly<Record<string, unknown>>, names: readonly string[]): string {
  let text = ''
  for (const name of names) text = append(text, name, fields[name])
  return text
}

function append(text: string, name: string, value: unknown): string {
  if (value === undefined || value === null || value === '' || name === 'sign') return text
  return text === '' ? `${name}=${value}` : `${text}&${name}=${value}`
}

/** Signs and verifies with one API key (API 密钥), which it never reveals. */
export class Signer {
  readonly #key: Secret

  constructor(key: string) {
    this.#key = new Secret(key)
  }

  sign(fields: Readonly<Record<string, unknown>>, type: SignType): string {
    return this.signText(stringToSign(fields), type)
  }

  signText(text: string, type: SignType): string {
    const key = this.#key.reveal()
    const keyed = `${text}&key=${key}`
    const digest =
      type === 'MD5' ? hashHex('md5', keyed) : nodeCrypto().createHmac('sha256', key).update(keyed).digest('hex')
    return digest.toUpperCase()
  }

  /** Whether `sign` is the signature of these fields. */
  verify(fields: Readonly<Record<string, unknown>>, sign: string, type: SignType): boolean {
    return equalsConstantTime(sign, this.sign(fields, type))
  }

  /** The key of AES-256 for `req_info`: the 32 hexadecimal characters of the key's MD5, not the 16 bytes. */
  refundKey(): Buffer {
    return Buffer.from(hashHex('md5', this.#key.reveal()), 'latin1')
  }
}
