import type { RequestOptions } from '../client-options.ts'

/** Deeper than any parameters go. */
const MAX_DEPTH = 16

/** A copy of parameters, which later changes by the caller do not reach. What cannot be copied without a difference stays what it is. */
export function keepParams<T>(params: T): T {
  return unlessItThrows(params, () => keep(params, MAX_DEPTH, new Map()) as T)
}

/** The same for the options of a call, whose signal stays the caller's. */
export function keepOptions<T extends RequestOptions | undefined>(options: T): T {
  return unlessItThrows(options, () => {
    if (!isPlain(options)) return options
    const { headers } = options
    return { ...options, ...(isPlain(headers) ? { headers: { ...headers } } : {}) }
  })
}

/** Whatever throws when it is read is told of by the call itself, in the same way at any time. */
function unlessItThrows<T>(given: T, copy: () => T): T {
  try {
    return copy()
  } catch {
    return given
  }
}

function keep(value: unknown, depth: number, copies: Map<object, unknown>): unknown {
  if (typeof value !== 'object' || value === null || depth <= 0) return value
  if (copies.has(value)) return copies.get(value)
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype === Date.prototype) return new Date((value as Date).getTime())
  if (prototype === URL.prototype) return new URL((value as URL).href)
  if (value instanceof Uint8Array) return Uint8Array.prototype.slice.call(value)
  const isList = Array.isArray(value)
  if (!isList && !hasFieldsOnly(value)) return value
  const copy: object = isList ? new Array(value.length) : Object.create(prototype as object | null)
  copies.set(value, copy)
  for (const name of Object.getOwnPropertyNames(value)) {
    if (isList && name === 'length') continue
    const item = keep((value as Record<string, unknown>)[name], depth - 1, copies)
    const enumerable = Object.prototype.propertyIsEnumerable.call(value, name)
    // Not by assignment: that would make a prototype of a field of that name, which is refused later.
    Object.defineProperty(copy, name, { value: item, enumerable, configurable: true, writable: true })
  }
  return copy
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** Also of a class of one's own; but neither a signal, a set of headers, nor what writes itself as JSON or reads fields of its own. */
function hasFieldsOnly(value: object): boolean {
  const { get, toJSON, addEventListener } = value as Record<string, unknown>
  return (
    Object.prototype.toString.call(value) === '[object Object]' &&
    typeof get !== 'function' &&
    typeof toJSON !== 'function' &&
    typeof addEventListener !== 'function' &&
    !inheritsAccessors(value)
  )
}

/** An accessor of a class may read private fields, which no copy has. */
function inheritsAccessors(value: object): boolean {
  for (let at: unknown = Object.getPrototypeOf(value); at; at = Object.getPrototypeOf(at)) {
    for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(at))) {
      if (property.get && name !== '__proto__') return true
    }
  }
  return false
}
