import type { StateLine } from './state-changes.ts'
import { toStateName } from './state-json.ts'

type Entries = Map<string | number, { readonly value: unknown } | { readonly child: string }>

/** Puts the lines of {@link StateLine} together again, as the JSON that a snapshot is. */
export class StateLines {
  readonly #containers = new Map<string, { readonly kind: string; readonly entries: Entries }>()
  readonly #blobs = new Map<number, string>()
  #open: StateLine[] = []

  /** Counts when its group is complete. */
  add(line: StateLine): void {
    if (line[0] !== '.') {
      this.#open.push(line)
      return
    }
    for (const one of this.#open) this.#apply(one)
    this.#open = []
  }

  /** `undefined` while no group is complete. */
  get state(): unknown {
    return this.#containers.has('') ? this.#build('') : undefined
  }

  #apply(line: StateLine): void {
    switch (line[0]) {
      case '+':
        this.#containers.set(line[1], { kind: line[2], entries: new Map() })
        return
      case '=':
        this.#containers.get(line[1])?.entries.set(line[2], { value: line[3] })
        return
      case '@':
        this.#containers.get(line[1])?.entries.set(line[2], { child: line[3] })
        return
      case '-':
        this.#containers.get(line[1])?.entries.delete(line[2])
        return
      case '#':
        this.#blobs.set(line[1], (this.#blobs.get(line[1]) ?? '') + line[2])
    }
  }

  #build(at: string): unknown {
    const { kind, entries } = this.#containers.get(at) ?? { kind: 'object', entries: new Map() as Entries }
    const all = [...entries].map(
      ([key, entry]) => [key, 'child' in entry ? this.#build(entry.child) : this.#withBytes(entry.value)] as const
    )
    if (kind === 'map') return { $map: all }
    if (kind === 'object') return Object.fromEntries(all.map(([key, value]) => [toStateName(String(key)), value]))
    const values = all.map(([, value]) => value)
    return kind === 'set' ? { $set: values } : values
  }

  #withBytes(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => this.#withBytes(item))
    if (typeof value !== 'object' || value === null) return value
    const { $blob } = value as { $blob?: number }
    if ($blob !== undefined) return { $bytes: this.#blobs.get($blob) ?? '' }
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.#withBytes(item)]))
  }
}
