export type QueryValue = string | number | boolean | undefined | null

/** Maps the upstream's hosts to where requests really go. See `ClientOptions.baseUrl`. */
export class Endpoints {
  readonly #mainHost: string
  readonly #base: string | undefined

  constructor(mainHost: string, baseUrl?: string | URL) {
    this.#mainHost = mainHost
    this.#base = baseUrl === undefined ? undefined : String(baseUrl).replace(/\/+$/, '')
  }

  /** Builds the URL once; parameters with `undefined` or `null` are left out, the order is kept. */
  url(path: string, query?: Readonly<Record<string, QueryValue>>, host: string = this.#mainHost): URL {
    const base = this.#base?.includes(this.#mainHost) ? this.#base.replace(this.#mainHost, host) : this.#base
    const url = new URL((base ?? `https://${host}`) + path)
    for (const name in query) {
      const value = query[name]
      if (value !== undefined && value !== null) url.searchParams.append(name, String(value))
    }
    return url
  }

  /**
   * An address that a browser opens. A base that does not name the main host is a gateway for calls only and leaves it
   * where it is.
   */
  pageUrl(path: string, query: Readonly<Record<string, QueryValue>>, host: string): URL {
    if (this.#base?.includes(this.#mainHost)) return this.url(path, query, host)
    return new Endpoints(host).url(path, query)
  }
}
