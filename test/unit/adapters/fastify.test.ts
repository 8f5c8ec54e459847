import fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { toFastifyHandler, toFastifyPlugin } from 'weixin-kit/fastify'

let app: FastifyInstance | undefined
afterEach(async () => {
  await app?.close()
})

const serve = async (prepare: (app: FastifyInstance) => void, options: FastifyServerOptions = {}): Promise<string> => {
  app = fastify(options)
  prepare(app)
  return app.listen({ port: 0, host: '127.0.0.1' })
}

describe('toFastifyHandler', () => {
  test("errors reach the application's error handler with their cause", async () => {
    const onError = vi.fn()
    const url = await serve((app) => {
      app.setErrorHandler((error, _request, reply) => {
        onError(error)
        void reply.code(503).send('later')
      })
      app.get(
        '/',
        toFastifyHandler(async () => Promise.reject(new Error('hunter2')))
      )
    })
    const response = await fetch(url)
    expect([response.status, await response.text()]).toEqual([503, 'later'])
    expect(onError.mock.calls[0]?.[0]).toMatchObject({ message: 'hunter2' })
  })

  test('trustProxy counts as being told, unless the option says otherwise', async () => {
    const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'shop.example.com' }
    const url = await serve(
      (app) => {
        const handler = async (request: Request) => new Response(new URL(request.url).origin)
        app.get('/framework', toFastifyHandler(handler))
        app.get('/never', toFastifyHandler(handler, { trustProxy: false }))
      },
      { trustProxy: true }
    )
    expect(await (await fetch(`${url}/framework`, { headers })).text()).toBe('https://shop.example.com')
    expect(await (await fetch(`${url}/never`, { headers })).text()).toBe(url)
  })

  test('hooks see the response', async () => {
    const url = await serve((app) => {
      app.addHook('onSend', async (_request, reply, payload) => {
        reply.header('x-hook', 'yes')
        return payload
      })
      app.get(
        '/',
        toFastifyHandler(async () => new Response('x', { status: 202 }))
      )
    })
    const response = await fetch(url)
    expect([response.status, response.headers.get('x-hook'), await response.text()]).toEqual([202, 'yes', 'x'])
  })
})

describe('toFastifyPlugin', () => {
  test('leaves the parsers of the rest alone', async () => {
    const url = await serve((app) => {
      app.register(toFastifyPlugin(async (request) => new Response(await request.text()), { url: '/raw' }))
      app.post('/json', async (request) => request.body)
    })
    const post = (path: string) =>
      fetch(url + path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{ "a" : 1 }' })
    expect(await (await post('/raw')).text()).toBe('{ "a" : 1 }')
    expect(await (await post('/json')).text()).toBe('{"a":1}')
  })

  test('serves what has no content type, and its prefix', async () => {
    const url = await serve((app) => {
      app.register(
        async (scope) => {
          scope.register(
            toFastifyPlugin(async (request) => new Response(request.url + (await request.text())), { url: '/raw' })
          )
        },
        { prefix: '/v1' }
      )
    })
    const response = await fetch(`${url}/v1/raw`, { method: 'POST', body: Buffer.from('x') })
    expect(await response.text()).toBe(`${url}/v1/rawx`)
  })

  test.each([{}, { routerOptions: { ignoreTrailingSlash: true } }])(
    'serves its path with a slash at the end, with %j',
    async (options) => {
      app = fastify(options)
      app.register(toFastifyPlugin(async (request) => new Response(new URL(request.url).pathname), { url: '/wechat' }))
      for (const url of ['/wechat', '/wechat/']) expect((await app.inject({ url })).body).toBe(url)
      expect((await app.inject({ url: '/wechat/other' })).statusCode).toBe(404)
    }
  )

  test.each([undefined, 'wechat', ''])('refuses the url %j', (url) => {
    expect(() => toFastifyPlugin(async () => new Response(), { url: url as string })).toThrow(
      expect.objectContaining({ code: 'ERR_CONFIG', option: 'url' })
    )
  })
})
