type FromBytes = (bytes: Uint8Array) => unknown

const base64: FromBytes = (bytes) => ({ $bytes: Buffer.from(bytes).toString('base64') })

/** @internal State as JSON: maps, sets and bytes keep their kind. */
export function toStateJson(value: unknown, fromBytes = base64): unknown {
  if (typeof value !== 'object' || value === null) return value
  const inner = (item: unknown) => toStateJson(item, fromBytes)
  if (value instanceof Map) return { $map: [...value].map(([key, item]) => [key, inner(item)]) }
  if (value instanceof Set) return { $set: [...value].map(inner) }
  if (value instanceof Uint8Array) return fromBytes(value)
  if (Array.isArray(value)) return value.map(inner)
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [toStateName(key), inner(item)]))
}

/** @internal A name of the state in JSON: what applications call `$map` is no map. */
export const toStateName = (name: string): string => (/^\$+(?:map|set|bytes|blob)$/.test(name) ? `$${name}` : name)

const fromStateName = (name: string): string => (/^\$\$+(?:map|set|bytes|blob)$/.test(name) ? name.slice(1) : name)

/** @internal The reverse of {@link toStateJson}. */
export function fromStateJson(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fromStateJson)
  if (typeof value !== 'object' || value === null) return value
  const { $map, $set, $bytes } = value as { $map?: [unknown, unknown][]; $set?: unknown[]; $bytes?: string }
  if ($map) return new Map($map.map(([key, item]) => [key, fromStateJson(item)]))
  if ($set) return new Set($set.map(fromStateJson))
  if ($bytes !== undefined) return Buffer.from($bytes, 'base64')
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [fromStateName(key), fromStateJson(item)]))
}

/** @internal Puts restored state into an existing object: maps and sets are refilled in place, so that their limits stay. */
export function refill<T extends object>(target: T, json: unknown): void {
  const source = fromStateJson(json) as Record<string, unknown> | undefined
  for (const [key, value] of Object.entries(source ?? {})) {
    const held = (target as Record<string, unknown>)[key]
    if (held instanceof Map && value instanceof Map) {
      held.clear()
      for (const [name, item] of value) held.set(name, item)
    } else if (held instanceof Set && value instanceof Set) {
      held.clear()
      for (const item of value) held.add(item)
    } else (target as Record<string, unknown>)[key] = value
  }
}
