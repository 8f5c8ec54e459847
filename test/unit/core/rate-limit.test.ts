import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { memoryStore, RateLimit, type RateLimitOptions, type Store } from 'weixin-kit'
import { redisStore } from 'weixin-kit/redis'
import { hasRedisServer, type RedisServer, startRedis } from '../../support/redis-server.ts'

const START = Date.UTC(2026, 0, 1, 10, 0, 10)
const make = (store: Store = memoryStore(), over: Partial<RateLimitOptions> = {}) =>
  new RateLimit({ store, name: 'login', limit: 3, windowSeconds: 60, clock: () => START, ...over })

async function allowedOf(limit: RateLimit, subject: string, times: number): Promise<number> {
  const attempts = await Promise.all(Array.from({ length: times }, () => limit.take(subject)))
  return attempts.filter(({ allowed }) => allowed).length
}

function contract(store: () => Store): void {
  it('allows exactly the limit of 100 at once, for each subject and name', async () => {
    const shared = store()
    expect(await allowedOf(make(shared), 'a', 100)).toBe(3)
    expect(await allowedOf(make(shared), 'a', 100)).toBe(0)
    expect(await allowedOf(make(shared), 'b', 100)).toBe(3)
    expect(await allowedOf(make(shared, { name: 'sms' }), 'a', 100)).toBe(3)
  })

  it('counts failures only, when successes give their attempt back', async () => {
    const limit = make(store(), { name: 'given-back' })
    for (let round = 0; round < 10; round++) {
      const attempt = await limit.take('a')
      expect(attempt).toMatchObject({ allowed: true, remaining: 2 })
      if (!attempt.allowed) continue
      await attempt.giveBack()
      await attempt.giveBack()
    }
    expect(await allowedOf(limit, 'a', 100)).toBe(3)
  })

  it('never has more attempts out than the limit, whatever is given back meanwhile', async () => {
    const limit = make(store(), { name: 'busy' })
    let out = 0
    let most = 0
    const user = async () => {
      for (let round = 0; round < 20; round++) {
        const attempt = await limit.take('a')
        if (!attempt.allowed) continue
        most = Math.max(most, ++out)
        await Promise.resolve()
        out--
        await attempt.giveBack()
      }
    }
    await Promise.all(Array.from({ length: 20 }, user))
    expect(most).toBeGreaterThan(0)
    expect(most).toBeLessThanOrEqual(3)
    expect(await allowedOf(limit, 'a', 100)).toBe(3)
  })
}

describe('in memory', () => {
  contract(() => memoryStore())

  it('begins anew with the next window, and says when', async () => {
    let now = START
    const limit = make(memoryStore({ clock: () => now }), { clock: () => now })
    expect(await allowedOf(limit, 'a', 5)).toBe(3)
    expect(await limit.take('a')).toEqual({ allowed: false, retryAfterSeconds: 50 })
    now += 50_000
    expect(await allowedOf(limit, 'a', 5)).toBe(3)
  })

  it('lets nobody through when the store fails', async () => {
    const store = { ...memoryStore(), increment: () => Promise.reject(new Error('READONLY')) }
    await expect(make(store).take('a')).rejects.toMatchObject({ code: 'ERR_STORE' })
  })

  it('does not store the subject', async () => {
    const keys: string[] = []
    const store = memoryStore()
    const spied: Store = {
      ...store,
      increment: async (key, ttlMs) => {
        keys.push(key)
        return store.increment?.(key, ttlMs) ?? 0
      }
    }
    await make(spied).take('13800138000')
    expect(keys.join()).not.toContain('13800138000')
  })

  it.each([
    ['store', { store: { ...memoryStore(), increment: undefined } as never }],
    ['store', { store: {} as never }],
    ['name', { name: 'a b' }],
    ['limit', { limit: 0 }],
    ['windowSeconds', { windowSeconds: 0.5 }]
  ])('refuses a wrong %s', (option, over) => {
    expect(() => make(undefined, over)).toThrow(expect.objectContaining({ code: 'ERR_CONFIG', option }))
  })

  it('refuses an empty subject', async () => {
    await expect(make().take('')).rejects.toMatchObject({ code: 'ERR_INVALID_PARAM', option: 'subject' })
  })
})

describe.skipIf(!hasRedisServer)('on Redis', () => {
  let server: RedisServer
  let client: Redis
  beforeAll(async () => {
    server = await startRedis()
    client = new Redis(server.url)
  })
  afterAll(async () => {
    client?.disconnect()
    await server?.stop()
  })
  let next = 0
  contract(() => redisStore(client, { prefix: `limit-${next++}:` }))
})
