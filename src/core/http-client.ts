import type { Product } from '../errors/index.ts'
import { lazyPart } from '../internal/lazy-part.ts'
import { randomNonce } from '../internal/random.ts'
import type { ClientOptions, RequestOptions } from './client-options.ts'
import type { ClientCertificate } from './dispatcher.ts'
import type { HttpEngine } from './http-engine.ts'

export type HttpBody = string | Uint8Array | FormData | ReadableStream<Uint8Array>

/** One call as a client describes it. */
export interface HttpCall<T> {
  /** Name of the method for diagnostics, e.g. `users.info`. */
  operation: string
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  url: URL
  /** A function is called for each attempt, e.g. because the signature covers the time. */
  headers?:
    | Readonly<Record<string, string>>
    | ((attempt: number) => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>)
  /** A stream is sent once and never repeated; a function is called for each attempt. */
  body?: HttpBody | (() => HttpBody)
  /** Whether the upstream may execute the call twice without harm. */
  idempotent: boolean
  /** Present the client certificate (mutual TLS). */
  withCertificate?: boolean
  /** Turns the answer into the result; what it throws decides about a retry. The timeout covers it. */
  read(response: Response, attempt: number): Promise<T>
  /** `read` leaves nothing of the answer to be read later. */
  readsAll?: boolean
  /** Sees every failed attempt; `false` forbids a repeat that would otherwise be made. */
  mayRepeat?(error: unknown): boolean
  /** The caller's abort ends the call. `wasSent`: during an attempt, whose request may have arrived. */
  onAbort?(wasSent: boolean): void
  /** Another host of the same upstream: a repeat after a failed connection goes there, and back again. */
  backupUrl?: URL
  /** Least pause before a repeat, where the upstream asks for one; a function decides by the error. */
  minRetryDelayMs?: number | ((error: unknown, attempt: number) => number)
}

export interface HttpClientOptions extends ClientOptions {
  product: Product
  /** Sent with every request unless the call sets the same header. */
  defaultHeaders?: Readonly<Record<string, string>>
  /** PEM for mutual TLS; loaded once, connections are kept. */
  clientCertificate?: ClientCertificate | (() => ClientCertificate)
  /** Values that no error may quote, whoever sent them back. */
  secrets?: readonly string[]
  /** Further certificate authorities (PEM). */
  ca?: string | readonly string[]
}

/** One for all clients: what only a request needs. */
const part = lazyPart(() => import('./http-engine.ts'))

/** The one way out: `fetch` with timeout, retries, middleware, logging and tracing. What does it is loaded after the client was made. */
export class HttpClient {
  readonly #options: HttpClientOptions
  #engine: HttpEngine | undefined

  constructor(options: HttpClientOptions) {
    this.#options = options
    part.preload()
  }

  /** Milliseconds since 1970 by the client's clock. */
  now(): number {
    return (this.#options.clock ?? Date.now)()
  }

  /** A fresh nonce by the client's generator. */
  nonce(): string {
    return this.#options.nonce?.() ?? randomNonce()
  }

  /**
   * Sends a call and reads its answer.
   *
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT, and whatever `call.read` throws.
   * @throws {ConfigError} ERR_MISSING_DEPENDENCY when a file of the library is missing; nothing was sent
   */
  call<T>(call: HttpCall<T>, options: RequestOptions = {}): Promise<T> {
    return this.#engine ? this.#engine.call(call, options ?? {}) : this.#firstCall(call, options ?? {})
  }

  async #firstCall<T>(call: HttpCall<T>, options: RequestOptions): Promise<T> {
    const { HttpEngine } = part.loaded ?? (await part.load())
    this.#engine ??= new HttpEngine(this.#options)
    return this.#engine.call(call, options)
  }
}
