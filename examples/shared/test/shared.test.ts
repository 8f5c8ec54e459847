import { DrizzleQueryError } from 'drizzle-orm/errors'
import { describe, expect, it } from 'vitest'
import { HandlerError, memoryStore, type Store } from 'weixin-kit'
import { describeError } from '../describe-error.ts'
import { RateLimit } from '../rate-limit.ts'
import { SessionCookie } from '../session-cookie.ts'
import { Sessions } from '../sessions.ts'

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

describe('rate limits', () => {
  it('let exactly so many through, also at once, for each subject', async () => {
    const store = memoryStore()
    // Two limits over one store: two processes.
    const limits = [1, 2].map(() => new RateLimit(store, 'test', { limit: 7, windowSeconds: 3600 }))
    const takes = await Promise.all(Array.from({ length: 40 }, (_, index) => limits[index % 2]?.take('a')))
    expect(takes.filter(Boolean)).toHaveLength(7)
    expect(await limits[0]?.take('a')).toBe(false)
    expect(await limits[1]?.take('b')).toBe(true)
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
    const error = new HandlerError('A handler failed', { cause: new Error('the disk is full') })
    expect(describeError(error)).toContain('the disk is full')
    expect(describeError('a secret text')).not.toContain('secret')
  })
})
