import { ConfigError, type Product } from '../errors/index.ts'
import type { FetchLike } from './client-options.ts'
import { acceptsFastSignals } from './fast-abort-signal.ts'

/** Runtimes whose `fetch` accepts no dispatcher: one ignores it silently, the other fails halfway. */
const CURES: Readonly<Record<string, string>> = {
  bun: 'the fetch of Bun ignores it: make this call in Node.js',
  deno: 'the fetch of Deno does not support one: set the option fetch: undiciFetch()'
}

/**
 * Refuses a call that needs a connection of its own (a client certificate, a proxy, an authority) where it cannot be made. Without
 * it the request would go out without the certificate, or past the proxy.
 *
 * @param given The option `fetch`; a custom one may support it.
 * @param runtime Versions of the runtime, `process.versions`.
 * @throws {ConfigError} ERR_CONFIG
 */
export function checkOwnConnection(
  given: FetchLike | undefined,
  target: string,
  product: Product,
  runtime: Readonly<Record<string, string | undefined>> = process.versions
): void {
  const isUndici = given !== undefined && acceptsFastSignals(given)
  if (given !== undefined && !isUndici) return
  const name = Object.keys(CURES).find((known) => runtime[known] !== undefined)
  // undici itself works in Deno; Bun replaces it with its own.
  if (name === undefined || (name === 'deno' && isUndici)) return
  throw new ConfigError(
    `${target} needs a connection of its own (client certificate, proxy or ca), and ${CURES[name]}. Nothing was sent.`,
    { option: 'fetch', product }
  )
}
