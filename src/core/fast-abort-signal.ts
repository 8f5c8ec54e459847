import type { FetchLike } from './client-options.ts'

/**
 * The part of `AbortSignal` that `undici.request` uses. A real one costs as much as the rest of a call on the client
 * side.
 */
export interface FastAbortSignal {
  readonly aborted: boolean
  readonly reason: unknown
  addEventListener(type: 'abort', listener: () => void): void
  removeEventListener(type: 'abort', listener: () => void): void
}

const transports = new WeakSet<FetchLike>()

/** Marks a transport of this library that accepts a {@link FastAbortSignal}. */
export function acceptFastSignals(fetch: FetchLike): FetchLike {
  transports.add(fetch)
  return fetch
}

/** Whether a transport accepts a {@link FastAbortSignal}. */
export function acceptsFastSignals(fetch: FetchLike): boolean {
  return transports.has(fetch)
}
