import { ConfigError, type Product } from '../errors/index.ts'
import { isPromise, wrongOr } from '../internal/unawaited.ts'

/** Returns what is wrong with a value, e.g. `must be a non-empty string`, or `undefined`. Never quotes the value. */
export type OptionCheck = (value: unknown) => string | undefined

export interface OptionRule {
  readonly check: OptionCheck
  readonly required: boolean
}

export type OptionRules = Readonly<Record<string, OptionRule>>

export const optional = (check: OptionCheck): OptionRule => ({ check, required: false })
export const required = (check: OptionCheck): OptionRule => ({ check, required: true })

export const text =
  (pattern?: RegExp, shape = String(pattern)): OptionCheck =>
  (value) => {
    if (typeof value === 'number' || typeof value === 'bigint') return 'is a number: give it as text, in quotes'
    if (value === '') return 'is empty: is the environment variable or setting that it comes from set?'
    if (typeof value !== 'string') return 'must be a non-empty string'
    if (value !== value.trim()) return 'has spaces or a line break at its start or end: paste it without them'
    return pattern && !pattern.test(value) ? `must be ${shape}` : undefined
  }

const APP_ID = 'the AppID (开发者ID), wx and 16 letters and digits, shown beside the AppSecret in the console'

/** An AppID; ids that are often pasted in its place are named in the message. */
export const appId: OptionCheck = (value) => {
  if (typeof value === 'string' && value.startsWith('gh_')) return `is an original id (原始ID); it must be ${APP_ID}`
  if (typeof value === 'string' && /^\d{8,}$/.test(value)) return `is a merchant id (商户号); it must be ${APP_ID}`
  return text(/^[A-Za-z0-9_-]{1,64}$/, 'an appid such as wx0123456789abcdef')(value)
}

export const integer =
  (min = 0, max = Number.MAX_SAFE_INTEGER): OptionCheck =>
  (value) =>
    Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max
      ? undefined
      : `must be an integer ${max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`}`

export const oneOf =
  (...allowed: readonly unknown[]): OptionCheck =>
  (value) =>
    allowed.includes(value) ? undefined : `must be one of ${allowed.map((item) => JSON.stringify(item)).join(', ')}`

export const flag: OptionCheck = (value) => (typeof value === 'boolean' ? undefined : 'must be true or false')
export const callback: OptionCheck = (value) => (typeof value === 'function' ? undefined : 'must be a function')
export const record: OptionCheck = (value) =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? undefined : 'must be an object'
export const list: OptionCheck = (value) => (Array.isArray(value) ? undefined : 'must be an array')
export const anything: OptionCheck = () => undefined

/** A host with a path or port, whose start `URL` takes for a scheme. */
const NO_SCHEME = /^[\w-]+(\.[\w-]+)*(:\d+)?(\/\S*)?$/

export const httpUrl: OptionCheck = (value) => {
  const wrong = 'must be an absolute http: or https: URL'
  if (!(value instanceof URL) && typeof value !== 'string') return wrong
  const url = URL.canParse(String(value)) ? new URL(String(value)) : undefined
  if (url && /^https?:$/.test(url.protocol)) return undefined
  return NO_SCHEME.test(String(value)) ? `${wrong}: write http:// or https:// in front of it` : wrong
}

/** A base URL to which paths are appended. `fetch` refuses credentials in a URL, with an error that quotes them. */
export const baseUrl: OptionCheck = (value) => {
  const wrong = httpUrl(value)
  if (wrong) return wrong
  const { username, password, search, hash } = new URL(String(value))
  if (username || password) {
    return 'must not hold a user name or password: fetch refuses such addresses; set the authorization header in a middleware'
  }
  return search || hash ? 'must not have a query or fragment: paths are appended to it' : undefined
}

/** An object with these methods: a store, a logger, a dispatcher. */
export const objectWith =
  (...methods: readonly string[]): OptionCheck =>
  (value) => {
    if (typeof value !== 'object' || value === null) return `must be an object with ${methods.join(', ')}`
    const missing = methods.filter((name) => typeof (value as Record<string, unknown>)[name] !== 'function')
    return missing.length > 0 ? `lacks the method${missing.length > 1 ? 's' : ''} ${missing.join(', ')}` : undefined
  }

