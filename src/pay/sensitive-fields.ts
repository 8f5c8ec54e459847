import { constants, type KeyObject, privateDecrypt, publicEncrypt } from 'node:crypto'
import { DecryptError } from '../errors/index.ts'
import { invalid } from './check-params.ts'

/** RSAES-OAEP with SHA-1, as prescribed by API v3. */
function oaep(key: KeyObject) {
  return { key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' }
}

/** The padding takes two SHA-1 digests and two bytes. */
const OAEP_OVERHEAD_BYTES = 42

/** Changes the texts at one dotted name in place; `[]` stands for every entry of a list. */
function replaceAt(root: unknown, name: string, replace: (text: string, at: string) => string): void {
  const parts = name.split('.')
  const walk = (node: unknown, index: number, at: string): void => {
    const part = parts[index]
    if (part === undefined || typeof node !== 'object' || node === null) return
    const key = part.replace(/\[\]$/, '')
    if (!Object.hasOwn(node, key)) return
    const holder = node as Record<string, unknown>
    const value = holder[key]
    const path = at === '' ? key : `${at}.${key}`
    if (index === parts.length - 1 && !part.endsWith('[]')) {
      if (typeof value === 'string' && value !== '') holder[key] = replace(value, path)
      return
    }
    if (!part.endsWith('[]')) {
      walk(value, index + 1, path)
      return
    }
    if (!Array.isArray(value)) return
    for (const [i, item] of value.entries()) {
      if (index < parts.length - 1) walk(item, index + 1, `${path}[${i}]`)
      else if (typeof item === 'string' && item !== '') value[i] = replace(item, `${path}[${i}]`)
    }
  }
  walk(root, 0, '')
}

/** Whether one of the fields is present. */
export function hasFields(root: unknown, names: readonly string[]): boolean {
  let isFound = false
  for (const name of names) {
    replaceAt(root, name, (text) => {
      isFound = true
      return text
    })
  }
  return isFound
}

/**
 * Encrypts fields of a body in place. (敏感信息加解密)
 *
 * @throws {ConfigError} ERR_INVALID_PARAM when a value is too long for the key.
 */
export function encryptFields(body: unknown, names: readonly string[], key: KeyObject, operation: string): void {
  const limit = (key.asymmetricKeyDetails?.modulusLength ?? 2048) / 8 - OAEP_OVERHEAD_BYTES
  for (const name of names) {
    replaceAt(body, name, (text, at) => {
      const bytes = Buffer.from(text, 'utf8')
      if (bytes.byteLength > limit) throw invalid(operation, at, `must have at most ${limit} bytes in UTF-8`)
      return publicEncrypt(oaep(key), bytes).toString('base64')
    })
  }
}

/**
 * Decrypts fields of a response in place.
 *
 * @throws {DecryptError} ERR_DECRYPT_KEY naming the field.
 */
export function decryptFields(response: unknown, names: readonly string[], key: KeyObject, operation: string): void {
  for (const name of names) replaceAt(response, name, (text, at) => decryptField(text, key, `${operation}: ${at}`))
}

/** Decrypts one text that the platform encrypted for the merchant. */
export function decryptField(text: string, key: KeyObject, what: string): string {
  return decryptBytes(text, key, what).toString('utf8')
}

export function decryptBytes(text: string, key: KeyObject, what: string): Buffer {
  try {
    return privateDecrypt(oaep(key), Buffer.from(text, 'base64'))
  } catch {
    throw new DecryptError(
      'key',
      `${what} cannot be decrypted with the merchant private key. The platform encrypts for the newest merchant certificate: check whether a new one was issued.`,
      { product: 'pay' }
    )
  }
}
