import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import Koa from 'koa'
import { koaBody } from 'koa-body'
import { expect, it } from 'vitest'
import { toExpressHandler } from 'weixin-kit/express'
import { toKoaMiddleware } from 'weixin-kit/koa'
import { toNodeHandler } from 'weixin-kit/node'

// A parser above the handler reads a body of no bytes to its end: the handler waited for that end for ever.

const handler = async (request: Request) => new Response(`${request.method} [${await request.text()}]`)
const node = toNodeHandler(handler)

const APPS: Readonly<Record<string, () => RequestListener>> = {
  'Express with json()': () => express().use(express.json(), toExpressHandler(handler)),
  'Express with urlencoded()': () => express().use(express.urlencoded(), toExpressHandler(handler)),
  'Express with text()': () => express().use(express.text({ type: '*/*' }), toExpressHandler(handler)),
  'Koa with a parser': () => new Koa().use(koaBody()).use(toKoaMiddleware(handler)).callback(),
  'node:http with a listener': () => (req, res) =>
    void req.resume().once('end', () => setImmediate(() => node(req, res)))
}

it.each(Object.keys(APPS))('%s responds to a POST without content', async (name) => {
  const server = createServer(APPS[name]?.()).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  try {
    for (const type of ['application/json', 'application/x-www-form-urlencoded', 'text/xml']) {
      const headers = { 'content-type': type, 'content-length': '0' }
      const response = await fetch(url, { method: 'POST', headers, signal: AbortSignal.timeout(5_000) })
      expect([type, response.status, await response.text()]).toEqual([type, 200, 'POST []'])
    }
  } finally {
    server.close()
    server.closeAllConnections()
  }
})
