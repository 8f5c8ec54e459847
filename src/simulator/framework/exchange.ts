import { headersOf, type RawHeaders } from './raw-headers.ts'
import { misspelt, shortened } from './real-paths.ts'
import type { SignatureFinding } from './signature-finding.ts'

/** How a request reached the simulator. */
export type Transport = 'fetch' | 'msw' | 'http' | 'https'

/** The certificate that a client presented. */
export interface ClientCertificate {
  readonly pem: string
  /** Upper-case hexadecimal without leading zeros. */
  readonly serialNumber: string
}

/** @internal A request as a skin received it. */
export interface CoreRequest {
  readonly method: string
  /** Path and query as they were on the wire, path prefix included. */
  readonly receivedTarget: string
  /** `Host` as it was on the wire. */
  readonly receivedHost: string
  readonly headers: Headers | RawHeaders
  readonly body: Uint8Array
  readonly transport: Transport
  readonly clientCertificate?: ClientCertificate | undefined
  readonly remoteAddress?: string | undefined
  readonly signal?: AbortSignal | undefined
}

/** The parser of `URLSearchParams` reads each character: most queries, with their long tokens, have nothing to decode. */
function queryOf(url: URL): URLSearchParams {
  const { search } = url
  if (/[%+]/.test(search)) return url.searchParams
  const query = new URLSearchParams()
  for (const pair of search.slice(1).split('&')) {
    const end = pair.indexOf('=')
    if (pair !== '') query.append(end === -1 ? pair : pair.slice(0, end), end === -1 ? '' : pair.slice(end + 1))
  }
  return query
}

/** One request to an upstream that the simulator stands for, and what was found out about it. */
export class Exchange {
  /** Number of the request in this simulator, from 1. */
  readonly id: number
  /** HTTP method. */
  readonly method: string
  /** URL under the name of the upstream host. */
  readonly url: URL
  /** Upstream host. */
  readonly host: string
  /** Path without the query. */
  readonly path: string
  /** Parameters of the query. */
  readonly query: URLSearchParams
  /** Raw bytes of the body. */
  readonly body: Uint8Array
  /** How the request arrived: injected `fetch`, HTTP or HTTPS. */
  readonly transport: Transport
  /** Path and query as they were on the wire. */
  readonly receivedTarget: string
  /** `Host` as it was on the wire. */
  readonly receivedHost: string
  /** Address of the caller. */
  readonly remoteAddress: string
  /** The certificate of the TLS connection; see {@link Exchange.seesClientCertificate}. */
  readonly clientCertificate: ClientCertificate | undefined
  /** What was verified, in the order of the checks; shown in the log. */
  readonly verifiedNotes: string[] = []
  /** Checks that did not pass. */
  readonly refusals: string[] = []
  /** What the caller has on its clock, in ms, when its signature says so. */
  peerTime: number | undefined
  /** Account (appid, mchid, access key …) that the request turned out to be from. */
  account: string | undefined
  /**
   * What the developer should know and the upstream would not say: shown in the log and in the header `x-simulator-hint`.
   * In ASCII, as header values are.
   */
  hint: string | undefined
  /** Why a signature does not fit; for the log only. */
  signature: SignatureFinding | undefined
  readonly #received: CoreRequest

  /** @internal */
  constructor(received: CoreRequest, upstream: URL, id: number) {
    this.#received = received
    this.id = id
    this.method = received.method.toUpperCase()
    this.url = upstream
    this.host = upstream.hostname
    this.path = upstream.pathname
    this.query = queryOf(upstream)
    this.body = received.body
    this.transport = received.transport
    this.receivedTarget = received.receivedTarget
    this.receivedHost = received.receivedHost
    this.remoteAddress = received.remoteAddress ?? '127.0.0.1'
    this.clientCertificate = received.clientCertificate
  }

  /** Request headers. */
  get headers(): Headers {
    return headersOf(this.#received.headers)
  }

  /** The caller's abort signal. */
  get signal(): AbortSignal | undefined {
    return this.#received.signal
  }

  /**
   * Whether this skin can see client certificates at all. Over plain HTTP and msw it cannot: an endpoint that needs
   * one lets the call pass there and says so in the log, or refuses when `requireClientCertificate` is set.
   */
  get seesClientCertificate(): boolean {
    return this.transport === 'fetch' || this.transport === 'https'
  }

  /** Path and query of the upstream URL, percent-encoding as received. */
  get target(): string {
    return this.url.pathname + this.url.search
  }

  /**
   * The body as UTF-8 text.
   *
   * @returns The text.
   */
  text(): string {
    return new TextDecoder().decode(this.body)
  }

  /**
   * The parsed JSON body, or `undefined` when it is not JSON.
   *
   * @returns The parsed value.
   */
  json(): unknown {
    try {
      return JSON.parse(this.text())
    } catch {
      return undefined
    }
  }

  /** The body as `application/x-www-form-urlencoded` fields. */
  form(): URLSearchParams {
    return new URLSearchParams(this.text())
  }

  /**
   * The parts of a `multipart/form-data` body, or `undefined` when it is none.
   *
   * @throws Nothing: a malformed body gives `undefined`.
   */
  async formData(): Promise<FormData | undefined> {
    try {
      const body = new Uint8Array(this.body)
      return await new Response(body, {
        headers: { 'content-type': this.headers.get('content-type') ?? '' }
      }).formData()
    } catch {
      return undefined
    }
  }

  /**
   * Says that no call of the upstream has this path, which its own response often hides.
   *
   * @param known The paths that it has: one that differs by a letter or two, or by a longer ending, is named.
   */
  noteUnknownPath(known: readonly string[] = []): void {
    const [, first = ''] = this.path.split('/')
    const near = misspelt(this.path, known) ?? shortened(this.path, known)
    const reason = first.includes('.')
      ? 'the path begins with a host name, so baseUrl names a host twice'
      : near
        ? `did you mean ${near}?`
        : 'compare path and method with the document, and baseUrl with simulator.listen().baseUrl(host)'
    this.hint = `the simulator knows no call ${this.method} ${this.host}${this.path}: ${reason}`
  }

  /**
   * Says that the upstream has this call and the simulator does not: it must not look like a mistake in the path.
   *
   * @returns The note.
   */
  noteNotSimulated(): string {
    this.hint = `not simulated: ${this.method} ${this.host}${this.path} is a real call that the simulator does not have; answer it with simulator.fail(path, { response, times: Infinity })`
    return this.hint
  }

  /**
   * Notes a check that did not pass, and why: what the upstream may not say.
   *
   * @param reason What was wrong.
   */
  refused(reason: string): void {
    this.refusals.push(reason)
  }

  /**
   * Notes a passed check for the log.
   *
   * @param note What was verified.
   */
  verified(note: string): void {
    this.verifiedNotes.push(note)
  }

  /**
   * An upstream URL in the form in which the caller can reach it: over HTTP the host becomes a path prefix of the loopback server,
   * otherwise it stays as it is. For every URL inside a response (`download_url`, `h5_url`, …).
   *
   * @param upstreamUrl URL under the name of the upstream host.
   * @returns The URL that the caller can reach.
   */
  publicUrl(upstreamUrl: string | URL): string {
    const url = new URL(upstreamUrl)
    if (this.transport !== 'http' && this.transport !== 'https') return url.href
    if (this.receivedHost === url.host || this.receivedHost === this.url.host) return url.href
    return `${this.transport}://${this.receivedHost}/${url.host}${url.pathname}${url.search}${url.hash}`
  }
}
