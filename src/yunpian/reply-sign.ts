import { SignatureError } from '../errors/index.ts'
import { equalsConstantTime, hashHex } from '../internal/hash.ts'

/**
 * Verifies the `_sign` of a pushed reply: MD5 over the values in the order of their names and the API key. Source: Yunpian,
 * "Push of replies" (推送上行短信).
 *
 * @throws {SignatureError} ERR_SIGNATURE_MISSING, ERR_SIGNATURE_MISMATCH
 */
export function verifyReplySign(item: Readonly<Record<string, unknown>>, apiKey: string): void {
  const { _sign: sign, ...fields } = item
  if (typeof sign !== 'string' || sign === '') {
    throw new SignatureError('missing', 'The pushed reply carries no _sign.', { product: 'yunpian' })
  }
  const values = Object.keys(fields)
    .sort()
    .map((name) => textOf(fields[name]))
  const expected = hashHex('md5', [...values, apiKey].join(','))
  if (!equalsConstantTime(sign.toLowerCase(), expected)) {
    throw new SignatureError(
      'mismatch',
      'The _sign of the pushed reply does not belong to its fields: another apiKey, or somebody else sent it.',
      { product: 'yunpian' }
    )
  }
}

// A nested value has no defined text, and String() of one could be made to collide.
function textOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value !== 'object') return String(value)
  throw new SignatureError('mismatch', 'The pushed reply has a field that is no text.', { product: 'yunpian' })
}
