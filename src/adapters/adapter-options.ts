import type { IncomingMessage } from 'node:http'
import { callback, checkOptions, flag, integer, type OptionRules, optional } from '../core/options.ts'

/** Options of every adapter. */
export interface AdapterOptions {
  /**
   * Maximum size in bytes of a body that is read for a handler. Default 65536; handlers of this library may allow less.
   */
  bodyLimitBytes?: number | undefined
  /**
   * Whether the URL that handlers see is built from `X-Forwarded-Proto` and `X-Forwarded-Host`. Default: the setting of
   * the framework (`app.set('trust proxy', …)`, `app.proxy`, `trustProxy`), `false` on plain node:http. Enable it only
   * behind a proxy that sets both.
   */
  trustProxy?: boolean | undefined
  /**
   * Called with what a handler threw; the client then gets an empty 500. Without it the error goes unchanged to the
   * framework's own error handling.
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
