import { SpanKind, SpanStatusCode } from '@opentelemetry/api'
import { type ByteResponse, byteHandlerOf, toFetchHandler } from '../core/byte-handler.ts'
import { checkHandler } from '../core/handler-factory.ts'
import type { FetchHandler } from '../core/index.ts'
import { checkOptions, objectWith, optional, required, text } from '../core/options.ts'
import { activeSpan, parentContext } from './active-span.ts'
import { errorAttributes } from './error-type.ts'
import { makeInstruments, type TelemetryOptions } from './instruments.ts'

/** Options of {@link traceHandler}. */
export interface TraceHandlerOptions extends TelemetryOptions {
  /** Name of the handler in spans and metrics, e.g. `gateway`, `pay.notify`. */
  name: string
}

/** Clients can send any word as a method; these are the methods of HTTP. */
const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

/** Meaning of a status of the library's handlers. */
const REASONS: Readonly<Record<number, string>> = {
  400: 'malformed',
  401: 'signature',
  403: 'forbidden',
  405: 'method',
  413: 'too_large',
  503: 'running'
}

/**
 * Records a span and metrics for each request to a handler; calls inside it become its children. Returns a handler of
 * the same kind: pass it to an adapter.
 *
 * @param handler `gateway.handler()`, `pay.notifyHandler(…)`, or any function from `Request` to `Response`.
 * @param options The handler's name; providers, if not the global ones.
 * @throws {ConfigError} ERR_CONFIG
 * @example
 * import { MessageGateway } from 'weixin-kit/gateway'
 * import { toNodeHandler } from 'weixin-kit/node'
 * import { traceHandler } from 'weixin-kit/otel'
 *
 * const gateway = new MessageGateway({ appId: 'wx0123456789abcdef', token: 'token' })
 * export const listener = toNodeHandler(traceHandler(gateway.handler(), { name: 'gateway' }))
 */
export function traceHandler(handler: FetchHandler, options: TraceHandlerOptions): FetchHandler {
  checkHandler(handler, 'traceHandler', 'core')
  checkOptions(
    options,
    {
      name: required(text(/^[\w.-]{1,64}$/, '1 to 64 letters, digits, "_", "-" or "."')),
      tracerProvider: optional(objectWith('getTracer')),
      meterProvider: optional(objectWith('getMeter'))
    },
    { owner: 'traceHandler', product: 'core' }
  )
  const { name } = options
  const { tracer, handlerDuration, refusals } = makeInstruments(options)
  const handle = byteHandlerOf(handler)
  return toFetchHandler((request) => {
    const startedAt = performance.now()
    const method = METHODS.has(request.method) ? request.method : '_OTHER'
    const attributes = { 'weixin.handler': name, 'http.request.method': method }
    const span = tracer.startSpan(`weixin ${name}`, { kind: SpanKind.SERVER, attributes }, parentContext())
    const end = (outcome: Record<string, string | number>, reason: string | undefined): void => {
      const seen = { 'weixin.handler': name, ...outcome, ...(reason ? { 'weixin.reason': reason } : {}) }
      span.setAttributes(seen)
      if (reason) {
        refusals.add(1, { 'weixin.handler': name, 'weixin.reason': reason })
        span.setStatus({ code: SpanStatusCode.ERROR })
      }
      span.end()
      handlerDuration.record((performance.now() - startedAt) / 1000, seen)
    }
    const succeed = <Answer extends ByteResponse | Response>(response: Answer): Answer => {
      const { status } = response
      end({ 'http.response.status_code': status }, status < 400 ? undefined : (REASONS[status] ?? 'failed'))
      return response
    }
    const fail = (error: unknown): never => {
      end(errorAttributes(error), 'failed')
      throw error
    }
    try {
      const response = activeSpan.run(span, () => handle(request))
      if (response instanceof Promise) return (response as Promise<ByteResponse | Response>).then(succeed, fail)
      return response && succeed(response)
    } catch (error) {
      return fail(error)
    }
  })
}
