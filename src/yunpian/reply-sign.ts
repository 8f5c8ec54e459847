import { SignatureError } from '../errors/index.ts'
import { equalsConstantTime, hashHex } from '../internal/hash.ts'
import type { SmsReply } from './sms-types.ts'

/** Signed fields, in this order. */
const SIGNED = ['base_extend', 'extend', 'id', 'mobile', 'reply_time', 'text'] as const

/**
 * Verifies the `_sign` of a pushed reply: MD5 over the values in the order of their names and the API key, joined by
 * commas. Names and boundaries are not signed, so they must be unambiguous: exactly the documented fields, all of them
 * text, and commas only in `text`, the last one. Otherwise a text chosen by the sender could be read as somebody else's
 * number. Source: Yunpian, "Push of replies" (推送上行短信).
 *
 * @returns Only the signed fields.
 * @throws {SignatureError} ERR_SIGNATURE_MISSING, ERR_SIGNATURE_MISMATCH
 */
export function verifyReply(item: Readonly<Record<string, unknown>>, apiKey: string): SmsReply {
  const { _sign, ...fields } = item
  if (typeof _sign !== 'string' || _sign === '') {
    throw new SignatureError('missing', 'The pushed reply has no _sign.', { product: 'yunpian' })
  }
  if (Object.keys(fields).some((name) => !(SIGNED as readonly string[]).includes(name))) throw ambiguous()
  const [base_extend, extend, id, mobile, reply_time, text] = SIGNED.map((name) => textOf(fields, name))
  const reply = { base_extend, extend, id, mobile, reply_time, text } as Record<(typeof SIGNED)[number], string>
  const values = Object.values(reply)
  if (values.slice(0, -1).some((value) => value.includes(','))) throw ambiguous()
  if (!equalsConstantTime(_sign.toLowerCase(), hashHex('md5', [...values, apiKey].join(',')))) {
    throw mismatch(
      'The _sign of the pushed reply does not match its fields: it was made with another apiKey, or is not from Yunpian.'
    )
  }
  return { ...reply, _sign }
}

/** An empty value may be absent or `null`: it is signed and passed on as an empty string. */
function textOf(fields: Readonly<Record<string, unknown>>, name: string): string {
  const value = Object.hasOwn(fields, name) ? fields[name] : undefined
  if (value === null || value === undefined) return ''
  // 1, "1" and true have the same text, and a lone surrogate has the digest of U+FFFD.
  if (typeof value === 'string' && !/\p{Surrogate}/u.test(value)) return value
  throw mismatch(
    `The field ${name} of the pushed reply is not well-formed text, and only that can be covered by a _sign.`
  )
}

function ambiguous(): SignatureError {
  const fields = SIGNED.join(', ')
  return mismatch(
    `The _sign of the pushed reply proves nothing: expected the fields ${fields}, with commas only in text.`
  )
}

function mismatch(message: string): SignatureError {
  return new SignatureError('mismatch', message, { product: 'yunpian' })
}
