import type { IncomingMessage } from 'node:http'
import { callback, checkOptions, flag, integer, type OptionRules, optional } from '../core/options.ts'

/** Options of every adapter. */
export interface AdapterOptions {
  /** Bytes of the largest body that is read for a handler. Default 65536; handlers of this library may ask for less. */
  bodyLimitBytes?: number | undefined
  /**
   * Whether `X-Forwarded-Proto` and `X-Forwarded-Host` make up the URL that handlers see. Default: what the framework was configured with
   * (`app.set('trust proxy', …)`, `app.proxy`, `trustProxy`), `false` on plain node:http. Only for a proxy that sets them itself.
   */
  trustProxy?: boolean | undefined
  /**
   * Called with what a handler threw; the client then gets an empty 500. Without it the error goes to the framework's own error
   * handling, as it is.
   */
  onError?: ((error: unknown, context: { request: IncomingMessage }) => unknown) | undefined
}

const RULES: OptionRules = {
  bodyLimitBytes: optional(integer(0, 1024 * 1024 * 1024)),
  trustProxy: optional(flag),
  onError: optional(callback)
}

/** @throws {ConfigError} ERR_CONFIG */
export function checkAdapterOptions(options: AdapterOptions, owner: string): void {
  checkOptions(options, RULES, { owner, product: 'adapter' })
}
