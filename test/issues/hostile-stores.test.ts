import { inspect } from 'node:util'
import { describe, expect, test, vi } from 'vitest'
import { acquireLock, memoryStore, runOnce, type Store } from 'weixin-kit'
import { MiniProgram } from 'weixin-kit/miniapp'
import { OfficialAccount } from 'weixin-kit/mp'
import { redisStore } from 'weixin-kit/redis'
import { json } from '../support/stub-fetch.ts'

const account = { appId: 'wx0123456789abcdef', appSecret: 'b2b6d0c9e6f54b9d8b52f0f6a9b0c1d2' }
const SESSION_KEY = 'HyVFkGl5F5OQWJZZaNzBBg=='
const broken = (over: Partial<Store>): Store => ({ ...memoryStore(), ...over })

describe('a store of the application', () => {
  const failures: Partial<Store>[] = [
    { get: () => Promise.reject(new Error('db down')) },
    {
      get: () => {
        throw new Error('db down')
      }
    },
    { setIfAbsent: () => Promise.reject(new Error('db down')) }
  ]
  test.each(failures)('fails as a StoreError, however it fails: %s', async (over) => {
    const mp = new OfficialAccount({
      ...account,
      store: broken(over),
      fetch: async () => json({ access_token: 'TOKEN', expires_in: 7200 })
    })
    await expect(mp.accessToken.get()).rejects.toMatchObject({ code: 'ERR_STORE' })
  })

  test('whose driver quotes the command gives no session_key away', async () => {
    const quoting = (...args: string[]) =>
      Promise.reject(Object.assign(new Error(`OOM on ${args.join(' ')}`), { command: { name: 'set', args } }))
    const fetch = async () => json({ openid: 'o1', session_key: SESSION_KEY })
    const stores = [
      redisStore({ call: (command, ...args) => quoting(command, ...args) }),
      broken({ set: (key, value) => quoting(key, value) })
    ]
    for (const store of stores) {
      const error: unknown = await new MiniProgram({ ...account, store, fetch }).session.start('CODE').catch((e) => e)
      expect(error).toMatchObject({ code: 'ERR_STORE' })
      expect(inspect(error, { depth: 10 })).not.toContain(SESSION_KEY)
    }
  })
})

describe('a store that resolves get to something else than text', () => {
  const tokenWith = (value: unknown) => {
    const store: Store = { ...memoryStore(), get: async () => value as string | undefined }
    const fetch = async () => json({ access_token: 'TOKEN', expires_in: 7200 })
    return new OfficialAccount({ ...account, store, fetch }).accessToken.get()
  }

  test('means nothing by null, as drivers do', async () => {
    expect(await tokenWith(null)).toBe('TOKEN')
  })

  test.each([true, {}, 5])('fails as a StoreError: %s', async (value) => {
    await expect(tokenWith(value)).rejects.toMatchObject({ code: 'ERR_STORE' })
  })
})

describe('runOnce', () => {
  const task = async () => 'value'

  test('a store that contradicts itself ends in a StoreError and not in an endless loop', async () => {
    const store = broken({ setIfAbsent: async () => false })
    const once = runOnce(store, 'key', task, { runningTtlMs: 1000, doneTtlMs: 1000 })
    await expect(once).rejects.toMatchObject({ code: 'ERR_STORE' })
  })

  test('a renewed mark outlives its time, and the result is what stays', async () => {
    const renewals: string[] = []
    const memory = memoryStore()
    const store: Store = {
      ...memory,
      extend: async (_key, value) => {
        renewals.push(value)
        return (await memory.extend?.(_key, value, 1_000)) === true
      }
    }
    const options = { runningTtlMs: 1_000, doneTtlMs: 10_000, renewMs: 5 }
    let finish: (value: string) => void = () => undefined
    const work = new Promise<string>((resolve) => {
      finish = resolve
    })
    const first = runOnce(store, 'key', () => work, options)
    // Longer than the mark lives; far less apart than that, so that a machine under load renews in time.
    await new Promise((resolve) => setTimeout(resolve, 1_200))
    expect(renewals.length).toBeGreaterThan(1)
    expect(await runOnce(store, 'key', task, options)).toEqual({ outcome: 'running' })
    finish('first')
    expect(await first).toEqual({ outcome: 'ran', value: 'first' })
    expect(await runOnce(store, 'key', task, options)).toEqual({ outcome: 'repeated', value: 'first' })
    expect(new Set(renewals).size).toBe(1)
  })
})

