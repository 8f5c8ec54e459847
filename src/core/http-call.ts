import type { Product } from '../errors/index.ts'
import type { ClientOptions } from './client-options.ts'
import type { ClientCertificate } from './dispatcher.ts'

/** What a request can carry. A stream is sent once and never repeated. */
export type HttpBody = string | Uint8Array | Blob | FormData | ReadableStream<Uint8Array>

type Headers = Readonly<Record<string, string>>

/** One call as a client describes it. */
export interface HttpCall<T> {
  /** Name of the method for diagnostics, e.g. `users.info`. */
  operation: string
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Absolute. */
  url: URL | string
  /** A function is called for each attempt, e.g. because the signature covers the time. */
  headers?: Headers | ((attempt: number) => Headers | Promise<Headers>) | undefined
  /** A stream is sent once and never repeated; a function is called for each attempt. */
  body?: HttpBody | (() => HttpBody) | undefined
  /** Whether the upstream may execute the call twice without harm. */
  idempotent: boolean
  /** Present the client certificate (mutual TLS). */
  withCertificate?: boolean | undefined
  /** Turns the response into the result; what it throws decides about a retry. The timeout covers it. */
  read(response: Response, attempt: number): Promise<T>
  /** `read` leaves nothing of the response to be read later. */
  readsAll?: boolean | undefined
  /** Sees every failed attempt; `false` forbids a retry that would otherwise be made. */
  mayRepeat?(error: unknown): boolean
  /** The caller's abort ends the call. `wasSent`: during an attempt, whose request may have arrived. */
  onAbort?(wasSent: boolean): void
  /** Another host of the same upstream: a retry after a failed connection goes there, and back again. */
  backupUrl?: URL | string | undefined
  /** Least pause before a retry, where the upstream asks for one; a function decides by the error. */
  minRetryDelayMs?: number | ((error: unknown, attempt: number) => number) | undefined
}

/** Options of the HTTP client: those of the product's client, and what the product adds. */
export interface HttpClientOptions extends ClientOptions {
  product: Product
  /** Sent with every request unless the call sets the same header. */
  defaultHeaders?: Headers | undefined
  /** PEM for mutual TLS; loaded once, connections are kept. */
  clientCertificate?: ClientCertificate | (() => ClientCertificate) | undefined
  /** Values that no error may quote, whoever sent them back. */
  secrets?: readonly string[] | undefined
  /** Further certificate authorities (PEM). */
  ca?: string | readonly string[] | undefined
}
