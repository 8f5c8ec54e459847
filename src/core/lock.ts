import { randomNonce } from '../internal/random.ts'
import { sleep } from '../internal/sleep.ts'
import type { Store } from './store.ts'
import { takeMark } from './take-mark.ts'

/** Options of a lock: how long it is held and waited for. */
export interface LockOptions {
  /** Milliseconds until the lock expires if its owner dies. */
  ttlMs: number
  /** Milliseconds to wait for another owner; default 0: one attempt. */
  waitMs?: number | undefined
  /** Ends the wait early: checked before each further attempt. */
  until?: (() => Promise<boolean>) | undefined
  signal?: AbortSignal | undefined
}

/** A lock that is held. `release` frees it only while this owner still holds it. */
export interface Lock {
  /**
   * Frees the lock if it is still held by this owner; does nothing once it has expired.
   *
   * @throws {StoreError} ERR_STORE if the store fails.
   */
  release(): Promise<void>
}

const FIRST_POLL_MS = 20
const LONGEST_POLL_MS = 250

/**
 * Acquires a lock with owner token and expiry in any {@link Store}; `undefined` if it was not free in time, or `until`
 * said that it is no longer needed.
 */
export async function acquireLock(store: Store, key: string, options: LockOptions): Promise<Lock | undefined> {
  const owner = randomNonce()
  let waitedMs = 0
  for (let pollMs = FIRST_POLL_MS; ; pollMs = Math.min(pollMs * 2, LONGEST_POLL_MS)) {
    if (await takeMark(store, key, owner, options.ttlMs)) {
      return { release: async () => void (await store.compareAndDelete(key, owner)) }
    }
    if (waitedMs >= (options.waitMs ?? 0) || (await options.until?.())) return undefined
    const waitMs = pollMs / 2 + Math.random() * (pollMs / 2)
    await sleep(waitMs, options.signal)
    waitedMs += waitMs
  }
}
