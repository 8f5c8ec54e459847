import { type ParamOwner, paramError } from './check-params.ts'

/** Values of a subscription message by parameter name, which is a type and a number: `thing1`, `date2`. */
export type SubscribeData = Readonly<Record<string, { readonly value: string }>>

interface Limit {
  max: number
  /** Compiled on first use: character classes are expensive. */
  pattern?: () => RegExp
  form: string
}

const TIME_OF_DAY = /\d{1,2}:\d{2}/
const DATE = /\d{2,4}\s*[年\-/.]\s*\d{1,2}/

/** The document "Send subscribe message", section on parameter values. What it does not specify is left to WeChat. */
const LIMITS: Readonly<Record<string, Limit>> = {
  thing: { max: 20, form: 'text of at most 20 characters' },
  number: { max: 32, pattern: () => /^[+-]?\d+(?:\.\d+)?$/, form: 'a number of at most 32 digits' },
  letter: { max: 32, pattern: () => /^[A-Za-z]+$/, form: 'at most 32 letters' },
  symbol: { max: 5, pattern: () => /^[^\p{L}\p{N}]+$/u, form: 'at most 5 symbols' },
  character_string: { max: 32, pattern: () => /^[^\p{Script=Han}]+$/u, form: 'at most 32 letters, digits and symbols' },
  time: { max: 64, pattern: () => TIME_OF_DAY, form: 'a time such as 15:01 or 2024年1月2日 15:01, two joined with ~' },
  date: { max: 64, pattern: () => DATE, form: 'a date such as 2024年1月2日 or 2024-01-02' },
  amount: {
    max: 32,
    pattern: () => /^[^\d\s]{0,3}\d{1,10}(?:\.\d+)?元?$/,
    form: 'one currency sign, at most 10 digits with decimals, optionally 元'
  },
  phone_number: { max: 17, pattern: () => /^[\d+\-() ]+$/, form: 'at most 17 digits and signs' },
  car_number: { max: 8, form: 'a plate of at most 8 characters' },
  name: { max: 20, form: 'at most 10 Chinese characters or 20 letters' },
  phrase: { max: 5, form: 'at most 5 Chinese characters' }
}
const NAME_HAN_MAX = 10

/**
 * Checks the values of a subscription message against the limits of their types, because WeChat counts a refused
 * message (47003) although the user does not get it.
 *
 * @throws {ConfigError} ERR_INVALID_PARAM naming the value.
 */
export function checkSubscribeData(owner: ParamOwner, data: SubscribeData): void {
  if (typeof data !== 'object' || data === null || Object.keys(data).length === 0) {
    throw paramError(owner, 'data', 'must be an object such as { thing1: { value: "…" } }')
  }
  for (const [name, entry] of Object.entries(data)) {
    const value: unknown = entry?.value
    const option = `data.${name}.value`
    if (typeof value !== 'string' || value.trim() === '') {
      throw paramError(owner, option, 'must be a non-empty string (WeChat refuses an empty one with 47003)')
    }
    if (/\p{Cc}/u.test(value)) throw paramError(owner, option, 'has a line break or control character')
    const limit = LIMITS[/^([a-z_]+?)\d*$/.exec(name)?.[1] ?? '']
    if (limit && !fits(name, value, limit)) {
      throw paramError(owner, option, `must be ${limit.form}; it has ${[...value].length} characters`)
    }
  }
}

function fits(name: string, value: string, { max, pattern }: Limit): boolean {
  const length = [...value].length
  if (length > max) return false
  if (/^name\d*$/.test(name) && /\p{Script=Han}/u.test(value) && length > NAME_HAN_MAX) return false
  return pattern === undefined || pattern().test(value)
}
