import { createHash } from 'node:crypto'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express, { type RequestHandler } from 'express'
import fastify, { type FastifyInstance } from 'fastify'
import { Hono } from 'hono'
import Koa from 'koa'
import koaBody from 'koa-body'
import { afterEach, describe, expect, test } from 'vitest'
import { BodyError, type FetchHandler } from 'weixin-kit'
import { toExpressHandler } from 'weixin-kit/express'
import { toFastifyHandler, toFastifyPlugin } from 'weixin-kit/fastify'
import { signedGatewayRequest } from 'weixin-kit/gateway'
import { toKoaMiddleware } from 'weixin-kit/koa'
import { toNodeHandler } from 'weixin-kit/node'
import { toFetchHandler } from '../../src/core/byte-handler.ts'
import { readBody } from '../../src/core/read-body.ts'
import { express4, Koa2, koaBodyparser } from '../support/frameworks.ts'

interface Payload {
  type: string
  bytes: Uint8Array
}

const encryptedXml = await signedGatewayRequest(
  { ToUserName: 'gh_1', FromUserName: 'o1', MsgType: 'text', Content: '你好 + & =', MsgId: '1' },
  { appId: 'wx0123456789abcdef', token: 'token', encodingAESKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG' }
).text()

/** Bytes that no parser would write again as they are: spacing, escapes, order, plus signs, a trailing line break. */
const PAYLOADS: Record<string, Payload> = {
  'gateway XML': { type: 'text/xml', bytes: Buffer.from(encryptedXml) },
  'v2 notify XML': {
    type: 'text/xml; charset=utf-8',
    bytes: Buffer.from(
      '<xml><appid><![CDATA[wx2421b1c4370ec43b]]></appid>\r\n<attach><![CDATA[支付测试 &lt;]]></attach><total_fee>1</total_fee></xml>\n'
    )
  },
  'v3 notify JSON': {
    type: 'application/json',
    bytes: Buffer.from(
      '{ "id":"EV-2018022511223320873", "resource":{"nonce":"fdasflkja484w","ciphertext":"a\\/b+c=="},"summary":"\\u652f付", "amount":1.0,"n":12345678901234567890}\n'
    )
  },
  'Qiniu form': {
    type: 'application/x-www-form-urlencoded',
    bytes: Buffer.from('name=%e6%9c%88.jpg&size=1024&hash=Fs%2Bx&key=a+b&x%3aid=7&empty=')
  },
  'Qiniu JSON': { type: 'application/json', bytes: Buffer.from('{"key":"a b", "fsize":1e3}') }
}

const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/** The two ways into a handler: with a `Request`, and with bytes only as the gateway. */
const handlers: Record<string, FetchHandler> = {
  request: async (request) => new Response(hash(await readBody(request))),
  bytes: toFetchHandler(async (request) => ({ status: 200, headers: {}, body: hash(await request.readBody()) }))
}

const onError = (error: unknown) => {
  reported = error
}
let reported: unknown
const closers: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  reported = undefined
  for (const close of closers.splice(0)) await close()
})

