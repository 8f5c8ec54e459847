import { type TracingChannel, tracingChannel } from 'node:diagnostics_channel'
import type { Product } from '../errors/index.ts'
import { redactUrl } from '../internal/redact.ts'

/** The message on the tracing channel `weixin-kit:request`: one per call, retries included; URL without secrets. */
export interface RequestTrace {
  product: Product
  operation: string
  method: string
  url: string
  attempts: number
  status?: number
  error?: unknown
}

/** What a trace says of a call. */
interface TracedCall {
  operation: string
  method: string
  url: URL | string
}

let channel: TracingChannel<RequestTrace> | undefined

/** Runs a call under the tracing channel; costs nothing while nobody listens. */
export function traceRequest<T>(
  call: TracedCall,
  product: Product,
  run: (trace: RequestTrace | undefined) => Promise<T>
): Promise<T> {
  channel ??= tracingChannel<RequestTrace>('weixin-kit:request')
  const { start, end, asyncStart, asyncEnd, error } = channel
  const isWatched =
    start.hasSubscribers ||
    end.hasSubscribers ||
    asyncStart.hasSubscribers ||
    asyncEnd.hasSubscribers ||
    error.hasSubscribers
  if (!isWatched) return run(undefined)
  const { operation, method, url } = call
  return withoutResult(channel, { product, operation, method, url: redactUrl(url), attempts: 0 }, run)
}

/** `tracePromise` shows the result to subscribers: here it can be an access token, a session_key or a phone number. */
async function withoutResult<T>(
  channel: TracingChannel<RequestTrace>,
  trace: RequestTrace,
  run: (trace: RequestTrace) => Promise<T>
): Promise<T> {
  const results: T[] = []
  await channel.tracePromise(async () => void results.push(await run(trace)), trace)
  return results[0] as T
}
