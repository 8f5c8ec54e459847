import express, { type ErrorRequestHandler } from 'express'
import { afterEach, describe, expect, test } from 'vitest'
import { route } from 'weixin-kit'
import { type AdapterOptions, toExpressHandler } from 'weixin-kit/express'
import { express4 } from '../../support/frameworks.ts'
import { listen } from '../../support/loopback.ts'

let close: (() => Promise<void>) | undefined
afterEach(() => close?.())

describe.each(Object.entries({ 'Express 5': express, 'Express 4': express4 }))('%s', (_, make) => {
  const serve = async (prepare: (app: ReturnType<typeof express>) => void): Promise<string> => {
    const app = make()
    prepare(app)
    const started = await listen(app)
    close = started.close
    return started.url
  }
  const path = toExpressHandler(async (request) => new Response(new URL(request.url).pathname))

  test('the URL is the one that was requested, wherever the handler is mounted', async () => {
    const router = make.Router()
    router.use('/inner', path)
    const url = await serve((app) => app.use('/outer', router))
    for (const pathname of ['/outer/inner', '/outer/inner/', '/outer/inner/x']) {
      expect(await (await fetch(url + pathname)).text()).toBe(pathname)
    }
  })

  test('a path cannot change the host', async () => {
    const url = await serve((app) => app.use(toExpressHandler(async (request) => new Response(request.url))))
    expect(await (await fetch(`${url}//evil.example/a`)).text()).toBe(`${url}//evil.example/a`)
  })

  test('app.set("trust proxy") counts as being told, unless the option says otherwise', async () => {
    const origin = (options?: AdapterOptions) =>
      toExpressHandler(async (request) => new Response(new URL(request.url).origin), options)
    const url = await serve((app) => {
      app.set('trust proxy', 'loopback')
      app.get('/framework', origin())
      app.get('/never', origin({ trustProxy: false }))
    })
    const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'shop.example.com' }
    expect(await (await fetch(`${url}/framework`, { headers })).text()).toBe('https://shop.example.com')
    expect(await (await fetch(`${url}/never`, { headers })).text()).toBe(url)
  })

  test('cookies and headers of earlier middleware stay', async () => {
    const url = await serve((app) => {
      app.use((_req, res, next) => {
        res.append('Set-Cookie', 'session=1')
        res.set('X-Early', 'yes')
        next()
      })
      app.use(toExpressHandler(async () => new Response('x', { headers: { 'set-cookie': 'a=1' } })))
    })
    const response = await fetch(url)
    expect(response.headers.getSetCookie()).toEqual(['session=1', 'a=1'])
    expect(response.headers.get('x-early')).toBe('yes')
  })

  test('a route leaves what it does not know to the next handler', async () => {
    const url = await serve((app) => {
      app.use(toExpressHandler(route({ 'GET /a': async () => new Response('a') })))
      app.use((_req, res) => void res.send('next'))
    })
    expect(await (await fetch(`${url}/a/`)).text()).toBe('a')
    expect(await (await fetch(`${url}/b`)).text()).toBe('next')
    expect(await (await fetch(`${url}/a`, { method: 'POST' })).text()).toBe('next')
  })

  test("errors reach the application's error handler as they are", async () => {
    let seen: unknown
    const onError: ErrorRequestHandler = (error, _req, res, _next) => {
      seen = error
      res.status(503).send('later')
    }
    const url = await serve((app) => {
      app.use(
        toExpressHandler(async () => {
          throw new Error('hunter2')
        })
      )
      app.use(onError)
    })
    const response = await fetch(url)
    expect([response.status, await response.text()]).toEqual([503, 'later'])
    expect(seen).toEqual(new Error('hunter2'))
  })

  test('a parsed body reaches it as it is, with the line that cures it', async () => {
    let seen: unknown
    const url = await serve((app) => {
      app.use(make.json())
      app.use(toExpressHandler(async () => new Response()))
      const onError: ErrorRequestHandler = (error, _req, res, _next) => {
        seen = error
        res.status(500).end()
      }
      app.use(onError)
    })
    await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' })
    expect(seen).toMatchObject({
      code: 'ERR_BODY_ALREADY_PARSED',
      message: expect.stringContaining('express.json({ verify: (req, res, bytes) => { req.rawBody = bytes } })')
    })
  })
})
