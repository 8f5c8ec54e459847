import { ConfigError } from '../errors/index.ts'
import {
  type ByteHandler,
  type ByteRequest,
  byteHandlerOf,
  type HandlerRequest,
  toFetchHandler
} from './byte-handler.ts'
import type { FetchHandler } from './fetch-handler.ts'
import { checkHandler } from './handler-factory.ts'
import { callback, checkOptions, optional } from './options.ts'
import { report } from './report.ts'

/** Handlers by `METHOD /path`, or by `/path` for every method. */
export type Routes = Readonly<Record<string, FetchHandler>>

/** Options of {@link route}. */
export interface RouteOptions {
  /**
   * Called with what a handler threw; the client gets a 500 without details. Without it the error goes to the caller.
   */
  onError?: ((error: unknown, context: { request: HandlerRequest }) => unknown) | undefined
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

/**
 * A router for servers without a framework: exact paths, with or without a trailing slash. `HEAD` goes to the handler
 * of `GET`. Without a match the response is 404, or 405 with `Allow`; adapters for Express and Koa call `next()`
 * instead.
 *
 * @param routes `{ 'GET /wechat/login': handler, '/wechat': gateway.handler() }`
 * @param options See {@link RouteOptions}.
 * @throws {ConfigError} ERR_CONFIG for a key that is not a method and path, or occurs twice.
 * @example
 * import { route } from 'weixin-kit'
 *
 * export const handler = route({ 'GET /health': async () => new Response('ok') })
 */
export function route(routes: Routes, options: RouteOptions = {}): FetchHandler {
  checkOptions(options, { onError: optional(callback) }, { owner: 'route', product: 'core' })
  const table = readTable(routes, options.onError)
  const handle: ByteHandler = (request) => {
    const methods = table.get(pathOf(request.url))
    const { method } = request
    const target = methods?.get(method) ?? (method === 'HEAD' ? methods?.get('GET') : undefined) ?? methods?.get('*')
    return target?.(request)
  }
  return toFetchHandler(handle, (request) => {
    const methods = table.get(pathOf(request.url))
    if (!methods) return new Response(null, { status: 404 })
    const allow = [...methods.keys(), ...(methods.has('GET') && !methods.has('HEAD') ? ['HEAD'] : [])].join(', ')
    return new Response(null, { status: 405, headers: { allow } })
  })
}

function readTable(routes: Routes, onError: RouteOptions['onError']): Map<string, Map<string, ByteHandler>> {
  const table = new Map<string, Map<string, ByteHandler>>()
  for (const [key, handler] of Object.entries(routes)) {
    const [, method = '*', path = ''] = /^(?:([A-Z]+) )?(\/[^\s?#]*)$/.exec(key) ?? []
    if (path === '' || (method !== '*' && !METHODS.includes(method))) {
      throw invalid(key, `is not of the form "GET /path" or "/path", with a method of ${METHODS.join(', ')}`)
    }
    if (/\/[:*]/.test(path)) {
      throw invalid(
        key,
        'is a pattern, but route matches exact paths only: mount the handler with the router of your framework'
      )
    }
    if (typeof handler !== 'function') throw invalid(key, 'must have a function as its handler')
    checkHandler(handler, `route "${key}"`, 'core')
    const methods = table.get(pathOf(path)) ?? new Map<string, ByteHandler>()
    if (methods.has(method)) throw invalid(key, 'is given twice (a trailing slash makes no difference)')
    const target = byteHandlerOf(handler)
    table.set(pathOf(path), methods.set(method, onError ? guard(target, onError) : target))
  }
  return table
}

/** Returns the path of a URL, or of path and query, without a trailing slash. */
function pathOf(url: string): string {
  let start = 0
  if (url.charCodeAt(0) !== 47) {
    const authority = url.indexOf('//')
    start = authority < 0 ? 0 : url.indexOf('/', authority + 2)
    if (start < 0) return '/'
  }
  let end = start
  while (end < url.length && url.charCodeAt(end) !== 63 && url.charCodeAt(end) !== 35) end++
  while (end > start + 1 && url.charCodeAt(end - 1) === 47) end--
  return url.slice(start, end) || '/'
}

function guard(target: ByteHandler, onError: NonNullable<RouteOptions['onError']>): ByteHandler {
  return async (request: ByteRequest) => {
    try {
      return (await target(request)) ?? { status: 404, headers: {}, body: '' }
    } catch (error) {
      await report(onError, error, { request })
      return { status: 500, headers: {}, body: '' }
    }
  }
}

function invalid(key: string, problem: string): ConfigError {
  return new ConfigError(`route: "${key}" ${problem}.`, { option: key, product: 'core' })
}
