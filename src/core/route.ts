import { ConfigError } from '../errors/index.ts'
import { byteHandlerOf, withByteHandler } from './byte-handler.ts'
import type { FetchHandler } from './fetch-handler.ts'
import { callback, checkOptions, optional } from './options.ts'

/** Handlers by `METHOD /path`, or by `/path` for every method. */
export type Routes = Readonly<Record<string, FetchHandler>>

export interface RouteOptions {
  /** Sees what a handler threw; the client gets a 500 without a word of it. Without it the error goes to the caller. */
  onError?: (error: unknown) => unknown
}

// Registered, so that converters of another copy of the package find it.
const TARGET = Symbol.for('weixin-kit:route-target')
type FindTarget = (method: string, url: string) => FetchHandler | undefined

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

/**
 * A router for those without a framework: exact paths, with or without a slash at the end. `HEAD` goes to the handler of `GET`.
 * What matches nothing is answered 404, or 405 with `Allow`; converters for Express and Koa call `next()` in its place.
 *
 * @param routes `{ 'GET /wechat/login': handler, '/wechat': gateway.handler }`
 * @param options See {@link RouteOptions}.
 * @throws {ConfigError} ERR_CONFIG for a key that is no method and path, or occurs twice.
 * @example
 * import { route } from 'weixin-kit'
 *
 * export const handler = route({ 'GET /health': async () => new Response('ok') })
 */
export function route(routes: Routes, options: RouteOptions = {}): FetchHandler {
  checkOptions(options, { onError: optional(callback) }, { owner: 'route', product: 'core' })
  const table = readTable(routes, options.onError)
  const find: FindTarget = (method, url) => {
    const methods = table.get(pathOf(url))
    return methods?.get(method) ?? (method === 'HEAD' ? methods?.get('GET') : undefined) ?? methods?.get('*')
  }
  const handler: FetchHandler = async (request) => {
    const target = find(request.method, request.url)
    if (target) return target(request)
    const methods = table.get(pathOf(request.url))
    if (!methods) return new Response(null, { status: 404 })
    const allow = [...methods.keys(), ...(methods.has('GET') && !methods.has('HEAD') ? ['HEAD'] : [])].join(', ')
    return new Response(null, { status: 405, headers: { allow } })
  }
  return Object.defineProperty(handler, TARGET, { value: find })
}

/** The handler that a {@link route} has for this request; a handler that is no route is its own. */
export function routeTargetOf(handler: FetchHandler, method: string, url: string): FetchHandler | undefined {
  const find = (handler as { [TARGET]?: FindTarget })[TARGET]
  return find ? find(method, url) : handler
}

function readTable(routes: Routes, onError: RouteOptions['onError']): Map<string, Map<string, FetchHandler>> {
  const table = new Map<string, Map<string, FetchHandler>>()
  for (const [key, handler] of Object.entries(routes)) {
    const [, method = '*', path = ''] = /^(?:([A-Z]+) )?(\/[^\s?#]*)$/.exec(key) ?? []
    if (path === '' || (method !== '*' && !METHODS.includes(method))) {
      throw invalid(key, `is not of the form "GET /path" or "/path", with a method of ${METHODS.join(', ')}`)
    }
    if (typeof handler !== 'function') throw invalid(key, 'has no function as its handler')
    const methods = table.get(pathOf(path)) ?? new Map<string, FetchHandler>()
    if (methods.has(method)) throw invalid(key, 'is given twice (a slash at the end makes no difference)')
    table.set(pathOf(path), methods.set(method, onError ? guard(handler, onError) : handler))
  }
  return table
}

/** The path of a URL or of path and query, without a slash at its end. */
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

function guard(handler: FetchHandler, onError: (error: unknown) => unknown): FetchHandler {
  const guarded: FetchHandler = async (request) => {
    try {
      return await handler(request)
    } catch (error) {
      await onError(error)
      return new Response(null, { status: 500 })
    }
  }
  const bytes = byteHandlerOf(handler)
  if (!bytes) return guarded
  return withByteHandler(guarded, async (request) => {
    try {
      return await bytes(request)
    } catch (error) {
      await onError(error)
      return { status: 500, headers: {}, body: '' }
    }
  })
}

function invalid(key: string, problem: string): ConfigError {
  return new ConfigError(`route: "${key}" ${problem}.`, { option: key, product: 'core' })
}
