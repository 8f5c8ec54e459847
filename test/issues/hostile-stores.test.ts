import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { memoryStore, runOnce, type Store } from 'weixin-kit'
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

describe('runOnce', () => {
  const task = async () => 'value'

  test('a store that contradicts itself ends in a StoreError and not in an endless loop', async () => {
    const store = broken({ setIfAbsent: async () => false })
    const once = runOnce(store, 'key', task, { runningTtlMs: 1000, doneTtlMs: 1000 })
    await expect(once).rejects.toMatchObject({ code: 'ERR_STORE' })
  })

  test('a renewed mark outlives its time, and the result is what stays', async () => {
    const writes: string[] = []
    const memory = memoryStore()
    const store: Store = {
      ...memory,
      set: async (key, value, ttlMs) => {
        writes.push(value)
        await memory.set(key, value, ttlMs)
      }
    }
    const options = { runningTtlMs: 40, doneTtlMs: 10_000, renewMs: 5 }
    let finish: (value: string) => void = () => undefined
    const work = new Promise<string>((resolve) => {
      finish = resolve
    })
    const first = runOnce(store, 'key', () => work, options)
    while (writes.length < 12) await new Promise((resolve) => setImmediate(resolve))
    expect(await runOnce(store, 'key', task, options)).toEqual({ outcome: 'running' })
    finish('first')
    expect(await first).toEqual({ outcome: 'ran', value: 'first' })
    expect(await runOnce(store, 'key', task, options)).toEqual({ outcome: 'repeated', value: 'first' })
    expect(new Set(writes.slice(0, -1)).size).toBe(1)
  })
})
