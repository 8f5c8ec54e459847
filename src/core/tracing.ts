import { type Channel, channel as channelOf, type TracingChannel, tracingChannel } from 'node:diagnostics_channel'
import type { Product } from '../errors/index.ts'
import { redactUrl } from '../internal/redact.ts'

/** The message on the tracing channel `weixin-kit:request`: one per call, retries included; URL without secrets. */
export interface RequestTrace {
  product: Product
  operation: string
  method: string
  url: string
  attempts: number
  status?: number | undefined
  error?: unknown
}

/** The message on the channel `weixin-kit:run-once`: the result for a message, notification or callback. */
export interface RunOnceTrace {
  outcome: 'ran' | 'repeated' | 'running'
}

/** What a trace says about a call. */
interface TracedCall {
  operation: string
  method: string
  url: URL | string
}

let channel: TracingChannel<RequestTrace> | undefined

/** The tracing channel, if it has subscribers. */
export function watchedChannel(): TracingChannel<RequestTrace> | undefined {
  channel ??= tracingChannel<RequestTrace>('weixin-kit:request')
  const { start, end, asyncStart, asyncEnd, error } = channel
  const isWatched =
    start.hasSubscribers ||
    end.hasSubscribers ||
    asyncStart.hasSubscribers ||
    asyncEnd.hasSubscribers ||
    error.hasSubscribers
  return isWatched ? channel : undefined
}

/** Traces a call on the tracing channel. */
export async function traceRequest<T>(
  watched: TracingChannel<RequestTrace>,
  { operation, method, url }: TracedCall,
  product: Product,
  run: (trace: RequestTrace) => Promise<T>
): Promise<T> {
  const trace: RequestTrace = { product, operation, method, url: redactUrl(url), attempts: 0 }
  // `tracePromise` shows the result to subscribers: here it can be an access token, a session_key or a phone number.
  const results: T[] = []
  await watched.tracePromise(async () => void results.push(await run(trace)), trace)
  return results[0] as T
}

let outcomes: Channel | undefined

/** Publishes to the channel `weixin-kit:run-once`; costs nothing without subscribers. */
export function traceOutcome(outcome: RunOnceTrace['outcome']): void {
  outcomes ??= channelOf('weixin-kit:run-once')
  if (outcomes.hasSubscribers) outcomes.publish({ outcome } satisfies RunOnceTrace)
}
