import { type ByteResponse, byteHandlerOf, type HandlerRequest, toFetchHandler } from '../../core/byte-handler.ts'
import { CONSOLE_LOGGER } from '../../core/console-logger.ts'
import type { FetchHandler } from '../../core/fetch-handler.ts'
import { ConfigError } from '../../errors/index.ts'

/** Finds the client of a request, e.g. by a merchant id in its path; `undefined` if there is none. */
export type FindClient<Client> = (request: HandlerRequest) => Client | undefined | Promise<Client | undefined>

/** The client for which a callback of `notifyHandlerFor` runs. */
export interface FoundClient<Client> {
  /** The result of `find` for this request. */
  readonly client: Client
}

/** As in the options of one client; `client` is absent if none was found. */
export type ErrorHandlerFor<Client> = (
  error: unknown,
  context: { readonly request: HandlerRequest } & Partial<FoundClient<Client>>
) => unknown

type WithClient<Value, Client> = Value extends (...args: infer Args) => infer Result
  ? (...args: [...args: Args, found: FoundClient<Client>]) => Result
  : Value

type EachWithClient<Callbacks, Client> = Callbacks extends object
  ? { readonly [Event in keyof Callbacks]: WithClient<Callbacks[Event], Client> }
  : Callbacks

/** Options of the handler of one client, whose callbacks get the client as an additional last argument. */
export type CallbacksFor<Options, Client> = {
  [Name in keyof Options]: Name extends 'onError'
    ? ErrorHandlerFor<Client> | undefined
    : Name extends 'on'
      ? EachWithClient<Options[Name], Client>
      : WithClient<Options[Name], Client>
}

export interface HandlerForOptions<Client> {
  /** Name for errors, e.g. `notifyHandlerFor`. */
  operation: string
  /** Class of the clients, for errors. */
  clientClass: string
  find: FindClient<Client>
  /** Makes the handler of a client, once per client. */
  make(client: Client): FetchHandler
  /** Refuses without giving a reason. */
  refuse(refusal: 'unverified' | 'failed'): ByteResponse
  onError?: ErrorHandlerFor<Client> | undefined
}

/** The options for one client: callbacks bound to it. */
export function callbacksFor<Options extends object>(options: object, client: object): Options {
  const found = { client }
  const bind = (value: unknown): unknown =>
    typeof value === 'function' ? (...args: unknown[]) => value(...args, found) : value
  const bound: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(options)) {
    if (name === 'onError' && typeof value === 'function') {
      bound[name] = (error: unknown, context: object) => value(error, { ...context, client })
    } else if (name === 'on' && typeof value === 'object' && value !== null) {
      bound[name] = Object.fromEntries(Object.entries(value).map(([event, run]) => [event, bind(run)]))
    } else bound[name] = bind(value)
  }
  return bound as Options
}

/**
 * Makes one handler for many merchants: each request goes to the handler of its client, which verifies it only with the
 * keys of that merchant. A request without a client is refused like a forgery.
 */
export function createHandlerFor<Client extends object>(options: HandlerForOptions<Client>): FetchHandler {
  const { operation, find, make, refuse, onError } = options
  // Released with the client, so that a cache of clients can drop it.
  const handlers = new WeakMap<Client, FetchHandler>()
  const handlerOf = (client: Client): FetchHandler => {
    const known = handlers.get(client)
    if (known) return known
    const made = make(client)
    handlers.set(client, made)
    return made
  }
  const report = async (error: unknown, request: HandlerRequest) => {
    const code = (error as { code?: unknown } | null | undefined)?.code
    if (!onError) CONSOLE_LOGGER.error?.(String(error), { product: 'pay', code })
    try {
      await onError?.(error, { request })
    } catch {
      // A failing `onError` must not change the response.
    }
  }
  return toFetchHandler(async (request) => {
    let handler: FetchHandler
    try {
      const client = await find(request)
      if (client === undefined || client === null) {
        await report(noClient(operation), request)
        return refuse('unverified')
      }
      handler = handlerOf(checkClient(client, options))
    } catch (error) {
      await report(error, request)
      return refuse('failed')
    }
    const response = await byteHandlerOf(handler)(request)
    return response ?? refuse('failed')
  })
}

/** @throws {ConfigError} ERR_CONFIG for a row of a table, an id, or whatever else is not a client */
function checkClient<Client>(client: Client, { operation, clientClass }: HandlerForOptions<Client>): Client {
  const isObject = typeof client === 'object' && client !== null
  if (isObject && 'notifyHandler' in client && typeof client.notifyHandler === 'function') return client
  throw new ConfigError(
    `${operation}: "find" returned ${isObject ? 'an object' : `a ${typeof client}`} that is not a client. Return a ${clientClass}, e.g. from clientCache, or undefined if there is none.`,
    { code: 'ERR_CONFIG', option: 'find', product: 'pay' }
  )
}

function noClient(operation: string): ConfigError {
  return new ConfigError(
    `${operation}: there is no client for this request. Somebody is guessing URLs, a merchant is missing, or "find" does not return its result.`,
    { code: 'ERR_CONFIG', option: 'find', product: 'pay' }
  )
}
