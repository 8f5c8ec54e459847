import { ServerResponse } from 'node:http'
import { type ByteResponse, isByteResponse } from '../core/byte-handler.ts'
import { cutOff, isGone } from './connection.ts'

/** Statuses that never have a body or a content-length. */
export const hasNoBody = (status: number): boolean => status === 204 || status === 205 || status === 304

/**
 * Writes what a handler returned; resolves when it was passed to the socket or the client disconnected.
 *
 * @throws the error of the body's stream; the connection is then cut.
 */
export function writeTo(res: ServerResponse, response: ByteResponse | Response): Promise<void> | undefined {
  // Other code has responded, or the client is gone.
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
  // Keep cookies that a session middleware set earlier.
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
  // Node writes a flat list fastest, unless a framework has set headers before: it would remove those and add them
  // again. A patched `writeHead` (morgan, compression, serverless adapters) may take it for a list of pairs and write
  // wrong headers.
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

/** The stream of a body that is not sent must not stay open forever. */
export function discardBody(body: ReadableStream<Uint8Array> | string | null): void {
  if (typeof body !== 'string') body?.cancel().catch(() => undefined)
}

/**
 * Writes chunk by chunk, no faster than the client reads. If the body fails, the connection is cut: the client must not
 * take it for complete.
 */
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
