import { channel, tracingChannel } from 'node:diagnostics_channel'
import { type Span, SpanKind, SpanStatusCode } from '@opentelemetry/api'
import type { RequestTrace } from '../core/index.ts'
import { checkOptions, objectWith, optional } from '../core/options.ts'
import { activeSpan, parentContext } from './active-span.ts'
import { errorAttributes } from './error-type.ts'
import { type Instruments, makeInstruments, type TelemetryOptions } from './instruments.ts'

/** Options of {@link instrumentWeixinKit}. */
export interface InstrumentOptions extends TelemetryOptions {}

/** Result of {@link instrumentWeixinKit}. */
export interface Instrumentation {
  /** Stops the instrumentation. */
  disable(): void
}

interface Running {
  span: Span
  startedAt: number
}

const TOKEN_OPERATION = /^(?:accessToken|ticket|jssdk\.ticket|cardTicket)\b|[tT]icket\.get$/

/**
 * Records spans and metrics of all calls of all clients in this process, token refreshes included. Call it once, before
 * or after clients are created. It subscribes to the tracing channel `weixin-kit:request`; attributes contain no
 * parameters, addresses of messages or secrets.
 *
 * @param options Providers, if not the global ones.
 * @throws {ConfigError} ERR_CONFIG
 * @example
 * import { instrumentWeixinKit } from 'weixin-kit/otel'
 *
 * const instrumentation = instrumentWeixinKit()
 * process.once('SIGTERM', () => instrumentation.disable())
 */
export function instrumentWeixinKit(options: InstrumentOptions = {}): Instrumentation {
  checkOptions(
    options,
    { tracerProvider: optional(objectWith('getTracer')), meterProvider: optional(objectWith('getMeter')) },
    { owner: 'instrumentWeixinKit', product: 'core' }
  )
  const instruments = makeInstruments(options)
  const calls = tracingChannel<RequestTrace>('weixin-kit:request')
  const outcomes = channel('weixin-kit:run-once')
  const running = new WeakMap<object, Running>()
  // Bound, so that calls inside a call (the access token) and other instrumentations see it as their parent.
  const begin = (trace: RequestTrace): Span => {
    const span = startSpan(instruments, trace)
    running.set(trace, { span, startedAt: performance.now() })
    return span
  }
  const end = (message: unknown): void => {
    const trace = message as RequestTrace
    const found = running.get(trace)
    if (!found) return
    running.delete(trace)
    finish(instruments, trace, found)
  }
  const count = (message: unknown): void => {
    instruments.runs.add(1, { outcome: (message as { outcome: string }).outcome })
  }
  // The types of Node have neither `bindStore` of a sub-channel nor typed messages.
  const start = calls.start as unknown as StoreChannel
  start.bindStore(activeSpan, begin)
  calls.asyncEnd.subscribe(end)
  outcomes.subscribe(count)
  return {
    disable: () => {
      start.unbindStore(activeSpan)
      calls.asyncEnd.unsubscribe(end)
      outcomes.unsubscribe(count)
    }
  }
}

interface StoreChannel {
  bindStore(store: typeof activeSpan, transform: (trace: RequestTrace) => Span): void
  unbindStore(store: typeof activeSpan): void
}

function startSpan({ tracer }: Instruments, { product, operation, method, url }: RequestTrace): Span {
  const host = URL.canParse(url) ? new URL(url).host : undefined
  return tracer.startSpan(
    `weixin ${nameOf(operation)}`,
    {
      kind: SpanKind.CLIENT,
      attributes: {
        'weixin.product': product,
        'weixin.operation': nameOf(operation),
        'http.request.method': method,
        ...(host === undefined ? {} : { 'server.address': host })
      }
    },
    parentContext()
  )
}

function finish(instruments: Instruments, trace: RequestTrace, { span, startedAt }: Running): void {
  const { product, operation, attempts, status, error } = trace
  const failure = error === undefined ? {} : errorAttributes(error)
  const outcome = { ...(status === undefined ? {} : { 'http.response.status_code': status }), ...failure }
  const attributes = { 'weixin.product': product, 'weixin.operation': nameOf(operation), ...outcome }
  span.setAttributes({ ...outcome, 'weixin.attempts': attempts })
  if (error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR })
  span.end()
  instruments.callDuration.record((performance.now() - startedAt) / 1000, attributes)
  if (attempts > 1)
    instruments.retries.add(attempts - 1, { 'weixin.product': product, 'weixin.operation': nameOf(operation) })
  if (TOKEN_OPERATION.test(operation)) instruments.tokenRefreshes.add(1, attributes)
}

/**
 * `client.request` without its path, which can contain the number of an order. Parts of an upload are one operation.
 */
function nameOf(operation: string): string {
  return operation.replace(/^request .*$/s, 'request').replace(/\(part \d+\)$/, '(part)')
}
