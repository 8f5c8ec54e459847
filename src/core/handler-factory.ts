import { ConfigError, type Product } from '../errors/index.ts'

// Registered, so that an adapter of one copy of the package recognises a factory of another.
const FACTORY = Symbol.for('weixin-kit:handler-factory')

/**
 * Marks a method that makes a handler, so that passing it without calling it is reported.
 *
 * @param call How it is called, e.g. `gateway.handler()`.
 */
export function markFactory(method: object, call: string): void {
  Object.defineProperty(method, FACTORY, { value: call })
}

/** @throws {ConfigError} ERR_CONFIG for what is not a handler: at once, not on the first request. */
export function checkHandler(handler: unknown, owner: string, product: Product = 'adapter'): void {
  const call = typeof handler === 'function' ? (handler as { [FACTORY]?: string })[FACTORY] : undefined
  if (typeof handler === 'function' && call === undefined) return
  const problem = call
    ? `got a method that makes a handler; call it: ${owner}(${call})`
    : 'expected a handler as first argument: gateway.handler(), pay.notifyHandler(…), a route'
  throw new ConfigError(`${owner}: ${problem}.`, { option: 'handler', product })
}
