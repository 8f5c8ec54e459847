import { createServer, type RequestListener, type Server } from 'node:http'
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
import { ANSWER, answer, appId, encodingAESKey, token } from './gateway-floor.ts'

/** The servers of the cases, each started in a process of its own: `node gateway-server.ts koa floor`. */
export type Kind = 'node' | 'express' | 'koa' | 'fastify' | 'node with Request'
export type Side = 'floor' | 'ours'

const XML = 'application/xml; charset=utf-8'

function makeGateway(): FetchHandler {
  const gateway = new MessageGateway({ appId, token, encodingAESKey })
  gateway.on('text', async () => ANSWER)
  return gateway.handler
}

const rawListener: RequestListener = (req, res) => {
  const chunks: Buffer[] = []
  let length = 0
  req.on('data', (chunk: Buffer) => {
    length += chunk.length
    if (length > 65536) req.destroy()
    chunks.push(chunk)
  })
  req.on('end', () => {
    const body = answer(req.url ?? '', (chunks.length === 1 ? chunks[0] : Buffer.concat(chunks))?.toString() ?? '')
    res.writeHead(200, { 'content-type': XML, 'content-length': Buffer.byteLength(body) })
    res.end(body)
  })
}

const makers: Record<Kind, Record<Side, () => Promise<RequestListener | Server>>> = {
  node: {
    floor: async () => rawListener,
    ours: async () => toNodeHandler(makeGateway())
  },
  // A handler that somebody wrapped: it is given a Request and returns a Response.
  'node with Request': {
    floor: async () => rawListener,
    ours: async () => {
      const handler = makeGateway()
      return toNodeHandler((request) => handler(request))
    }
  },
  express: {
    floor: async () => express().use('/wechat', rawListener),
    ours: async () => express().use('/wechat', toExpressHandler(makeGateway()))
  },
  koa: {
    floor: async () =>
      new Koa()
        .use(async (context) => {
          const chunks: Buffer[] = []
          for await (const chunk of context.req) chunks.push(chunk as Buffer)
          context.set('content-type', XML)
          context.body = answer(context.url, Buffer.concat(chunks).toString())
        })
        .callback(),
    ours: async () => new Koa().use(toKoaMiddleware(makeGateway())).callback()
  },
  fastify: {
    floor: async () => {
      const app = fastify()
      app.addContentTypeParser('text/xml', { parseAs: 'string' }, (_request, body, done) => done(null, body))
      app.post('/wechat', async (request, reply) => {
        reply.header('content-type', XML)
        return reply.send(answer(request.originalUrl, request.body as string))
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
