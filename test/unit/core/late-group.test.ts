import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { Late } from '../../../src/core/late/late.ts'
import { lateGroup } from '../../../src/core/late/late-group.ts'
import { lazyPart } from '../../../src/internal/lazy-part.ts'

class Accounts {
  async add(name: string) {
    return `added ${name}`
  }
}

class Users {
  readonly accounts = new Accounts()
  readonly #prefix: string

  constructor(prefix: string) {
    this.#prefix = prefix
  }

  async info(params: { openid: string }, options?: { signal?: AbortSignal; timeoutMs?: number }) {
    if (params.openid === '') throw new RangeError('empty')
    return `${this.#prefix} ${params.openid} ${options?.timeoutMs}${options?.signal?.aborted ? ' aborted' : ''}`
  }

  async *each(from: number): AsyncGenerator<number> {
    yield from
    yield from + 1
  }
}

const METHODS = { info: 'answers', each: 'iterates', accounts: { add: 'answers' } } as const

function setUp() {
  let open: () => void = () => undefined
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  const part = lazyPart(async () => {
    await opened
    return { Users }
  })
  const users = (prefix: string) =>
    lateGroup(new Late(part, (module) => ({ users: new module.Users(prefix) })), 'users', METHODS)
  return { users, open: () => open(), part }
}

describe('lateGroup', () => {
  it('answers before and after the part was loaded, each client by its own group', async () => {
    const { users, open, part } = setUp()
    const [a, b] = [users('a'), users('b')]
    const early = [a.info({ openid: '1' }), b.info({ openid: '2' }, { timeoutMs: 5 }), a.accounts.add('kf')]
    expect(part.loaded).toBeUndefined()
    open()
    expect(await Promise.all(early)).toEqual(['a 1 undefined', 'b 2 5', 'added kf'])
    expect(part.loaded).toBeDefined()
    expect(await b.info({ openid: '3' })).toBe('b 3 undefined')
    expect(await b.accounts.add('x')).toBe('added x')
  })

  it('iterates, also early', async () => {
    const { users, open } = setUp()
    const early = users('a').each(1)
    open()
    const seen: number[] = []
    for await (const item of early) seen.push(item)
    for await (const item of users('a').each(7)) {
      seen.push(item)
      break
    }
    expect(seen).toEqual([1, 2, 7])
  })

  it('keeps parameters as they were given', async () => {
    const { users, open } = setUp()
    const params = { openid: 'before' }
    const signal = { aborted: false, addEventListener: () => undefined }
    const options = { timeoutMs: 1, signal: signal as unknown as AbortSignal }
    const early = users('a').info(params, options)
    params.openid = 'after'
    options.timeoutMs = 2
    signal.aborted = true
    open()
    expect(await early).toBe('a before 1 aborted')
  })

  it('ends the wait at an abort, and rejects with what the method throws', async () => {
    const { users, open } = setUp()
    const abort = new AbortController()
    const early = users('a').info({ openid: '1' }, { signal: abort.signal })
    const failing = users('a').info({ openid: '' })
    abort.abort(new Error('enough'))
    await expect(early).rejects.toThrow('enough')
    open()
    await expect(failing).rejects.toThrow(RangeError)
  })

  it('lets a group inside a group be replaced, as any field', () => {
    const group = setUp().users('a') as { accounts: unknown }
    group.accounts = 'mine'
    expect(group.accounts).toBe('mine')
  })

  it('shows its name and nothing else', () => {
    const group = setUp().users('a secret')
    expect(inspect(group)).toBe('Users { accounts: Accounts {} }')
    expect(JSON.stringify(group)).toBe('{"accounts":{}}')
    expect(Object.keys(METHODS)).toContain(group.info.name)
  })
})
