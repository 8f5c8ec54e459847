import type { AddressInfo } from 'node:net'
import { DrizzleQueryError } from 'drizzle-orm/errors'
import { describe, expect, it } from 'vitest'
import { ConnectionError, memoryStore, type Store, StoreError } from 'weixin-kit'
import { AppError } from '../app-error.ts'
import { describeError } from '../describe-error.ts'
import { type Envelope, failureOf } from '../envelope.ts'
import { isByScript, isForeign, isForeignChange } from '../foreign-request.ts'
import { listen, stopListening } from '../http-server.ts'
import { LoginLimits } from '../login-limits.ts'
import { SessionCookie } from '../session-cookie.ts'
import { Sessions } from '../sessions.ts'
import { startSweeps } from '../sweep.ts'

describe('sessions', () => {
  it('are found by their token, kind and secret only', async () => {
    const store = memoryStore()
    const sessions = (kind: string, secret?: string) => new Sessions(store, kind, { ttlSeconds: 60, secret })
    const token = await sessions('admin', 'seed').create('somebody')
    expect(token).toMatch(/^[\w-]{43}$/)
    expect(await sessions('admin', 'seed').find(token)).toBe('somebody')
    for (const others of [sessions('admin', 'another'), sessions('admin'), sessions('user', 'seed')])
      expect(await others.find(token)).toBeUndefined()
    for (const wrong of [undefined, '', `${token}x`, `${token.slice(1)}`, '*'])
      expect(await sessions('admin', 'seed').find(wrong)).toBeUndefined()
    await sessions('admin', 'seed').end(token)
    expect(await sessions('admin', 'seed').find(token)).toBeUndefined()
  })

  it('leave no token in the store', async () => {
    const written: string[] = []
    const spied: Store = { ...memoryStore(), set: async (key, value) => void written.push(`${key} ${value}`) }
    const token = await new Sessions(spied, 'user', { ttlSeconds: 60 }).create('somebody')
    expect(written).toHaveLength(1)
    expect(written.join()).not.toContain(token)
  })
})

describe('the cookie of a session', () => {
  it('has flags that keep scripts and other sites from it, and is written and read under one name', () => {
    const cookie = new SessionCookie('session', 'http://127.0.0.1:3001', 60)
    expect(cookie.write('token')).toBe('session=token; Max-Age=60; Path=/; HttpOnly; SameSite=Lax')
    expect(cookie.clear()).toBe('session=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax')
    expect(cookie.read('a=b; session=token')).toBe('token')
    for (const header of [undefined, null, '', 'session=', 'asession=token', '__Host-session=token'])
      expect(cookie.read(header)).toBeUndefined()
  })

  it('is taken from no other host of the domain on https', () => {
    const cookie = new SessionCookie('session', 'https://example.com', 60)
    expect(cookie.write('token')).toBe('__Host-session=token; Max-Age=60; Path=/; HttpOnly; SameSite=Lax; Secure')
    expect(cookie.read('session=planted; __Host-session=token')).toBe('token')
    expect(cookie.read('session=planted')).toBeUndefined()
  })
})

describe('limits of logins', () => {
  it('count wrong passwords, and right ones not', async () => {
    const limits = new LoginLimits(memoryStore())
    for (let index = 0; index < 30; index++) await (await limits.take('10.0.0.1', 'right'))?.giveBack()
    for (let index = 0; index < 10; index++) expect(await limits.take('10.0.0.1', 'wrong')).toBeDefined()
    expect(await limits.take('10.0.0.1', 'wrong')).toBeUndefined()
    expect(await limits.take('10.0.0.2', 'wrong')).toBeDefined()
    expect(await limits.take('10.0.0.1', 'right')).toBeDefined()
  })
})

describe('sweeps', () => {
  it('run in one process at a time, and a failure does not keep the lock', async () => {
    const store = memoryStore()
    let runs = 0
    let end: () => void = () => undefined
    const run = async () => {
      runs++
      await new Promise<void>((resolve) => {
        end = resolve
      })
      throw new Error('it failed')
    }
    const [first, second] = [1, 2].map(() =>
      startSweeps([{ name: 'orders', everySeconds: 60, run }], store, () => undefined)
    )
    const failed = expect(first?.run('orders')).rejects.toThrow('it failed')
    await expect.poll(() => runs).toBe(1)
    await second?.run('orders')
    expect(runs).toBe(1)
    end()
    await failed
    const again = expect(second?.run('orders')).rejects.toThrow('it failed')
    await expect.poll(() => runs).toBe(2)
    end()
    await again
    await Promise.all([first?.stop(), second?.stop()])
  })
})

