import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { GeetestOptions, Registration } from 'weixin-kit/geetest'
import { gate, settledTurns } from '../../support/gate.ts'
import { json, stubFetch } from '../../support/stub-fetch.ts'

const PART = '../../../src/geetest/calls.ts'
const ID = '48a6ebac4ebc6642d68c217fca33eb4d'
const KEY = '36fc3fe98530eeb58c0b7a0c5f1b2a11'
const md5 = (text: string) => createHash('md5').update(text).digest('hex')

let part: ReturnType<typeof gate>
let entry: typeof import('weixin-kit/geetest')

beforeEach(async () => {
  vi.resetModules()
  part = gate()
  vi.doMock(PART, part.load)
  entry = await import('weixin-kit/geetest')
})
afterEach(() => {
  vi.doUnmock(PART)
})

function setUp(options: Partial<GeetestOptions> = {}) {
  const fetch = stubFetch(({ url, body }) =>
    url.pathname === '/register.php'
      ? json({ challenge: 'd8c6a4f2b1e09d7c5a3f1e2d4c6b8a90' })
      : json({ seccode: md5(new URLSearchParams(body).get('seccode') ?? '') })
  )
  return { fetch, geetest: new entry.Geetest({ captchaId: ID, privateKey: KEY, fetch, ...options }) }
}
const solved = ({ challenge }: Registration) => ({
  geetest_challenge: `${challenge.challenge}f3`,
  geetest_validate: 'v',
  geetest_seccode: 'v|jordan'
})

describe('a call while the rest of the client is loaded', () => {
  it('waits, is sent as it was made, and its challenge serves once', async () => {
    const { geetest, fetch } = setUp()
    const params = { session: 'one' }
    const early = geetest.register(params)
    params.session = 'two'
    await settledTurns()
    expect(fetch.seen).toHaveLength(0)
    part.open()
    const registration = await early
    expect(registration.challenge.success).toBe(1)
    const form = solved(registration)
    expect(await geetest.validate({ session: 'two', form })).toMatchObject({ reason: 'unknown_challenge' })
    const results = await Promise.all([1, 2, 3].map(() => geetest.validate({ session: 'one', form })))
    expect(results.filter(({ ok }) => ok)).toEqual([{ ok: true, mode: 'normal', isProven: true }])
  })

  it('ends at once with the reason of an abort, which is no failback', async () => {
    const { geetest, fetch } = setUp()
    const abort = new AbortController()
    const reason = new Error('gone')
    const calls = [
      geetest.register({ session: 'one' }, { signal: abort.signal }),
      geetest.request({ method: 'GET', path: '/get.php' }, { signal: abort.signal })
    ]
    abort.abort(reason)
    for (const call of calls) await expect(call).rejects.toBe(reason)
    part.open()
    await settledTurns()
    expect(fetch.seen).toHaveLength(0)
  })

  it('answers pages', async () => {
    const { geetest } = setUp()
    const handler = geetest.registerHandler({ session: () => 'one' })
    const early = handler(new Request('https://shop.example.com/captcha'))
    part.open()
    expect(await (await early).json()).toMatchObject({ success: 1, gt: ID })
  })
})

it('tells at once what is wrong with options and paths', () => {
  const { geetest } = setUp()
  expect(() => new entry.Geetest({ captchaId: '', privateKey: KEY })).toThrow(
    expect.objectContaining({ code: 'ERR_CONFIG', option: 'captchaId' })
  )
  expect(() => geetest.registerHandler({ session: 'one' as never })).toThrow(
    expect.objectContaining({ code: 'ERR_CONFIG', option: 'session' })
  )
  expect(() => geetest.request({ method: 'GET', path: 'get.php' })).toThrow(
    expect.objectContaining({ code: 'ERR_INVALID_PARAM', option: 'path' })
  )
})

it('does not fall back because a part could not be loaded, and tries again', async () => {
  part.failOnce()
  part.open()
  const { geetest, fetch } = setUp()
  const missing = { name: 'ConfigError', code: 'ERR_MISSING_DEPENDENCY' }
  const failed = await Promise.allSettled([geetest.register({ session: 'one' }), geetest.bypassStatus()])
  for (const one of failed) expect(one).toMatchObject({ reason: missing })
  expect(fetch.seen).toHaveLength(0)
  expect((await geetest.register({ session: 'one' })).failback).toBeUndefined()
})
