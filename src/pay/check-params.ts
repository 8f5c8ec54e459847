import { nearest } from '../core/options.ts'
import type { ConfigError } from '../errors/index.ts'
import { invalidParam } from '../internal/invalid-param.ts'
import { isPromise } from '../internal/unawaited.ts'
import { wrongDate } from './common/beijing-time.ts'
import type { Endpoint, Params } from './endpoint.ts'
import { formatRfc3339 } from './field-rules.ts'

/** Maximum nesting of a body; a cycle would otherwise run forever. */
const MAX_DEPTH = 12

/**
 * Checks the parameters of a call before anything is sent.
 *
 * Unknown names are accepted, so that new fields of the upstream work at once; a near miss of a known name is refused.
 *
 * @param wire parameters as copied by {@link toWire}, with the fields that the client fills in
 * @throws {ConfigError} ERR_INVALID_PARAM naming the field.
 */
export function checkParams(operation: string, endpoint: Endpoint, path: string, wire: Params): void {
  const { rules = {}, fill = {} } = endpoint
  const known = [
    ...Object.keys(rules).map((name) => name.split(/[.[]/, 1)[0] ?? name),
    ...Object.keys(fill),
    ...namesIn(path)
  ]
  for (const name of Object.keys(wire)) {
    if (known.includes(name)) continue
    const near = nearest(name, known)
    if (near && isMisspelt(name, near)) throw invalid(operation, name, `is unknown; did you mean "${near}"`)
  }
  for (const [name, rule] of Object.entries(rules)) {
    for (const [at, value] of valuesAt(wire, name)) {
      const isMissing = value === undefined || value === null
      const problem = isMissing ? (rule.required ? missing(fill[name]) : undefined) : rule.check(value)
      if (problem) throw invalid(operation, at, problem + partsOf(name, rules, value))
    }
  }
  const wrong = endpoint.check?.(wire)
  if (wrong) throw invalid(operation, wrong.field, wrong.problem)
}

/** Names in `{}` of a path. */
export function namesIn(path: string): string[] {
  return path.match(/[^{}]+(?=})/g) ?? []
}

/** The required fields of an object that is missing or has another type: people often write `amount: 100`. */
function partsOf(name: string, rules: NonNullable<Endpoint['rules']>, value: unknown): string {
  if (typeof value === 'object' && value !== null) return ''
  const parts = Object.keys(rules).filter((rule) => rule.startsWith(`${name}.`) && rules[rule]?.required)
  const names = parts.map((part) => part.slice(name.length + 1)).filter((part) => !/[.[]/.test(part))
  return names.length === 0 ? '' : `, with ${names.map((part) => `"${part}"`).join(', ')} in it`
}

function missing(option: string | undefined): string {
  return option ? `is required: pass it here, or set the option ${option} of the client` : 'is required'
}

export function invalid(operation: string, name: string | undefined, problem: string): ConfigError {
  return invalidParam('pay', operation, name, `${problem}. Nothing was sent`)
}

/**
 * Returns the path of an endpoint; if there are several, the one for the given number.
 *
 * @throws {ConfigError} ERR_INVALID_PARAM naming all of them.
 */
export function choosePath(operation: string, { path }: Endpoint, params: Params): string {
  if (typeof path === 'string') return path
  const names = Object.keys(path)
  const chosen = names.filter((name) => params[name] !== undefined && params[name] !== null)
  const choice = chosen.length === 1 ? path[chosen[0] ?? ''] : undefined
  if (choice !== undefined) return choice
  throw invalid(operation, names[0], `or "${names.slice(1).join('" or "')}": pass exactly one of them`)
}

/**
 * Values at a dotted name; `[]` stands for every entry of a list. Fields below a missing object are not checked: the
 * object has its own rule.
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

/**
 * Returns a copy of the parameters with each `Date` as text and without `undefined`.
 *
 * @throws {ConfigError} ERR_INVALID_PARAM for values that JSON cannot represent.
 */
export function toWire(operation: string, params: unknown, example = ''): Record<string, unknown> {
  if (isPromise(params)) throw invalid(operation, undefined, 'got a promise as its parameters: await it first')
  if (typeof params !== 'object' || params === null || Array.isArray(params)) {
    throw invalid(operation, undefined, `expected an object of parameters${example}`)
  }
  return copyObject(params, operation, '', MAX_DEPTH)
}

function copyObject(value: object, operation: string, at: string, depth: number): Record<string, unknown> {
  const copy: Record<string, unknown> = {}
  for (const [name, item] of Object.entries(value)) {
    // Would set a prototype instead of a field.
    if (name === '__proto__') throw invalid(operation, name, 'is not the name of a field')
    if (item !== undefined) copy[name] = copyValue(item, operation, at === '' ? name : `${at}.${name}`, depth - 1)
  }
  return copy
}

function copyValue(value: unknown, operation: string, at: string, depth: number): unknown {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value
  if (typeof value === 'number') {
    if (Number.isFinite(value)) return value
    throw invalid(operation, at, 'is not a number')
  }
  if (typeof value !== 'object') throw invalid(operation, at, `is a ${typeof value}, which cannot be sent as JSON`)
  if (value instanceof Date) {
    const wrong = wrongDate(value)
    if (wrong) throw invalid(operation, at, wrong)
    return formatRfc3339(value)
  }
  if (value instanceof URL) return value.href
  if (isPromise(value)) throw invalid(operation, at, 'is a promise: await it first')
  if (depth <= 0) throw invalid(operation, at, 'is nested too deep')
  if (value instanceof Uint8Array) throw invalid(operation, at, 'contains bytes, which cannot be sent as JSON')
  if (Array.isArray(value))
    return Array.from(value, (item, index) => copyValue(item, operation, `${at}[${index}]`, depth - 1))
  return copyObject(value, operation, at, depth)
}

/** `outTradeNo` for `out_trade_no`, or one wrong letter; fields of the upstream differ by more. */
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
