type Values = Readonly<Record<string, string | string[] | undefined>>

/**
 * The headers of an `undici.request` response behind the interface of `Headers`. A lookup reads the record; a standard
 * `Headers` is created for everything else.
 */
export class UndiciHeaders implements Headers {
  readonly #values: Values
  #standard: Headers | undefined

  constructor(values: Values) {
    this.#values = values
  }

  get(name: string): string | null {
    if (this.#standard) return this.#standard.get(name)
    const value = this.#values[name.toLowerCase()]
    return Array.isArray(value) ? value.join(', ') : (value ?? null)
  }

  has(name: string): boolean {
    return this.get(name) !== null
  }

  getSetCookie(): string[] {
    return this.#asStandard().getSetCookie()
  }

  append(name: string, value: string): void {
    this.#asStandard().append(name, value)
  }

  set(name: string, value: string): void {
    this.#asStandard().set(name, value)
  }

  delete(name: string): void {
    this.#asStandard().delete(name)
  }

  forEach(callback: (value: string, key: string, parent: Headers) => void): void {
    this.#asStandard().forEach(callback)
  }

  keys(): ReturnType<Headers['keys']> {
    return this.#asStandard().keys()
  }

  values(): ReturnType<Headers['values']> {
    return this.#asStandard().values()
  }

  entries(): ReturnType<Headers['entries']> {
    return this.#asStandard().entries()
  }

  [Symbol.iterator](): ReturnType<Headers['entries']> {
    return this.entries()
  }

  #asStandard(): Headers {
    if (!this.#standard) {
      this.#standard = new Headers()
      for (const [name, value] of Object.entries(this.#values)) {
        for (const item of [value].flat()) if (item !== undefined) this.#standard.append(name, item)
      }
    }
    return this.#standard
  }
}