const LONGEST_NAME = 64

export interface CheckOptionsContext {
  /** What the options belong to, e.g. `OfficialAccount`. */
  owner: string
  product?: Product
  /** `param` reports ERR_INVALID_PARAM (a call's parameters) in place of ERR_CONFIG (a constructor's options). */
  of?: 'options' | 'params'
  /** Accepts unknown names, unless they are near misses of known ones. */
  onUnknown?: (name: string) => void
}

/**
 * Checks an options object against a table of rules.
 *
 * @throws {ConfigError} ERR_CONFIG (or ERR_INVALID_PARAM) naming the option: missing, wrong, or unknown.
 */
export function checkOptions(options: unknown, rules: OptionRules, context: CheckOptionsContext): void {
  const { owner, product } = context
  const [code, what] =
    context.of === 'params' ? (['ERR_INVALID_PARAM', 'parameter'] as const) : (['ERR_CONFIG', 'option'] as const)
  const shape = shapeProblem(options, rules)
  if (shape) throw new ConfigError(`${owner}: expected an object of ${what}s${shape}.`, { code, product })
  const given = options as Record<string, unknown>
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(rules, name)) continue
    // Parameters may come from a client: comparing a name of one megabyte with others would take seconds.
    const isLong = name.length > LONGEST_NAME
    const option = isLong ? `${name.slice(0, LONGEST_NAME)}…` : name
    const near = isLong
      ? undefined
      : (nearest(name, Object.keys(rules)) ?? (context.onUnknown ? undefined : longer(name, Object.keys(rules))))
    if (!near && !isLong && context.onUnknown) {
      context.onUnknown(name)
      continue
    }
    const advice = near ? `did you mean "${near}"?` : `known are ${Object.keys(rules).join(', ')}.`
    throw new ConfigError(`${owner}: unknown ${what} "${option}"; ${advice}`, { code, option, product })
  }
  const missing = Object.keys(rules).filter((name) => rules[name]?.required && given[name] === undefined)
  if (missing.length > 1) {
    const names = missing.map((name) => `"${name}"`).join(', ')
    throw new ConfigError(`${owner}: the ${what}s ${names} are required.`, { code, option: missing[0], product })
  }
  for (const [name, rule] of Object.entries(rules)) {
    const value = given[name]
    if (value === undefined && !rule.required) continue
    const wrong = value === undefined ? 'is required' : rule.check(value)
    if (wrong)
      throw new ConfigError(`${owner}: ${what} "${name}" ${wrongOr(value, wrong)}.`, { code, option: name, product })
  }
}

/** What was passed in place of an options object, and what such an object looks like. */
function shapeProblem(options: unknown, rules: OptionRules): string | undefined {
  const isObject = typeof options === 'object' && options !== null
  if (isObject && !Array.isArray(options) && !(options instanceof Uint8Array)) {
    return isPromise(options) ? ' and got a promise: await it first' : undefined
  }
  const known = Object.keys(rules)
  const needed = known.filter((name) => rules[name]?.required)
  const names = needed.length > 0 ? needed : known.slice(0, 1)
  return names.length > 0 ? ` such as { ${names.join(', ')} }` : ''
}

/** The closest known name, if it is close enough to be meant. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const plain = (word: string) => word.toLowerCase().replace(/[_-]/g, '')
  const [best] = known
    .map((candidate) => ({ candidate, distance: editDistance(plain(candidate), plain(name)) }))
    .sort((a, b) => a.distance - b.distance)
  return best && best.distance <= Math.max(3, name.length / 3) ? best.candidate : undefined
}

/**
 * `aesKey` for `encodingAESKey`: the end of a longer name. Only a suggestion: an upstream may have a field of that
 * name.
 */
function longer(name: string, known: readonly string[]): string | undefined {
  const end = name.toLowerCase().replace(/[_-]/g, '')
  return end.length < 4 ? undefined : known.find((candidate) => candidate.toLowerCase().endsWith(end))
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const current = [i]
    for (let j = 1; j <= b.length; j++) {
      const substitution = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      current.push(Math.min(substitution, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1))
    }
    previous = current
  }
  return previous[b.length] ?? 0
}
