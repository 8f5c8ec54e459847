/**
 * Where tokens, dedupe marks, sessions and locks are kept. Values are text. `memoryStore()` serves one process;
 * `redisStore()` of `weixin-kit/redis` serves many; any database with atomic insert and delete can implement it.
 */
export interface Store {
  get(key: string): Promise<string | undefined>
  /** Replaces any value. `ttlMs` is the time to live in milliseconds; without it the value stays. */
  set(key: string, value: string, ttlMs?: number): Promise<void>
  delete(key: string): Promise<void>
  /** Atomic: stores and resolves to `true` only if the key is absent or expired. */
  setIfAbsent(key: string, value: string, ttlMs?: number): Promise<boolean>
  /** Atomic: deletes and resolves to `true` only if the stored value equals `value`. */
  compareAndDelete(key: string, value: string): Promise<boolean>
  /**
   * Atomic: gives the key a new time to live (`ttlMs`, milliseconds) and resolves to `true` only if the stored value equals `value`.
   * Without it marks are renewed by `get` and `set`, which leaves a small gap between the two.
   */
  extend?(key: string, value: string, ttlMs: number): Promise<boolean>
  /**
   * Atomic: adds 1 to a counter and resolves to the new value; an absent or expired counter starts at 1 and expires after `ttlMs`
   * milliseconds. Later calls leave its expiry as it is.
   */
  increment?(key: string, ttlMs: number): Promise<number>
}
