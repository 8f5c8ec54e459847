import type { FetchLike } from './client-options.ts'

/** As much of an `AbortSignal` as `undici.request` asks for. A real one costs as much as the whole rest of a call's client side. */
export interface LightSignal {
  readonly aborted: boolean
  readonly reason: unknown
  addEventListener(type: 'abort', listener: () => void): void
  removeEventListener(type: 'abort', listener: () => void): void
}

const transports = new WeakSet<FetchLike>()

/** Marks a transport of this library that does with a light signal. */
export function acceptLightSignals(fetch: FetchLike): FetchLike {
  transports.add(fetch)
  return fetch
}

export function acceptsLightSignals(fetch: FetchLike): boolean {
  return transports.has(fetch)
}
