import { ConnectionError, TimeoutError, WeixinKitError } from '../errors/index.ts'
import { nameError } from '../internal/name-error.ts'
import { randomNonce } from '../internal/random.ts'
import { redactUrl, secretsOf } from '../internal/redact.ts'
import { scrubError } from '../internal/scrub-error.ts'
import { sleep } from '../internal/sleep.ts'
import { checkRequestOptions } from './check-request-options.ts'
import type { DispatcherLike, FetchLike, RequestOptions } from './client-options.ts'
import { connectionFailure } from './connection-failure.ts'
import { Deadline } from './deadline.ts'
import { createDispatcher } from './dispatcher.ts'
import { acceptsFastSignals } from './fast-abort-signal.ts'
import { FetchInit } from './fetch-init.ts'
import type { HttpCall, HttpClientOptions } from './http-call.ts'
import { checkOwnConnection } from './own-connection.ts'
import { isRepeatable, retryDelayMs } from './retry.ts'
import { safeLogger } from './safe-logger.ts'
import { type RequestTrace, traceRequest, watchedChannel } from './tracing.ts'

export type { HttpBody, HttpCall, HttpClientOptions } from './http-call.ts'

const DEFAULT_TIMEOUT_MS = 10_000
const DEFAULT_MAX_RETRIES = 2

type Headers = Readonly<Record<string, string>> | undefined

const NO_OPTIONS: RequestOptions = {}

/** What is known of one attempt, however it ended. */
interface Seen {
  retryAfter: string | null | undefined
  wasSent: boolean
}

/** Sends every request: `fetch` with timeout, retries, middleware, logging and tracing. */
export class HttpClient {
  readonly #options: HttpClientOptions
  #dispatcher: Promise<DispatcherLike> | undefined
  #certificateDispatcher: Promise<DispatcherLike> | undefined

  constructor(options: HttpClientOptions) {
    this.#options = options.logger ? { ...options, logger: safeLogger(options.logger) } : options
  }

  /** Milliseconds since 1970 on the client's clock. */
  now(): number {
    return (this.#options.clock ?? Date.now)()
  }

  /** Returns a new nonce from the client's generator. */
  nonce(): string {
    return this.#options.nonce?.() ?? randomNonce()
  }

  /**
   * Sends a call and reads its response.
   *
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT, and whatever `call.read` throws.
   * @throws {ConfigError} ERR_INVALID_PARAM for wrong options; nothing was sent.
   */
  call<T>(call: HttpCall<T>, options?: RequestOptions): Promise<T> {
    const watched = watchedChannel()
    if (!watched) return this.#attempts(call, options ?? NO_OPTIONS, undefined)
    const { product } = this.#options
    return traceRequest(watched, call, product, (trace) => this.#attempts(call, options ?? NO_OPTIONS, trace))
  }

  async #attempts<T>(call: HttpCall<T>, options: RequestOptions, trace: RequestTrace | undefined): Promise<T> {
    if (options !== NO_OPTIONS) checkRequestOptions(options, call.operation, this.#options.product)
    let isBackup = false
    for (let attempt = 1; ; attempt++) {
      if (trace) trace.attempts = attempt
      const seen: Seen = { retryAfter: undefined, wasSent: false }
      const url = isBackup ? (call.backupUrl ?? call.url) : call.url
      try {
        const result = await this.#attempt(call, url, options, attempt, trace, seen)
        if (this.#options.logger) {
          this.#log('debug', `${call.operation} succeeded`, { product: this.#options.product, attempt })
        }
        return result
      } catch (thrown) {
        if (options.signal?.aborted) {
          call.onAbort?.(seen.wasSent)
          throw options.signal.reason
        }
        nameError(thrown, { operation: call.operation })
        const error = scrubError(thrown, [...(this.#options.secrets ?? []), ...secretsOf(call.url)])
        const delayMs = this.#retryDelayMs(call, options, error, attempt, seen)
        this.#logFailure(call, error, attempt, delayMs)
        if (delayMs === undefined) throw error
        isBackup = error instanceof ConnectionError ? !isBackup : isBackup
        await sleep(delayMs, options.signal)
      }
    }
  }

  async #attempt<T>(
    call: HttpCall<T>,
    url: URL | string,
    options: RequestOptions,
    attempt: number,
    trace: RequestTrace | undefined,
    seen: Seen
  ): Promise<T> {
    const { signal } = options
    signal?.throwIfAborted()
    const { defaultHeaders, middleware, product } = this.#options
    // Values that are there already are not awaited: each await costs a turn of the microtask queue.
    const made = typeof call.headers === 'function' ? call.headers(attempt) : call.headers
    const ownHeaders = made instanceof Promise ? await made : made
    const body = typeof call.body === 'function' ? call.body() : call.body
    const found = this.#dispatcherOf(call, url)
    const dispatcher = found instanceof Promise ? await found : found
    // Check again after the wait: from here on the request may arrive, even through a `fetch` that ignores its signal.
    signal?.throwIfAborted()
    seen.wasSent = true
    const timeoutMs = options.timeoutMs ?? this.#options.timeoutMs ?? DEFAULT_TIMEOUT_MS
    const deadline = new Deadline(timeoutMs, signal, call.readsAll === true, () => {
      const message = `${targetOf(call, url)} got no complete response within ${timeoutMs} ms (option timeoutMs${timeoutMs < 1000 ? ', in milliseconds' : ''}).`
      return new TimeoutError(message, { product })
    })
    // Looked up on every call, so that a mock installed later is used.
    const fetch: FetchLike = this.#options.fetch ?? globalThis.fetch
    // Bun replaces undici with its own, which accepts only real signals.
    const isFast =
      !middleware?.length && deadline.isFastEnough && acceptsFastSignals(fetch) && process.versions.bun === undefined
    const headers = mergeHeaders(defaultHeaders, options.headers, ownHeaders)
    const init = new FetchInit(call.method, headers, body, dispatcher, deadline, isFast)
    try {
      const response = this.#send(fetch, call, url, init, attempt)
      return await deadline.race(
        response.then((received) => {
          if (trace) trace.status = received.status
          // Not read from successful responses: some transports build their headers only on demand.
          if (received.status >= 400) seen.retryAfter = received.headers.get('retry-after')
          return call.read(received, attempt)
        })
      )
    } catch (error) {
      if (deadline.aborted) throw deadline.reason
      if (error instanceof WeixinKitError) throw error
      throw connectionFailure(error, targetOf(call, url), product)
    } finally {
      deadline.clear()
    }
  }

  #send(
    fetch: FetchLike,
    call: HttpCall<unknown>,
    url: URL | string,
    init: FetchInit,
    attempt: number
  ): Promise<Response> {
    const { middleware, product } = this.#options
    if (!middleware || middleware.length === 0) return fetch(url, init as RequestInit)
    const context = { product, operation: call.operation, attempt }
    const extras = 'dispatcher' in init ? ({ dispatcher: init.dispatcher } as unknown as RequestInit) : undefined
    const run = (index: number, request: Request): Promise<Response> => {
      const layer = middleware[index]
      return layer ? layer(request, (next) => run(index + 1, next), context) : fetch(request, extras)
    }
    return run(0, new Request(url, init as RequestInit))
  }

  #dispatcherOf(call: HttpCall<unknown>, url: URL | string): DispatcherLike | Promise<DispatcherLike> | undefined {
    const { proxy, ca, clientCertificate, dispatcher, fetch, product } = this.#options
    const isMutual = call.withCertificate === true && clientCertificate !== undefined
    if (isMutual || dispatcher || proxy || ca) checkOwnConnection(fetch, targetOf(call, url), product)
    if (isMutual) {
      this.#certificateDispatcher ??= createDispatcher({
        proxy,
        ca,
        clientCertificate: typeof clientCertificate === 'function' ? clientCertificate() : clientCertificate
      })
      return this.#certificateDispatcher
    }
    if (dispatcher) return dispatcher
    if (proxy || ca) this.#dispatcher ??= createDispatcher({ proxy, ca })
    return this.#dispatcher
  }

