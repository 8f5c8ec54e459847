import { StoreError, WeixinKitError } from '../errors/index.ts'
import { scrubError } from '../internal/scrub-error.ts'
import type { Store } from './store.ts'

const TIMEOUT_MS = 10_000

/**
 * A store of the application, whose failures become a {@link StoreError}: it throws what its driver throws, at once or later,
 * or never answers. Errors of drivers quote the command, so that what was to be kept is taken out of them.
 */
export function withStoreErrors(store: Store): Store {
  const { extend, increment } = store
  return {
    get: async (key) => readText(await guard<unknown>('get', () => store.get(key))),
    set: (key, value, ttlMs) => guard('set', () => store.set(key, value, ttlMs), value),
    delete: (key) => guard('delete', () => store.delete(key)),
    setIfAbsent: (key, value, ttlMs) => guard('setIfAbsent', () => store.setIfAbsent(key, value, ttlMs), value),
    compareAndDelete: (key, value) => guard('compareAndDelete', () => store.compareAndDelete(key, value), value),
    ...(extend && {
      extend: (key: string, value: string, ttlMs: number) =>
        guard('extend', () => extend.call(store, key, value, ttlMs), value)
    }),
    ...(increment && {
      increment: (key: string, ttlMs: number) => guard('increment', () => increment.call(store, key, ttlMs))
    })
  }
}

/** Many drivers answer `null` for nothing. */
function readText(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value === 'string') return value
  throw new StoreError(`The store resolved get to a value of the type ${typeof value}: values are text.`)
}

async function guard<T>(method: keyof Store, work: () => Promise<T>, value?: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new StoreError(`The store did not answer ${method} within ${TIMEOUT_MS} ms.`)),
      TIMEOUT_MS
    )
  })
  try {
    return await Promise.race([work(), timeout])
  } catch (thrown) {
    // What a driver threw, without the value that was to be kept.
    const cause = value ? scrubError(thrown, [value]) : thrown
    if (cause instanceof WeixinKitError) throw cause
    throw new StoreError(`The store failed on ${method}; see cause.`, { cause })
  } finally {
    clearTimeout(timer)
  }
}
