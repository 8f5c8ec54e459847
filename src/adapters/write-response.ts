import { ServerResponse } from 'node:http'
import { type ByteResponse, isByteResponse } from '../core/byte-handler.ts'
import { cutOff, isGone } from './connection.ts'

/** Statuses that never have a body, nor a length of one. */
export const hasNoBody = (status: number): boolean => status === 204 || status === 205 || status === 304

/**
 * Writes what a handler returned; resolves when it was given to the socket or the client went away.
 *
 * @throws what the stream of the body failed with; the connection is cut then.
 */
export function writeTo(res: ServerResponse, response: ByteResponse | Response): Promise<void> | undefined {
  // Somebody else answered, or nobody listens.
  if (res.headersSent || isGone(res)) {
    discardBody(response.body)
    return undefined
  }
  if (!isByteResponse(response)) return writeStream(res, response)
  writeBytes(res, response)
  return undefined
}

async function writeStream(res: ServerResponse, response: Response): Promise<void> {
  res.statusCode = response.status
  for (const [name, value] of response.headers) if (name !== 'set-cookie') res.setHeader(name, value)
  // Cookies that a session middleware set before stay.
  for (const cookie of response.headers.getSetCookie()) res.appendHeader('set-cookie', cookie)
  const { body } = response
  if (!body || res.req.method === 'HEAD' || hasNoBody(response.status)) {
    discardBody(body)
    res.end()
    return
  }
  await pipe(body, res)
}

function writeBytes(res: ServerResponse, { status, headers, body }: ByteResponse): void {
  // Node writes a flat list with the least ado, unless a framework has set headers before: those it would take off and add anew.
  // A `writeHead` of somebody else (morgan, compression, serverless adapters) may take it for a list of pairs and write nonsense.
  if (res.getHeaderNames().length === 0 && res.writeHead === ServerResponse.prototype.writeHead) {
    const fields: (string | number)[] = []
    for (const name of Object.keys(headers)) fields.push(name, headers[name] ?? '')
    if (!hasNoBody(status)) fields.push('content-length', Buffer.byteLength(body))
    res.writeHead(status, fields)
  } else {
    for (const name of Object.keys(headers)) res.setHeader(name, headers[name] ?? '')
    if (!hasNoBody(status)) res.setHeader('content-length', Buffer.byteLength(body))
    res.writeHead(status)
  }
  res.end(body)
}

/** A stream behind a body that is not sent must not wait for ever. */
export function discardBody(body: ReadableStream<Uint8Array> | string | null): void {
  if (typeof body !== 'string') body?.cancel().catch(() => undefined)
}

/** Chunk by chunk, no faster than the client reads. A body that fails cuts the connection: the client must not take it for whole. */
async function pipe(body: ReadableStream<Uint8Array>, res: ServerResponse): Promise<void> {
  // A body that is longer than its `content-length` would begin the next response on this connection.
  res.strictContentLength = true
  const reader = body.getReader()
  const onClose = () => void reader.cancel().catch(() => undefined)
  res.once('close', onClose)
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done || isGone(res)) break
      if (!res.write(value)) await drained(res)
    }
    res.end()
  } catch (error) {
    cutOff(res)
    throw error
  } finally {
    res.off('close', onClose)
  }
}

function drained(res: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const settle = () => {
      res.off('drain', settle).off('close', settle)
      resolve()
    }
    res.on('drain', settle).on('close', settle)
  })
}
