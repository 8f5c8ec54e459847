const WAITING = new WeakMap<AbortSignal, Set<() => void>>()

/**
 * Calls back once when the signal aborts, which must not have happened yet; returns what takes the callback off again. One
 * listener per signal, however many wait for it: a signal that lives as long as the process would warn of a leak.
 */
export function onAbort(signal: AbortSignal, callback: () => void): () => void {
  let waiting = WAITING.get(signal)
  if (!waiting) {
    const all = new Set<() => void>()
    waiting = all
    WAITING.set(signal, all)
    signal.addEventListener('abort', () => all.forEach((call) => call()), { once: true })
  }
  // An own function for each wait, so that one callback can wait twice.
  const entry = () => callback()
  waiting.add(entry)
  return () => void waiting.delete(entry)
}
