import { Redis } from 'ioredis'
import { createClient } from 'redis'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { acquireLock, isWeixinKitError, memoryStore, runOnce, type Store } from 'weixin-kit'
import { redisStore } from 'weixin-kit/redis'
import { hasRedisServer, REDIS_SKIP_REASON, type RedisServer, startRedis } from '../../support/redis-server.ts'

if (!hasRedisServer) console.warn(`SKIPPED: store tests on Redis: ${REDIS_SKIP_REASON}`)

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

function contract(make: () => Store): void {
  const key = (() => {
    let next = 0
    return () => `key-${process.pid}-${next++}`
  })()

  it('gets what was set, until it is deleted', async () => {
    const [store, name] = [make(), key()]
    expect(await store.get(name)).toBeUndefined()
    await store.set(name, 'wert ü 😀')
    expect(await store.get(name)).toBe('wert ü 😀')
    await store.delete(name)
    expect(await store.get(name)).toBeUndefined()
  })

  it('forgets after ttlMs', async () => {
    const [store, name] = [make(), key()]
    await store.set(name, 'x', 30)
    await store.setIfAbsent(`${name}b`, 'x', 30)
    await pause(60)
    expect(await store.get(name)).toBeUndefined()
    expect(await store.setIfAbsent(`${name}b`, 'y')).toBe(true)
  })

  it('setIfAbsent is won by exactly one of 200', async () => {
    const [store, name] = [make(), key()]
    const results = await Promise.all(
      Array.from({ length: 200 }, (_, index) => store.setIfAbsent(name, String(index), 10_000))
    )
    expect(results.filter(Boolean)).toHaveLength(1)
  })

  it('compareAndDelete deletes the expected value only, once', async () => {
    const [store, name] = [make(), key()]
    await store.set(name, 'new')
    expect(await store.compareAndDelete(name, 'old')).toBe(false)
    const results = await Promise.all(Array.from({ length: 20 }, () => store.compareAndDelete(name, 'new')))
    expect(results.filter(Boolean)).toHaveLength(1)
    expect(await store.get(name)).toBeUndefined()
  })

  it('extend renews the expected value only', async () => {
    const [store, name] = [make(), key()]
    expect(await store.extend?.(name, 'mine', 10_000)).toBe(false)
    await store.set(name, 'mine', 40)
    expect(await store.extend?.(name, 'other', 10_000)).toBe(false)
    expect(await store.extend?.(name, 'mine', 10_000)).toBe(true)
    await pause(60)
    expect(await store.get(name)).toBe('mine')
    await store.extend?.(name, 'mine', 20)
    await pause(40)
    expect(await store.get(name)).toBeUndefined()
  })

  it('increment counts every one of 50 within the time of the first', async () => {
    const [store, name] = [make(), key()]
    const counts = await Promise.all(Array.from({ length: 50 }, () => store.increment?.(name, 300)))
    expect(counts.toSorted((a, b) => Number(a) - Number(b))).toEqual(Array.from({ length: 50 }, (_, n) => n + 1))
    await pause(200)
    await store.increment?.(name, 300)
    await pause(200)
    expect(await store.increment?.(name, 300)).toBe(1)
  })

  it('a lock has one owner at a time and only its owner releases it', async () => {
    const [store, name] = [make(), key()]
    const first = await acquireLock(store, name, { ttlMs: 40 })
    expect(first).toBeDefined()
    expect(await acquireLock(store, name, { ttlMs: 40 })).toBeUndefined()
    await pause(60)
    const second = await acquireLock(store, name, { ttlMs: 5_000 })
    expect(second).toBeDefined()
    await first?.release()
    expect(await acquireLock(store, name, { ttlMs: 40 })).toBeUndefined()
    await second?.release()
    expect(await acquireLock(store, name, { ttlMs: 40, waitMs: 1000 })).toBeDefined()
  })

  it('runOnce runs once, answers repeats from the store and runs again after a failure', async () => {
    const [store, name] = [make(), key()]
    const options = { runningTtlMs: 5_000, doneTtlMs: 5_000, waitMs: 2_000 }
    let runs = 0
    await expect(runOnce(store, name, () => Promise.reject(new Error('first try')), options)).rejects.toThrow(
      'first try'
    )
    const task = async () => {
      runs++
      await pause(20)
      return 'reply'
    }
    const results = await Promise.all(Array.from({ length: 20 }, () => runOnce(store, name, task, options)))
    expect(runs).toBe(1)
    expect(results.filter((result) => result.outcome === 'ran')).toHaveLength(1)
    expect(results.every((result) => result.outcome !== 'running' && result.value === 'reply')).toBe(true)
  })

  it('runOnce says "running" when it may not wait, and takes over from an owner that died', async () => {
    const [store, name] = [make(), key()]
    const stuck = runOnce(store, name, () => pause(120).then(() => 'late'), { runningTtlMs: 50, doneTtlMs: 5_000 })
    await pause(10)
    expect(await runOnce(store, name, async () => 'x', { runningTtlMs: 50, doneTtlMs: 5_000 })).toEqual({
      outcome: 'running'
    })
    await pause(60)
    expect(await runOnce(store, name, async () => 'second', { runningTtlMs: 50, doneTtlMs: 5_000 })).toEqual({
      outcome: 'ran',
      value: 'second'
    })
    await stuck
  })
}

