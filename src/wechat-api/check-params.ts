import type { OptionCheck } from '../core/options.ts'
import { ConfigError, type Product } from '../errors/index.ts'
import { isPromise, wrongOr } from '../internal/unawaited.ts'

/** The call whose parameters are checked. */
export interface ParamOwner {
  operation: string
  product: Product
}

/** Makes the error for a wrong parameter of a call; nothing was sent. */
export function paramError({ operation, product }: ParamOwner, option: string, problem: string): ConfigError {
  return new ConfigError(`${operation}: parameter "${option}" ${problem}. Nothing was sent.`, {
    code: 'ERR_INVALID_PARAM',
    option,
    product
  })
}

/**
 * Checks fields before they are sent. Unlike `checkOptions` it accepts unknown names: the upstream may have added them.
 * A check of a name that ends in `?` is skipped if the field is absent.
 *
 * @throws {ConfigError} ERR_INVALID_PARAM naming the field.
 */
export function checkFields(owner: ParamOwner, fields: object, checks: Readonly<Record<string, OptionCheck>>): void {
  if (typeof fields !== 'object' || fields === null) throw paramError(owner, 'params', 'must be an object')
  if (isPromise(fields)) throw paramError(owner, 'params', 'is a promise: await it first')
  for (const { name, isOptional, check } of readRules(checks)) {
    const value = (fields as Record<string, unknown>)[name]
    if (value === undefined && isOptional) continue
    const wrong = check(value)
    // A check may say where the value comes from.
    const problem = value === undefined && !wrong?.startsWith('is required') ? 'is required' : wrong
    if (problem) throw paramError(owner, name, wrongOr(value, problem))
  }
}

interface Rule {
  readonly name: string
  readonly isOptional: boolean
  readonly check: OptionCheck
}

/** Read once per table: most are constants. */
const readTables = new WeakMap<object, readonly Rule[]>()

function readRules(checks: Readonly<Record<string, OptionCheck>>): readonly Rule[] {
  const known = readTables.get(checks)
  if (known) return known
  const rules = Object.entries(checks).map(([key, check]) => {
    const isOptional = key.endsWith('?')
    return { name: isOptional ? key.slice(0, -1) : key, isOptional, check }
  })
  readTables.set(checks, rules)
  return rules
}

/** Text of `min` to `max` characters (code points, as WeChat counts). */
export const characters =
  (max: number, min = 1): OptionCheck =>
  (value) => {
    if (typeof value !== 'string') return 'must be a string'
    const count = value.length > max || value.length < min * 2 ? [...value].length : value.length
    if (count < min) return min === 1 ? 'must not be empty' : `must have at least ${min} characters`
    return count > max ? `has ${count} characters, at most ${max} are allowed` : undefined
  }

/** Text of at most `max` bytes in UTF-8, where a Chinese character takes three. */
export const bytes =
  (max: number): OptionCheck =>
  (value) => {
    if (typeof value !== 'string' || value === '') return 'must be a non-empty string'
    const count = Buffer.byteLength(value)
    return count > max ? `has ${count} bytes in UTF-8, at most ${max} are allowed` : undefined
  }

/** An array of `min` to `max` items. */
export const items =
  (max: number, min = 1): OptionCheck =>
  (value) => {
    if (!Array.isArray(value)) return 'must be an array'
    return value.length < min || value.length > max
      ? `must have ${min} to ${max} entries, has ${value.length}`
      : undefined
  }

/** A non-empty string without any other known limit. */
export const present: OptionCheck = (value) =>
  typeof value === 'string' && value !== '' ? undefined : 'must be a non-empty string'
