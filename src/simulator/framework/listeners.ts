/** @internal Everybody who wants to hear of one kind of event. */
export class Listeners<T> {
  readonly #all = new Set<(event: T) => void>()

  /** The result ends it. */
  add(listener: (event: T) => void): () => void {
    this.#all.add(listener)
    return () => void this.#all.delete(listener)
  }

  call(event: T): void {
    for (const listener of this.#all) listener(event)
  }
}
