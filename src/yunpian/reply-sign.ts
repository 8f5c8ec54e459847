import { SignatureError } from '../errors/index.ts'
import { equalsConstantTime, hashHex } from '../internal/hash.ts'

/** What is signed, in this order. */
const SIGNED = ['base_extend', 'extend', 'id', 'mobile', 'reply_time', 'text']

/**
 * Verifies the `_sign` of a pushed reply: MD5 over the values in the order of their names and the API key, joined by commas.
 * Names and borders are not signed, so that they must leave no choice: exactly the documented fields, and commas in `text`,
 * the last one, alone. Otherwise a text of the sender's choice could be read as the number of somebody else. Source: Yunpian,
 * "Push of replies" (推送上行短信).
 *
 * @throws {SignatureError} ERR_SIGNATURE_MISSING, ERR_SIGNATURE_MISMATCH
 */
export function verifyReplySign(item: Readonly<Record<string, unknown>>, apiKey: string): void {
  const { _sign: sign, ...fields } = item
  if (typeof sign !== 'string' || sign === '') {
    throw new SignatureError('missing', 'The pushed reply carries no _sign.', { product: 'yunpian' })
  }
  const odd = Object.keys(fields).find((name) => !SIGNED.includes(name))
  const values = SIGNED.map((name) => textOf(fields[name]))
  if (odd !== undefined || values.slice(0, -1).some((value) => value.includes(','))) {
    throw new SignatureError(
      'mismatch',
      `The _sign of the pushed reply proves nothing: expected the fields ${SIGNED.join(', ')} with commas in text alone.`,
      { product: 'yunpian' }
    )
  }
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
