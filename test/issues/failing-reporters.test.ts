import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import fastify from 'fastify'
import Koa from 'koa'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type FetchHandler, route } from 'weixin-kit'
import { type AdapterOptions, toExpressHandler } from 'weixin-kit/express'
import { toFastifyHandler } from 'weixin-kit/fastify'
import { Geetest } from 'weixin-kit/geetest'
import { toKoaMiddleware } from 'weixin-kit/koa'
import { toNodeHandler } from 'weixin-kit/node'
import { Qiniu } from 'weixin-kit/qiniu'
import { createSimulator } from 'weixin-kit/simulator'
import { Yunpian } from 'weixin-kit/yunpian'

/** Without a listener of its own an unhandled rejection, like an uncaught exception, ends the process. */
const ends: unknown[] = []
const note = (reason: unknown) => void ends.push(reason)
const others = { unhandledRejection: [] as never[], uncaughtException: [] as never[] }

beforeEach(() => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
  for (const event of ['unhandledRejection', 'uncaughtException'] as const) {
    others[event] = process.listeners(event as never) as never[]
    process.removeAllListeners(event)
    process.on(event, note)
  }
})
afterEach(() => {
  vi.restoreAllMocks()
  for (const event of ['unhandledRejection', 'uncaughtException'] as const) {
    process.off(event, note)
    for (const listener of others[event]) process.on(event, listener)
  }
})

const REPORTERS = {
  throws: () => {
    throw new Error('the reporter is down')
  },
  rejects: async () => {
    throw new Error('the reporter is down')
  }
}

const broken: FetchHandler = async () => {
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(Buffer.from('begin')),
    pull: () => Promise.reject(new Error('the source broke off'))
  })
  return new Response(body, { headers: { 'content-length': '1000' } })
}

const FRAMEWORKS: Readonly<
  Record<string, (handler: FetchHandler, options: AdapterOptions) => Promise<RequestListener>>
> = {
  node: async (handler, options) => toNodeHandler(handler, options),
  express: async (handler, options) => {
    const listener = toExpressHandler(handler, options)
    return (req, res) => listener(req, res, () => res.end())
  },
  koa: async (handler, options) => {
    const app = new Koa()
    app.silent = true
    app.use(toKoaMiddleware(handler, options) as never)
    return app.callback()
  },
  fastify: async (handler, options) => {
    const app = fastify()
    app.all('/', toFastifyHandler(handler, options))
    await app.ready()
    return (req, res) => app.routing(req, res)
  }
}

describe.each(Object.entries(REPORTERS))('onError that %s', (_, onError) => {
  it.each(Object.keys(FRAMEWORKS))('does not end the process when a body fails on its way: %s', async (name) => {
    const server = createServer(await FRAMEWORKS[name]?.(broken, { onError })).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    await fetch(`http://127.0.0.1:${port}/`)
      .then((response) => response.text())
      .catch(() => undefined)
    await new Promise((resolve) => setTimeout(resolve, 50))
    server.closeAllConnections()
    server.close()
    expect(ends).toEqual([])
  })

  it('decides no response', async () => {
    const { credentials } = createSimulator()
    const fails = async () => {
      throw new Error('down')
    }
    const post = () => new Request('https://shop.example.com/x', { method: 'POST', body: 'a=1' })
    const qiniu = new Qiniu(credentials.qiniu)
    const statuses = [
      qiniu.callbackHandler({ onUploaded: fails, onError })(post()),
      qiniu.uploadTokenHandler({ authorize: fails, policy: fails, onError })(post()),
      new Yunpian(credentials.yunpian).statusHandler({ secret: 'a'.repeat(16), onStatus: fails, onError })(post()),
      new Geetest(credentials.geetest).registerHandler({ session: fails, onError })(post()),
      route({ '/x': fails }, { onError })(post())
    ]
    expect((await Promise.all(statuses)).map(({ status }) => status)).toEqual([401, 500, 401, 500, 500])
  })
})
