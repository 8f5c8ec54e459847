import { checkOptions, integer, optional, text } from '../core/options.ts'
import type { Store } from '../core/store.ts'
import { ConfigError, StoreError } from '../errors/index.ts'
import { scrubError } from '../internal/scrub-error.ts'
import { within } from '../internal/within.ts'

/** The part of an ioredis (`call`) or node-redis (`sendCommand` with an array) client that is used. */
export type RedisClientLike =
  | { call(command: string, ...args: string[]): Promise<unknown> }
  | { sendCommand(args: string[]): Promise<unknown> }

/** Options of {@link redisStore}. */
export interface RedisStoreOptions {
  /** Prefix of every key, e.g. the name of your service. Default: none. */
  prefix?: string | undefined
  /** Milliseconds until a command counts as failed (StoreError). Default 2 000. */
  timeoutMs?: number | undefined
}

const COMPARE_AND_DELETE =
  "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) else return 0 end"
const EXTEND =
  "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('pexpire', KEYS[1], ARGV[2]) else return 0 end"
const INCREMENT =
  "local n = redis.call('incr', KEYS[1]); if n == 1 then redis.call('pexpire', KEYS[1], ARGV[1]) end; return n"

/**
 * Creates a store on Redis (or Valkey, KeyDB …) for many processes. Takes a connected ioredis or node-redis client,
 * which the store never closes.
 *
 * @param client an ioredis or node-redis client
 * @throws {ConfigError} ERR_CONFIG when the client is neither
 * @throws {StoreError} ERR_STORE from every method when Redis fails or does not respond in time
 * @example
 * import { createClient } from 'redis'
 * const client = createClient({ url: process.env.REDIS_URL })
 * await client.connect()
 * const store = redisStore(client, { prefix: 'shop:' })
 */
export function redisStore(client: RedisClientLike, options: RedisStoreOptions = {}): Store {
  checkOptions(
    options,
    { prefix: optional(text()), timeoutMs: optional(integer(1)) },
    { owner: 'redisStore', product: 'core' }
  )
  const { prefix = '', timeoutMs = 2_000 } = options
  const send = senderOf(client)

  const run = async (command: [string, ...string[]], value?: string): Promise<unknown> => {
    const late = () =>
      new StoreError(`Redis did not respond to ${command[0]} within ${timeoutMs} ms (option timeoutMs).`)
    try {
      return await within(timeoutMs, () => send(command), late)
    } catch (thrown) {
      if (thrown instanceof StoreError) throw thrown
      // ioredis quotes the command with its arguments, such as a token or a session_key.
      const cause = value ? scrubError(thrown, [value]) : thrown
      throw new StoreError(`Redis failed on ${command[0]}; check the connection of the client. See cause.`, { cause })
    }
  }
  const milliseconds = (ttlMs: number) => String(Math.max(1, Math.round(ttlMs)))
  const expiry = (ttlMs: number | undefined) => (ttlMs === undefined ? [] : ['PX', milliseconds(ttlMs)])
  const textOf = (reply: unknown) => (typeof reply === 'string' || Buffer.isBuffer(reply) ? String(reply) : undefined)

  return {
    get: async (key) => textOf(await run(['GET', prefix + key])),
    set: async (key, value, ttlMs) => void (await run(['SET', prefix + key, value, ...expiry(ttlMs)], value)),
    delete: async (key) => void (await run(['DEL', prefix + key])),
    setIfAbsent: async (key, value, ttlMs) =>
      textOf(await run(['SET', prefix + key, value, ...expiry(ttlMs), 'NX'], value)) === 'OK',
    compareAndDelete: async (key, value) =>
      Number(await run(['EVAL', COMPARE_AND_DELETE, '1', prefix + key, value], value)) === 1,
    extend: async (key, value, ttlMs) =>
      Number(await run(['EVAL', EXTEND, '1', prefix + key, value, milliseconds(ttlMs)], value)) === 1,
    increment: async (key, ttlMs) => Number(await run(['EVAL', INCREMENT, '1', prefix + key, milliseconds(ttlMs)]))
  }
}

function senderOf(client: RedisClientLike): (command: [string, ...string[]]) => Promise<unknown> {
  if (typeof client === 'object' && client !== null) {
    // ioredis has a sendCommand too, with another signature: check for `call` first.
    if ('call' in client && typeof client.call === 'function') return (command) => client.call(...command)
    if ('sendCommand' in client && typeof client.sendCommand === 'function')
      return (command) => client.sendCommand(command)
  }
  throw new ConfigError('redisStore: expected an ioredis or node-redis client as the first argument.', {
    option: 'client'
  })
}
