import type { Store } from './store.ts'

const PAUSE_MS = 1_000
const GIVE_UP_MS = 60_000
/** A connection pool may execute the withdrawal before the write that it withdraws. */
const LOOKS = 3

/**
 * `setIfAbsent` for marks and locks. The outcome of a write that fails or times out is unknown: the store may execute
 * it after the caller gave up, which would leave a mark without an owner. So it is withdrawn.
 *
 * @param value Different for each owner, because the withdrawal deletes the mark by its value.
 * @param ttlMs Milliseconds.
 * @throws what `setIfAbsent` throws
 */
export async function takeMark(store: Store, key: string, value: string, ttlMs: number): Promise<boolean> {
  try {
    return await store.setIfAbsent(key, value, ttlMs)
  } catch (error) {
    let looks = 0
    // The first is sent at once: on the connection that carries the late write it follows right after it.
    void keepTrying(async () => (await store.compareAndDelete(key, value)) || ++looks >= LOOKS)
    throw error
  }
}

/**
 * Retries a failed store operation in the background until it resolves to `true` or a minute has passed.
 *
 * @returns resolves after the first attempt, whether or not it succeeded
 */
export async function keepTrying(attempt: () => Promise<boolean>, startedAt = performance.now()): Promise<void> {
  if (await attempt().catch(() => false)) return
  if (performance.now() - startedAt < GIVE_UP_MS) setTimeout(() => keepTrying(attempt, startedAt), PAUSE_MS).unref()
}
