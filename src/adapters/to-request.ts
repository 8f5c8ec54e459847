import { DEFAULT_BODY_LIMIT_BYTES } from '../core/read-body.ts'
import type { AdapterOptions } from './common/adapter-options.ts'
import { isComplete, isGone } from './connection.ts'
import type { Incoming } from './incoming.ts'
import { readRawBody } from './raw-body.ts'
import { requestUrl } from './request-url.ts'

/** A `Request` with the raw bytes in it; its signal aborts when the client goes away before the answer is complete. */
export async function incomingToRequest(incoming: Incoming, options: AdapterOptions): Promise<Request> {
  const { req, res } = incoming
  const method = req.method ?? 'GET'
  const headers: [string, string][] = []
  for (let index = 0; index + 1 < req.rawHeaders.length; index += 2) {
    const name = req.rawHeaders[index] ?? ''
    // HTTP/2 has pseudo headers, which `Headers` refuses.
    if (!name.startsWith(':')) headers.push([name, req.rawHeaders[index + 1] ?? ''])
  }
  const url = requestUrl(incoming, options.trustProxy)
  const hasBody = method !== 'GET' && method !== 'HEAD'
  const body = hasBody ? await readRawBody(incoming, options.limitBytes ?? DEFAULT_BODY_LIMIT_BYTES) : undefined
  const controller = new AbortController()
  const onClose = () => {
    if (!isComplete(res)) controller.abort(new DOMException('The client closed the connection.', 'AbortError'))
  }
  // It may be closed already: what does this may have been loaded first.
  if (isGone(res)) onClose()
  else res.once('close', onClose)
  const init: RequestInit = { method, headers, signal: controller.signal }
  // An empty body is none: a POST without a body has `body === null` in a browser too.
  if (body !== undefined && body.byteLength > 0) init.body = body as Uint8Array<ArrayBuffer>
  return new Request(url, init)
}
