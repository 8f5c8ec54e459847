import type { FetchLike } from './client-options.ts'

/** As much of an `AbortSignal` as `undici.request` asks for. A real one costs as much as the rest of a call's client side. */
export interface FastAbortSignal {
  readonly aborted: boolean
  readonly reason: unknown
  addEventListener(type: 'abort', listener: () => void): void
  removeEventListener(type: 'abort', listener: () => void): void
}

const transports = new WeakSet<FetchLike>()

/** Marks a transport of this library that takes a {@link FastAbortSignal}. */
export function acceptFastSignals(fetch: FetchLike): FetchLike {
  transports.add(fetch)
  return fetch
}

/** Whether a transport takes a {@link FastAbortSignal}. */
export function acceptsFastSignals(fetch: FetchLike): boolean {
  return transports.has(fetch)
}
