import { onAbort } from './on-abort.ts'

/** Waits for shared work; an abort ends this wait and leaves the work to its other waiters. */
export function waitUnlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      // Nobody else may wait for it: a failure that is not looked at would end the process.
      work.catch(() => undefined)
      return reject(signal.reason)
    }
    const stopWatching = onAbort(signal, () => reject(signal.reason))
    work.then(resolve, reject).finally(stopWatching)
  })
}
