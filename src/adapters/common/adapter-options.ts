import type { IncomingMessage } from 'node:http'
import { callback, checkOptions, flag, integer, type OptionRules, optional } from '../../core/options.ts'
import { ConfigError } from '../../errors/index.ts'
import { onFirstUse } from '../../internal/on-first-use.ts'

export interface AdapterOptions {
  /** Bytes of the largest body that is read for a handler. Default 65536; handlers of this library may ask for less. */
  limitBytes?: number
  /**
   * Whether `X-Forwarded-Proto` and `X-Forwarded-Host` make up the URL that handlers see. Default: what the framework was told
   * (`app.set('trust proxy', …)`, `app.proxy`, `trustProxy`), `false` on plain node:http. Only for a proxy that sets them itself.
   */
  trustProxy?: boolean
  /**
   * Sees what a handler threw; the client then gets an empty 500. Without it the framework's own error path gets a
   * `HandlerError` whose `cause` is the error.
   */
  onError?: (error: unknown, request: IncomingMessage) => unknown
}

const rules = onFirstUse(
  (): OptionRules => ({
    limitBytes: optional(integer(0, 1024 * 1024 * 1024)),
    trustProxy: optional(flag),
    onError: optional(callback)
  })
)

/** @throws {ConfigError} ERR_CONFIG */
export function checkAdapterOptions(options: AdapterOptions, owner: string): void {
  checkOptions(options, rules(), { owner, product: 'adapter' })
}

/** @throws {ConfigError} ERR_CONFIG, at once and not at the first request */
export function checkHandler(handler: unknown, owner: string): void {
  if (typeof handler === 'function') return
  throw new ConfigError(
    `${owner}: expected a handler as first argument: gateway.handler, pay.notifyHandler(…), a route.`,
    {
      option: 'handler',
      product: 'adapter'
    }
  )
}
