import { type ByteResponse, byteHandlerOf, type HandlerRequest, toFetchHandler } from '../../core/byte-handler.ts'
import type { FetchHandler } from '../../core/fetch-handler.ts'
import { ConfigError } from '../../errors/index.ts'

/** Finds the client of a request, e.g. by a merchant id in its path; `undefined` where there is none. */
export type FindClient<Client> = (request: HandlerRequest) => Client | undefined | Promise<Client | undefined>

export interface HandlerForOptions<Client> {
  /** Name for errors, e.g. `notifyHandlerFor`. */
  operation: string
  find: FindClient<Client>
  /** Makes the handler of one client, once for each. */
  make(client: Client): FetchHandler
  /** Refuses without a word about the reason. */
  refuse(refusal: 'unverified' | 'failed'): ByteResponse
  onError?: ((error: unknown, context: { readonly request: HandlerRequest }) => unknown) | undefined
}

/**
 * One handler for many merchants: each request goes to the handler of its client, which verifies it with the keys of that merchant
 * alone. A request without a client is refused like a forgery.
 */
export function createHandlerFor<Client extends object>(options: HandlerForOptions<Client>): FetchHandler {
  const { operation, find, make, refuse, onError } = options
  // Goes with the client, so that a cache of clients can let go of it.
  const handlers = new WeakMap<Client, FetchHandler>()
  const handlerOf = (client: Client): FetchHandler => {
    const known = handlers.get(client)
    if (known) return known
    const made = make(client)
    handlers.set(client, made)
    return made
  }
  const report = async (error: unknown, request: HandlerRequest) => {
    try {
      await onError?.(error, { request })
    } catch {
      // A failing reporter must not decide what is answered.
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
      // Throws for what is not a client.
      handler = handlerOf(client)
    } catch (error) {
      await report(error, request)
      return refuse('failed')
    }
    const response = await byteHandlerOf(handler)(request)
    return response ?? refuse('failed')
  })
}

function noClient(operation: string): ConfigError {
  return new ConfigError(
    `${operation}: there is no client for this request. Either somebody guesses addresses, or a merchant is missing.`,
    { code: 'ERR_CONFIG', option: 'find', product: 'pay' }
  )
}