  /** `undefined`: the call is not retried. */
  #retryDelayMs(
    call: HttpCall<unknown>,
    options: RequestOptions,
    error: unknown,
    attempt: number,
    { retryAfter }: Seen
  ): number | undefined {
    const maxRetries = options.maxRetries ?? this.#options.maxRetries ?? DEFAULT_MAX_RETRIES
    const mayRepeat =
      call.mayRepeat?.(error) !== false &&
      attempt <= maxRetries &&
      !(call.body instanceof ReadableStream) &&
      isRepeatable(error, call.idempotent)
    const pauseMs = mayRepeat ? retryDelayMs(attempt, retryAfter, this.now()) : undefined
    const { minRetryDelayMs: least = 0 } = call
    const leastMs = typeof least === 'function' ? least(error, attempt) : least
    return pauseMs === undefined ? undefined : Math.max(pauseMs, leastMs)
  }

  #logFailure(call: HttpCall<unknown>, error: unknown, attempt: number, delayMs: number | undefined): void {
    const { logger, product } = this.#options
    if (!logger) return
    const { code, message } = error instanceof WeixinKitError ? error : { code: undefined, message: String(error) }
    const fields = { product, attempt, code, requestSent: error instanceof ConnectionError ? error.requestSent : true }
    if (delayMs === undefined) this.#log('warn', `${call.operation} failed: ${message}`, fields)
    else this.#log('info', `${call.operation} is retried: ${message}`, { ...fields, delayMs: Math.round(delayMs) })
  }

  #log(level: 'debug' | 'info' | 'warn', message: string, fields: Record<string, unknown>): void {
    this.#options.logger?.[level]?.(message, fields)
  }
}

function targetOf({ method }: { method: string }, url: URL | string): string {
  return `${method} ${redactUrl(url)}`
}

/** The last one wins, whatever the case of its name: `fetch` would send both on one line. */
function mergeHeaders(defaults: Headers, given: Headers, own: Headers): Record<string, string> {
  if (!defaults && !given) return { ...own }
  const merged: Record<string, string> = {}
  for (const layer of [defaults, given, own]) {
    for (const name in layer) merged[name.toLowerCase()] = layer[name] ?? ''
  }
  return merged
}
