import { callback, checkOptions, integer, optional } from './options.ts'
import type { Store } from './store.ts'

/** Options of {@link memoryStore}. */
export interface MemoryStoreOptions {
  /** Maximum number of entries; expired ones are dropped first, then the oldest writes. Default 100 000. */
  maxEntries?: number | undefined
  /** Milliseconds; default a monotonic clock, so that TTLs ignore changes of the system time. */
  clock?: (() => number) | undefined
}

interface Entry {
  value: string
  expiresAt: number
}

/**
 * A {@link Store} in the memory of this process: bounded and expiring, without timers.
 *
 * @throws {ConfigError} ERR_CONFIG for wrong options.
 * @example
 * const store = memoryStore({ maxEntries: 10_000 })
 */
export function memoryStore(options: MemoryStoreOptions = {}): Store {
  checkOptions(
    options,
    { maxEntries: optional(integer(1)), clock: optional(callback) },
    { owner: 'memoryStore', product: 'core' }
  )
  const { maxEntries = 100_000, clock = () => performance.now() } = options
  const entries = new Map<string, Entry>()

  const read = (key: string): string | undefined => {
    const entry = entries.get(key)
    if (!entry) return undefined
    if (entry.expiresAt > clock()) return entry.value
    entries.delete(key)
    return undefined
  }
  const write = (key: string, value: string, ttlMs?: number): void => {
    // Re-inserted, so that the order of the map is the order of writing.
    entries.delete(key)
    if (entries.size >= maxEntries) makeRoom()
    entries.set(key, { value, expiresAt: ttlMs === undefined ? Number.POSITIVE_INFINITY : clock() + ttlMs })
  }
  // A tenth at a time, so that a full store does not scan all its entries at every write.
  const makeRoom = (): void => {
    const now = clock()
    for (const [key, entry] of entries) if (entry.expiresAt <= now) entries.delete(key)
    const surplus = entries.size - maxEntries + Math.ceil(maxEntries / 10)
    let dropped = 0
    for (const key of entries.keys()) {
      if (dropped++ >= surplus) break
      entries.delete(key)
    }
  }

  return {
    get: async (key) => read(key),
    set: async (key, value, ttlMs) => write(key, value, ttlMs),
    delete: async (key) => void entries.delete(key),
    setIfAbsent: async (key, value, ttlMs) => {
      if (read(key) !== undefined) return false
      write(key, value, ttlMs)
      return true
    },
    compareAndDelete: async (key, value) => read(key) === value && entries.delete(key),
    extend: async (key, value, ttlMs) => {
      if (read(key) !== value) return false
      write(key, value, ttlMs)
      return true
    },
    increment: async (key, ttlMs) => {
      const present = read(key)
      if (present === undefined) write(key, '1', ttlMs)
      const entry = entries.get(key)
      if (present === undefined || !entry) return 1
      entry.value = String(Number(present) + 1)
      return Number(entry.value)
    }
  }
}
