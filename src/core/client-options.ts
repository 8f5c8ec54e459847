import type { Logger } from './logger.ts'
import type { Middleware } from './middleware.ts'
import {
  baseUrl,
  callback,
  httpUrl,
  integer,
  list,
  type OptionCheck,
  type OptionRules,
  objectWith,
  optional,
  record
} from './options.ts'

/** The part of `fetch` that this library needs: any implementation, mock or wrapper works. */
export type FetchLike = (input: string | URL | Request, init?: RequestInit) => Promise<Response>

/** The part of undici's `Agent`, `ProxyAgent`, `MockAgent` … that this library needs. */
export interface DispatcherLike {
  /**
   * Called by `fetch` for each request.
   *
   * @param args Those of undici.
   * @returns Whether more may be dispatched.
   */
  dispatch(...args: never[]): boolean
}

/** Options that every client takes. */
export interface ClientOptions {
  /**
   * Address to use in place of the upstream's own, e.g. a reverse proxy or the simulator
   * (`http://127.0.0.1:8080/api.weixin.qq.com`). Where a product uses several hosts and the base names the main one,
   * its siblings replace that name; otherwise all go to the same base.
   */
  baseUrl?: string | URL | undefined
  /**
   * Address of a simulator (`npx weixin-kit simulator`), the same for every client: `http://127.0.0.1:8080`. Each
   * client finds its own hosts below it. If both are set, `baseUrl` takes precedence.
   */
  simulator?: string | URL | undefined
  /** Default: `globalThis.fetch`, looked up on every call, so that mocks and patches work. */
  fetch?: FetchLike | undefined
  /** An undici dispatcher, e.g. your own `ProxyAgent`. */
  dispatcher?: DispatcherLike | undefined
  /** URL of an HTTP proxy; a `ProxyAgent` is created for it on first use. */
  proxy?: string | URL | undefined
  /** Milliseconds for one attempt, response included. Default 10 000. */
  timeoutMs?: number | undefined
  /** Maximum number of retries, 0 to 10, of a call that is idempotent or was not sent. Default 2. */
  maxRetries?: number | undefined
  middleware?: readonly Middleware[] | undefined
  logger?: Logger | undefined
  /** Milliseconds since 1970; default `Date.now`. */
  clock?: (() => number) | undefined
  /** Generates nonces; default: 32 random letters and digits. */
  nonce?: (() => string) | undefined
}

/** Last argument of every network method. */
export interface RequestOptions {
  /**
   * Aborting rejects with `signal.reason` as it is. A call that moves money (it can end in `UnknownResultError`)
   * rejects with that error and the reason as its `cause` once the request was sent: WeChat Pay may have executed it
   * nevertheless.
   */
  signal?: AbortSignal | undefined
  /** Milliseconds for one attempt, 1 to 2 147 483 647. */
  timeoutMs?: number | undefined
  /** 0 to 10. */
  maxRetries?: number | undefined
  headers?: Readonly<Record<string, string>> | undefined
}

const milliseconds: OptionCheck = (value) => {
  const wrong = integer(1, 600_000)(value)
  return wrong && `${wrong}, in milliseconds`
}

/** Rules of {@link ClientOptions} for `checkOptions`; spread them into a client's own. */
export const clientOptionRules = (): OptionRules => ({
  baseUrl: optional(baseUrl),
  simulator: optional(baseUrl),
  fetch: optional(callback),
  dispatcher: optional(objectWith('dispatch')),
  proxy: optional(httpUrl),
  timeoutMs: optional(milliseconds),
  maxRetries: optional(integer(0, 10)),
  middleware: optional(list),
  logger: optional(record),
  clock: optional(callback),
  nonce: optional(callback)
})
