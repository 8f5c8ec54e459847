import express from 'express'
import fastify from 'fastify'
import Koa from 'koa'
import { route } from 'weixin-kit'
import { toExpressHandler } from 'weixin-kit/express'
import { toFastifyHandler, toFastifyPlugin } from 'weixin-kit/fastify'
import { MessageGateway, signedGatewayRequest } from 'weixin-kit/gateway'
import { toKoaMiddleware } from 'weixin-kit/koa'
import { toNodeHandler } from 'weixin-kit/node'
import { notifyHandlerFor, WeChatPay } from 'weixin-kit/pay'
import { notifyHandlerFor as notifyHandlerForV2 } from 'weixin-kit/pay/v2'
import { redisStore } from 'weixin-kit/redis'
import { listen } from '../support/loopback.ts'
import { BASE_OPTIONS, notification } from '../support/pay-v3.ts'
import { type Mistake, Reported } from './mistake.ts'

const ACCOUNT = {
  appId: 'wx0123456789abcdef',
  token: 'token',
  encodingAESKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG'
}
const gateway = new MessageGateway(ACCOUNT)
const pay = new WeChatPay(BASE_OPTIONS)

const mount = (name: string, make: () => unknown, cure: RegExp): Mistake => ({ name, make, code: 'ERR_CONFIG', cure })

/** The error that an application sees when WeChat sends a message to it. */
async function messageTo(app: Parameters<typeof listen>[0], body?: string): Promise<never> {
  const server = await listen(app)
  try {
    const { url } = signedGatewayRequest('<xml/>', ACCOUNT)
    const xml = body ?? (await signedGatewayRequest('<xml><MsgType>text</MsgType></xml>', ACCOUNT).text())
    await fetch(`${server.url}/wechat${new URL(url).search}`, {
      method: 'POST',
      body: xml,
      headers: { 'content-type': 'text/xml' }
    })
    throw seen.pop() ?? new Error('nothing was reported')
  } finally {
    await server.close()
  }
}
const seen: unknown[] = []
const onError = (error: unknown) => void seen.push(error)

/** An Express application whose error handler notes what it gets. */
function expressApp(set: (app: express.Express) => unknown): express.Express {
  const app = express()
  set(app)
  app.use(((error, _request, response, _next) => {
    seen.push(error)
    response.status(500).end()
  }) as express.ErrorRequestHandler)
  return app
}

function koaApp(set: (app: Koa) => unknown) {
  const app = new Koa()
  app.on('error', onError)
  set(app)
  return app.callback()
}