describe('memoryStore', () => {
  contract(() => memoryStore())

  it('is bounded: the expired go first, then the oldest', async () => {
    const clock = { now: 0 }
    const store = memoryStore({ maxEntries: 100, clock: () => clock.now })
    for (let index = 0; index < 50; index++) await store.set(`short${index}`, 'x', 10)
    for (let index = 0; index < 50; index++) await store.set(`long${index}`, 'x', 1_000)
    clock.now = 20
    await store.set('one more', 'x', 1_000)
    expect(await store.get('long0')).toBe('x')
    for (let index = 0; index < 1_000; index++) await store.set(`flood${index}`, 'x')
    expect(await store.get('long0')).toBeUndefined()
    expect(await store.get('flood999')).toBe('x')
  })

  it('takes names like __proto__ as data', async () => {
    const store = memoryStore()
    for (const name of ['__proto__', 'constructor', 'toString']) {
      expect(await store.get(name)).toBeUndefined()
      await store.set(name, 'x')
      expect(await store.get(name)).toBe('x')
    }
  })
})

describe.skipIf(!hasRedisServer)('redisStore', () => {
  let server: RedisServer
  let io: Redis
  let node: ReturnType<typeof createClient>

  beforeAll(async () => {
    server = await startRedis()
    io = new Redis(server.url)
    node = createClient({ url: server.url })
    node.on('error', () => undefined)
    io.on('error', () => undefined)
    await node.connect()
  })
  afterAll(async () => {
    io.disconnect()
    node.destroy()
    await server.stop()
  })

  describe('over ioredis', () => contract(() => redisStore(io, { prefix: 'io:' })))
  describe('over node-redis', () => contract(() => redisStore(node, { prefix: 'node:' })))

  it('gives a typed error in time while Redis hangs, and recovers by itself', async () => {
    for (const client of [io, node]) {
      const store = redisStore(client, { timeoutMs: 100, prefix: 'hang:' })
      await store.set('a', '1')
      server.signal('SIGSTOP')
      const error = await store.get('a').catch((reason: unknown) => reason)
      server.signal('SIGCONT')
      expect(isWeixinKitError(error) && error.code).toBe('ERR_STORE')
      await expect.poll(() => store.get('a').catch(() => undefined)).toBe('1')
    }
  })

  it('gives a typed error when Redis is gone, and recovers when it is back', async () => {
    const own = await startRedis()
    const client = new Redis(own.url, { retryStrategy: () => 20, maxRetriesPerRequest: 0 })
    client.on('error', () => undefined)
    const store = redisStore(client, { timeoutMs: 200 })
    await store.set('a', '1')
    await own.stop()
    await expect(store.get('a')).rejects.toMatchObject({ code: 'ERR_STORE' })
    const again = await startRedis(own.port)
    await expect.poll(() => store.setIfAbsent('b', '2').catch(() => false), { timeout: 5_000 }).toBe(true)
    client.disconnect()
    await again.stop()
  })
})

it('redisStore refuses what is no client', () => {
  for (const client of [undefined, null, 'redis://x', {}, { get: () => undefined }]) {
    expect(() => redisStore(client as never)).toThrow(expect.objectContaining({ code: 'ERR_CONFIG', option: 'client' }))
  }
})

it('in memory keeps to its lives when the clock of the machine is set back or forth', async () => {
  const store = memoryStore()
  const clock = vi.spyOn(Date, 'now')
  try {
    const now = performance.timeOrigin + performance.now()
    clock.mockReturnValue(now)
    await store.set('short', 'x', 30)
    await store.set('long', 'x', 3_600_000)
    clock.mockReturnValue(now - 3_600_000)
    await pause(60)
    expect(await store.get('short')).toBeUndefined()
    clock.mockReturnValue(now + 7_200_000)
    expect(await store.get('long')).toBe('x')
  } finally {
    clock.mockRestore()
  }
})
