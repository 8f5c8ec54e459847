import type { FetchLike } from './client-options.ts'
import { UndiciResponse } from './undici-response.ts'

type Undici = typeof import('undici')

/** The transport of `undiciFetch()`: one agent of its own. */
export function createUndiciTransport(): FetchLike {
  let undici: Undici | undefined
  let readable: typeof import('node:stream').Readable | undefined
  let dispatcher: import('undici').Dispatcher | undefined
  return async (input, init) => {
    undici ??= await import('undici')
    readable ??= (await import('node:stream')).Readable
    // An own agent: the global one belongs to the application and may be a mock or limited.
    dispatcher ??= new undici.Agent({ keepAliveTimeout: 30_000 })
    const request = input instanceof Request ? input : undefined
    const body = init?.body ?? request?.body ?? null
    const headers = plainHeaders(init?.headers ?? request?.headers)
    const payload = isSimple(body) ? simpleBody(body, headers) : await encodedBody(body, headers)
    const signal = init?.signal ?? request?.signal
    const answer = await undici.request(request?.url ?? (input as URL), {
      method: (init?.method ?? request?.method ?? 'GET') as import('undici').Dispatcher.HttpMethod,
      headers,
      body: payload,
      dispatcher: (init as { dispatcher?: import('undici').Dispatcher } | undefined)?.dispatcher ?? dispatcher,
      ...(signal ? { signal } : {})
    })
    if (answer.statusCode >= 300 && answer.statusCode < 400 && (init?.redirect ?? request?.redirect) === 'error') {
      await answer.body.dump()
      throw new TypeError(`fetch failed: unexpected redirect (${answer.statusCode})`)
    }
    return new UndiciResponse(answer, String(request?.url ?? input), readable)
  }
}

type SimpleBody = string | Uint8Array | null

function isSimple(body: unknown): body is SimpleBody {
  return body === null || typeof body === 'string' || body instanceof Uint8Array
}

function simpleBody(body: SimpleBody, headers: Record<string, string>): SimpleBody {
  if (typeof body === 'string' && !hasHeader(headers, 'content-type'))
    headers['content-type'] = 'text/plain;charset=UTF-8'
  return body
}

/** Rare shapes (forms, streams, blobs): the standard Response knows their encoding and content type. */
async function encodedBody(
  body: unknown,
  headers: Record<string, string>
): Promise<import('node:stream').Readable | null> {
  const encoded = new Response(body as NonNullable<RequestInit['body']>)
  const type = encoded.headers.get('content-type')
  if (type && !hasHeader(headers, 'content-type')) headers['content-type'] = type
  const { Readable } = await import('node:stream')
  const stream = encoded.body as import('node:stream/web').ReadableStream | null
  return stream ? Readable.fromWeb(stream) : null
}

function plainHeaders(init: RequestInit['headers'] | undefined): Record<string, string> {
  return isPlainRecord(init) ? { ...init } : Object.fromEntries(new Headers(init))
}

function isPlainRecord(value: unknown): value is Record<string, string> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}

function hasHeader(headers: Record<string, string>, name: string): boolean {
  return Object.keys(headers).some((key) => key.toLowerCase() === name)
}
