import { describe, expect, it } from 'vitest'
import { ConnectionError, memoryStore, type Store } from 'weixin-kit'
import { TokenManager, type TokenManagerOptions } from '../../../src/core/token-manager.ts'

const KEY = 'weixin-kit:wx1:stable_token'

function setup(over: Partial<TokenManagerOptions> = {}) {
  const clock = { now: 1_700_000_000_000 }
  const store = over.store ?? memoryStore({ clock: () => clock.now })
  const calls: string[] = []
  const manager = (more: Partial<TokenManagerOptions> = {}) =>
    new TokenManager({
      product: 'mp',
      store,
      key: KEY,
      clock: () => clock.now,
      fetchToken: async (mode) => {
        calls.push(mode)
        await new Promise((resolve) => setImmediate(resolve))
        return { value: `token-${calls.length}`, expiresInSeconds: 7200 }
      },
      ...over,
      ...more
    })
  return { clock, store, calls, manager }
}

describe('get', () => {
  it('makes one upstream request for 1,000 concurrent cold calls', async () => {
    const { calls, manager } = setup()
    const tokens = manager()
    const values = await Promise.all(Array.from({ length: 1000 }, () => tokens.get()))
    expect(new Set(values)).toEqual(new Set(['token-1']))
    expect(calls).toHaveLength(1)
  })

  it('makes one upstream request for four managers on one store', async () => {
    const { calls, manager } = setup()
    const managers = [manager(), manager(), manager(), manager()]
    const values = await Promise.all(managers.flatMap((tokens) => Array.from({ length: 250 }, () => tokens.get())))
    expect(new Set(values).size).toBe(1)
    expect(calls).toHaveLength(1)
  })

  it('hands out the old token in the advisory window and renews behind the scenes', async () => {
    const { clock, calls, manager } = setup()
    const tokens = manager()
    await tokens.get()
    clock.now += 7200_000 - 200_000
    expect(await tokens.get()).toBe('token-1')
    await eventually(async () => (await tokens.get()) === 'token-2')
    expect(calls).toHaveLength(2)
  })

  it('waits for the new token when the old one is nearly dead', async () => {
    const { clock, manager } = setup()
    const tokens = manager()
    await tokens.get()
    clock.now += 7200_000 - 20_000
    expect(await tokens.get()).toBe('token-2')
  })

  it('keeps the old token when the early renewal fails, and pauses before the next try', async () => {
    let attempts = 0
    const { clock, manager } = setup({
      fetchToken: async () => {
        if (++attempts > 1) throw new Error('upstream is down')
        return { value: 'only', expiresInSeconds: 7200 }
      }
    })
    const tokens = manager()
    await tokens.get()
    clock.now += 7200_000 - 200_000
    for (let index = 0; index < 50; index++) expect(await tokens.get()).toBe('only')
    expect(attempts).toBe(2)
  })

  it('survives a logger that throws about a renewal for which nobody waits', async () => {
    const unhandled: unknown[] = []
    const note = (reason: unknown) => void unhandled.push(reason)
    process.on('unhandledRejection', note)
    let attempts = 0
    let warnings = 0
    const { clock, manager } = setup({
      fetchToken: async () => {
        if (++attempts > 1) throw new Error('upstream is down')
        return { value: 'only', expiresInSeconds: 7200 }
      },
      logger: {
        warn: () => {
          warnings++
          throw new Error('the disk is full')
        }
      }
    })
    const tokens = manager()
    await tokens.get()
    clock.now += 7200_000 - 200_000
    expect(await tokens.get()).toBe('only')
    await eventually(async () => warnings === 1)
    await new Promise((resolve) => setImmediate(resolve))
    process.off('unhandledRejection', note)
    expect(unhandled).toEqual([])
  })

  it('does not cache a failure', async () => {
    let attempts = 0
    const { manager } = setup({
      fetchToken: async () => {
        if (++attempts === 1) throw new Error('once')
        return { value: 'second', expiresInSeconds: 7200 }
      }
    })
    const tokens = manager()
    await expect(tokens.get()).rejects.toThrow('once')
    expect(await tokens.get()).toBe('second')
  })

  it("one caller's abort ends that caller's wait only", async () => {
    const { manager } = setup()
    const tokens = manager()
    const controller = new AbortController()
    const aborted = tokens.get(controller.signal)
    const other = tokens.get()
    controller.abort('mine')
    await expect(aborted).rejects.toBe('mine')
    expect(await other).toBe('token-1')
  })

  it('replaces rubbish found under its key', async () => {
    const { store, manager } = setup()
    for (const rubbish of ['', '{', '[]', '{"value":1,"expiresAt":"x"}', 'null']) {
      await store.set(KEY, rubbish)
      expect(await manager().get()).toMatch(/^token-/)
    }
  })
})

