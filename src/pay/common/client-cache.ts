import { callback, checkOptions, integer, optional, required } from '../../core/options.ts'

/** Options of `clientCache`. */
export interface ClientCacheOptions<Client> {
  /** Creates the client of a merchant, e.g. from a row of a table; `undefined` if there is no such merchant. */
  create(key: string): Client | undefined | Promise<Client | undefined>
  /** Maximum number of clients; the least recently used one is dropped first. Default 1,000. */
  max?: number | undefined
  /**
   * Milliseconds after which a client is created again, so that changed settings apply. Default 300,000 (5 minutes).
   */
  ttlMs?: number | undefined
  /** Milliseconds since 1970; default `Date.now`. */
  clock?: (() => number) | undefined
}

/** Clients by merchant. */
export interface ClientCache<Client> {
  /**
   * Returns the client of a merchant. Concurrent callers share one creation; after a failure the next caller tries
   * again.
   *
   * @param key identifies the merchant, e.g. its id
   * @returns The client, or `undefined` if `create` knows no such merchant.
   * @throws What `create` throws.
   */
  get(key: string): Promise<Client | undefined>
  /**
   * Drops a client whose settings have changed, or all clients if no key is given.
   *
   * @param key Identifies the merchant, e.g. its id.
   */
  delete(key?: string): void
}

const DEFAULT_MAX = 1_000
const DEFAULT_TTL_MS = 300_000

interface Entry<Client> {
  readonly client: Promise<Client | undefined>
  readonly expiresAt: number
}

/**
 * Keeps a bounded number of clients for many merchants. An unknown merchant is not remembered, because it may be added
 * at any time.
 *
 * @throws {ConfigError} ERR_CONFIG
 * @example
 * const clients = clientCache({ create: async (mchId) => (await settings.find(mchId)) && new WeChatPay(...) })
 * const pay = await clients.get('1900000109')
 */
export function clientCache<Client>(options: ClientCacheOptions<Client>): ClientCache<Client> {
  checkOptions(
    options,
    {
      create: required(callback),
      max: optional(integer(1)),
      ttlMs: optional(integer(0)),
      clock: optional(callback)
    },
    { owner: 'clientCache', product: 'pay' }
  )
  const { create, max = DEFAULT_MAX, ttlMs = DEFAULT_TTL_MS, clock = Date.now } = options
  // In order of use: a Map keeps the order of insertion.
  const entries = new Map<string, Entry<Client>>()
  // Apart, so that keys that somebody guesses push no merchant out.
  const pending = new Map<string, Promise<Client | undefined>>()
  const keep = (key: string, entry: Entry<Client>) => {
    entries.delete(key)
    entries.set(key, entry)
    const oldest = entries.size > max ? entries.keys().next().value : undefined
    if (oldest !== undefined) entries.delete(oldest)
  }
  const make = (key: string): Promise<Client | undefined> => {
    const expiresAt = clock() + ttlMs
    const client = Promise.resolve().then(() => create(key))
    const settle = (made?: Client) => {
      // Dropped by `delete` meanwhile: it may be of the settings of before.
      if (pending.get(key) !== client) return
      pending.delete(key)
      if (made === undefined) entries.delete(key)
      else keep(key, { client, expiresAt })
    }
    pending.set(key, client)
    client.then(settle, () => settle())
    return client
  }
  return {
    get(key) {
      const known = entries.get(key)
      if (!known || clock() >= known.expiresAt) return pending.get(key) ?? make(key)
      keep(key, known)
      return known.client
    },
    delete(key) {
      for (const kept of [entries, pending]) {
        if (key === undefined) kept.clear()
        else kept.delete(key)
      }
    }
  }
}
