import { ConnectionError, TimeoutError, WeixinKitError } from '../errors/index.ts'
import { redactUrl, secretsOf } from '../internal/redact.ts'
import { scrubError } from '../internal/scrub-error.ts'
import { sleep } from '../internal/sleep.ts'
import { checkRequestOptions } from './check-request-options.ts'
import type { DispatcherLike, FetchLike, RequestOptions } from './client-options.ts'
import { connectionFailure } from './connection-failure.ts'
import { Deadline } from './deadline.ts'
import { createDispatcher } from './dispatcher.ts'
import type { HttpCall, HttpClientOptions } from './http-client.ts'
import { acceptsLightSignals } from './light-signal.ts'
import { isRepeatable, retryDelayMs } from './retry.ts'
import { type RequestTrace, traceRequest } from './tracing.ts'

const DEFAULT_TIMEOUT_MS = 10_000
const DEFAULT_MAX_RETRIES = 2

// The types of the built-in fetch know neither another copy's dispatcher nor `duplex`.
type FetchInit = Omit<RequestInit, 'dispatcher'> & { dispatcher?: DispatcherLike; duplex?: 'half' }

/** What was learnt of one attempt, however it ended. */
interface Seen {
  retryAfter?: string | null
  wasSent?: boolean
}

/** Sends the calls of one client: see {@link HttpClient}, which loads it. */
export class HttpEngine {
  readonly #options: HttpClientOptions
  #dispatcher: Promise<DispatcherLike> | undefined
  #certificateDispatcher: Promise<DispatcherLike> | undefined

  constructor(options: HttpClientOptions) {
    this.#options = options
  }

  /**
   * Sends a call and reads its answer.
   *
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT, and whatever `call.read` throws.
   */
  call<T>(call: HttpCall<T>, options: RequestOptions): Promise<T> {
    const { product } = this.#options
    return traceRequest<T>(
      () => ({ product, operation: call.operation, method: call.method, url: redactUrl(call.url), attempts: 0 }),
      (trace) => this.#attempts(call, options ?? {}, trace)
    )
  }

