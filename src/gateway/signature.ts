import { SignatureError } from '../errors/index.ts'
import { equalsConstantTime, hashHex } from '../internal/hash.ts'

/** The parts that a gateway signature covers, and the signature itself. */
export interface SignedParts {
  /** The token of the server configuration (服务器配置) page. */
  token: string
  /** Seconds since 1970, as text. */
  timestamp: string
  nonce: string
  /** `signature`, or `msg_signature` if `encrypt` is given. */
  signature: string
  /** The text of `<Encrypt>`, base64 as received. */
  encrypt?: string | undefined
}

/** SHA-1 of the parts in byte order, as lower-case hexadecimal. */
export function signatureOf(token: string, timestamp: string, nonce: string, encrypt?: string): string {
  // Three comparisons in place of an array and its sort: this runs twice per message.
  let [a, b, c] = token < timestamp ? [token, timestamp, nonce] : [timestamp, token, nonce]
  if (c < b) [b, c] = [c, b]
  if (b < a) [a, b] = [b, a]
  if (encrypt === undefined) return hashHex('sha1', a + b + c)
  if (encrypt < b) return hashHex('sha1', encrypt < a ? encrypt + a + b + c : a + encrypt + b + c)
  return hashHex('sha1', encrypt < c ? a + b + encrypt + c : a + b + c + encrypt)
}

/** Whether the signature is right, in constant time. */
export function isSignedWith(token: string, parts: Omit<SignedParts, 'token'>): boolean {
  return equalsConstantTime(parts.signature, signatureOf(token, parts.timestamp, parts.nonce, parts.encrypt))
}

/**
 * Verifies `signature` (plaintext mode, URL check), or `msg_signature` when `encrypt` is given. Returns nothing: if it
 * does not throw, the signature is genuine. Document: "Message push: signature verification" (消息推送).
 *
 * @param parts The token and the query parameters as received.
 * @throws {SignatureError} ERR_SIGNATURE_MISSING, ERR_SIGNATURE_MISMATCH
 * @example
 * import { verifySignature } from 'weixin-kit/gateway'
 *
 * verifySignature({
 *   token: 'AAAAA',
 *   timestamp: '1714036504',
 *   nonce: '1514711492',
 *   signature: 'f464b24fc39322e44b38aa78f5edd27bd1441696'
 * })
 */
export function verifySignature(parts: SignedParts): void {
  const name = parts?.encrypt === undefined ? 'signature' : 'msg_signature'
  for (const part of ['token', 'timestamp', 'nonce', 'signature'] as const) {
    if (typeof parts?.[part] !== 'string' || parts[part] === '') {
      const shown = part === 'signature' ? name : part
      throw new SignatureError('missing', `The ${shown} is missing: token, timestamp, nonce and ${name} are needed.`, {
        product: 'gateway'
      })
    }
  }
  if (!isSignedWith(parts.token, parts)) {
    throw new SignatureError(
      'mismatch',
      `The ${name} is wrong: it was made with another token, or the signed data was changed. ` +
        'Compare the token with the one on the server configuration page.',
      { product: 'gateway' }
    )
  }
}
