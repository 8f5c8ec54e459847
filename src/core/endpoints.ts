import { ConfigError } from '../errors/index.ts'

/** A value in a query; `undefined` and `null` are left out. */
export type QueryValue = string | number | boolean | undefined | null

/** Where a client with the main host `host` sends its requests: to `baseUrl`, or below the `simulator`. */
export function baseUrlOf(
  { baseUrl, simulator }: { baseUrl?: string | URL | undefined; simulator?: string | URL | undefined },
  host: string
): string | URL | undefined {
  if (baseUrl !== undefined || simulator === undefined) return baseUrl
  return `${String(simulator).replace(/\/+$/, '')}/${host}`
}

/** Maps the upstream's hosts to where requests really go. See `ClientOptions.baseUrl`. */
export class Endpoints {
  readonly #mainHost: string
  readonly #base: string | undefined

  constructor(mainHost: string, baseUrl?: string | URL) {
    this.#mainHost = mainHost
    this.#base = baseUrl === undefined ? undefined : String(baseUrl).replace(/\/+$/, '')
  }

  /**
   * Builds a URL. Parameters that are `undefined` or `null` are left out; the order is kept.
   *
   * @throws {ConfigError} ERR_INVALID_PARAM for a path without leading slash
   */
  url(path: string, query?: Readonly<Record<string, QueryValue>>, host: string = this.#mainHost): URL {
    // Appended to a host, ".evil.example" or "@evil.example" would make another host, which would get the credentials.
    if (!path.startsWith('/')) {
      throw new ConfigError('The path of a request must begin with a slash.', {
        code: 'ERR_INVALID_PARAM',
        option: 'path'
      })
    }
    const base = this.#base?.includes(this.#mainHost) ? this.#base.replace(this.#mainHost, host) : this.#base
    const url = new URL((base ?? `https://${host}`) + path)
    for (const name in query) {
      const value = query[name]
      if (value !== undefined && value !== null) url.searchParams.append(name, String(value))
    }
    return url
  }

  /**
   * Returns a URL for a browser. A base that does not name the main host is a gateway for calls only and does not
   * change it.
   */
  pageUrl(path: string, query: Readonly<Record<string, QueryValue>>, host: string): URL {
    if (this.#base?.includes(this.#mainHost)) return this.url(path, query, host)
    return new Endpoints(host).url(path, query)
  }
}
