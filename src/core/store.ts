/**
 * Where tokens, dedupe marks, sessions and locks are kept. Values are text. `memoryStore()` serves one process;
 * `redisStore()` of `weixin-kit/redis` serves many; any database with atomic insert and delete can implement it.
 */
export interface Store {
  get(key: string): Promise<string | undefined>
  /** `ttlMs` milliseconds of life; without it the value stays. */
  set(key: string, value: string, ttlMs?: number): Promise<void>
  delete(key: string): Promise<void>
  /** Atomic: stores and answers `true` only if the key is absent or expired. */
  setIfAbsent(key: string, value: string, ttlMs?: number): Promise<boolean>
  /** Atomic: deletes and answers `true` only if the stored value equals `value`. */
  compareAndDelete(key: string, value: string): Promise<boolean>
}
