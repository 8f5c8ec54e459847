import { DecryptError } from '../errors/index.ts'

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/
const PAD = 61
/** Longer texts are refused without decoding. */
export const LONGEST = 1024 * 1024

/**
 * Decodes a base64 text as a client sent it.
 *
 * @param bytes The required number of bytes.
 * @throws {DecryptError} ERR_DECRYPT_SPACES, ERR_DECRYPT_MALFORMED, ERR_DECRYPT_KEY
 */
export function decodeBase64(value: unknown, name: string, bytes?: number): Buffer {
  return decodeCarefully(value, name, bytes)
}

/**
 * Decodes into a shared buffer of exactly the right size, which the next call overwrites: keys of 16 bytes are read
 * once, at half the cost of a separate buffer.
 */
export function decodeInto(target: Buffer, value: unknown, name: string): Buffer {
  const isClean =
    typeof value === 'string' &&
    lengthWhenClean(value) === target.length &&
    target.write(value, 'base64') === target.length
  return isClean ? target : decodeCarefully(value, name, target.length)
}

/**
 * Number of bytes of an undamaged base64 text. Decoders skip unknown characters, so a shorter result shows damage at a
 * tenth of the cost of checking each character. `-1`: not a valid length of base64.
 */
export function lengthWhenClean(text: string): number {
  const { length } = text
  const padding = text.charCodeAt(length - 1) !== PAD ? 0 : text.charCodeAt(length - 2) !== PAD ? 1 : 2
  const significant = length - padding
  return significant % 4 === 1 ? -1 : (significant * 3) >> 2
}

/** Accepts line breaks and reports any other problem. */
function decodeCarefully(value: unknown, name: string, bytes?: number): Buffer {
  if (typeof value !== 'string' || value === '') throw failure('malformed', `${name} must be a non-empty base64 text.`)
  if (value.length > LONGEST) throw failure('malformed', `${name} is longer than any that WeChat creates.`)
  if (value.includes(' ')) {
    throw failure(
      'spaces',
      `${name} has spaces: a form or URL decoder turned every + into one. Send it as JSON, or encode it with encodeURIComponent.`
    )
  }
  // Line breaks come from encoders that wrap; the document says to ignore them.
  const text = /[\r\n]/.test(value) ? value.replace(/[\r\n]/g, '') : value
  if (!BASE64.test(text) || text.length % 4 === 1) {
    const isEncoded = /%[0-9A-Fa-f]{2}/.test(text) ? ' It is still URL-encoded: decode it first.' : ''
    throw failure('malformed', `${name} is not base64.${isEncoded || ' Pass it on exactly as WeChat returned it.'}`)
  }
  const decoded = Buffer.from(text, 'base64')
  if (bytes !== undefined && decoded.length !== bytes) {
    const reason = name === 'sessionKey' ? 'key' : 'malformed'
    throw failure(
      reason,
      `${name} must be base64 of ${bytes} bytes, but has ${decoded.length}. Check that no two parameters are swapped.`
    )
  }
  return decoded
}

function failure(reason: 'key' | 'malformed' | 'spaces', message: string): DecryptError {
  return new DecryptError(reason, message, { product: 'miniapp' })
}