describe('invalidate', () => {
  it('removes the failing token only', async () => {
    const { calls, manager } = setup()
    const [a, b] = [manager(), manager()]
    const old = await a.get()
    expect(await b.get()).toBe(old)
    expect(await a.invalidate(old)).toBe(true)
    const fresh = await a.get()
    // The other process fails late with the old token: the newer one must survive.
    expect(await b.invalidate(old)).toBe(false)
    expect(await b.get()).toBe(fresh)
    expect(calls).toHaveLength(2)
  })

  it('survives a race between the look and the delete', async () => {
    const { store, manager } = setup()
    const tokens = manager()
    const old = await tokens.get()
    const racing: Store = {
      ...store,
      get: async (key) => {
        const raw = await store.get(key)
        if (key === KEY && raw?.includes(old))
          await store.set(KEY, JSON.stringify({ value: 'newer', expiresAt: Number.MAX_SAFE_INTEGER }))
        return raw
      }
    }
    expect(await manager({ store: racing }).invalidate(old)).toBe(false)
    expect(await store.get(KEY)).toContain('newer')
  })
})

describe('forceRefresh', () => {
  it('asks the upstream at most once a minute over all processes', async () => {
    const { clock, calls, manager } = setup()
    const [a, b] = [manager(), manager()]
    await a.get()
    await Promise.all([a.forceRefresh(), b.forceRefresh(), a.forceRefresh()])
    expect(calls.filter((mode) => mode === 'force')).toHaveLength(1)
    clock.now += 61_000
    await b.forceRefresh()
    expect(calls.filter((mode) => mode === 'force')).toHaveLength(2)
  })
})

describe('a forced fetch that fails', () => {
  it.each([
    [false, ['normal', 'force', 'force'], 'may be tried again at once where no connection was made'],
    [true, ['normal', 'force'], 'counts where the upstream may have seen it']
  ])('requestSent %s: %j, it %s', async (requestSent, expected) => {
    const modes: string[] = []
    const { manager } = setup({
      fetchToken: async (mode) => {
        modes.push(mode)
        if (modes.length === 2) throw new ConnectionError('no route', { requestSent })
        return { value: `token-${modes.length}`, expiresInSeconds: 7200 }
      },
      normalFetchReplaces: true
    })
    const tokens = manager()
    const refused = await tokens.get()
    await expect(tokens.replaceRefused(refused)).rejects.toMatchObject({ code: 'ERR_CONNECTION' })
    expect(await tokens.replaceRefused(refused)).toBe(requestSent ? refused : 'token-3')
    expect(modes).toEqual(expected)
  })
})

describe('a clock that is set back', () => {
  it('does not make a token live longer, here or from the store', async () => {
    const { clock, calls, manager } = setup()
    const tokens = manager()
    await tokens.get()
    clock.now -= 3600_000
    expect(await tokens.get()).toBe('token-2')
    expect(await manager().get()).toBe('token-2')
    expect(calls).toHaveLength(2)
  })

  it('may differ by a minute from that of another process', async () => {
    const { clock, calls, manager } = setup()
    await manager().get()
    clock.now -= 50_000
    expect(await manager().get()).toBe('token-1')
    expect(calls).toHaveLength(1)
  })

  it('does not hide for hours what another process stored', async () => {
    const { clock, store, manager } = setup({ advisoryMs: 0 })
    const tokens = manager()
    await tokens.get()
    clock.now -= 30_000
    await store.set(KEY, JSON.stringify({ value: 'newer', expiresAt: clock.now + 7200_000, lifeMs: 7200_000 }))
    expect(await tokens.get()).toBe('newer')
  })

  it('does not put renewals off', async () => {
    let attempts = 0
    const { clock, manager } = setup({
      fetchToken: async () => {
        if (++attempts === 2) throw new Error('upstream is down')
        return { value: `token-${attempts}`, expiresInSeconds: 7200 }
      }
    })
    const tokens = manager()
    await tokens.get()
    clock.now += 7200_000 - 100_000
    await tokens.get()
    await eventually(async () => attempts === 2)
    clock.now -= 100_000
    await eventually(async () => (await tokens.get()) === 'token-3')
  })
})

describe('lock', () => {
  it('waits no longer than the lock lives when its owner died', async () => {
    const { store, clock, calls, manager } = setup()
    await store.setIfAbsent(`${KEY}:lock`, 'dead owner', 15_000)
    const pending = manager().get()
    await new Promise((resolve) => setTimeout(resolve, 60))
    expect(calls).toHaveLength(0)
    clock.now += 15_001
    expect(await pending).toBe('token-1')
  })

  it('takes the token that the lock owner stored', async () => {
    const { store, clock, calls, manager } = setup()
    await store.setIfAbsent(`${KEY}:lock`, 'other process', 15_000)
    const pending = manager().get()
    await new Promise((resolve) => setTimeout(resolve, 30))
    await store.set(KEY, JSON.stringify({ value: 'theirs', expiresAt: clock.now + 7200_000 }))
    expect(await pending).toBe('theirs')
    expect(calls).toHaveLength(0)
  })
})

async function eventually(condition: () => Promise<boolean>): Promise<void> {
  for (let index = 0; index < 200; index++) {
    if (await condition()) return
    await new Promise((resolve) => setImmediate(resolve))
  }
  expect.fail('never became true')
}
