import { hash } from 'node:crypto'
import { toStateJson } from './state-json.ts'

/** Below this depth only what holds maps is taken apart: everything else is one record. */
const GROUPS = 3
/** A text up to this length is compared as it is. */
const SHORT = 100
/** Bytes of one line; a multiple of three, so that base64 can be joined. */
const BLOB_PART = 192 * 1024

type Kind = 'object' | 'map' | 'set' | 'list'
type Key = string | number

/**
 * One change of a state, as a line of JSON: `+` a container begins empty, `=` an entry is set, `@` an entry is another container, `-` an entry is
 * gone, `#` bytes that entries name by number, `.` everything before is complete.
 */
export type StateLine =
  | readonly ['+', at: string, kind: Kind]
  | readonly ['=', at: string, key: Key, value: unknown]
  | readonly ['@', at: string, key: Key, child: string]
  | readonly ['-', at: string, key: Key]
  | readonly ['#', blob: number, base64: string]
  | readonly ['.']

interface Container {
  readonly kind: Kind
  /** What was written last: the text or its digest, or the path of a container after a `@`. */
  readonly entries: Map<Key, string>
}

/** Remembers what was written of a state, and finds what changed since. */
export class StateChanges {
  #lastId = 0
  readonly #containers = new Map<string, Container>()
  /** Bytes are never changed in place: each array is written once. */
  readonly #blobs = new WeakMap<Uint8Array, number>()
  readonly #rows = new WeakMap<object, number>()

  /** Lines for what changed, and an empty text for each record that did not: whoever writes may pause after any. */
  since(state: object): Generator<string, void, undefined> {
    return this.#all(state)
  }

  *#all(state: object): Generator<string, void, undefined> {
    yield* this.#walk(state, '', 'object', 0)
    yield line(['.'])
  }

  *#walk(value: object, at: string, kind: Kind, depth: number): Generator<string, void, undefined> {
    let held = this.#containers.get(at)
    if (held?.kind !== kind) {
      held = { kind, entries: new Map() }
      this.#containers.set(at, held)
      yield line(['+', at, kind])
    }
    const seen = new Set<Key>()
    for (const [key, item] of this.#entries(value, kind)) {
      seen.add(key)
      const inner = kindOf(item, depth + 1)
      if (inner === undefined) yield* this.#record(held, at, key, item)
      else {
        const child = `${at}/${encodeURIComponent(key)}`
        if (held.entries.get(key) !== `@${child}`) {
          held.entries.set(key, `@${child}`)
          this.#containers.delete(child)
          yield line(['@', at, key, child])
        }
        yield* this.#walk(item as object, child, inner, depth + 1)
      }
    }
    if (seen.size === held.entries.size) return
    for (const [key, mark] of held.entries) {
      if (seen.has(key)) continue
      if (mark.startsWith('@')) this.#containers.delete(mark.slice(1))
      held.entries.delete(key)
      yield line(['-', at, key])
    }
  }

  *#record({ entries }: Container, at: string, key: Key, item: unknown): Generator<string, void, undefined> {
    const blobs: Uint8Array[] = []
    const json = toStateJson(item, (bytes) => {
      if (!this.#blobs.has(bytes)) blobs.push(bytes)
      return { $blob: this.#id(this.#blobs, bytes) }
    })
    const text = JSON.stringify(json) ?? 'null'
    const mark = text.length <= SHORT ? text : hash('sha1', text, 'base64')
    if (entries.get(key) === mark) {
      yield ''
      return
    }
    entries.set(key, mark)
    for (const bytes of blobs) yield* this.#blob(bytes)
    yield `["=",${JSON.stringify(at)},${JSON.stringify(key)},${text}]\n`
  }

  *#blob(bytes: Uint8Array): Generator<string, void, undefined> {
    const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    const id = this.#id(this.#blobs, bytes)
    for (let i = 0; i < all.length || i === 0; i += BLOB_PART) {
      yield line(['#', id, all.toString('base64', i, i + BLOB_PART)])
    }
  }

  /** Rows of a list are known by what they are, not by where they stand: the oldest may have been dropped. */
  #entries(value: object, kind: Kind): Iterable<readonly [Key, unknown]> {
    if (kind === 'map') return value as Map<Key, unknown>
    if (kind === 'set') return (value as Set<Key>).entries()
    if (kind === 'list') return (value as object[]).map((row) => [this.#id(this.#rows, row), row] as const)
    return Object.entries(value).filter(([, item]) => item !== undefined && typeof item !== 'function')
  }

  #id<K extends object>(ids: WeakMap<K, number>, one: K): number {
    let id = ids.get(one)
    if (id === undefined) {
      id = ++this.#lastId
      ids.set(one, id)
    }
    return id
  }
}

const line = (content: StateLine): string => `${JSON.stringify(content)}\n`

/** How a value is taken apart; `undefined` for a record. */
function kindOf(value: unknown, depth: number): Kind | undefined {
  if (value instanceof Map) return 'map'
  if (value instanceof Set) return 'set'
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return undefined
  if (Array.isArray(value)) return typeof value[0] === 'object' && value[0] !== null ? 'list' : undefined
  return depth <= GROUPS || Object.values(value).some((item) => item instanceof Map) ? 'object' : undefined
}
