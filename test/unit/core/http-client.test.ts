import { channel, tracingChannel } from 'node:diagnostics_channel'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { RequestTrace } from 'weixin-kit'
import { type HttpCall, HttpClient, type HttpClientOptions } from '../../../src/core/http-client.ts'
import { UnexpectedResponseError, WeChatApiError } from '../../../src/errors/index.ts'
import { listen } from '../../support/loopback.ts'
import { json, stubFetch } from '../../support/stub-fetch.ts'

const client = (options: Partial<HttpClientOptions> = {}) => new HttpClient({ product: 'mp', ...options })
const call = (over: Partial<HttpCall<unknown>> = {}): HttpCall<unknown> => ({
  operation: 'test.call',
  method: 'GET',
  url: new URL('https://api.example.test/path?access_token=SECRET-TOKEN&openid=o1'),
  idempotent: true,
  read: (response) => response.json(),
  ...over
})
const refused = (code: string, syscall?: string) =>
  Object.assign(new TypeError('fetch failed'), { cause: Object.assign(new Error('x'), { code, syscall }) })

describe('one attempt', () => {
  it('looks globalThis.fetch up at call time', async () => {
    const http = client()
    const original = globalThis.fetch
    globalThis.fetch = stubFetch(() => json({ late: true })) as typeof fetch
    try {
      expect(await http.call(call())).toEqual({ late: true })
    } finally {
      globalThis.fetch = original
    }
  })

  it('merges headers: defaults, then the caller, then what the client signs', async () => {
    const fetch = stubFetch(() => json({}))
    const http = client({ fetch, defaultHeaders: { a: 'default', b: 'default', c: 'default' } })
    await http.call(call({ headers: { c: 'signed' } }), { headers: { b: 'caller', c: 'caller' } })
    const { headers } = fetch.seen[0] ?? expect.fail('nothing sent')
    expect([headers.get('a'), headers.get('b'), headers.get('c')]).toEqual(['default', 'caller', 'signed'])
  })

  it('refuses to follow a redirect, which would carry the token to another host', async () => {
    let stolen = 0
    const thief = await listen((_, response) => {
      stolen++
      response.end('{}')
    })
    const server = await listen((_, response) => response.writeHead(302, { location: thief.url }).end())
    await expect(client({ maxRetries: 0 }).call(call({ url: new URL(server.url) }))).rejects.toMatchObject({
      code: 'ERR_CONNECTION'
    })
    expect(stolen).toBe(0)
    await Promise.all([thief.close(), server.close()])
  })

  it('times out while the body trickles, and says so without the secret', async () => {
    const server = await listen((_, response) => void response.writeHead(200).write('{'))
    const failure = client({ timeoutMs: 60, maxRetries: 0 }).call(
      call({ url: new URL(`${server.url}/x?access_token=SECRET-TOKEN`) })
    )
    await expect(failure).rejects.toMatchObject({ code: 'ERR_TIMEOUT', requestSent: true })
    await expect(failure).rejects.not.toThrow(/SECRET-TOKEN/)
    await server.close()
  })

  it("rejects with the user's abort reason as it is", async () => {
    const reason = { mine: true }
    const controller = new AbortController()
    const fetch = stubFetch(() => new Promise(() => undefined))
    const hanging = client({ fetch }).call(call(), { signal: controller.signal })
    controller.abort(reason)
    await expect(hanging).rejects.toBe(reason)
    await expect(client({ fetch }).call(call(), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  })

  it('keeps its time limit even when the given fetch ignores the signal', async () => {
    const http = client({ fetch: () => new Promise(() => undefined), timeoutMs: 20, maxRetries: 0 })
    await expect(http.call(call())).rejects.toMatchObject({ code: 'ERR_TIMEOUT' })
  })

  it('keeps what read throws', async () => {
    const boom = new UnexpectedResponseError('boom', { status: 200 })
    const failing = client({ fetch: stubFetch(() => json({})) }).call(call({ read: () => Promise.reject(boom) }))
    await expect(failing).rejects.toBe(boom)
  })
})

describe('retries', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
  afterEach(() => void vi.useRealTimers())

  async function settle<T>(promise: Promise<T>): Promise<PromiseSettledResult<T>> {
    const settled = Promise.allSettled([promise])
    let done = false
    void settled.then(() => {
      done = true
    })
    while (!done) await vi.advanceTimersByTimeAsync(200)
    return (await settled)[0] as PromiseSettledResult<T>
  }

  it.each([
    ['connection refused, unsafe call', () => Promise.reject(refused('ECONNREFUSED')), false, 3],
    ['connection reset, unsafe call', () => Promise.reject(refused('ECONNRESET')), false, 1],
    ['connection reset, safe call', () => Promise.reject(refused('ECONNRESET')), true, 3],
    ['502 HTML, safe call', () => new Response('<html>', { status: 502 }), true, 3],
    ['502 HTML, unsafe call', () => new Response('<html>', { status: 502 }), false, 1],
    ['404, safe call', () => new Response('<html>', { status: 404 }), true, 1],
    [
      'network gone while the response was awaited, unsafe call',
      () => Promise.reject(refused('EHOSTUNREACH')),
      false,
      1
    ],
    ['no route at connect, unsafe call', () => Promise.reject(refused('EHOSTUNREACH', 'connect')), false, 3],
    ['foreign certificate', () => Promise.reject(refused('CERT_HAS_EXPIRED')), false, 3]
  ])('%s', async (_, answer, idempotent, attempts) => {
    const fetch = stubFetch(answer)
    const read = async (response: Response) => {
      throw new UnexpectedResponseError('no JSON', { status: response.status })
    }
    expect((await settle(client({ fetch }).call(call({ idempotent, read })))).status).toBe('rejected')
    expect(fetch.seen).toHaveLength(attempts)
  })

  it('repeats a retryable ApiError, with identical bytes', async () => {
    const fetch = stubFetch(() => json({}))
    const busy = new WeChatApiError('busy', { errcode: -1, upstreamCode: '-1', status: 200, retryable: true })
    const read = (_: Response, attempt: number) => (attempt < 3 ? Promise.reject(busy) : Promise.resolve('done'))
    const result = await settle(client({ fetch }).call(call({ method: 'POST', body: '{"a":1}', read })))
    expect(result).toEqual({ status: 'fulfilled', value: 'done' })
    expect(fetch.seen.map((request) => request.body)).toEqual(['{"a":1}', '{"a":1}', '{"a":1}'])
  })

  it('obeys Retry-After, and gives up at once when it is longer than half a minute', async () => {
    const waits: number[] = []
    const logger = { info: (_: string, fields?: Record<string, unknown>) => void waits.push(Number(fields?.delayMs)) }
    const read = () => Promise.reject(new UnexpectedResponseError('busy', { status: 503 }))
    const soon = stubFetch(() => new Response('', { status: 503, headers: { 'retry-after': '2' } }))
    await settle(client({ fetch: soon, logger }).call(call({ read })))
    expect(waits).toEqual([2000, 2000])
    const late = stubFetch(() => new Response('', { status: 503, headers: { 'retry-after': '3600' } }))
    await settle(client({ fetch: late }).call(call({ read })))
    expect(late.seen).toHaveLength(1)
  })

  it('never sends a stream twice', async () => {
    const fetch = stubFetch(() => Promise.reject(refused('ECONNREFUSED')))
    const body = new ReadableStream<Uint8Array>({ start: (controller) => controller.close() })
    await settle(client({ fetch }).call(call({ method: 'POST', body })))
    expect(fetch.seen).toHaveLength(1)
  })

  it('stops waiting when aborted between attempts', async () => {
    const controller = new AbortController()
    const fetch = stubFetch(() => {
      queueMicrotask(() => controller.abort('enough'))
      return Promise.reject(refused('ECONNREFUSED'))
    })
    const result = await settle(client({ fetch }).call(call(), { signal: controller.signal }))
    expect(result).toEqual({ status: 'rejected', reason: 'enough' })
    expect(fetch.seen).toHaveLength(1)
  })
})

describe('middleware, logger, tracing', () => {
  it('runs middleware in order around each attempt', async () => {
    const order: string[] = []
    const layer = (name: string) => async (request: Request, next: (request: Request) => Promise<Response>) => {
      order.push(`${name} in`)
      const response = await next(request)
      order.push(`${name} out`)
      return response
    }
    const http = client({ fetch: stubFetch(() => json({ ok: 1 })), middleware: [layer('a'), layer('b')] })
    expect(await http.call(call({ method: 'POST', body: 'x' }))).toEqual({ ok: 1 })
    expect(order).toEqual(['a in', 'b in', 'b out', 'a out'])
  })

  it('publishes one redacted trace per call on weixin-kit:request', async () => {
    const traces: RequestTrace[] = []
    const subscriber = { asyncEnd: (trace: RequestTrace) => void traces.push(trace) }
    const tracing = tracingChannel<RequestTrace>('weixin-kit:request')
    tracing.subscribe(subscriber as Parameters<typeof tracing.subscribe>[0])
    await client({ fetch: stubFetch(() => json({})) }).call(call())
    tracing.unsubscribe(subscriber as Parameters<typeof tracing.unsubscribe>[0])
    expect(traces).toHaveLength(1)
    expect(traces[0]).toMatchObject({ operation: 'test.call', attempts: 1, status: 200 })
    expect(traces[0]?.url).toContain('access_token=[redacted]&openid=o1')
    expect(channel('tracing:weixin-kit:request:start').hasSubscribers).toBe(false)
  })

  it('survives a logger that throws', async () => {
    const fail = () => {
      throw new Error('disk full')
    }
    const http = client({
      fetch: stubFetch(() => json({ paid: true })),
      logger: { debug: fail, info: fail, warn: fail }
    })
    expect(await http.call(call())).toEqual({ paid: true })
  })

  it('logs no secret', async () => {
    const lines: string[] = []
    const write = (message: string, fields?: unknown) => void lines.push(message + JSON.stringify(fields))
    const logger = { debug: write, info: write, warn: write, error: write }
    await client({ fetch: stubFetch(() => Promise.reject(refused('ECONNRESET'))), logger, maxRetries: 0 })
      .call(call())
      .catch(() => undefined)
    expect(lines).toHaveLength(1)
    expect(lines.join()).toMatch(/ECONNRESET/)
    expect(lines.join()).not.toContain('SECRET-TOKEN')
  })
})
