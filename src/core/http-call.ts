import type { Product } from '../errors/index.ts'
import type { ClientOptions } from './client-options.ts'
import type { ClientCertificate } from './dispatcher.ts'

/** A request body. A stream is sent once and never retried. */
export type HttpBody = string | Uint8Array | Blob | FormData | ReadableStream<Uint8Array>

type Headers = Readonly<Record<string, string>>

/** One call as a client describes it. */
export interface HttpCall<T> {
  /** Name of the method for diagnostics, e.g. `users.info`. */
  operation: string
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Absolute. */
  url: URL | string
  /** A function is called for each attempt, e.g. because the signature covers the timestamp. */
  headers?: Headers | ((attempt: number) => Headers | Promise<Headers>) | undefined
  /** A stream is sent once and never retried; a function is called for each attempt. */
  body?: HttpBody | (() => HttpBody) | undefined
  /** Whether the call may be retried without a second effect. */
  idempotent: boolean
  /** Present the client certificate (mutual TLS). */
  withCertificate?: boolean | undefined
  /**
   * Turns the response into the result; the error it throws decides whether the call is retried. The timeout covers it.
   */
  read(response: Response, attempt: number): Promise<T>
  /** `read` consumes the whole response. */
  readsAll?: boolean | undefined
  /** Called after every failed attempt; `false` prevents a retry that would otherwise happen. */
  mayRepeat?(error: unknown): boolean
  /** Called when the caller aborts the call. `wasSent`: an attempt was under way, and its request may have arrived. */
  onAbort?(wasSent: boolean): void
  /** Another host of the same upstream: a retry after a failed connection goes there, and back again. */
  backupUrl?: URL | string | undefined
  /** Minimum delay before a retry, where the upstream asks for one; a function decides by the error. */
  minRetryDelayMs?: number | ((error: unknown, attempt: number) => number) | undefined
}

/** Options of the HTTP client: those of the product's client, and what the product adds. */
export interface HttpClientOptions extends ClientOptions {
  product: Product
  /** Sent with every request unless the call sets the same header. */
  defaultHeaders?: Headers | undefined
  /** PEM for mutual TLS; loaded once, and connections are reused. */
  clientCertificate?: ClientCertificate | (() => ClientCertificate) | undefined
  /** Values that no error may quote, even if the upstream sent them back. */
  secrets?: readonly string[] | undefined
  /** Additional certificate authorities (PEM). */
  ca?: string | readonly string[] | undefined
}
