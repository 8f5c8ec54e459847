import { nearest, type OptionCheck, type OptionRules } from '../../core/options.ts'
import { isPromise } from '../../internal/unawaited.ts'
import { formatBeijingTime, wrongDate } from '../common/beijing-time.ts'
import { embeddedInAttach } from './embedded-field.ts'
import { invalid } from './invalid.ts'

/** Parameters as signed and sent. */
export type WireFields = Record<string, string | number>

/** Filled by the client: a value of the caller would be signed for another account, or would not be the signed one. */
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

// XML 1.0 forbids these, and a parser turns a carriage return into a line feed: the received value would not be the
// signed one.
const UNWRITABLE = /[^\t\n\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u
const PLAIN = /^[\x20-\x7e]*$/

/** A parameter and what is wrong with it, e.g. `['openid', 'is required for trade_type JSAPI']`. */
export type ParamProblem = readonly [name: string, problem: string]

export interface ParamContext {
  readonly operation: string
  readonly rules: OptionRules
  /** Returns the problem of a part of the account that the caller passed; without it none may be passed. */
  checkAccount?(name: string, value: unknown): string | undefined
  /** Called with a name without a rule, which is sent nevertheless. */
  onUnknown?(name: string): void
}

/**
 * Checks the parameters of a call and adds them to `fields` in the form to send: empty values are dropped (from the
 * signature and from the XML), a `Date` becomes Beijing time, an object becomes JSON. Names without a rule are accepted
 * if they are text or a number, so that new fields of WeChat Pay work at once; a likely misspelling is refused. Values
 * already in `fields` are the client's own and are not checked again.
 *
 * @throws {ConfigError} ERR_INVALID_PARAM naming the parameter
 */
export function addParams(fields: WireFields, params: unknown, context: ParamContext): WireFields {
  const { operation, rules } = context
  if (typeof params !== 'object' || params === null || Array.isArray(params)) {
    const needed = Object.keys(rules).filter((name) => rules[name]?.required)
    const example = needed.length === 0 ? '' : ` such as { ${needed.join(', ')} }`
    throw invalid(operation, undefined, `expected an object of parameters${example}`)
  }
  if (isPromise(params)) throw invalid(operation, undefined, 'got a promise as its parameters: await it first')
  for (const name of Object.keys(params)) {
    const value = (params as Record<string, unknown>)[name]
    if (value === undefined || value === null || value === '') continue
    if (isPromise(value)) throw invalid(operation, name, 'is a promise: await it first')
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined
    const wrong = rule ? rule.check(value) : checkWithoutRule(name, value, context)
    if (wrong) throw invalid(operation, name, wrong)
    fields[name] = toWire(operation, name, value)
  }
  for (const name in rules) {
    if (!rules[name]?.required || fields[name] !== undefined) continue
    const isDefaulted = name === 'notify_url'
    throw invalid(
      operation,
      name,
      isDefaulted ? 'is required: pass it here, or set the option notifyUrl of the client' : 'is required'
    )
  }
  return fields
}

function checkWithoutRule(name: string, value: unknown, context: ParamContext): string | undefined {
  if (FILLED.has(name)) {
    return context.checkAccount ? context.checkAccount(name, value) : 'is filled by the client: leave it out'
  }
  const wrong = checkUnknownName(name, context.rules) ?? wrongDateOf(value)
  if (!wrong) context.onUnknown?.(name)
  return wrong
}

function wrongDateOf(value: unknown): string | undefined {
  return value instanceof Date ? wrongDate(value) : undefined
}

function checkUnknownName(name: string, rules: OptionRules): string | undefined {
  if (!/^[A-Za-z][A-Za-z0-9_]{0,63}$/.test(name)) return 'is not a name that can be sent as a field'
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
  // Checked first, because nearly every value is plain and begins with a visible character.
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

/** A value in the form to send: a `Date` as Beijing time, an object as JSON; `undefined` if it cannot be sent. */
export function toText(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (value instanceof URL) return value.href
  if (value instanceof Date) return formatBeijingTime(value)
  return typeof value === 'object' ? toJson(value) : undefined
}

/** `undefined` for values that JSON cannot represent: cycles, a bigint, a `toJSON` that throws. */
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
    const isLong = value.length > max && [...value].length > max
    if (pattern && (isLong || !pattern.test(value))) return `must be ${shape}`
    return isLong ? `must have at most ${max} characters` : undefined
  }

/** Text of at most `max` bytes in UTF-8. */
export const utf8Bytes =
  (max: number): OptionCheck =>
  (value) => {
    if (typeof value !== 'string') return 'must be text'
    return Buffer.byteLength(value) > max ? `must have at most ${max} bytes in UTF-8` : undefined
  }

/** A `Date`, or text in the format `yyyyMMddHHmmss` in Beijing time. */
export const beijingTime: OptionCheck = (value) =>
  value instanceof Date
    ? wrongDate(value)
    : chars(14, /^\d{14}$/, 'a Date, or text such as "20260301131540" (Beijing time)')(value)

/** An object that is sent as JSON, or the text itself. */
export const jsonOrText =
  (max: number): OptionCheck =>
  (value) =>
    typeof value === 'string' ? chars(max)(value) : json(max)(value)

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

/** Text that WeChat Pay returns unchanged in signed messages, which do not mark the end of a field. */
export const echoedText =
  (max: number): OptionCheck =>
  (value) => {
    const wrong = chars(max)(value)
    if (wrong) return wrong
    const name = embeddedInAttach(String(value))
    return name === undefined
      ? undefined
      : `must not contain "&${name}=", which looks like a field of the signed notification: use JSON, or another separator`
  }
