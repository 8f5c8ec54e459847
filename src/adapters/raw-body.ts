import type { IncomingMessage } from 'node:http'
import { BodyAlreadyParsedError, BodyError } from '../errors/index.ts'
import type { Framework, Received } from './received.ts'

/** The line to add, by framework. */
const CURES: Readonly<Record<Framework, string>> = {
  node: 'Call the handler before anything reads the request, or keep the bytes: req.rawBody = Buffer.concat(chunks).',
  express:
    'Mount the handler above the parser: app.use("/wechat", toExpressHandler(handler)); app.use(express.json()) - or keep the ' +
    'bytes: app.use(express.json({ verify: (req, res, bytes) => { req.rawBody = bytes } })), likewise for urlencoded() and text().',
  koa:
    'Mount the middleware above the parser: router.all("/wechat", toKoaMiddleware(handler)); app.use(koaBody()) - or keep the ' +
    'text: koaBody({ includeUnparsed: true }); koa-bodyparser always keeps it.',
  fastify:
    'Register the handler as a plugin, which reads the body itself: fastify.register(toFastifyPlugin(handler, { url: "/wechat" })) ' +
    "- or keep the bytes: fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (request, body, done) => done(null, body))."
}

/** Symbol under which koa-body keeps the text with `includeUnparsed`. */
const UNPARSED = Symbol.for('unparsedBody')

/**
 * Returns the bytes as they were sent: those kept by a parser, else from the stream, else text kept by a parser, if it
 * encodes to as many bytes as were sent.
 *
 * @throws {BodyAlreadyParsedError} ERR_BODY_ALREADY_PARSED with the line that fixes it.
 * @throws {BodyError} ERR_BODY_TOO_LARGE, ERR_BODY_MALFORMED when it is incomplete.
 */
export function readRawBody(incoming: Received, limitBytes: number): Uint8Array | Promise<Uint8Array> {
  const { req, rawBody, body } = incoming
  if (rawBody instanceof Uint8Array) return atMost(rawBody, limitBytes, incoming)
  if (body instanceof Uint8Array) return atMost(body, limitBytes, incoming)
  if (!req.readableDidRead) return collect(incoming, limitBytes)
  const unparsed = typeof body === 'object' && body !== null ? (body as { [UNPARSED]?: unknown })[UNPARSED] : undefined
  for (const kept of [rawBody, unparsed, body]) {
    if (typeof kept !== 'string') continue
    const bytes = Buffer.from(kept)
    if (isAsSent(req, bytes)) return atMost(bytes, limitBytes, incoming)
  }
  throw alreadyParsed(incoming)
}

function alreadyParsed({ framework }: Received): BodyAlreadyParsedError {
  return new BodyAlreadyParsedError(
    `The body was parsed before the handler saw it, and its bytes are gone: signatures cover the bytes. ${CURES[framework]}`,
    { product: 'adapter' }
  )
}

/** UTF-8 of U+FFFD, which replaces bytes that could not be decoded. */
const REPLACEMENT = Buffer.of(0xef, 0xbf, 0xbd)

/**
 * Text loses a byte order mark or another charset, and is then not what was signed. A chunked body declares no length.
 */
function isAsSent(req: IncomingMessage, bytes: Buffer): boolean {
  const declared = req.headers['content-length']
  return declared === undefined ? !bytes.includes(REPLACEMENT) : Number(declared) === bytes.length
}

function atMost(bytes: Uint8Array, limitBytes: number, incoming: Received): Uint8Array {
  if (bytes.byteLength > limitBytes) throw tooLarge(limitBytes, incoming)
  return bytes
}

/** `content-length` is not read: it would make Node parse all headers, and the bytes are counted anyway. */
function collect(incoming: Received, limitBytes: number): Promise<Uint8Array> {
  const { req } = incoming
  // A parser went to the end of a body of no bytes, which counts as not read: neither `end` nor `close` comes again.
  if (req.readableEnded) return Promise.resolve(new Uint8Array(0))
  return new Promise((resolve, reject) => {
    if (req.destroyed) {
      reject(brokenOff())
      return
    }
    const chunks: Buffer[] = []
    let length = 0
    // Somebody called `setEncoding`.
    let isText = false
    // Listeners stay until the request is garbage-collected: removing them costs more than calling them once for
    // nothing.
    req.on('data', (chunk: Buffer | string) => {
      isText ||= typeof chunk === 'string'
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk, req.readableEncoding ?? 'utf8') : chunk
      length += bytes.length
      if (length <= limitBytes) {
        chunks.push(bytes)
        return
      }
      chunks.length = 0
      req.pause()
      reject(tooLarge(limitBytes, incoming))
    })
    req.on('end', () => {
      const bytes = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)
      // Text may have lost bytes.
      if (isText && length <= limitBytes && !isAsSent(req, bytes)) reject(alreadyParsed(incoming))
      else resolve(bytes)
    })
    // Without a listener, a connection error is not emitted; `close` follows in any case.
    req.on('close', () => {
      if (!req.readableEnded) reject(brokenOff())
    })
    if (req.isPaused()) req.resume()
  })
}

function tooLarge(limitBytes: number, { res }: Received): BodyError {
  // The rest stays unread, so the connection cannot be reused.
  res.shouldKeepAlive = false
  return new BodyError('too_large', `The body is larger than ${limitBytes} bytes.`, { product: 'adapter' })
}

function brokenOff(): BodyError {
  return new BodyError('malformed', 'The client closed the connection before the body was complete.', {
    product: 'adapter'
  })
}
