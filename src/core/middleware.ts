import type { Product } from '../errors/index.ts'

/** What a middleware knows about the call besides the request. */
export interface CallContext {
  readonly product: Product
  /** Name of the method, e.g. `users.info`. */
  readonly operation: string
  /** 1 for the first attempt. */
  readonly attempt: number
}

/**
 * Wraps every attempt of every call of a client. The request is already signed: change its headers or body only if you
 * know that they are not covered.
 *
 * @example
 * const timing: Middleware = async (request, next, context) => {
 *   const start = performance.now()
 *   const response = await next(request)
 *   console.log(context.operation, response.status, performance.now() - start)
 *   return response
 * }
 */
export type Middleware = (
  request: Request,
  next: (request: Request) => Promise<Response>,
  context: CallContext
) => Promise<Response>
