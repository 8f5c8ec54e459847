import express from 'express'
import fastify from 'fastify'
import Koa from 'koa'
import type { FetchHandler } from 'weixin-kit'
import { type AdapterOptions, toExpressHandler } from 'weixin-kit/express'
import { toFastifyHandler, toFastifyPlugin } from 'weixin-kit/fastify'
import { toKoaMiddleware } from 'weixin-kit/koa'
import { toNodeHandler } from 'weixin-kit/node'
import { express4, Koa2 } from './frameworks.ts'
import { listen } from './loopback.ts'

export interface Started {
  url: string
  close(): Promise<unknown>
}

type Start = (handler: FetchHandler, options?: AdapterOptions) => Promise<Started>

const expressWith =
  (make: typeof express): Start =>
  (handler, options) => {
    const app = make()
    app.use('/hook', toExpressHandler(handler, options))
    return listen(app)
  }

const koaWith =
  (Make: typeof Koa): Start =>
  (handler, options) => {
    const app = new Make()
    app.silent = true
    app.use(toKoaMiddleware(handler, options))
    return listen(app.callback())
  }

const fastifyWith =
  (isPlugin: boolean): Start =>
  async (handler, options) => {
    const app = fastify()
    if (isPlugin) app.register(toFastifyPlugin(handler, { url: '/hook', methods: ['GET', 'POST'], ...options }))
    else app.all('/hook', toFastifyHandler(handler, options))
    return { url: await app.listen({ port: 0, host: '127.0.0.1' }), close: () => app.close() }
  }

/** The frameworks, each serving a handler at `/hook`. */
export const FRAMEWORKS: Record<string, Start> = {
  'node:http': (handler, options) => listen(toNodeHandler(handler, options)),
  'Express 5': expressWith(express),
  'Express 4': expressWith(express4),
  'Koa 3': koaWith(Koa),
  'Koa 2': koaWith(Koa2),
  'Fastify 5': fastifyWith(false),
  'Fastify 5 plugin': fastifyWith(true)
}
