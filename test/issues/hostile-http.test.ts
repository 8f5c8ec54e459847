import { tracingChannel } from 'node:diagnostics_channel'
import { getEventListeners } from 'node:events'
import { inspect } from 'node:util'
import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import type { RequestTrace } from 'weixin-kit'
import { OfficialAccount } from 'weixin-kit/mp'
import { redactText, redactUrl } from '../../src/internal/redact.ts'
import { json } from '../support/stub-fetch.ts'

const SECRET = 'b2b6d0c9e6f54b9d8b52f0f6a9b0c1d2'
const TOKEN = '57_AbCdEfGhIjKlMnOpQrStUvWxYz'
const CODE = '021aBcDeFgHiJkLm'
type Fetch = (url: string, init: RequestInit) => Response
const accountWith = (fetch: Fetch) =>
  new OfficialAccount({
    appId: 'wx0123456789abcdef',
    appSecret: SECRET,
    maxRetries: 0,
    fetch: async (input, init) =>
      String(input).includes('stable_token')
        ? json({ access_token: TOKEN, expires_in: 7200 })
        : fetch(String(input), init ?? {})
  })
const everythingOf = (value: unknown) =>
  [String(value), (value as Error).stack, inspect(value, { depth: 20, showHidden: true }), JSON.stringify(value)].join()

describe('what errors say', () => {
  const failures: Record<string, (url: string) => Error> = {
    'with a code': (url) => Object.assign(new Error(`request to ${url} failed`), { code: 'ECONNREFUSED' }),
    'without a code': (url) => new Error(`boom at ${url}`),
    'with the request in a cause': (url) =>
      new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { request: { url } }) }),
    'with a text as its cause': (url) => new TypeError('fetch failed', { cause: `no response of ${url}` }),
    'with an object as its cause': (url) => new TypeError('fetch failed', { cause: { config: { url } } }),
    'of several errors': (url) => new AggregateError([new Error(`boom at ${url}`)], 'all failed'),
    'with the address as a URL': (url) => Object.assign(new Error('x'), { input: new URL(url) }),
    'with a Request': (url) => Object.assign(new Error('x'), { request: new Request(url) }),
    'with a Map': (url) => Object.assign(new Error('x'), { options: new Map([['url', url]]) }),
    'with hidden properties': (url) => Object.defineProperty(new Error('x'), 'url', { value: url }),
    'of another realm': (url) => runInNewContext('new TypeError(text)', { text: `boom at ${url}` }) as Error,
    frozen: (url) => Object.freeze(new Error(`boom at ${url}`)),
    'that is a text': (url) => `boom at ${url}` as unknown as Error,
    'that is no error': (url) => ({ message: `boom at ${url}` }) as Error,
    'that goes in circles': (url) => {
      const error = Object.assign(new Error('x'), { response: { config: { url }, self: {} } })
      error.response.self = error.response
      return Object.assign(error, { cause: error })
    }
  }
  for (const [name, fail] of Object.entries(failures)) {
    test(`a transport that quotes the address (${name}) gives no token or code away`, async () => {
      const mp = accountWith((url) => {
        throw fail(url)
      })
      const token = await mp.users.info('OPENID').catch((error: unknown) => error)
      const code = await mp.oauth.exchangeCode(CODE).catch((error: unknown) => error)
      expect(token).toMatchObject({ code: 'ERR_CONNECTION' })
      expect(everythingOf(token)).not.toContain(TOKEN)
      expect(everythingOf(code)).not.toContain(CODE)
      expect(everythingOf(code)).not.toContain(SECRET)
    })
  }

  test('what the caller owns is not changed', async () => {
    const config = { url: '' }
    const mp = accountWith((url) => {
      config.url = url
      throw Object.assign(new Error('x'), { config })
    })
    const error = await mp.oauth.exchangeCode(CODE).catch((thrown: unknown) => thrown)
    expect(everythingOf(error)).not.toContain(CODE)
    expect(config.url).toContain(CODE)
  })

  test('a graph of many objects costs no time', async () => {
    const nodes = Array.from({ length: 20_000 }, () => ({ links: [] as object[] }))
    for (const [index, node] of nodes.entries())
      for (let step = 1; step < 20; step++) node.links.push(nodes[(index * step + step) % nodes.length] ?? {})
    const mp = accountWith((url) => {
      throw Object.assign(new Error('x'), { graph: nodes[0], url })
    })
    const start = performance.now()
    const error = await mp.oauth.exchangeCode(CODE).catch((thrown: unknown) => thrown)
    expect(performance.now() - start).toBeLessThan(2000)
    expect(error).toMatchObject({ code: 'ERR_CONNECTION' })
  })

  test('a long word costs no time', () => {
    const start = performance.now()
    redactText('a'.repeat(256 * 1024))
    redactUrl(`https://host/?${'a'.repeat(256 * 1024)}`)
    expect(performance.now() - start).toBeLessThan(1000)
  })
})

