import type { RequestOptions } from '../client-options.ts'

/** Methods through which something is read otherwise than by its fields. */
const BEHAVIOUR = new Set(['get', 'toJSON', 'toString', 'valueOf', 'addEventListener'])
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

/**
 * A record, or an object of a class that is read by its fields. What reads or writes itself in another way (streams, signals, sets of
 * headers, texts and numbers of one's own) may hold more than its fields show, which no copy would have.
 */
function hasFieldsOnly(value: object): boolean {
  if (Object.prototype.toString.call(value) !== '[object Object]') return false
  for (let at: object | null = value; at && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    if (Object.getOwnPropertySymbols(at).length > 0) return false
    for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(at))) {
      if (BEHAVIOUR.has(name) && typeof property.value === 'function') return false
      // An accessor of a class may read private fields.
      if (at !== value && property.get && name !== '__proto__') return false
    }
  }
  return true
}
