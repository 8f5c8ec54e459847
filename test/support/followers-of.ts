import { getEventListeners } from 'node:events'

/** How many listeners and derived signals (`AbortSignal.any`) a signal keeps alive. */
export function followersOf(signal: AbortSignal): number {
  let followers = getEventListeners(signal, 'abort').length
  for (const name of Object.getOwnPropertySymbols(signal)) {
    const held = (signal as unknown as Record<symbol, unknown>)[name]
    if (held instanceof Set) followers += held.size
  }
  return followers
}
