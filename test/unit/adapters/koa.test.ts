import Koa from 'koa'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { route } from 'weixin-kit'
import { type AdapterOptions, toKoaMiddleware } from 'weixin-kit/koa'
import { Koa2 } from '../../support/frameworks.ts'
import { listen } from '../../support/loopback.ts'

let close: (() => Promise<void>) | undefined
afterEach(() => close?.())

describe.each(Object.entries({ 'Koa 3': Koa, 'Koa 2': Koa2 }))('%s', (_, Make) => {
  const serve = async (app: Koa): Promise<string> => {
    const started = await listen(app.callback())
    close = started.close
    return started.url
  }

  test('errors reach the error event with their cause, and earlier middleware', async () => {
    const app = new Make()
    const onEvent = vi.fn()
    const caught = vi.fn()
    app.on('error', onEvent)
    app.use((_context, next) =>
      next().catch((error: unknown) => {
        caught(error)
        throw error
      })
    )
    app.use(toKoaMiddleware(async () => Promise.reject(new Error('hunter2'))))
    const response = await fetch(await serve(app))
    expect([response.status, await response.text()]).toEqual([500, 'Internal Server Error'])
    for (const seen of [onEvent, caught]) {
      expect(seen.mock.calls[0]?.[0]).toMatchObject({ message: 'hunter2' })
    }
  })

  test('a route leaves what it does not know to the next middleware', async () => {
    const app = new Make()
    app.use(toKoaMiddleware(route({ 'GET /a': async () => new Response('a') })))
    app.use((context) => {
      context.body = 'next'
    })
    const url = await serve(app)
    expect(await (await fetch(`${url}/a/`)).text()).toBe('a')
    expect(await (await fetch(`${url}/b`)).text()).toBe('next')
  })

  test('later middleware sees status and body; earlier cookies stay', async () => {
    const app = new Make()
    let seen: unknown
    app.use(async (context, next) => {
      context.append('set-cookie', 'session=1')
      await next()
      seen = context.status
    })
    app.use(
      toKoaMiddleware(
        async () => new Response('x', { status: 201, headers: { 'set-cookie': 'a=1', 'content-type': 'text/x' } })
      )
    )
    const response = await fetch(await serve(app))
    expect(response.headers.getSetCookie()).toEqual(['session=1', 'a=1'])
    expect(response.headers.get('content-type')).toBe('text/x')
    expect([response.status, seen]).toEqual([201, 201])
  })

  test('app.proxy counts as being told, unless the option says otherwise', async () => {
    const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'shop.example.com' }
    const origin = async (options?: AdapterOptions) => {
      const app = new Make({ proxy: true })
      app.use(toKoaMiddleware(async (request) => new Response(new URL(request.url).origin), options))
      const url = await serve(app)
      const text = await (await fetch(url, { headers })).text()
      await close?.()
      return text === url ? 'own' : text
    }
    expect(await origin()).toBe('https://shop.example.com')
    expect(await origin({ trustProxy: false })).toBe('own')
  })
})
