import type { RequestOptions } from '../../core/client-options.ts'

/** Deeper than any parameters go. */
const MAX_DEPTH = 16

/** A copy of parameters, which later changes by the caller do not reach. What has more than fields stays what it is. */
export function keepParams<T>(params: T): T {
  return keep(params, MAX_DEPTH, new Map()) as T
}

/** The same for the options of a call, whose signal stays the caller's. */
export function keepOptions<T extends RequestOptions | undefined>(options: T): T {
  if (!isPlain(options)) return options
  const { headers } = options
  return { ...options, ...(isPlain(headers) ? { headers: { ...headers } } : {}) }
}

function keep(value: unknown, depth: number, copies: Map<object, unknown>): unknown {
  if (typeof value !== 'object' || value === null || depth <= 0) return value
  if (copies.has(value)) return copies.get(value)
  if (value instanceof Date) return new Date(value.getTime())
  if (value instanceof URL) return new URL(value.href)
  if (value instanceof Uint8Array) return Uint8Array.prototype.slice.call(value)
  if (!Array.isArray(value) && !hasFieldsOnly(value)) return value
  const copy: object = Array.isArray(value) ? [] : {}
  copies.set(value, copy)
  for (const [name, item] of Object.entries(value)) {
    // Not by assignment: that would make a prototype of a field of that name, which is refused later.
    const field = { value: keep(item, depth - 1, copies), enumerable: true, configurable: true, writable: true }
    Object.defineProperty(copy, name, field)
  }
  return copy
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** Also of a class of one's own; but neither a signal, a set of headers, nor what writes itself as JSON. */
function hasFieldsOnly(value: object): boolean {
  const { get, toJSON } = value as { get?: unknown; toJSON?: unknown }
  return (
    Object.prototype.toString.call(value) === '[object Object]' &&
    typeof get !== 'function' &&
    typeof toJSON !== 'function'
  )
}