describe('a mark', () => {
  const options = { runningTtlMs: 50, doneTtlMs: 10_000, renewMs: 5 }
  const turns = async (count: number) => {
    for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setTimeout(resolve, 5))
  }

  test.each(['with', 'without'])('that was lost is not taken back by its former owner, %s extend', async (how) => {
    const { extend, ...rest } = memoryStore()
    const store: Store = how === 'with' && extend ? { ...rest, extend } : rest
    let finish: (value: string) => void = () => undefined
    const work = new Promise<string>((resolve) => {
      finish = resolve
    })
    const first = runOnce(store, 'key', () => work, options)
    await turns(1)
    await store.set('key', 'running:another', 60_000)
    await turns(5)
    expect(await store.get('key')).toBe('running:another')
    finish('first')
    expect(await first).toEqual({ outcome: 'ran', value: 'first' })
  })

  test('whose write timed out and happened all the same is withdrawn', async () => {
    const late = (): Store => {
      const memory = memoryStore()
      let isSlow = true
      return {
        ...memory,
        setIfAbsent: async (key, value, ttlMs) => {
          if (!isSlow) return memory.setIfAbsent(key, value, ttlMs)
          isSlow = false
          await memory.setIfAbsent(key, value, ttlMs)
          throw new Error('timed out')
        }
      }
    }
    const store = late()
    await expect(
      runOnce(store, 'key', async () => 'value', { runningTtlMs: 60_000, doneTtlMs: 60_000 })
    ).rejects.toThrow('timed out')
    expect(await runOnce(store, 'key', async () => 'value', { runningTtlMs: 60_000, doneTtlMs: 60_000 })).toEqual({
      outcome: 'ran',
      value: 'value'
    })
    const locks = late()
    await expect(acquireLock(locks, 'lock', { ttlMs: 60_000 })).rejects.toThrow('timed out')
    expect(await acquireLock(locks, 'lock', { ttlMs: 60_000 })).toBeDefined()
  })

  test('whose write is executed after its withdrawal, on another connection, is withdrawn again', async () => {
    vi.useFakeTimers()
    try {
      const memory = memoryStore({ clock: () => Date.now() })
      const store: Store = {
        ...memory,
        setIfAbsent: async (key, value, ttlMs) => {
          setTimeout(() => void memory.setIfAbsent(key, value, ttlMs), 500)
          throw new Error('timed out')
        }
      }
      await expect(acquireLock(store, 'lock', { ttlMs: 60_000 })).rejects.toThrow('timed out')
      await vi.advanceTimersByTimeAsync(600)
      expect(await memory.get('lock')).toBeDefined()
      await vi.advanceTimersByTimeAsync(1_000)
      expect(await memory.get('lock')).toBeUndefined()
    } finally {
      vi.useRealTimers()
    }
  })

  test('of a task that ran is kept as done as soon as the store takes it, and the task has not failed', async () => {
    vi.useFakeTimers()
    try {
      const memory = memoryStore({ clock: () => Date.now() })
      let failures = 2
      const seen: unknown[] = []
      const store: Store = {
        ...memory,
        set: async (key, value, ttlMs) => {
          if (failures-- > 0) throw new Error('READONLY')
          await memory.set(key, value, ttlMs)
        }
      }
      const settings = { runningTtlMs: 9_000, doneTtlMs: 60_000, onStoreError: (error: unknown) => seen.push(error) }
      expect(await runOnce(store, 'key', async () => 'value', settings)).toEqual({ outcome: 'ran', value: 'value' })
      expect(seen).toEqual([new Error('READONLY')])
      await vi.advanceTimersByTimeAsync(2_500)
      expect(await memory.get('key')).toBe('done:value')
    } finally {
      vi.useRealTimers()
    }
  })
})
