import { onAbort } from './on-abort.ts'

/** Waits for shared work; an abort ends only this wait, and the work continues for other waiters. */
export function waitUnlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      // There may be no other waiter: an unhandled rejection would end the process.
      work.catch(() => undefined)
      return reject(signal.reason)
    }
    const stopWatching = onAbort(signal, () => reject(signal.reason))
    work.then(resolve, reject).finally(stopWatching)
  })
}
