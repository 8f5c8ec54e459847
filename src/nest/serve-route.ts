import type { IncomingMessage, ServerResponse } from 'node:http'
import { type ExpressRequest, toExpressHandler } from '../adapters/express.ts'
import { type FastifyReplyLike, type FastifyRequestLike, toFastifyHandler } from '../adapters/fastify.ts'
import type { FetchHandler } from '../core/fetch-handler.ts'
import { BodyAlreadyParsedError } from '../errors/index.ts'

/** A request as either platform provides it: Fastify's wraps Node's. */
type PlatformRequest = (ExpressRequest | FastifyRequestLike) & { rawBody?: unknown; body?: unknown }

/**
 * Runs a handler on a request of Express or Fastify. Rejects with what the handler throws, so that the application's
 * filters see it.
 *
 * @throws {BodyAlreadyParsedError} ERR_BODY_ALREADY_PARSED with the option that keeps the bytes
 */
export async function serveRoute(handler: FetchHandler, request: unknown, response: unknown): Promise<void> {
  const received = request as PlatformRequest
  const isFastify = 'raw' in received && 'server' in received
  checkBytes(received, isFastify ? (received as FastifyRequestLike).raw : (received as ExpressRequest))
  if (isFastify) {
    await toFastifyHandler(handler)(received as FastifyRequestLike, response as FastifyReplyLike)
    return
  }
  const res = response as ServerResponse
  await new Promise<void>((resolve, reject) => {
    res.once('close', resolve)
    toExpressHandler(handler)(received as ExpressRequest, res, (error) => (error ? reject(error) : resolve()))
  })
}

function checkBytes({ rawBody, body }: PlatformRequest, { readableDidRead, method }: IncomingMessage): void {
  const isRead = readableDidRead && method !== 'GET' && method !== 'HEAD'
  if (!isRead || rawBody instanceof Uint8Array || body instanceof Uint8Array) return
  throw new BodyAlreadyParsedError(
    'Nest parsed the body before the handler saw it, and its bytes are gone: signatures cover the bytes. ' +
      'Start the application with NestFactory.create(AppModule, { rawBody: true }), on Fastify ' +
      'NestFactory.create(AppModule, new FastifyAdapter(), { rawBody: true }); in tests createNestApplication({ rawBody: true }).',
    { product: 'adapter' }
  )
}
