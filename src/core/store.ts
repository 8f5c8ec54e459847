/**
 * Keeps tokens, dedupe marks, sessions and locks. Values are text. `memoryStore()` serves one process; `redisStore()`
 * of `weixin-kit/redis` serves many; any database with atomic insert and delete can implement it.
 */
export interface Store {
  /**
   * Reads a value.
   *
   * @param key Name of the value.
   * @returns The value, or `undefined` if it is absent or expired.
   * @throws Anything: the library wraps it in a `StoreError` (ERR_STORE).
   */
  get(key: string): Promise<string | undefined>
  /**
   * Replaces any value.
   *
   * @param key Name of the value.
   * @param value Text to store.
   * @param ttlMs Time to live in milliseconds; without it the value does not expire.
   * @throws Anything: the library wraps it in a `StoreError` (ERR_STORE).
   */
  set(key: string, value: string, ttlMs?: number): Promise<void>
  /**
   * Removes a value; does nothing if it is absent.
   *
   * @param key Name of the value.
   * @throws Anything: the library wraps it in a `StoreError` (ERR_STORE).
   */
  delete(key: string): Promise<void>
  /**
   * Atomic: stores only if the key is absent or expired.
   *
   * @param key Name of the value.
   * @param value Text to store.
   * @param ttlMs Time to live in milliseconds; without it the value does not expire.
   * @returns Whether it was stored.
   * @throws Anything: the library wraps it in a `StoreError` (ERR_STORE).
   */
  setIfAbsent(key: string, value: string, ttlMs?: number): Promise<boolean>
  /**
   * Atomic: deletes only if the stored value equals `value`.
   *
   * @param key Name of the value.
   * @param value The expected value.
   * @returns Whether it was deleted.
   * @throws Anything: the library wraps it in a `StoreError` (ERR_STORE).
   */
  compareAndDelete(key: string, value: string): Promise<boolean>
  /**
   * Atomic: renews the TTL only if the stored value equals `value`. Without this method marks are renewed with `get`
   * and `set`, which leaves a small gap between the two.
   *
   * @param key Name of the value.
   * @param value The expected value.
   * @param ttlMs New time to live in milliseconds.
   * @returns Whether it was renewed.
   * @throws Anything: the library wraps it in a `StoreError` (ERR_STORE).
   */
  extend?(key: string, value: string, ttlMs: number): Promise<boolean>
  /**
   * Atomic: adds 1 to a counter. An absent or expired counter starts at 1; later calls do not change its expiry.
   *
   * @param key Name of the counter.
   * @param ttlMs Time to live of a new counter in milliseconds.
   * @returns The new value.
   * @throws Anything: the library wraps it in a `StoreError` (ERR_STORE).
   */
  increment?(key: string, ttlMs: number): Promise<number>
}