test('the tracing channel shows no response', async () => {
  const channel = tracingChannel<RequestTrace>('weixin-kit:request')
  const seen: object[] = []
  const see = (trace: RequestTrace) => void seen.push({ ...trace })
  const subscriber = { start: see, end: see, asyncStart: see, asyncEnd: see, error: see }
  channel.subscribe(subscriber)
  const token = await accountWith(() => json({})).accessToken.get()
  channel.unsubscribe(subscriber)
  expect(token).toBe(TOKEN)
  expect(seen.length).toBeGreaterThan(2)
  expect(everythingOf(seen)).not.toContain(TOKEN)
})

describe('a signal that lives long', () => {
  test('keeps nothing of the calls that were made with it', async () => {
    const mp = accountWith(() => json({ errcode: 0 }))
    const { signal } = new AbortController()
    for (let index = 0; index < 20; index++) await mp.request({ method: 'GET', path: '/a' }, { signal })
    expect(getEventListeners(signal, 'abort')).toEqual([])
    // What `AbortSignal.any` would note in it.
    const name = Object.getOwnPropertySymbols(signal).find(({ description }) => description === 'kDependantSignals')
    const dependants = name && (signal as unknown as Record<symbol, { size: number } | undefined>)[name]
    expect(dependants?.size ?? 0).toBe(0)
  })

  test('has one listener while a hundred calls are under way, and aborts them all', async () => {
    const controller = new AbortController()
    const mp = new OfficialAccount({
      appId: 'wx0123456789abcdef',
      appSecret: SECRET,
      fetch: () => new Promise(() => undefined)
    })
    const calls = Array.from({ length: 100 }, () =>
      mp
        .request({ method: 'GET', path: '/a', withAccessToken: false }, { signal: controller.signal })
        .catch((error: unknown) => error)
    )
    await new Promise((resolve) => setImmediate(resolve))
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1)
    const reason = new Error('mine')
    controller.abort(reason)
    expect(new Set(await Promise.all(calls))).toEqual(new Set([reason]))
    expect(getEventListeners(controller.signal, 'abort')).toEqual([])
  })
})

test('a header of the caller never doubles one of the library', async () => {
  let headers = new Headers()
  const mp = accountWith((_, init) => {
    headers = new Headers(init.headers)
    return json({ errcode: 0 })
  })
  await mp.request(
    { method: 'POST', path: '/a', body: {} },
    { headers: { 'Content-Type': 'text/plain', 'X-Mine': '1' } }
  )
  expect([headers.get('content-type'), headers.get('x-mine')]).toEqual(['application/json', '1'])
})

test.each([undefined, null, 0, -5, 'soon', 1e300])('a ticket with a life of %s is refused', async (expires_in) => {
  const mp = accountWith(() => json({ errcode: 0, ticket: 'TICKET', expires_in }))
  await expect(mp.jssdk.ticket()).rejects.toMatchObject({ code: 'ERR_UNEXPECTED_RESPONSE' })
})
