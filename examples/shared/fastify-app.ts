import type { RequestListener } from 'node:http'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest, type HTTPMethods } from 'fastify'
import { AppError } from './app-error.ts'
import { type Envelope, failureOf } from './envelope.ts'
import { parseShallowJson } from './shallow-json.ts'

const HEADERS = { 'x-content-type-options': 'nosniff', 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' }
const METHODS: HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

export interface FastifyOptions<Code extends number> {
  envelope: Envelope<Code>
  log(line: string): void
  /** Whose `X-Forwarded-For` is believed. */
  proxies: string | number
  bodyLimitBytes: number
}

/**
 * A Fastify whose responses no cache keeps, and which answers every error, and what it does not know, with a code of the document.
 * It reads JSON and forms; a path is the same with a slash at its end. It logs errors with their path only: a query may have secrets.
 */
export function createFastify<Code extends number>(options: FastifyOptions<Code>): FastifyInstance {
  const { envelope, log, proxies, bodyLimitBytes } = options
  const answerError = (thrown: unknown, request: FastifyRequest, reply: FastifyReply) => {
    const { status, body, line } = failureOf(envelope, thrown)
    if (line) log(`${request.method} ${request.url.split('?')[0]} → ${line}`)
    return reply.code(status).headers(HEADERS).send(body)
  }
  const app = fastify({
    // A broken address reaches neither hooks nor routes.
    frameworkErrors: answerError,
    logger: false,
    // A number: so many proxies, the nearest first.
    trustProxy: typeof proxies === 'number' ? (_address, hop) => hop < proxies : proxies,
    bodyLimit: bodyLimitBytes,
    exposeHeadRoutes: false,
    routerOptions: { ignoreTrailingSlash: true }
  })
  app.addHook('onRequest', async (_request, reply) => void reply.headers(HEADERS))
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'string' }, async (_request: unknown, text: string) => {
    try {
      return parseShallowJson(text)
    } catch (cause) {
      throw new AppError(envelope.badRequest, { cause })
    }
  })
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    async (_request: unknown, text: string) => {
      const form = new URLSearchParams(text)
      // What is given twice is a list, as in a query.
      const given = (name: string) => (form.getAll(name).length > 1 ? form.getAll(name) : form.get(name))
      return Object.fromEntries([...new Set(form.keys())].map((name) => [name, given(name)]))
    }
  )
  app.setNotFoundHandler(() => {
    throw new AppError(envelope.notFound, { status: 404 })
  })
  app.setErrorHandler(answerError)
  return app
}

export interface Route {
  method: 'GET' | 'POST'
  url: string
  handler(request: FastifyRequest): Promise<unknown>
}

/** Adds routes whose addresses refuse every other method, before anything else is checked. */
export function addRoutes(app: FastifyInstance, routes: readonly Route[], refusal: () => Error): void {
  const methods = new Map<string, string[]>()
  for (const route of routes) {
    methods.set(route.url, [...(methods.get(route.url) ?? []), route.method])
    app.route(route)
  }
  const refuse = async () => {
    throw refusal()
  }
  for (const [url, allowed] of methods) {
    const onRequest = async (_request: unknown, reply: FastifyReply) => {
      reply.header('allow', allowed.join(', '))
      await refuse()
    }
    app.route({ method: METHODS.filter((one) => !allowed.includes(one)), url, onRequest, handler: refuse })
  }
}

/** What `startApp` listens with. */
export async function listenerOf(app: FastifyInstance): Promise<RequestListener> {
  await app.ready()
  return (request, response) => app.routing(request, response)
}
