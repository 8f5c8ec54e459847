import { StoreError, WeixinKitError } from '../errors/index.ts'
import { scrubError } from '../internal/scrub-error.ts'
import { within } from '../internal/within.ts'
import type { Store } from './store.ts'

const TIMEOUT_MS = 10_000

/**
 * Wraps a store of the application so that every failure becomes a {@link StoreError}: a driver throws, rejects or
 * never responds. Errors of drivers quote the command, so the value to be stored is removed from them.
 */
export function withStoreErrors(store: Store): Store {
  const { extend, increment } = store
  return {
    get: async (key) => readText(await guard<unknown>('get', () => store.get(key))),
    set: (key, value, ttlMs) => guard('set', () => store.set(key, value, ttlMs), value),
    delete: (key) => guard('delete', () => store.delete(key)),
    setIfAbsent: async (key, value, ttlMs) =>
      readFlag('setIfAbsent', await guard<unknown>('setIfAbsent', () => store.setIfAbsent(key, value, ttlMs), value)),
    compareAndDelete: async (key, value) =>
      readFlag('compareAndDelete', await guard('compareAndDelete', () => store.compareAndDelete(key, value), value)),
    ...(extend && {
      extend: (key: string, value: string, ttlMs: number) =>
        guard('extend', () => extend.call(store, key, value, ttlMs), value)
    }),
    ...(increment && {
      increment: async (key: string, ttlMs: number) =>
        readCount('increment', await guard<unknown>('increment', () => increment.call(store, key, ttlMs)))
    })
  }
}

/** Many drivers return `null` for an absent value. */
function readText(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value === 'string') return value
  throw new StoreError(
    `The method get of the store resolved to a ${typeof value}: it must resolve to a string or undefined.`
  )
}

/** Drivers say 1 and 0, or `OK` and `null`. What says nothing would have messages handled twice, or never. */
function readFlag(method: keyof Store, value: unknown): boolean {
  if (value === true || value === 1 || value === 1n || value === 'OK') return true
  if (value === false || value === 0 || value === 0n || value === null) return false
  throw new StoreError(`The store resolved ${method} to a value of the type ${typeof value}: it must be true or false.`)
}

/**
 * A counter as a number; drivers have it as text or BigInt, too. What is none would be below every limit.
 *
 * @throws {StoreError} ERR_STORE
 */
export function readCount(method: keyof Store, value: unknown): number {
  const isNumeric = typeof value === 'number' || typeof value === 'bigint' || /^\d{1,16}$/.test(String(value))
  const count = isNumeric ? Number(value) : Number.NaN
  if (Number.isSafeInteger(count) && count >= 0) return count
  throw new StoreError(
    `The store resolved ${method} to a value of the type ${typeof value} that is not a whole number.`
  )
}

async function guard<T>(method: keyof Store, work: () => Promise<T>, value?: string): Promise<T> {
  const late = () => new StoreError(`The store did not respond to ${method} within ${TIMEOUT_MS} ms.`)
  try {
    return await within(TIMEOUT_MS, work, late)
  } catch (thrown) {
    // The error of the driver, without the value to be stored.
    const cause = value ? scrubError(thrown, [value]) : thrown
    if (cause instanceof WeixinKitError) throw cause
    throw new StoreError(`The store failed on ${method}; see cause.`, { cause })
  }
}
