import type { IncomingMessage, ServerResponse } from 'node:http'
import { byteHandlerOf, isByteResponse } from '../core/byte-handler.ts'
import { checkHandler } from '../core/handler-factory.ts'
import type { FetchHandler } from '../core/index.ts'
import { ConfigError } from '../errors/index.ts'
import { type AdapterOptions, checkAdapterOptions } from './adapter-options.ts'
import { toBodyStream } from './body-stream.ts'
import { callHandler } from './call-handler.ts'
import { Incoming } from './incoming.ts'
import type { Origin } from './received.ts'
import { discardBody, hasNoBody } from './write-response.ts'

export type { AdapterOptions } from './adapter-options.ts'

/** What this adapter needs of a Fastify request. */
export interface FastifyRequestLike {
  raw: IncomingMessage
  originalUrl: string
  /** With `trustProxy`, those of the proxy. */
  protocol: string
  host: string | undefined
  body: unknown
}

/** What this adapter needs of a Fastify reply. */
export interface FastifyReplyLike {
  raw: ServerResponse
  /**
   * Sets the status.
   *
   * @param status HTTP status.
   * @returns The reply.
   */
  code(status: number): unknown
  /**
   * Sets a header; repeated for `set-cookie`.
   *
   * @param name Name of the header.
   * @param value Its value.
   * @returns The reply.
   */
  header(name: string, value: string): unknown
  /**
   * Sends the response.
   *
   * @param payload Body; none if absent.
   * @returns The reply.
   */
  send(payload?: unknown): unknown
}

/** Fits `fastify.all`, `fastify.route({ handler })` … */
export type FastifyHandler = (request: FastifyRequestLike, reply: FastifyReplyLike) => Promise<unknown>

/** What the plugin needs of a Fastify instance; the arguments are Fastify's own. */
export interface FastifyInstanceLike {
  /**
   * Drops the inherited parsers of this scope.
   *
   * @returns The instance.
   */
  removeAllContentTypeParsers(): unknown
  /**
   * Adds a parser to this scope.
   *
   * @param args Those of Fastify.
   * @returns The instance.
   */
  addContentTypeParser(...args: never[]): unknown
  /**
   * Adds a route to this scope.
   *
   * @param args Those of Fastify.
   * @returns The instance.
   */
  route(...args: never[]): unknown
}

/** Fits `fastify.register`. */
export type FastifyPlugin = (instance: FastifyInstanceLike) => Promise<void>

/** Options of {@link toFastifyPlugin}. */
export interface FastifyPluginOptions extends AdapterOptions {
  /** Path of the route, e.g. `/wechat`; requests match with or without a trailing slash. */
  url: string
  /** Default GET and POST. */
  methods?: readonly string[] | undefined
}

/**
 * Adapts a handler to a route of Fastify 5. Fastify parses before the route runs: use {@link toFastifyPlugin} where the body is
 * signed, or keep its bytes with a parser (`parseAs: 'buffer'`).
 *
 * @param handler `gateway.handler()`, or any function from `Request` to `Response`.
 * @param options Without `onError` the route rejects, and Fastify's error handler gets the error.
 * @throws {ConfigError} ERR_CONFIG
 * @example
 * import fastify from 'fastify'
 * import { toFastifyHandler } from 'weixin-kit/fastify'
 *
 * const app = fastify()
 * app.get('/health', toFastifyHandler(async () => new Response('ok')))
 */
export function toFastifyHandler(handler: FetchHandler, options: AdapterOptions = {}): FastifyHandler {
  checkHandler(handler, 'toFastifyHandler')
  checkAdapterOptions(options, 'toFastifyHandler')
  const handle = byteHandlerOf(handler)
  return async (request, reply) => {
    const parsed = request as { body: unknown; rawBody?: unknown }
    const { raw, originalUrl } = request
    const incoming = new Incoming('fastify', raw, reply.raw, originalUrl, parsed, originOf, request, options)
    // Unknown paths of a `route` get its 404 or 405.
    const response = await (callHandler(handle, incoming) ??
      callHandler((own) => own.toRequest().then(handler), incoming) ?? { status: 404, headers: {}, body: '' })
    reply.code(response.status)
    if (isByteResponse(response)) {
      for (const name of Object.keys(response.headers)) reply.header(name, response.headers[name] ?? '')
      reply.send(response.body)
    } else {
      // Fastify collects several set-cookie headers.
      for (const [name, value] of response.headers) reply.header(name, value)
      const { body } = response
      // Also for HEAD: Fastify would read the whole body for nothing, and an endless one forever.
      const isSent = !hasNoBody(response.status) && raw.method !== 'HEAD'
      if (!isSent) discardBody(body)
      const length = response.headers.get('content-length')
      reply.send(body && isSent ? toBodyStream(body, length, incoming) : '')
    }
    return reply
  }
}

/** Fastify determines them by its own option `trustProxy`. */
function originOf(context: unknown): Origin {
  const { protocol, host } = context as FastifyRequestLike
  // Empty in HTTP/1.0, which health checks of load balancers use.
  return { protocol, host: host || 'localhost' }
}

/**
 * Makes a Fastify plugin with one route that reads the raw body itself, whatever parsers the application has.
 * Encapsulated: other routes are unaffected.
 *
 * @param handler `gateway.handler()`, or any function from `Request` to `Response`.
 * @param options `url` of the route, `methods`, and those of {@link toFastifyHandler}.
 * @throws {ConfigError} ERR_CONFIG
 * @example
 * import fastify from 'fastify'
 * import { toFastifyPlugin } from 'weixin-kit/fastify'
 * import { MessageGateway } from 'weixin-kit/gateway'
 *
 * const gateway = new MessageGateway({ appId: 'wx0123456789abcdef', token: 'token' })
 * const app = fastify()
 * app.register(toFastifyPlugin(gateway.handler(), { url: '/wechat' }))
 */
export function toFastifyPlugin(handler: FetchHandler, options: FastifyPluginOptions): FastifyPlugin {
  const { url, methods = ['GET', 'POST'], ...rest } = options
  if (typeof url !== 'string' || !url.startsWith('/')) {
    throw new ConfigError('toFastifyPlugin: option "url" must be a path that starts with "/".', {
      option: 'url',
      product: 'adapter'
    })
  }
  const route = toFastifyHandler(handler, rest)
  return async (instance) => {
    const scope = instance as FastifyScope
    scope.removeAllContentTypeParsers()
    // Leaves the stream unread.
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null))
    const add = (path: string) => scope.route({ method: [...methods], url: path, handler: route })
    add(url)
    // The URL in the WeChat console may end in a slash. With `ignoreTrailingSlash` this route is a duplicate.
    if (!/[/*]$/.test(url)) ignoreDuplicate(() => add(`${url}/`))
  }
}

function ignoreDuplicate(add: () => unknown): void {
  try {
    add()
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'FST_ERR_DUPLICATED_ROUTE') throw error
  }
}

/** The same methods with their arguments: the overloads of a framework do not match a structural type. */
interface FastifyScope extends FastifyInstanceLike {
  addContentTypeParser(
    contentType: string,
    parser: (request: unknown, payload: unknown, done: (error: null) => void) => void
  ): unknown
  route(options: { method: string[]; url: string; handler: FastifyHandler }): unknown
}
