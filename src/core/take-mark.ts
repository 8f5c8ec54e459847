import type { Store } from './store.ts'

const PAUSE_MS = 1_000
const GIVE_UP_MS = 60_000
/** A pool of connections may run the withdrawal before the write that it withdraws. */
const LOOKS = 3

/**
 * `setIfAbsent` for marks and locks. A write that fails or times out is unknown, not refused: the store may execute it after its
 * caller gave up, which leaves a mark that nobody owns. So it is withdrawn.
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
    // The first goes out at once: on the connection that carries the late write it comes right behind it.
    void keepTrying(async () => (await store.compareAndDelete(key, value)) || ++looks >= LOOKS)
    throw error
  }
}

/**
 * Retries in the background what a store refused, until it resolves to `true` or a minute has passed.
 *
 * @returns resolves after the first attempt, whatever came of it
 */
export async function keepTrying(attempt: () => Promise<boolean>, startedAt = performance.now()): Promise<void> {
  if (await attempt().catch(() => false)) return
  if (performance.now() - startedAt < GIVE_UP_MS) setTimeout(() => keepTrying(attempt, startedAt), PAUSE_MS).unref()
}
