interface Watch {
  readonly callbacks: Set<{ readonly call: () => void }>
  readonly listener: () => void
}

const WATCHES = new WeakMap<AbortSignal, Watch>()

/**
 * Calls back once when the signal aborts, which must not have happened yet; returns a function that removes the
 * callback. There is one listener per signal, however many wait for it: Node warns of a leak at eleven, which a
 * process-wide signal exceeds.
 */
export function onAbort(signal: AbortSignal, callback: () => void): () => void {
  const { callbacks, listener } = WATCHES.get(signal) ?? watch(signal)
  const entry = { call: callback }
  callbacks.add(entry)
  return () => {
    if (!callbacks.delete(entry) || callbacks.size > 0) return
    // A custom signal may lack it, and nothing would catch an error thrown here.
    signal.removeEventListener?.('abort', listener)
    WATCHES.delete(signal)
  }
}

function watch(signal: AbortSignal): Watch {
  const callbacks: Watch['callbacks'] = new Set()
  const listener = () => {
    WATCHES.delete(signal)
    for (const { call } of callbacks) call()
  }
  signal.addEventListener('abort', listener, { once: true })
  const made = { callbacks, listener }
  WATCHES.set(signal, made)
  return made
}
