import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import fastify from 'fastify'
import Koa from 'koa'
import { toExpressHandler } from '../src/adapters/express.ts'
import { toFastifyPlugin } from '../src/adapters/fastify.ts'
import { toKoaMiddleware } from '../src/adapters/koa.ts'
import { toNodeHandler } from '../src/adapters/node.ts'
import { MessageGateway } from '../src/gateway/index.ts'
import type { FetchHandler } from '../src/index.ts'
import { ANSWER, answer, appId, encodingAESKey, route, token } from './gateway-floor.ts'

/** The servers of the cases, each started in a process of its own: `node gateway-server.ts koa floor`. */
export type Kind = 'raw' | 'node' | 'express' | 'koa' | 'fastify' | 'node with Request'
export type Side = 'floor' | 'ours'

const XML = 'application/xml; charset=utf-8'

function makeGateway(): FetchHandler {
  const gateway = new MessageGateway({ appId, token, encodingAESKey })
  gateway.on('text', async () => ANSWER)
  return gateway.handler()
}

const LIMIT_BYTES = 65536

function readText(req: IncomingMessage, done: (text: string) => void): void {
  const chunks: Buffer[] = []
  let length = 0
  req.on('data', (chunk: Buffer) => {
    length += chunk.length
    if (length > LIMIT_BYTES) req.destroy()
    chunks.push(chunk)
  })
  req.on('end', () => done((chunks.length === 1 ? chunks[0] : Buffer.concat(chunks))?.toString() ?? ''))
}

const rawListener: RequestListener = (req, res) =>
  readText(req, (text) => {
    const body = answer(req.url ?? '', text)
    res.writeHead(200, { 'content-type': XML, 'content-length': Buffer.byteLength(body) })
    res.end(body)
  })

/** A route by hand, for node:http and for Express, whose own `send` would be slower. */
const routeListener: RequestListener = (req, res) =>
  readText(req, async (text) => {
    const { originalUrl } = req as { originalUrl?: string }
    const { status, body } = await route(originalUrl ?? req.url ?? '', text)
    res.writeHead(status, { 'content-type': XML, 'content-length': Buffer.byteLength(body) })
    res.end(body)
  })

const makers: Record<Kind, Record<Side, () => Promise<RequestListener | Server>>> = {
  raw: {
    floor: async () => rawListener,
    ours: async () => toNodeHandler(makeGateway())
  },
  node: {
    floor: async () => routeListener,
    ours: async () => toNodeHandler(makeGateway())
  },
  // A handler that somebody wrapped: it is given a Request and returns a Response.
  'node with Request': {
    floor: async () => routeListener,
    ours: async () => {
      const handler = makeGateway()
      return toNodeHandler((request) => handler(request))
    }
  },
  express: {
    floor: async () => express().use('/wechat', routeListener),
    ours: async () => express().use('/wechat', toExpressHandler(makeGateway()))
  },
  koa: {
    floor: async () =>
      new Koa()
        .use(async (context) => {
          const chunks: Buffer[] = []
          let length = 0
          for await (const chunk of context.req) {
            length += (chunk as Buffer).length
            if (length > LIMIT_BYTES) context.throw(413)
            chunks.push(chunk as Buffer)
          }
          const { status, body } = await route(context.url, Buffer.concat(chunks).toString())
          context.status = status
          context.set('content-type', XML)
          context.body = body
        })
        .callback(),
    ours: async () => new Koa().use(toKoaMiddleware(makeGateway())).callback()
  },
  fastify: {
    floor: async () => {
      const app = fastify()
      app.addContentTypeParser('text/xml', { parseAs: 'string' }, (_request, body, done) => done(null, body))
      app.post('/wechat', async (request, reply) => {
        const { status, body } = await route(request.originalUrl, request.body as string)
        return reply.code(status).header('content-type', XML).send(body)
      })
      await app.ready()
      return app.server
    },
    ours: async () => {
      const app = fastify()
      app.register(toFastifyPlugin(makeGateway(), { url: '/wechat' }))
      await app.ready()
      return app.server
    }
  }
}

const [kind, side] = process.argv.slice(2) as [Kind, Side]
if (process.send && kind in makers) {
  const made = await makers[kind][side]()
  const server = typeof made === 'function' ? createServer(made) : made
  server.keepAliveTimeout = 60_000
  server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
  process.on('disconnect', () => process.exit())
}
