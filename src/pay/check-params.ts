import { nearest } from '../core/options.ts'
import type { ConfigError } from '../errors/index.ts'
import { invalidParam } from '../internal/invalid-param.ts'
import { wrongDate } from './common/beijing-time.ts'
import type { Endpoint } from './endpoint.ts'
import { formatRfc3339 } from './field-rules.ts'

export type Params = Readonly<Record<string, unknown>>

/** How deep a body may nest; a cycle would otherwise run forever. */
const MAX_DEPTH = 12

/**
 * Checks the parameters of a call before anything is sent, and makes a copy in which `Date` is text and `undefined` is gone.
 * Names that the table does not have pass, so that new fields of the upstream work at once; one that looks like a misspelt
 * name of the table is refused.
 *
 * @throws {ConfigError} ERR_INVALID_PARAM naming the field.
 */
export function checkParams(endpoint: Endpoint, params: unknown): Record<string, unknown> {
  const { operation, rules = {}, fill, path } = endpoint
  if (typeof params !== 'object' || params === null || Array.isArray(params)) {
    throw invalid(operation, undefined, 'expected an object of parameters')
  }
  const wire = toWire(params, operation, '', MAX_DEPTH) as Record<string, unknown>
  const filled = new Set([...Object.keys(fill?.body ?? {}), ...Object.keys(fill?.query ?? {})])
  const known = [
    ...Object.keys(rules).map((name) => name.split(/[.[]/, 1)[0] ?? name),
    ...(path.match(/[^{}]+(?=})/g) ?? [])
  ]
  for (const name of Object.keys(wire)) {
    if (filled.has(name)) throw invalid(operation, name, 'is filled by the client: leave it out')
    if (known.length === 0 || known.includes(name)) continue
    const near = nearest(name, known)
    if (near && isMisspelt(name, near)) throw invalid(operation, name, `is unknown; did you mean "${near}"`)
  }
  for (const [name, rule] of Object.entries(rules)) {
    for (const [at, value] of valuesAt(wire, name)) {
      const wrong =
        value === undefined || value === null
          ? rule.required
            ? isRequired(endpoint, name)
            : undefined
          : rule.check(value)
      if (wrong) throw invalid(operation, at, wrong)
    }
  }
  return wire
}

function isRequired({ notifies }: Endpoint, name: string): string {
  const isDefaulted = notifies && name === 'notify_url'
  return isDefaulted ? 'is required: give it here, or once to the client as the option notifyUrl' : 'is required'
}

export function invalid(operation: string, name: string | undefined, problem: string): ConfigError {
  return invalidParam('pay', operation, name, `${problem}. Nothing was sent`)
}

/**
 * What belongs to the one number that was given, of those by which a thing can be looked up.
 *
 * @throws {ConfigError} ERR_INVALID_PARAM naming all of them.
 */
export function chosenBy<T>(operation: string, params: unknown, choices: Readonly<Record<string, T>>): T {
  const given = (typeof params === 'object' && params !== null ? params : {}) as Params
  const names = Object.keys(choices)
  const chosen = names.filter((name) => given[name] !== undefined && given[name] !== null)
  const choice = chosen.length === 1 ? choices[chosen[0] ?? ''] : undefined
  if (choice !== undefined) return choice
  throw invalid(operation, names[0], `or "${names.slice(1).join('" or "')}": give exactly one of them`)
}

/**
 * Values at a dotted name; `[]` stands for every entry of a list. What lies below a missing object is not asked for: the
 * object has a rule of its own.
 */
export function valuesAt(root: unknown, name: string): [at: string, value: unknown][] {
  let found: [string, unknown][] = [['', root]]
  for (const part of name.split('.')) {
    const key = part.replace(/\[\]$/, '')
    found = found.flatMap(([at, parent]): [string, unknown][] => {
      if (typeof parent !== 'object' || parent === null) return []
      const path = at === '' ? key : `${at}.${key}`
      const value = Object.hasOwn(parent, key) ? (parent as Params)[key] : undefined
      if (!part.endsWith('[]')) return [[path, value]]
      return Array.isArray(value) ? value.map((item, index) => [`${path}[${index}]`, item]) : []
    })
  }
  return found
}

function toWire(value: unknown, operation: string, at: string, depth: number): unknown {
  if (value instanceof Date) {
    const wrong = wrongDate(value)
    if (wrong) throw invalid(operation, at, wrong)
    return formatRfc3339(value)
  }
  if (value instanceof URL) return value.href
  if (typeof value === 'number' && !Number.isFinite(value)) throw invalid(operation, at, 'is no number')
  if (typeof value === 'bigint' || typeof value === 'function' || typeof value === 'symbol') {
    throw invalid(operation, at, `is a ${typeof value}, which cannot be sent as JSON`)
  }
  if (typeof value !== 'object' || value === null) return value
  if (depth <= 0) throw invalid(operation, at, 'is nested too deep')
  if (value instanceof Uint8Array) throw invalid(operation, at, 'has bytes, which cannot be sent as JSON')
  if (Array.isArray(value)) return value.map((item, index) => toWire(item, operation, `${at}[${index}]`, depth - 1))
  const copy: Record<string, unknown> = {}
  for (const [name, item] of Object.entries(value)) {
    // Would set a prototype in place of a field.
    if (name === '__proto__') throw invalid(operation, name, 'is no name of a field')
    if (item !== undefined) copy[name] = toWire(item, operation, at === '' ? name : `${at}.${name}`, depth - 1)
  }
  return copy
}

/** `outTradeNo` for `out_trade_no`, or one letter wrong; two fields of the upstream differ by more. */
function isMisspelt(name: string, near: string): boolean {
  const plain = (word: string) => word.toLowerCase().replace(/[_-]/g, '')
  return plain(name) === plain(near) || (Math.abs(name.length - near.length) <= 1 && oneEdit(plain(name), plain(near)))
}

function oneEdit(a: string, b: string): boolean {
  let start = 0
  while (start < a.length && a[start] === b[start]) start++
  let end = 0
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end++
  return Math.max(a.length, b.length) - start - end <= 1
}
