import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { FetchHandler } from 'weixin-kit'
import type { AdapterOptions } from 'weixin-kit/node'
import { FRAMEWORKS, type Started } from '../../support/start-framework.ts'

let started: Started | undefined
afterEach(async () => {
  await started?.close()
  started = undefined
})

describe.each(Object.entries(FRAMEWORKS))('%s', (name, start) => {
  const serve = async (handler: FetchHandler, options?: AdapterOptions): Promise<string> => {
    started = await start(handler, options)
    return `${started.url}/hook`
  }

  test('method, URL, headers and body arrive; status, headers and body go out', async () => {
    const url = await serve(async (request) =>
      Response.json(
        {
          method: request.method,
          url: request.url,
          twice: request.headers.get('x-twice'),
          text: await request.text()
        },
        { status: 201, headers: { 'x-answer': 'yes' } }
      )
    )
    const response = await fetch(`${url}?a=1&b=%20&a=2`, {
      method: 'POST',
      headers: [
        ['x-twice', 'a'],
        ['x-twice', 'b'],
        ['content-type', 'text/plain']
      ],
      body: 'ü'
    })
    expect(response.status).toBe(201)
    expect(response.headers.get('x-answer')).toBe('yes')
    expect(await response.json()).toEqual({ method: 'POST', url: `${url}?a=1&b=%20&a=2`, twice: 'a, b', text: 'ü' })
  })

  test('HTTP/1.0 without a Host', async () => {
    const url = await serve(async (request) => new Response(request.url))
    const client = connect(Number(new URL(url).port), '127.0.0.1')
    client.write('GET /hook HTTP/1.0\r\n\r\n')
    const answer = Buffer.concat(await client.toArray()).toString()
    expect(answer).toMatch(/^HTTP\/1\.1 200 .*http:\/\/localhost\/hook$/s)
  })

  test('several cookies stay several', async () => {
    const url = await serve(
      async () =>
        new Response('x', {
          headers: [
            ['set-cookie', 'a=1; Path=/'],
            ['set-cookie', 'b=2; Expires=Wed, 21 Oct 2026 07:28:00 GMT']
          ]
        })
    )
    const response = await fetch(url)
    expect(response.headers.getSetCookie()).toEqual(['a=1; Path=/', 'b=2; Expires=Wed, 21 Oct 2026 07:28:00 GMT'])
  })

  test('HEAD has the headers and no body', async () => {
    const url = await serve(async (request) => new Response('content', { headers: { 'x-method': request.method } }))
    const response = await fetch(url, { method: 'HEAD' })
    expect(response.status).toBe(200)
    expect(response.headers.get('x-method')).toBe('HEAD')
    expect(await response.text()).toBe('')
  })

  test.each([204, 304])('status %d has no body', async (status) => {
    const url = await serve(async () => new Response(null, { status, headers: { 'x-a': '1' } }))
    const response = await fetch(url)
    expect([response.status, response.headers.get('x-a'), await response.text()]).toEqual([status, '1', ''])
  })

  test('a redirect and an empty error', async () => {
    const url = await serve(async (request) =>
      request.url.endsWith('?e')
        ? new Response(null, { status: 401 })
        : new Response(null, { status: 302, headers: { location: 'https://example.com/' } })
    )
    const redirect = await fetch(url, { redirect: 'manual' })
    expect([redirect.status, redirect.headers.get('location')]).toEqual([302, 'https://example.com/'])
    const refusal = await fetch(`${url}?e`)
    expect([refusal.status, await refusal.text()]).toEqual([401, ''])
  })

  test('a body over the cap is 413 and never reaches the handler, declared or chunked', async () => {
    const handler = vi.fn(async (request: Request) => new Response(await request.text()))
    const url = await serve(handler, { bodyLimitBytes: 10 })
    const isFastifyParser = name === 'Fastify 5'
    const declared = await fetch(url, { method: 'POST', headers: { 'content-type': 'text/xml' }, body: 'x'.repeat(11) })
    if (isFastifyParser) {
      expect(declared.status).toBe(415)
      return
    }
    expect([declared.status, await declared.text()]).toEqual([413, ''])
    const chunked = await new Promise<IncomingMessage>((resolve, reject) => {
      const request = httpRequest(url, { method: 'POST', headers: { 'content-type': 'text/xml' } }, resolve)
      request.on('error', reject)
      for (let index = 0; index < 4; index++) request.write('xxxxx')
    })
    expect(chunked.statusCode).toBe(413)
    expect(chunked.headers.connection).toBe('close')
    chunked.resume()
    expect(handler).not.toHaveBeenCalled()
    const small = await fetch(url, { method: 'POST', headers: { 'content-type': 'text/xml' }, body: 'x'.repeat(10) })
    expect(await small.text()).toBe('x'.repeat(10))
  })

  test("the request's signal aborts when the client goes away", async () => {
    let signal: AbortSignal | undefined
    const url = await serve((request) => {
      signal = request.signal
      return new Promise((resolve) => request.signal.addEventListener('abort', () => resolve(new Response())))
    })
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    socket.write('GET /hook HTTP/1.1\r\nHost: a\r\n\r\n')
    await vi.waitUntil(() => signal)
    expect(signal?.aborted).toBe(false)
    socket.destroy()
    await vi.waitUntil(() => signal?.aborted)
  })

  test('it does not abort when the response is complete', async () => {
    let signal: AbortSignal | undefined
    const url = await serve(async (request) => {
      signal = request.signal
      return new Response('x')
    })
    await (await fetch(url, { headers: { connection: 'close' } })).text()
    await new Promise((resolve) => setImmediate(resolve))
    expect(signal?.aborted).toBe(false)
  })

  test('a stream is read no faster than the client reads, and cancelled when it goes away', async () => {
    let pulled = 0
    let isCancelled = false
    const chunk = new Uint8Array(64 * 1024)
    const url = await serve(
      async () =>
        new Response(
          new ReadableStream({
            pull: (controller) => {
              pulled++
              controller.enqueue(chunk)
              if (pulled > 5000) controller.close()
            },
            cancel: () => {
              isCancelled = true
            }
          })
        )
    )
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    socket.write('GET /hook HTTP/1.1\r\nHost: a\r\n\r\n')
    await once(socket, 'readable')
    // Nobody reads on: the buffers of both ends fill up, and then nothing more is pulled.
    let before = -1
    while (before !== pulled) {
      before = pulled
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    expect(pulled).toBeLessThan(500)
    socket.destroy()
    await vi.waitUntil(() => isCancelled)
  })

  test('a stream that fails cuts the connection and reaches onError', async () => {
    const onError = vi.fn()
    const url = await serve(
      async () =>
        new Response(
          new ReadableStream({
            start: (controller) => controller.enqueue(new Uint8Array(10)),
            pull: () => Promise.reject(new Error('hunter2'))
          })
        ),
      { onError }
    )
    await expect(fetch(url).then((response) => response.arrayBuffer())).rejects.toThrow()
    await vi.waitUntil(() => onError.mock.calls.length > 0)
    expect(onError).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ message: 'hunter2' }), expect.anything())
  })

  const endless = (cancel: () => void) =>
    new ReadableStream({ pull: (controller) => controller.enqueue(chunk), cancel })
  const chunk = new Uint8Array(1024)

  test.each([
    ['HEAD', 200],
    ['GET', 304]
  ])('a body that is not sent (%s, %d) is cancelled', async (method, status) => {
    const cancel = vi.fn()
    const url = await serve(async () =>
      // The constructor refuses a body for 304; another implementation of fetch may not.
      Object.defineProperty(new Response(endless(cancel)), 'status', { value: status })
    )
    await fetch(url, { method })
    await vi.waitUntil(() => cancel.mock.calls.length > 0)
  })

  test('a body for a client that went away before is cancelled', async () => {
    const cancel = vi.fn()
    const client = new AbortController()
    const url = await serve(async (request) => {
      client.abort()
      await once(request.signal, 'abort')
      return new Response(endless(cancel))
    })
    await expect(fetch(url, { signal: client.signal })).rejects.toThrow()
    await vi.waitUntil(() => cancel.mock.calls.length > 0)
  })

  test('a silent stream is cancelled when the client goes away', async () => {
    const cancel = vi.fn()
    const url = await serve(
      async () =>
        new Response(new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array(10)), cancel }))
    )
    const client = connect(Number(new URL(url).port), '127.0.0.1')
    client.write('GET /hook HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await once(client, 'data')
    client.destroy()
    await vi.waitUntil(() => cancel.mock.calls.length > 0)
  })

  test.each([
    ['3', 'longer'],
    ['7', 'shorter']
  ])('a content-length of %s for five bytes cuts the connection and reaches onError', async (length) => {
    const onError = vi.fn()
    const url = await serve(async () => new Response('hello', { headers: { 'content-length': length } }), { onError })
    await expect(fetch(url).then((response) => response.text())).rejects.toThrow()
    await vi.waitUntil(() => onError.mock.calls.length > 0)
    expect(onError).toHaveBeenCalledOnce()
  })

  const sent = new Response('once')
  void sent.text()
  test.each([
    ['whose body was used', () => sent],
    ['with the status 0', () => Response.error()],
    ['with a control character in a header', () => new Response('x', { headers: { 'x-a': 'a\u0001' } })]
  ])('a Response %s is a mistake of the handler', async (_, make) => {
    const onError = vi.fn()
    const url = await serve(async () => make(), { onError })
    const response = await fetch(url)
    expect([response.status, await response.text()]).toEqual([500, ''])
    expect(onError).toHaveBeenCalledOnce()
  })

  test('a failing onError is no second leak', async () => {
    const silent = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const url = await serve(async () => Promise.reject(new Error('hunter2')), {
      onError: () => Promise.reject(new Error('hunter3'))
    })
    const response = await fetch(url)
    expect(response.status).toBe(500)
    expect(await response.text()).not.toMatch(/hunter/)
    silent.mockRestore()
  })

  test('X-Forwarded-* count only when told', async () => {
    const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'shop.example.com' }
    const handler: FetchHandler = async (request) => new Response(new URL(request.url).origin)
    const plain = await serve(handler)
    expect(await (await fetch(plain, { headers })).text()).toBe(new URL(plain).origin)
    await started?.close()
    const trusting = await serve(handler, { trustProxy: true })
    expect(await (await fetch(trusting, { headers })).text()).toBe('https://shop.example.com')
    const doubled = { 'x-forwarded-proto': 'https, http', 'x-forwarded-host': 'a.example.com, b' }
    expect(await (await fetch(trusting, { headers: doubled })).text()).toBe('https://a.example.com')
    for (const wrong of [{ 'x-forwarded-proto': 'javascript' }, { 'x-forwarded-host': 'a.example.com/@evil' }]) {
      expect((await fetch(trusting, { headers: wrong })).status).toBe(400)
    }
  })

  test('what a handler throws reaches onError and never the network', async () => {
    const onError = vi.fn()
    const url = await serve(
      async () => {
        throw new Error('hunter2')
      },
      { onError }
    )
    const response = await fetch(url)
    expect([response.status, await response.text()]).toEqual([500, ''])
    expect(onError).toHaveBeenCalledWith(expect.objectContaining({ message: 'hunter2' }), expect.anything())
  })

  test("without onError the framework's own response says nothing of it", async () => {
    const silent = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    // Otherwise Express shows the stack of any error, as to a developer; Fastify shows the message always.
    vi.stubEnv('NODE_ENV', 'production')
    const url = await serve(async () => {
      throw new Error('hunter2')
    })
    const response = await fetch(url)
    expect(response.status).toBe(500)
    const text = (await response.text()) + JSON.stringify([...response.headers])
    if (!name.startsWith('Fastify')) expect(text).not.toContain('hunter2')
    silent.mockRestore()
    vi.unstubAllEnvs()
  })

  test('a handler that returns no Response is an error', async () => {
    const onError = vi.fn()
    const url = await serve((async () => undefined) as never, { onError })
    expect((await fetch(url)).status).toBe(500)
    expect(onError.mock.calls[0]?.[0]).toMatchObject({ message: expect.stringContaining('no Response') })
  })

  test('options are checked', async () => {
    const wrong = (async () => start(async () => new Response(), { bodyLimitByte: 1 } as never))()
    await expect(wrong).rejects.toMatchObject({ code: 'ERR_CONFIG', option: 'bodyLimitByte' })
  })
})
