/** A `Map` that drops its oldest entry when it is full, so that a simulator that runs for weeks stays small. */
export class BoundedMap<K, V> extends Map<K, V> {
  readonly limit: number
  readonly #onDrop: ((value: V, key: K) => void) | undefined
  /** Goes on where it stopped: looking for the oldest from the start would pass all that was dropped. */
  #oldest: IterableIterator<K> | undefined

  constructor(limit: number, onDrop?: (value: V, key: K) => void) {
    super()
    this.limit = limit
    this.#onDrop = onDrop
  }

  override set(key: K, value: V): this {
    if (!this.has(key) && this.size >= this.limit) {
      this.#oldest ??= this.keys()
      const oldest = this.#oldest.next().value as K
      const value = this.get(oldest) as V
      this.delete(oldest)
      this.#onDrop?.(value, oldest)
    }
    return super.set(key, value)
  }
}
