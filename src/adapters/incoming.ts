import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ByteRequest } from '../core/byte-handler.ts'
import { DEFAULT_BODY_LIMIT_BYTES } from '../core/read-body.ts'
import type { AdapterOptions } from './adapter-options.ts'
import { isComplete, isGone } from './connection.ts'
import { readRawBody } from './raw-body.ts'
import type { Framework, Received, Trust } from './received.ts'
import { requestUrl } from './request-url.ts'

/** A request of a framework in the form that a handler reads. */
export class Incoming implements ByteRequest, Received {
  readonly framework: Framework
  readonly req: IncomingMessage
  readonly res: ServerResponse
  readonly url: string
  readonly body: unknown
  readonly rawBody: unknown
  readonly trust: Trust
  readonly context: unknown
  readonly options: AdapterOptions

  constructor(
    framework: Framework,
    req: IncomingMessage,
    res: ServerResponse,
    url: string,
    parsed: object,
    trust: Trust,
    context: unknown,
    options: AdapterOptions
  ) {
    this.framework = framework
    this.req = req
    this.res = res
    this.url = url
    const { body, rawBody } = parsed as { body?: unknown; rawBody?: unknown }
    this.body = body
    this.rawBody = rawBody
    this.trust = trust
    this.context = context
    this.options = options
  }

  get method(): string {
    return this.req.method ?? 'GET'
  }

  header(name: string): string | undefined {
    const value = this.req.headers[name]
    return Array.isArray(value) ? value.join(', ') : value
  }

  readBody(limitBytes = DEFAULT_BODY_LIMIT_BYTES): Uint8Array | Promise<Uint8Array> {
    const { bodyLimitBytes = limitBytes } = this.options
    return readRawBody(this, Math.min(limitBytes, bodyLimitBytes))
  }

  /** A `Request` with the raw bytes in it; its signal aborts when the client goes away before the response is complete. */
  async toRequest(): Promise<Request> {
    const { req, res, method } = this
    const headers: [string, string][] = []
    for (let index = 0; index + 1 < req.rawHeaders.length; index += 2) {
      const name = req.rawHeaders[index] ?? ''
      // HTTP/2 has pseudo headers, which `Headers` refuses.
      if (!name.startsWith(':')) headers.push([name, req.rawHeaders[index + 1] ?? ''])
    }
    const url = requestUrl(this, this.options.trustProxy)
    const hasBody = method !== 'GET' && method !== 'HEAD'
    const body = hasBody ? await this.readBody(this.options.bodyLimitBytes) : undefined
    const controller = new AbortController()
    const onClose = () => {
      if (!isComplete(res)) controller.abort(new DOMException('The client closed the connection.', 'AbortError'))
    }
    // It may already be closed, because the body was awaited.
    if (isGone(res)) onClose()
    else res.once('close', onClose)
    const init: RequestInit = { method, headers, signal: controller.signal }
    // An empty body counts as none: a POST without a body has `body === null` in a browser too.
    if (body !== undefined && body.byteLength > 0) init.body = body as Uint8Array<ArrayBuffer>
    return new Request(url, init)
  }
}
