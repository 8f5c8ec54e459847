import { nearest, type OptionCheck, type OptionRules } from '../../core/options.ts'
import { formatBeijingTime, wrongDate } from '../common/beijing-time.ts'
import { invalid } from './invalid.ts'

/** Parameters as they are signed and sent. */
export type WireFields = Record<string, string | number>

/** Filled by the client: a value from outside would be signed for another account, or not be what was signed. */
const FILLED = new Set([
  'appid',
  'mch_id',
  'mch_appid',
  'mchid',
  'wxappid',
  'sub_appid',
  'sub_mch_id',
  'nonce_str',
  'sign',
  'sign_type'
])

const NO_DEFAULTS: Readonly<WireFields> = {}

// XML 1.0 forbids these, and a reader turns a carriage return into a line feed: what arrives would not be what was signed.
const UNWRITABLE = /[^\t\n\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u
const PLAIN = /^[\x20-\x7e]*$/

/**
 * Checks the parameters of a call and turns them into what is sent: empty values are dropped (from the signature and from the
 * XML), a `Date` becomes Beijing time, an object becomes JSON. Names that the table does not have pass if they hold text or a
 * number, so that new fields of the upstream work at once; a name that looks like a misspelt one is refused. `defaults` are
 * the client's own and not checked again.
 *
 * @throws {ConfigError} ERR_INVALID_PARAM naming the field.
 */
export function checkParams(
  params: unknown,
  rules: OptionRules,
  operation: string,
  defaults: Readonly<WireFields> = NO_DEFAULTS
): WireFields {
  if (typeof params !== 'object' || params === null || Array.isArray(params)) {
    throw invalid(operation, undefined, 'expected an object of parameters')
  }
  const fields: WireFields = {}
  for (const name in defaults) fields[name] = defaults[name] as string | number
  for (const name of Object.keys(params)) {
    const value = (params as Record<string, unknown>)[name]
    if (value === undefined || value === null || value === '') continue
    if (FILLED.has(name)) throw invalid(operation, name, 'is filled by the client: leave it out')
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined
    const wrong = rule ? rule.check(value) : (checkUnknownName(name, rules) ?? wrongDateOf(value))
    if (wrong) throw invalid(operation, name, wrong)
    fields[name] = toWire(operation, name, value)
  }
  for (const name in rules) {
    if (!rules[name]?.required || fields[name] !== undefined) continue
    const isDefaulted = name === 'notify_url'
    throw invalid(
      operation,
      name,
      isDefaulted ? 'is required: give it here, or once to the client as the option notifyUrl' : 'is required'
    )
  }
  return fields
}

function wrongDateOf(value: unknown): string | undefined {
  return value instanceof Date ? wrongDate(value) : undefined
}

function checkUnknownName(name: string, rules: OptionRules): string | undefined {
  if (!/^[A-Za-z][A-Za-z0-9_]{0,63}$/.test(name)) return 'is no name of a field'
  const near = nearest(name, Object.keys(rules))
  return near ? `is unknown; did you mean "${near}"` : undefined
}

function toWire(operation: string, name: string, value: unknown): string | number {
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw invalid(operation, name, 'must be an integer or text')
    return value
  }
  const text = toText(value)
  if (text === undefined) throw invalid(operation, name, 'must be text or an integer')
  // Looked at first, because nearly every value is plain and begins with something visible.
  const isPlain = PLAIN.test(text) && text.charCodeAt(0) !== 32
  if (!isPlain && (text.trim() === '' || UNWRITABLE.test(text))) {
    throw invalid(
      operation,
      name,
      'has only white space, or characters that cannot be sent in XML (control characters, carriage returns, half an emoji)'
    )
  }
  return text
}

function toText(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (value instanceof Date) return formatBeijingTime(value)
  return typeof value === 'object' ? toJson(value) : undefined
}

/** `undefined` for what JSON cannot hold: cycles, a bigint, a `toJSON` that throws. */
function toJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value)
  } catch {
    return undefined
  }
}

/** Text of at most `max` characters. */
export const chars =
  (max: number, pattern?: RegExp, shape = String(pattern)): OptionCheck =>
  (value) => {
    if (typeof value !== 'string') return 'must be text'
    // A character outside the basic plane counts as one; only long texts need the count.
    if (value.length > max && [...value].length > max) return `must have at most ${max} characters`
    return pattern && !pattern.test(value) ? `must be ${shape}` : undefined
  }

/** Text of at most `max` bytes in UTF-8. */
export const utf8Bytes =
  (max: number): OptionCheck =>
  (value) => {
    if (typeof value !== 'string') return 'must be text'
    return Buffer.byteLength(value) > max ? `must have at most ${max} bytes in UTF-8` : undefined
  }

/** A `Date`, or text as it is sent: `yyyyMMddHHmmss` in Beijing time. */
export const beijingTime: OptionCheck = (value) =>
  value instanceof Date
    ? wrongDate(value)
    : chars(14, /^\d{14}$/, 'a Date, or text such as "20260301131540" (Beijing time)')(value)

/** An object that is sent as JSON, or the JSON text itself. */
export const json =
  (max: number): OptionCheck =>
  (value) => {
    if (typeof value === 'string') return chars(max, /^\s*[[{]/, 'JSON or an object')(value)
    if (typeof value !== 'object' || value === null || value instanceof Date) return 'must be an object or JSON'
    return chars(max)(toJson(value))
  }

export const outTradeNo = chars(32, /^[0-9A-Za-z_|*-]{6,32}$/, '6 to 32 of the characters 0-9 A-Z a-z _ - | *')
export const outRefundNo = chars(64, /^[0-9A-Za-z_|*@-]{1,64}$/, '1 to 64 of the characters 0-9 A-Z a-z _ - | * @')
export const transactionId = chars(32, /^[0-9A-Za-z]{1,32}$/, 'letters and digits, at most 32')
export const ipAddress = chars(64, /^[0-9A-Fa-f:.]{3,64}$/, 'an IPv4 or IPv6 address')
