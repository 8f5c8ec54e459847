import { once } from 'node:events'
import { connect as connectHttp2, createServer as createHttp2Server } from 'node:http2'
import { type AddressInfo, connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { FetchHandler } from 'weixin-kit'
import { gate, settledTurns } from '../../support/gate.ts'
import { listen } from '../../support/loopback.ts'
import type { Started } from '../../support/start-framework.ts'

const PART = '../../../src/adapters/conversion.ts'
const NAMES = ['node:http', 'Express 5', 'Express 4', 'Koa 3', 'Koa 2', 'Fastify 5', 'Fastify 5 plugin']
const LARGE = 'x'.repeat(60_000)

let part: ReturnType<typeof gate>
let started: Pick<Started, 'close'> | undefined
let node: typeof import('weixin-kit/node')

beforeEach(async () => {
  vi.resetModules()
  part = gate()
  vi.doMock(PART, part.load)
  node = await import('weixin-kit/node')
})
afterEach(async () => {
  vi.restoreAllMocks()
  vi.doUnmock(PART)
  await started?.close()
  started = undefined
})

const echo: FetchHandler = async (request) => new Response(`${request.method} ${await request.text()}`)

describe.each(NAMES)('%s, before everything is loaded', (name) => {
  const serve = async (handler: FetchHandler) => {
    const { FRAMEWORKS } = await import('../../support/start-framework.ts')
    const server = await FRAMEWORKS[name]?.(handler)
    if (!server) throw new Error(name)
    started = server
    return `${server.url}/hook`
  }
  // The one that has the body parsed before.
  const type = name === 'Fastify 5' ? 'text/plain' : 'application/xml'
  const post = (url: string, body: string) => fetch(url, { method: 'POST', headers: { 'content-type': type }, body })

  it('requests wait with their bodies', async () => {
    const url = await serve(echo)
    const answers = [post(url, LARGE), post(url, 'ü'), fetch(url)]
    await settledTurns()
    part.open()
    const texts = await Promise.all(answers.map(async (answer) => (await answer).text()))
    expect(texts).toEqual([`POST ${LARGE}`, 'POST ü', 'GET '])
    expect(await (await post(url, 'later')).text()).toBe('POST later')
  })

  it('a part that cannot be loaded is an error of the server, and tried again', async () => {
    vi.spyOn(console, 'error').mockReturnValue()
    part.failOnce()
    const url = await serve(echo)
    const answer = post(url, LARGE)
    await settledTurns()
    part.open()
    expect((await answer).status).toBe(500)
    expect(await (await post(url, LARGE)).text()).toBe(`POST ${LARGE}`)
  })
})

describe('an early request', () => {
  it('keeps its body for the handler, whoever listens as well', async () => {
    const seen: string[] = []
    const listener = node.toNodeHandler(echo)
    const server = await listen((req, res) => {
      req.on('data', (chunk) => seen.push(`before ${chunk}`))
      void listener(req, res)
      req.on('data', (chunk) => seen.push(`after ${chunk}`))
    })
    started = server
    const answer = fetch(server.url, { method: 'POST', body: 'abc' })
    await settledTurns()
    part.open()
    expect(await (await answer).text()).toBe('POST abc')
    expect(seen).toEqual(['before abc', 'after abc'])
  })

  it('leaves the connection to the next one when nobody reads its body', async () => {
    const listener = node.toNodeHandler(echo)
    const server = await listen((req, res) => {
      if (req.url === '/kept') Object.assign(req, { rawBody: Buffer.from('kept') }).on('data', () => undefined)
      void listener(req, res)
    })
    started = server
    const client = connect(Number(new URL(server.url).port), '127.0.0.1')
    client.write(`POST /kept HTTP/1.1\r\nHost: a\r\nContent-Length: 300000\r\n\r\n${'x'.repeat(300_000)}`)
    await settledTurns()
    part.open()
    client.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi')
    const answers = Buffer.concat(await client.toArray()).toString()
    expect(answers).toContain('POST kept')
    expect(answers).toContain('POST hi')
  })

  it('is aborted when its client goes away before', async () => {
    const aborted = vi.fn()
    const bodies = vi.fn()
    const onError = vi.fn()
    const listener = node.toNodeHandler(
      async (request) => {
        if (request.method === 'POST') bodies()
        aborted(request.signal.aborted)
        return new Response('')
      },
      { onError }
    )
    const arrived = vi.fn()
    const server = await listen((req, res) => {
      void listener(req, res)
      res.once('close', arrived)
    })
    started = server
    const port = Number(new URL(server.url).port)
    for (const text of [
      'GET / HTTP/1.1\r\nHost: a\r\n\r\n',
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nab'
    ]) {
      const client = connect(port, '127.0.0.1')
      await once(client, 'connect')
      client.write(text, () => client.destroy())
    }
    await vi.waitUntil(() => arrived.mock.calls.length === 2)
    part.open()
    await vi.waitUntil(() => aborted.mock.calls.length === 1)
    await settledTurns()
    expect(aborted.mock.calls).toEqual([[true]])
    expect(bodies).not.toHaveBeenCalled()
    expect(onError).not.toHaveBeenCalled()
  })

  it('waits on HTTP/2 as well', async () => {
    const server = createHttp2Server(node.toNodeHandler(echo) as never).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const session = connectHttp2(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    const close = async () => {
      session.destroy()
      server.close()
    }
    started = { close }
    const stream = session.request({ ':method': 'POST', ':path': '/' })
    stream.end(LARGE)
    await settledTurns()
    part.open()
    expect(Buffer.concat(await stream.toArray()).toString()).toBe(`POST ${LARGE}`)
  })

  it('closes a stream of HTTP/2 whose body nobody reads', async () => {
    const { MessageGateway } = await import('weixin-kit/gateway')
    const closed = vi.fn()
    const listener = node.toNodeHandler(new MessageGateway({ appId: 'wx0123456789abcdef', token: 'token' }).handler)
    const server = createHttp2Server((req, res) => {
      req.stream.on('close', closed)
      void listener(req as never, res as never)
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const session = connectHttp2(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    const close = async () => {
      session.destroy()
      server.close()
    }
    started = { close }
    const stream = session.request({ ':method': 'PUT', ':path': '/' })
    stream.end('0123456789')
    stream.resume()
    await settledTurns()
    part.open()
    await once(stream, 'response')
    await new Promise<void>((resolve) => session.close(resolve))
    expect(closed).toHaveBeenCalledOnce()
  })

  it('takes the request of a unit test, which has no stream', async () => {
    const { toExpressHandler } = await import('weixin-kit/express')
    const ended = vi.fn()
    const next = vi.fn()
    const req = { method: 'POST', url: '/', headers: { host: 'a' }, rawBody: Buffer.from('abc'), on: () => req }
    const res = {
      writeHead: () => res,
      setHeader: () => res,
      end: ended,
      on: () => res,
      once: () => res,
      off: () => res
    }
    toExpressHandler(async () => new Response(null, { status: 204 }))(req as never, res as never, next)
    part.open()
    await vi.waitFor(() => expect(ended.mock.calls.length + next.mock.calls.length).toBe(1))
    expect(next.mock.calls.flat().map(String).join()).not.toContain('pause')
  })

  it('waits in toRequest and writeResponse', async () => {
    const server = await listen(async (req, res) => {
      const request = await node.toRequest(req, res)
      await node.writeResponse(res, new Response(await request.text()))
    })
    started = server
    const answer = fetch(server.url, { method: 'POST', body: LARGE })
    await settledTurns()
    part.open()
    expect(await (await answer).text()).toBe(LARGE)
  })
})

it('mistakes of whoever makes a converter are told at once', () => {
  const config = expect.objectContaining({ code: 'ERR_CONFIG' })
  expect(() => node.toNodeHandler(undefined as never)).toThrow(config)
  expect(() => node.toNodeHandler(echo, { limitBytes: -1 })).toThrow(config)
})
