/** Headers of which objects are made when somebody reads them: most calls are only kept in the log. */
export class RawHeaders {
  readonly #raw: readonly string[]
  #headers: Headers | undefined

  /** @param raw Names and values in turn, as `rawHeaders` of Node.js. */
  constructor(raw: readonly string[]) {
    this.#raw = raw
  }

  /** Names and values in turn; `undefined` once there are headers, which somebody may have changed. */
  get raw(): readonly string[] | undefined {
    return this.#headers === undefined ? this.#raw : undefined
  }

  get headers(): Headers {
    if (!this.#headers) {
      this.#headers = new Headers()
      for (let i = 0; i + 1 < this.#raw.length; i += 2) {
        this.#headers.append(this.#raw[i] ?? '', this.#raw[i + 1] ?? '')
      }
    }
    return this.#headers
  }
}

export const headersOf = (source: Headers | RawHeaders): Headers =>
  source instanceof RawHeaders ? source.headers : source
