import { BoundedMap } from '../../framework/bounded-map.ts'

/** Rows of one kind, found under several keys, the oldest dropped beyond the limit. Rows are JSON. */
export class Table<T extends object> {
  readonly #rows: BoundedMap<T, T>
  readonly #index = new Map<string, T>()
  readonly #keysOf: (row: T) => readonly (string | undefined)[]
  readonly #absent: () => Partial<T>

  /** @param absent Fields that rows of older snapshots have not got. */
  constructor(limit: number, keysOf: (row: T) => readonly (string | undefined)[], absent = (): Partial<T> => ({})) {
    this.#keysOf = keysOf
    this.#absent = absent
    this.#rows = new BoundedMap(limit, (row) => this.#unindex(row))
  }

  add(row: T): T {
    this.#rows.set(row, row)
    return this.#reindex(row)
  }

  /** Changes fields that are keys. */
  change(row: T, fields: Partial<T>): T {
    this.#unindex(row)
    return this.#reindex(Object.assign(row, fields))
  }

  get(key: string): T | undefined {
    return this.#index.get(key)
  }

  remove(row: T): void {
    this.#rows.delete(row)
    this.#unindex(row)
  }

  get size(): number {
    return this.#rows.size
  }

  rows(): IterableIterator<T> {
    return this.#rows.values()
  }

  filter(test: (row: T) => boolean): T[] {
    const found: T[] = []
    for (const row of this.#rows.values()) if (test(row)) found.push(row)
    return found
  }

  snapshot(): unknown {
    return [...this.#rows.values()]
  }

  restore(rows: unknown): void {
    this.#rows.clear()
    this.#index.clear()
    if (Array.isArray(rows)) for (const row of rows as T[]) this.add({ ...this.#absent(), ...structuredClone(row) })
  }

  #reindex(row: T): T {
    for (const key of this.#keysOf(row)) if (key !== undefined) this.#index.set(key, row)
    return row
  }

  #unindex(row: T): void {
    for (const key of this.#keysOf(row)) if (key !== undefined && this.#index.get(key) === row) this.#index.delete(key)
  }
}
