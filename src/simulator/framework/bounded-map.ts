/** A `Map` that drops its oldest entry when it is full, so that a simulator that runs for weeks stays small. */
export class BoundedMap<K, V> extends Map<K, V> {
  readonly limit: number
  readonly #onDrop: ((value: V, key: K) => void) | undefined

  constructor(limit: number, onDrop?: (value: V, key: K) => void) {
    super()
    this.limit = limit
    this.#onDrop = onDrop
  }

  override set(key: K, value: V): this {
    if (!this.has(key) && this.size >= this.limit) {
      const oldest = this.entries().next().value
      if (oldest) {
        this.delete(oldest[0])
        this.#onDrop?.(oldest[1], oldest[0])
      }
    }
    return super.set(key, value)
  }
}