const listen = async (listener: RequestListener): Promise<string> => {
  const server: Server = createServer(listener)
  closers.push(() => server.close())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

type Start = (handler: FetchHandler) => Promise<string>
/** Payloads whose bytes this parser destroys, and where the status says so without the handler. */
interface Row {
  start: Start
  lost?: readonly string[]
  refused?: readonly string[]
}

const JSONS = ['v3 notify JSON', 'Qiniu JSON']
const FORMS = ['Qiniu form']
const XMLS = ['gateway XML', 'v2 notify XML']
const keepBytes = (req: unknown, _res: unknown, bytes: Buffer) => {
  ;(req as { rawBody: Buffer }).rawBody = bytes
}

function expressRows(name: string, make: typeof express): Record<string, Row> {
  const start =
    (...parsers: RequestHandler[]): Start =>
    async (handler) => {
      const app = make()
      for (const parser of parsers) app.use(parser)
      app.use('/hook', toExpressHandler(handler, { onError }))
      return listen(app)
    }
  return {
    [`${name}, no parser`]: { start: start() },
    [`${name}, json`]: { start: start(make.json()), lost: JSONS },
    [`${name}, urlencoded`]: { start: start(make.urlencoded({ extended: true })), lost: FORMS },
    [`${name}, json + urlencoded`]: {
      start: start(make.json(), make.urlencoded({ extended: false })),
      lost: [...JSONS, ...FORMS]
    },
    [`${name}, text`]: { start: start(make.text({ type: '*/*' })) },
    [`${name}, raw`]: { start: start(make.raw({ type: '*/*' })) },
    [`${name}, json + urlencoded that keep the bytes`]: {
      start: start(make.json({ verify: keepBytes }), make.urlencoded({ extended: true, verify: keepBytes }))
    }
  }
}

function koaRows(name: string, Make: typeof Koa): Record<string, Row> {
  const start =
    (...middleware: Koa.Middleware[]): Start =>
    async (handler) => {
      const app = new Make()
      for (const item of middleware) app.use(item)
      app.use(toKoaMiddleware(handler, { onError }))
      return listen(app.callback())
    }
  return {
    [`${name}, no parser`]: { start: start() },
    [`${name}, koa-bodyparser`]: { start: start(koaBodyparser()) },
    [`${name}, koa-bodyparser for all types`]: {
      start: start(koaBodyparser({ enableTypes: ['json', 'form', 'text', 'xml'] }))
    },
    [`${name}, koa-body`]: { start: start(koaBody() as Koa.Middleware), lost: [...JSONS, ...FORMS] },
    [`${name}, koa-body with includeUnparsed`]: {
      start: start(koaBody({ includeUnparsed: true }) as Koa.Middleware)
    }
  }
}

function fastifyRows(): Record<string, Row> {
  const start =
    (prepare: (app: FastifyInstance, handler: FetchHandler) => void): Start =>
    async (handler) => {
      const app = fastify()
      prepare(app, handler)
      closers.push(() => app.close())
      return app.listen({ port: 0, host: '127.0.0.1' })
    }
  const route = (app: FastifyInstance, handler: FetchHandler) =>
    app.all('/hook', toFastifyHandler(handler, { onError }))
  const form = (app: FastifyInstance) =>
    app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
      done(null, Object.fromEntries(new URLSearchParams(String(body))))
    )
  return {
    'Fastify, own parsers': { start: start(route), lost: JSONS, refused: [...FORMS, ...XMLS] },
    'Fastify, buffer parser': {
      start: start((app, handler) => {
        app.removeAllContentTypeParsers()
        app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
        route(app, handler)
      })
    },
    'Fastify, string parser': {
      start: start((app, handler) => {
        app.removeAllContentTypeParsers()
        app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body))
        route(app, handler)
      })
    },
    'Fastify, form parser': {
      start: start((app, handler) => {
        form(app)
        route(app, handler)
      }),
      lost: [...JSONS, ...FORMS],
      refused: XMLS
    },
    'Fastify plugin beside parsers': {
      start: start((app, handler) => {
        form(app)
        app.register(toFastifyPlugin(handler, { url: '/hook', onError }))
      })
    }
  }
}

const rows: Record<string, Row> = {
  ...expressRows('Express 5', express),
  ...expressRows('Express 4', express4),
  ...koaRows('Koa 3', Koa),
  ...koaRows('Koa 2', Koa2),
  ...fastifyRows(),
  'node:http, no parser': { start: (handler) => listen(toNodeHandler(handler, { onError })) },
  'node:http, bytes kept by hand': {
    start: (handler) =>
      listen(async (req, res) => {
        const chunks: Buffer[] = []
        for await (const chunk of req) chunks.push(chunk as Buffer)
        Object.assign(req, { rawBody: Buffer.concat(chunks) })
        await toNodeHandler(handler, { onError })(req, res)
      })
  },
  'node:http, parsed by hand': {
    start: (handler) =>
      listen(async (req, res) => {
        for await (const _ of req);
        Object.assign(req, { body: {} })
        await toNodeHandler(handler, { onError })(req, res)
      }),
    lost: Object.keys(PAYLOADS)
  },
  Hono: {
    start: (handler) => {
      const app = new Hono()
      app.all('/hook', (context) => handler(context.req.raw))
      return listen(toNodeHandler(async (request) => app.fetch(request), { onError }))
    }
  },
  'Hono, body read before': {
    start: (handler) => {
      const app = new Hono()
      app.use(async (context, next) => {
        await context.req.text()
        await next()
      })
      app.all('/hook', (context) => handler(context.req.raw))
      app.onError((error, context) => {
        onError(error)
        return context.body(null, 500)
      })
      return listen(toNodeHandler(async (request) => app.fetch(request)))
    },
    lost: Object.keys(PAYLOADS)
  }
}

describe.each(Object.entries(rows))('%s', (_, { start, lost = [], refused = [] }) => {
  describe.each(Object.entries(handlers))('%s', (_, handler) => {
    test.each(Object.entries(PAYLOADS))('%s', async (name, { type, bytes }) => {
      const origin = await start(handler)
      const response = await fetch(`${origin}/hook?a=1`, {
        method: 'POST',
        headers: { 'content-type': type },
        body: bytes as Uint8Array<ArrayBuffer>
      })
      const text = await response.text()
      if (refused.includes(name)) {
        expect(response.status).toBe(415)
      } else if (lost.includes(name)) {
        expect([response.status, text]).toEqual([500, ''])
        expect(reported).toBeInstanceOf(BodyError)
        expect(reported).toMatchObject({ code: 'ERR_BODY_ALREADY_PARSED' })
      } else {
        expect(reported).toBeUndefined()
        expect([response.status, text]).toEqual([200, hash(bytes)])
      }
    })
  })
})