describe('the envelope', () => {
  const envelope: Envelope<1 | 2 | 3 | 4> = {
    codes: { 1: { status: 500 }, 2: { status: 400 }, 3: { status: 404 }, 4: { status: 502 } },
    bodyOf: (code) => ({ code }),
    fault: 1,
    badRequest: 2,
    notFound: 3
  }

  it('has a code for whatever is thrown, and a line for what somebody has to look at', () => {
    const refused = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })
    const outage = new StoreError('Redis is away')
    const lost = new DrizzleQueryError('select', [], new Error('Query read timeout'))
    const duplicate = Object.assign(new Error('duplicate key'), { code: '23505' })
    const outcomes: [thrown: unknown, code: number, status: number, line: RegExp | undefined][] = [
      [new AppError(3), 3, 404, undefined],
      [new AppError(2, { status: 429 }), 2, 429, undefined],
      [new AppError(4, { cause: new Error('the service says no') }), 4, 502, /^4 .*the service says no/],
      [Object.assign(new Error('malformed'), { status: 400 }), 2, 400, undefined],
      [new TypeError('a fault'), 1, 500, /a fault/],
      ['no error', 1, 500, /no error/],
      [outage, 1, 503, /Redis is away/],
      [new AppError(4, { cause: outage }), 1, 503, /Redis is away/],
      [new AppError(4, { cause: new ConnectionError('reset', { cause: refused }) }), 4, 502, /reset/],
      [lost, 1, 503, /Query read timeout/],
      [new Error('timeout exceeded when trying to connect'), 1, 503, /timeout/],
      [refused, 1, 503, /connect/],
      [new DrizzleQueryError('insert', [], duplicate), 1, 500, /duplicate key/]
    ]
    for (const [thrown, code, status, line] of outcomes) {
      const failure = failureOf(envelope, thrown)
      expect(failure).toMatchObject({ body: { code }, status })
      expect(failure.line ?? '').toMatch(line ?? /^$/)
    }
  })
})

describe('errors in the log', () => {
  it('carry no parameters of queries', () => {
    const cause = new Error('duplicate key value violates unique constraint "admins_name_unique"')
    const error = new DrizzleQueryError('insert into admins values ($1)', ['$argon2id$secret'], cause)
    expect(describeError(error)).toContain('duplicate key')
    expect(describeError(error)).not.toContain('argon2id')
    // As PGlite has it: the cause names the query, too.
    const named = Object.assign(cause, { query: 'insert …', params: ['$argon2id$secret'] })
    expect(describeError(new DrizzleQueryError('insert …', ['$argon2id$secret'], named))).toContain('duplicate key')
  })

  it('show what a handler threw', () => {
    expect(describeError(new Error('the disk is full'))).toContain('the disk is full')
    expect(describeError('a secret text')).not.toContain('secret')
  })
})

describe('a request of another site', () => {
  const PUBLIC_URL = 'https://shop.example.com'
  const from = (headers: Record<string, string>) => (name: string) => headers[name]

  it('is told by Sec-Fetch-Site, and in old browsers by Origin', () => {
    const foreign: Record<string, string>[] = [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site', origin: PUBLIC_URL },
      { origin: 'https://evil.example' },
      { origin: 'https://evil.example', host: 'shop.example.com' },
      { origin: 'null', host: 'shop.example.com' },
      // Whoever is between the two can write such a page.
      { origin: 'http://shop.example.com', host: 'shop.example.com' },
      { origin: 'https://shop.example.com.evil.example', host: 'shop.example.com' },
      { origin: 'https://shop.example.com:8443', host: 'shop.example.com' }
    ]
    for (const headers of foreign) expect([headers, isForeign(from(headers), PUBLIC_URL)]).toEqual([headers, true])
    const own: Record<string, string>[] = [
      {},
      { host: 'shop.example.com' },
      { 'sec-fetch-site': 'same-origin', origin: 'https://evil.example' },
      { 'sec-fetch-site': 'none' },
      { origin: PUBLIC_URL },
      // Opened by another address of the same server.
      { origin: 'http://10.0.0.5:3003', host: '10.0.0.5:3003' }
    ]
    for (const headers of own) expect([headers, isForeign(from(headers), PUBLIC_URL)]).toEqual([headers, false])
  })

  it('may read, and changes nothing', () => {
    const header = from({ origin: 'https://evil.example' })
    expect(['GET', 'HEAD', 'OPTIONS'].filter((method) => isForeignChange(method, header, PUBLIC_URL))).toEqual([])
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'PURGE'])
      expect(isForeignChange(method, header, PUBLIC_URL)).toBe(true)
    expect(isByScript(header, PUBLIC_URL)).toBe(false)
    expect(isByScript(from({}), PUBLIC_URL)).toBe(true)
    expect(isByScript(from({ 'sec-fetch-site': 'same-origin', 'sec-fetch-dest': 'image' }), PUBLIC_URL)).toBe(false)
  })
})

it('an idle connection outlives that of a proxy', async () => {
  const server = await listen((_request, response) => response.end(), 0, '127.0.0.1')
  const { port } = server.address() as AddressInfo
  const { headers } = await fetch(`http://127.0.0.1:${port}/`)
  expect(headers.get('keep-alive')).toBe('timeout=65')
  await stopListening(server)
})
