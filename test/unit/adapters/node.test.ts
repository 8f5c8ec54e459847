import { once } from 'node:events'
import { connect as connectHttp2, constants, createServer as createHttp2Server } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { type FetchHandler, route } from 'weixin-kit'
import { MessageGateway } from 'weixin-kit/gateway'
import { type AdapterOptions, toNodeHandler, toRequest, writeResponse } from 'weixin-kit/node'
import { toFetchHandler } from '../../../src/core/byte-handler.ts'
import { listen } from '../../support/loopback.ts'

let close: (() => Promise<void>) | undefined
afterEach(() => close?.())

const serve = async (listener: Parameters<typeof listen>[0]) => {
  const started = await listen(listener)
  close = started.close
  return started.url
}

/** What a client gets that writes these bytes and nothing more. */
const exchange = (url: string, text: string) =>
  new Promise<string>((resolve, reject) => {
    let received = ''
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    socket.on('data', (data) => (received += data))
    socket.on('end', () => resolve(received))
    socket.on('error', reject)
    socket.end(text)
  })

describe('toNodeHandler', () => {
  const url = async () => serve(toNodeHandler(async (request) => new Response(request.url)))

  test('a Host that is none is refused', async () => {
    const origin = await url()
    for (const host of ['a b', 'a/b', 'user@evil.example', 'a?b', 'a:b', '<script>']) {
      expect(await exchange(origin, `GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)).toMatch(
        /^HTTP\/1.1 400 /
      )
    }
    expect(await exchange(origin, 'GET /a HTTP/1.1\r\nHost: [::1]:81\r\nConnection: close\r\n\r\n')).toContain(
      'http://[::1]:81/a'
    )
  })

  test('an absolute request target does not change the host', async () => {
    const origin = await url()
    const answer = await exchange(
      origin,
      'GET http://evil.example/a?b HTTP/1.1\r\nHost: good.example\r\nConnection: close\r\n\r\n'
    )
    expect(answer).toContain('http://good.example/a?b')
  })

  test('a method that no Request can have is 405', async () => {
    const origin = await url()
    expect(await exchange(origin, 'TRACE / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')).toMatch(
      /^HTTP\/1.1 405 /
    )
  })

  test.each(['utf8', 'latin1', 'hex', 'base64'] as const)(
    'setEncoding(%j) before it changes no byte',
    async (encoding) => {
      const handler = toNodeHandler(async (request) => new Response(await request.arrayBuffer()))
      const url = await serve((req, res) => handler(req.setEncoding(encoding), res))
      const body = Buffer.from('<a>你好</a>')
      const response = await fetch(url, { method: 'POST', body })
      expect(Buffer.from(await response.arrayBuffer())).toEqual(body)
    }
  )

  test.each(['declared', 'chunked'])('text that lost bytes is no body (%s)', async (how) => {
    const onError = vi.fn()
    const handler = toNodeHandler(async () => new Response('read'), { onError })
    const url = await serve((req, res) => handler(req.setEncoding('utf8'), res))
    const body = Buffer.from([0xc4, 0xe3])
    const init = how === 'declared' ? { body } : { body: new Blob([body]).stream(), duplex: 'half' as const }
    expect((await fetch(url, { method: 'POST', ...init })).status).toBe(500)
    expect(onError.mock.calls[0]?.[0]).toMatchObject({ code: 'ERR_BODY_ALREADY_PARSED' })
  })

  test('a body that breaks off never reaches the handler', async () => {
    const handler = vi.fn(async () => new Response())
    const origin = await serve(toNodeHandler(handler))
    await exchange(origin, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc')
    expect(handler).not.toHaveBeenCalled()
  })

  test('without onError errors go to console.error', async () => {
    const seen = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const origin = await serve(toNodeHandler(async () => Promise.reject(new Error('hunter2'))))
    expect((await fetch(origin)).status).toBe(500)
    expect(seen).toHaveBeenCalledWith(expect.objectContaining({ message: 'hunter2' }))
    seen.mockRestore()
  })

  describe('HTTP/2', () => {
    const open = async (handler: FetchHandler, options?: AdapterOptions) => {
      const listener = toNodeHandler(handler, options)
      const server = createHttp2Server((req, res) => void listener(req as never, res as never))
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
      const session = connectHttp2(origin)
      close = async () => {
        session.close()
        server.close()
      }
      return { origin, session }
    }

    test('path, body and response', async () => {
      const { origin, session } = await open(
        async (request) => new Response(`${request.url} ${request.signal.aborted} ${await request.text()}`)
      )
      const stream = session.request({ ':path': '/a', ':method': 'POST' })
      stream.end('body')
      let text = ''
      for await (const chunk of stream) text += chunk
      expect(text).toBe(`${origin}/a false body`)
    })

    test('the signal does not abort when the response is complete', async () => {
      const aborted = vi.fn()
      const { session } = await open(async (request) => {
        request.signal.addEventListener('abort', aborted)
        return new Response('x')
      })
      const stream = session.request({ ':path': '/' }).resume()
      await once(stream, 'close')
      await once(session.request({ ':path': '/' }).resume(), 'close')
      expect(aborted).not.toHaveBeenCalled()
    })

    test('a client that goes away aborts the signal, and a body for it is cancelled', async () => {
      const cancel = vi.fn()
      const { session } = await open(async (request) => {
        stream.close(constants.NGHTTP2_CANCEL)
        await once(request.signal, 'abort')
        return new Response(
          new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(1024)), cancel })
        )
      })
      const stream = session.request({ ':path': '/' }).on('error', () => undefined)
      await vi.waitUntil(() => cancel.mock.calls.length > 0)
    })

    test('a body that fails does not look whole', async () => {
      const onError = vi.fn()
      const { session } = await open(
        async () =>
          new Response(
            new ReadableStream({
              start: (controller) => controller.enqueue(new Uint8Array(10)),
              pull: () => Promise.reject(new Error('hunter2'))
            })
          ),
        { onError }
      )
      const stream = session.request({ ':path': '/' })
      await expect(stream.toArray()).rejects.toThrow('NGHTTP2_INTERNAL_ERROR')
      expect(onError).toHaveBeenCalledOnce()
    })
  })

  test('a writeHead that was wrapped and takes lists for pairs gets none', async () => {
    const handler = toNodeHandler(new MessageGateway({ appId: 'wx0123456789abcdef', token: 'token' }).handler())
    const seen: unknown[] = []
    const origin = await serve((req, res) => {
      const { writeHead } = res
      res.writeHead = ((...given: unknown[]) => {
        seen.push(given)
        return Reflect.apply(writeHead, res, given)
      }) as typeof writeHead
      handler(req, res)
    })
    const refused = await fetch(origin, { method: 'PUT' })
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST'])
    expect(seen).toEqual([[405]])
  })

  test('a route answers 404 and 405 by itself', async () => {
    const origin = await serve(toNodeHandler(route({ 'GET /a': async () => new Response('a') })))
    expect((await fetch(`${origin}/b`)).status).toBe(404)
    const refused = await fetch(`${origin}/a`, { method: 'POST' })
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
  })
})

describe('a request', () => {
  const echo: FetchHandler = async (request) => new Response(`${request.method} ${await request.text()}`)

  test('keeps its body for the handler, whoever listens as well', async () => {
    const seen: string[] = []
    const listener = toNodeHandler(echo)
    const url = await serve((req, res) => {
      req.on('data', (chunk) => seen.push(`before ${chunk}`))
      void listener(req, res)
      req.on('data', (chunk) => seen.push(`after ${chunk}`))
    })
    expect(await (await fetch(url, { method: 'POST', body: 'abc' })).text()).toBe('POST abc')
    expect(seen).toEqual(['before abc', 'after abc'])
  })

  test('leaves the connection to the next one when nobody reads its body', async () => {
    const listener = toNodeHandler(echo)
    const url = await serve((req, res) => {
      if (req.url === '/kept') Object.assign(req, { rawBody: Buffer.from('kept') }).on('data', () => undefined)
      void listener(req, res)
    })
    const client = connect(Number(new URL(url).port), '127.0.0.1')
    client.write(`POST /kept HTTP/1.1\r\nHost: a\r\nContent-Length: 300000\r\n\r\n${'x'.repeat(300_000)}`)
    client.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi')
    const answers = Buffer.concat(await client.toArray()).toString()
    expect(answers).toContain('POST kept')
    expect(answers).toContain('POST hi')
  })

  test('over HTTP/2 is closed when nobody reads its body', async () => {
    const closed = vi.fn()
    const listener = toNodeHandler(new MessageGateway({ appId: 'wx0123456789abcdef', token: 'token' }).handler())
    const server = createHttp2Server((req, res) => {
      req.stream.on('close', closed)
      void listener(req as never, res as never)
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const session = connectHttp2(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    close = async () => {
      session.destroy()
      server.close()
    }
    const stream = session.request({ ':method': 'PUT', ':path': '/' })
    stream.end('0123456789')
    stream.resume()
    await once(stream, 'response')
    await new Promise<void>((resolve) => session.close(resolve))
    expect(closed).toHaveBeenCalledOnce()
  })

  test('of a unit test, which has no stream, is taken', async () => {
    const ended = vi.fn()
    const req = { method: 'POST', url: '/', headers: { host: 'a' }, rawHeaders: [], rawBody: Buffer.from('abc') }
    const res = { writeHead: () => res, getHeaderNames: () => [], setHeader: () => res, end: ended, once: () => res }
    const listener = toNodeHandler(toFetchHandler((request) => ({ status: 200, headers: {}, body: request.method })))
    await listener({ ...req, socket: {} } as never, res as never)
    expect(ended).toHaveBeenCalledExactlyOnceWith('POST')
  })
})

test('a method that makes a handler must be called: its adapter says so at once', () => {
  const gateway = new MessageGateway({ appId: 'wx0123456789abcdef', token: 'token' })
  const message = expect.stringContaining('call it: toNodeHandler(gateway.handler())')
  const wrong = expect.objectContaining({ code: 'ERR_CONFIG', option: 'handler', message })
  expect(() => toNodeHandler(gateway.handler as never)).toThrow(wrong)
  expect(() => route({ '/wechat': gateway.handler as never })).toThrow(
    /call it: route "\/wechat"\(gateway.handler\(\)\)/
  )
  expect(() => toNodeHandler(async () => new Response(), { bodyLimitBytes: -1 })).toThrow(/bodyLimitBytes/)
})

test('toRequest and writeResponse', async () => {
  const origin = await serve(async (req, res) => {
    const request = await toRequest(req, res)
    await writeResponse(res, new Response(`${request.method} ${await request.text()}`))
  })
  expect(await (await fetch(origin, { method: 'POST', body: 'x' })).text()).toBe('POST x')
})
