import express, { type ErrorRequestHandler, type Express, type Request, type RequestHandler } from 'express'
import { AppError } from './app-error.ts'
import { type Envelope, failureOf } from './envelope.ts'
import { isForeignChange } from './foreign-request.ts'
import { ownAddress } from './own-address.ts'

export interface ExpressOptions<Code extends number> {
  envelope: Envelope<Code>
  config: { PUBLIC_URL: string; TRUST_PROXY: string | number }
}

/** An Express that says nothing of itself, whose responses no cache keeps, and in which no page of another site changes anything. */
export function createExpress<Code extends number>({ envelope, config }: ExpressOptions<Code>): Express {
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.set('trust proxy', config.TRUST_PROXY)
  app.use((request, response, next) => {
    response.set({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' })
    const isForeign = isForeignChange(request.method, (name) => request.get(name), config.PUBLIC_URL)
    if (isForeign && envelope.foreign !== undefined) throw new AppError(envelope.foreign)
    next()
  })
  return app
}

/**
 * Reads `application/json` and nothing else: a form of another site cannot send it, so no cookie is misused for a request of
 * theirs. The limit is far below the nesting (some 10,000 levels) that ends a process of Node.js 26 inside `JSON.parse`.
 */
export const parseJson: RequestHandler = express.json({ limit: '16kb', strict: true })

/** The address of the client, as WeChat Pay wants it and rate limits count it. */
export function addressOf(request: Request): string {
  return (request.ip ?? '127.0.0.1').replace(/^::ffff:/, '')
}

/** For the address at which a login begins: sends to the host on which it can end. */
export function onOwnAddress(publicUrl: string, log: (line: string) => void): RequestHandler {
  const find = ownAddress(publicUrl, log)
  return (request, response, next) => {
    const target = find(request.host, request.originalUrl)
    if (target === undefined) return next()
    response.redirect(302, target)
  }
}

export function notFoundHandler<Code extends number>(envelope: Envelope<Code>): RequestHandler {
  const { notFound, codes, bodyOf } = envelope
  return (_request, response) => void response.status(codes[notFound].status).json(bodyOf(notFound))
}

/** The last middleware. */
export function errorHandler<Code extends number>(
  envelope: Envelope<Code>,
  log: (line: string) => void
): ErrorRequestHandler {
  return (thrown: unknown, request, response, _next) => {
    const { status, body, line } = failureOf(envelope, thrown)
    if (line) log(`${request.method} ${request.path} → ${line}`)
    if (response.headersSent) return void response.destroy()
    response.status(status).json(body)
  }
}