/** Handlers, adapters, routes and stores. */
export const HANDLERS: readonly Mistake[] = [
  mount(
    'gateway.handler not called, Express',
    () => toExpressHandler(gateway.handler as never),
    /call it: toExpressHandler\(gateway\.handler\(\)\)/
  ),
  mount(
    'notifyHandler not called, Koa',
    () => toKoaMiddleware(pay.notifyHandler as never),
    /toKoaMiddleware\(pay\.notifyHandler\(\{ onPaid \}\)\)/
  ),
  mount(
    'the client in place of a handler',
    () => toExpressHandler(pay as never),
    /gateway\.handler\(\), pay\.notifyHandler/
  ),
  mount(
    'the response of a handler in place of it',
    () => toNodeHandler(gateway.handler()(new Request('https://a.example.com')) as never),
    /gateway\.handler\(\)/
  ),
  mount(
    'a handler not called in a route',
    () => route({ '/wechat': gateway.handler as never }),
    /gateway\.handler\(\)/
  ),
  mount('a route without its slash', () => route({ wechat: gateway.handler() }), /"GET \/path" or "\/path"/),
  mount('a route with its host', () => route({ 'https://shop.example.com/wechat': gateway.handler() }), /"\/path"/),
  mount('a route with a parameter', () => route({ '/wechat/:id': gateway.handler() }), /router of your framework/),
  mount('a Fastify plugin without its address', () => toFastifyPlugin(gateway.handler(), {} as never), /url/),
  mount(
    'a text as onError',
    () => toExpressHandler(gateway.handler(), { onError: 'log' as never }),
    /onError.*function/
  ),
  mount(
    'notifyHandlerFor with a client',
    () => notifyHandlerFor(pay as never, { onPaid: () => undefined }),
    /find.*function/
  ),
  mount(
    'notifyHandlerFor without callbacks',
    () => notifyHandlerFor(() => pay, undefined as never),
    /at least one callback, e\.g\. onPaid/
  ),
  {
    name: 'a row of the database in place of a client',
    make: async () => {
      const reported = new Reported()
      const handler = notifyHandlerForV2(() => ({ mchId: '1900000109' }) as never, {
        onPaid: () => undefined,
        onError: reported.onError
      })
      return reported.after(handler(new Request('https://a.example.com', { method: 'POST' })))
    },
    code: 'ERR_CONFIG',
    cure: /Return a WeChatPayV2/
  },
  {
    name: 'find that returns nothing',
    make: async () => {
      const reported = new Reported()
      const { body, headers } = notification('TRANSACTION.SUCCESS', {})
      const handler = notifyHandlerFor(() => undefined, { onPaid: () => undefined, onError: reported.onError })
      return reported.after(handler(new Request('https://a.example.com', { method: 'POST', body, headers })))
    },
    code: 'ERR_CONFIG',
    cure: /does not return its result/
  },
  {
    name: 'no adapter, Express',
    make: () => messageTo(expressApp((app) => app.use('/wechat', gateway.handler() as never))),
    code: 'ERR_INVALID_PARAM',
    cure: /toExpressHandler\(…\) of weixin-kit\/express/
  },
  {
    name: 'no adapter, Koa',
    make: () => messageTo(koaApp((app) => app.use(gateway.handler() as never))),
    code: 'ERR_INVALID_PARAM',
    cure: /toKoaMiddleware/
  },
  {
    name: 'no adapter, Fastify',
    make: async () => {
      const app = fastify()
      app.addContentTypeParser('*', (_request, _payload, done) => done(null))
      app.all('/wechat', gateway.handler() as never)
      app.setErrorHandler((error, _request, answer) => {
        seen.push(error)
        answer.code(500).send()
      })
      await app.inject({ method: 'POST', url: '/wechat', body: '<xml/>', headers: { 'content-type': 'text/xml' } })
      throw seen.pop()
    },
    code: 'ERR_INVALID_PARAM',
    cure: /toFastifyHandler/
  },
  {
    name: 'no adapter, node:http',
    make: () => gateway.handler()({ rawHeaders: [], method: 'GET', url: '/', headers: {} } as never),
    code: 'ERR_INVALID_PARAM',
    cure: /toNodeHandler/
  },
  {
    name: 'the context of Hono',
    make: () => gateway.handler()({ req: { raw: new Request('https://a.example.com') }, env: {} } as never),
    code: 'ERR_INVALID_PARAM',
    cure: /c\.req\.raw/
  },
  {
    name: 'express.json() for every type above the handler',
    make: () =>
      messageTo(
        expressApp((app) =>
          app.use(express.json({ type: () => true }), toExpressHandler(gateway.handler(), { onError }))
        ),
        '{}'
      ),
    code: 'ERR_BODY_ALREADY_PARSED',
    cure: /Mount the handler above the parser: app\.use\("\/wechat"/
  },
  {
    name: 'a parser of Koa above the handler',
    make: () =>
      messageTo(
        koaApp((app) => {
          app.use(async (context, next) => {
            for await (const _ of context.req);
            Object.assign(context.request, { body: {} })
            await next()
          })
          app.use(toKoaMiddleware(gateway.handler(), { onError }))
        }),
        '{}'
      ),
    code: 'ERR_BODY_ALREADY_PARSED',
    cure: /Mount the middleware above the parser/
  },
  {
    name: 'a parser of Fastify and the plain handler',
    make: async () => {
      const app = fastify()
      app.addContentTypeParser('text/xml', { parseAs: 'string' }, (_request, _body, done) => done(null, {}))
      app.all('/wechat', toFastifyHandler(gateway.handler(), { onError }))
      const { url } = signedGatewayRequest('<xml/>', ACCOUNT)
      await app.inject({
        method: 'POST',
        url: `/wechat${new URL(url).search}`,
        body: '<xml/>',
        headers: { 'content-type': 'text/xml' }
      })
      throw seen.pop()
    },
    code: 'ERR_BODY_ALREADY_PARSED',
    cure: /toFastifyPlugin/
  },
  mount('the address of Redis in place of a client', () => redisStore('redis://127.0.0.1' as never), /client/),
  mount(
    'a Map as store',
    () => new WeChatPay({ ...BASE_OPTIONS, store: new Map() as never }),
    /lacks the methods? .*setIfAbsent/
  )
]