  async #attempts<T>(call: HttpCall<T>, options: RequestOptions, trace: RequestTrace | undefined): Promise<T> {
    checkRequestOptions(options, call.operation, this.#options.product)
    const maxRetries = options.maxRetries ?? this.#options.maxRetries ?? DEFAULT_MAX_RETRIES
    let isBackup = false
    for (let attempt = 1; ; attempt++) {
      if (trace) trace.attempts = attempt
      const seen: Seen = {}
      const url = isBackup ? (call.backupUrl ?? call.url) : call.url
      try {
        const result = await this.#attempt(url === call.url ? call : { ...call, url }, options, attempt, trace, seen)
        if (this.#options.logger) {
          this.#log('debug', `${call.operation} succeeded`, { product: this.#options.product, attempt })
        }
        return result
      } catch (thrown) {
        if (options.signal?.aborted) {
          call.onAbort?.(seen.wasSent === true)
          throw options.signal.reason
        }
        nameOperation(thrown, call.operation)
        const error = scrubError(thrown, [...(this.#options.secrets ?? []), ...secretsOf(call.url)])
        const mayRepeat =
          call.mayRepeat?.(error) !== false &&
          attempt <= maxRetries &&
          !(call.body instanceof ReadableStream) &&
          isRepeatable(error, call.idempotent)
        const pauseMs = mayRepeat
          ? retryDelayMs(attempt, seen.retryAfter, (this.#options.clock ?? Date.now)())
          : undefined
        const { minRetryDelayMs: least = 0 } = call
        const leastMs = typeof least === 'function' ? least(error, attempt) : least
        const delayMs = pauseMs === undefined ? undefined : Math.max(pauseMs, leastMs)
        this.#logFailure(call, error, attempt, delayMs)
        if (delayMs === undefined) throw error
        isBackup = error instanceof ConnectionError ? !isBackup : isBackup
        await sleep(delayMs, options.signal)
      }
    }
  }

  async #attempt<T>(
    call: HttpCall<T>,
    options: RequestOptions,
    attempt: number,
    trace: RequestTrace | undefined,
    seen: Seen
  ): Promise<T> {
    options.signal?.throwIfAborted()
    const ownHeaders = typeof call.headers === 'function' ? await call.headers(attempt) : call.headers
    const init: FetchInit = {
      method: call.method,
      headers: mergeHeaders(this.#options.defaultHeaders, options.headers, ownHeaders),
      // A redirect would carry the signature, the token or the money to another host.
      redirect: 'error'
    }
    if (call.body !== undefined)
      init.body = (typeof call.body === 'function' ? call.body() : call.body) as NonNullable<RequestInit['body']>
    if (init.body instanceof ReadableStream) init.duplex = 'half'
    const dispatcher = this.#dispatcherOf(call)
    if (dispatcher) init.dispatcher = await dispatcher

    // Once more, after the waiting: from here on the request may arrive, also through a `fetch` that ignores its signal.
    options.signal?.throwIfAborted()
    seen.wasSent = true
    const timeoutMs = options.timeoutMs ?? this.#options.timeoutMs ?? DEFAULT_TIMEOUT_MS
    const target = () => `${call.method} ${redactUrl(call.url)}`
    const deadline = new Deadline({
      timeoutMs,
      user: options.signal,
      endsWithClear: call.readsAll === true,
      makeError: () => {
        const message = `${target()} had no complete answer after ${timeoutMs} ms (option timeoutMs).`
        return new TimeoutError(message, { product: this.#options.product })
      }
    })
    try {
      return await deadline.race(
        this.#send(call, init, deadline, attempt).then((response) => {
          if (trace) trace.status = response.status
          // Not asked of good answers: some transports build their headers only on demand.
          if (response.status >= 400) seen.retryAfter = response.headers.get('retry-after')
          return call.read(response, attempt)
        })
      )
    } catch (error) {
      if (deadline.aborted) throw deadline.reason
      if (error instanceof WeixinKitError) throw error
      throw connectionFailure(error, target(), this.#options.product)
    } finally {
      deadline.clear()
    }
  }

  async #send(call: HttpCall<unknown>, init: FetchInit, deadline: Deadline, attempt: number): Promise<Response> {
    // Looked up at each call, so that a mock installed later is used.
    const fetch: FetchLike = this.#options.fetch ?? globalThis.fetch
    const { middleware, product } = this.#options
    const isDirect = !middleware || middleware.length === 0
    const isLight = isDirect && deadline.isLightEnough && acceptsLightSignals(fetch)
    init.signal = isLight ? (deadline as unknown as AbortSignal) : deadline.signal
    if (isDirect) return fetch(call.url, init as RequestInit)
    const context = { product, operation: call.operation, attempt }
    const extras = 'dispatcher' in init ? ({ dispatcher: init.dispatcher } as unknown as RequestInit) : undefined
    const run = (index: number, request: Request): Promise<Response> => {
      const layer = middleware[index]
      return layer ? layer(request, (next) => run(index + 1, next), context) : fetch(request, extras)
    }
    return run(0, new Request(call.url, init as RequestInit))
  }

  #dispatcherOf(call: HttpCall<unknown>): DispatcherLike | Promise<DispatcherLike> | undefined {
    const { proxy, ca, clientCertificate } = this.#options
    if (call.withCertificate && clientCertificate) {
      this.#certificateDispatcher ??= createDispatcher({
        proxy,
        ca,
        clientCertificate: typeof clientCertificate === 'function' ? clientCertificate() : clientCertificate
      })
      return this.#certificateDispatcher
    }
    if (this.#options.dispatcher) return this.#options.dispatcher
    if (!proxy && !ca) return undefined
    this.#dispatcher ??= createDispatcher({ proxy, ca })
    return this.#dispatcher
  }

  #logFailure(call: HttpCall<unknown>, error: unknown, attempt: number, delayMs: number | undefined): void {
    const { logger, product } = this.#options
    if (!logger) return
    const { code, message } = error instanceof WeixinKitError ? error : { code: undefined, message: String(error) }
    const fields = { product, attempt, code, requestSent: error instanceof ConnectionError ? error.requestSent : true }
    if (delayMs === undefined) this.#log('warn', `${call.operation} failed: ${message}`, fields)
    else
      this.#log('info', `${call.operation} will be repeated: ${message}`, { ...fields, delayMs: Math.round(delayMs) })
  }

  /** A logger that throws must not turn a payment that succeeded into an error. */
  #log(level: 'debug' | 'info' | 'warn', message: string, fields: Record<string, unknown>): void {
    try {
      this.#options.logger?.[level]?.(message, fields)
    } catch {
      // There is nowhere left to say it.
    }
  }
}

/** A call inside a call (the access token) names itself first. */
function nameOperation(error: unknown, operation: string): void {
  if (!(error instanceof WeixinKitError) || error.operation !== undefined) return
  Object.defineProperty(error, 'operation', { value: operation, enumerable: true })
}

/** The last one counts, however its name is written: `fetch` would send both in one line. */
function mergeHeaders(...layers: readonly (Readonly<Record<string, string>> | undefined)[]): Record<string, string> {
  const merged: Record<string, string> = {}
  for (const layer of layers) for (const name in layer) merged[name.toLowerCase()] = layer[name] ?? ''
  return merged
}
