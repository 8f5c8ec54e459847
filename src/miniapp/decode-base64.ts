import { DecryptError } from '../errors/index.ts'

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/
const PAD = 61
/** Longer texts are refused unread. */
export const LONGEST = 1024 * 1024

/**
 * The bytes of a base64 text as a client sent it.
 *
 * @param bytes How many there must be.
 * @throws {DecryptError} ERR_DECRYPT_SPACES, ERR_DECRYPT_MALFORMED, ERR_DECRYPT_KEY
 */
export function decodeBase64(value: unknown, name: string, bytes?: number): Buffer {
  return decodeCarefully(value, name, bytes)
}

/**
 * The same into a buffer of exactly the right size, which is overwritten by the next call: keys of 16 bytes are read once, at
 * half the cost of a buffer of their own.
 */
export function decodeInto(target: Buffer, value: unknown, name: string): Buffer {
  const isClean =
    typeof value === 'string' &&
    lengthWhenClean(value) === target.length &&
    target.write(value, 'base64') === target.length
  return isClean ? target : decodeCarefully(value, name, target.length)
}

/**
 * Bytes of a base64 text in which every character counts. Decoders skip what they do not know, so that a shorter result
 * shows damage at a tenth of the cost of looking at each character. `-1`: not a length of base64.
 */
export function lengthWhenClean(text: string): number {
  const { length } = text
  const padding = text.charCodeAt(length - 1) !== PAD ? 0 : text.charCodeAt(length - 2) !== PAD ? 1 : 2
  const significant = length - padding
  return significant % 4 === 1 ? -1 : (significant * 3) >> 2
}

/** Accepts line breaks and names whatever else is wrong. */
function decodeCarefully(value: unknown, name: string, bytes?: number): Buffer {
  if (typeof value !== 'string' || value === '') throw failure('malformed', `${name} must be a non-empty base64 text.`)
  if (value.length > LONGEST) throw failure('malformed', `${name} is longer than any that WeChat makes.`)
  if (value.includes(' ')) {
    throw failure(
      'spaces',
      `${name} has spaces: a form or URL decoder turned every + into one. Send it as JSON, or encode it with encodeURIComponent.`
    )
  }
  // Line breaks come from encoders that wrap; the document says that they do not count.
  const text = /[\r\n]/.test(value) ? value.replace(/[\r\n]/g, '') : value
  if (!BASE64.test(text) || text.length % 4 === 1) {
    const isEncoded = /%[0-9A-Fa-f]{2}/.test(text) ? ' It is still URL-encoded: decode it first.' : ''
    throw failure('malformed', `${name} is not base64.${isEncoded || ' Pass it on exactly as WeChat gave it.'}`)
  }
  const decoded = Buffer.from(text, 'base64')
  if (bytes !== undefined && decoded.length !== bytes) {
    const reason = name === 'sessionKey' ? 'key' : 'malformed'
    throw failure(
      reason,
      `${name} must be base64 of ${bytes} bytes, it has ${decoded.length}. Were two parameters exchanged?`
    )
  }
  return decoded
}

function failure(reason: 'key' | 'malformed' | 'spaces', message: string): DecryptError {
  return new DecryptError(reason, message, { product: 'miniapp' })
}
