import type { FetchLike } from '../../core/client-options.ts'
import { appId, callback, checkOptions, httpUrl, integer, optional, required, text } from '../../core/options.ts'
import { readResponseText } from '../../core/read-response-text.ts'
import { BodyError, ConnectionError, TimeoutError, UnexpectedResponseError } from '../../errors/index.ts'
import { SingleFlight } from '../../internal/single-flight.ts'
import { waitUnlessAborted } from '../../internal/wait-unless-aborted.ts'
import type { AccessTokenProvider } from '../access-token.ts'

/** Options of {@link tokenServer}. */
export interface TokenServerClientOptions {
  /** URL of a `tokenServerHandler`, or of a server with the same protocol. Use `https:` outside a private network. */
  url: string | URL
  appId: string
  /** The secret of the server. */
  secret: string
  fetch?: FetchLike | undefined
  /** Milliseconds for one request. Default 5,000. */
  timeoutMs?: number | undefined
  /** Milliseconds for which a token is cached. Default 60,000, and never longer than it is valid. */
  cacheMs?: number | undefined
  clock?: (() => number) | undefined
}

/** A cached token with less time left than this is not returned. */
const LEAST_MS = 30_000
const RESPONSE_LIMIT_BYTES = 64 * 1024
/** The codes of `tokenServerHandler`. Other text may quote the request, and with it the secret. */
const ERROR_CODE = /^(?:[a-z_]{1,40}|ERR_[A-Z_]{1,40})$/

/**
 * Gets access tokens from a token server, for the option `accessTokenProvider`.
 *
 * @param options See {@link TokenServerClientOptions}.
 * @throws {ConfigError} ERR_CONFIG naming the option
 * @example
 * const mp = new OfficialAccount({ appId, accessTokenProvider: tokenServer({ url: 'https://tokens.internal/', appId, secret }) })
 */
export function tokenServer(options: TokenServerClientOptions): AccessTokenProvider {
  const rules = {
    url: required(httpUrl),
    appId: required(appId),
    secret: required(text()),
    fetch: optional(callback),
    timeoutMs: optional(integer(1, 600_000)),
    cacheMs: optional(integer(0, 7_200_000)),
    clock: optional(callback)
  }
  checkOptions(options, rules, { owner: 'tokenServer', product: 'core' })
  const { secret, timeoutMs = 5_000, cacheMs = 60_000, clock = Date.now } = options
  const url = new URL(options.url)
  url.searchParams.set('appid', options.appId)
  const flights = new SingleFlight<string>()
  let held: { token: string; until: number } | undefined

  const ask = async (refused?: string): Promise<string> => {
    const { status, text } = await exchange(refused)
    const body = parse(text)
    if (status !== 200 || typeof body?.access_token !== 'string' || body.access_token === '') {
      throw unexpected(status, errorCodeOf(body?.error) ?? 'no access_token in the response')
    }
    // With the token of another account, calls would succeed for the wrong account.
    if (body.appid !== undefined && body.appid !== options.appId) throw unexpected(status, 'a token of another appid')
    const lifeMs = Number(body.expires_in) * 1000
    const keepMs = Number.isFinite(lifeMs) && lifeMs > 0 ? Math.min(cacheMs, lifeMs - LEAST_MS) : 0
    held = { token: body.access_token, until: clock() + keepMs }
    return body.access_token
  }

  const unexpected = (status: number, problem: string) =>
    new UnexpectedResponseError(
      `tokenServer: ${url.origin} responded ${status} (${problem}). Check "secret" and the accounts of the server.`,
      { product: 'core', status }
    )

  const errorCodeOf = (error: unknown): string | undefined =>
    typeof error === 'string' && ERROR_CODE.test(error) && !secret.includes(error) ? error : undefined

  /** Reads the body within the same time limit as the headers. */
  const exchange = async (refused: string | undefined): Promise<{ status: number; text: string }> => {
    const init: RequestInit = {
      method: refused === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
      // A redirect would carry the secret to another host.
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
      ...(refused === undefined ? {} : { body: JSON.stringify({ refused }) })
    }
    try {
      const response = await (options.fetch ?? globalThis.fetch)(url, init)
      const limit = { product: 'core', operation: 'tokenServer', limitBytes: RESPONSE_LIMIT_BYTES } as const
      return { status: response.status, text: await readResponseText(response, limit) }
    } catch (cause) {
      if (cause instanceof BodyError) throw cause
      if ((cause as { name?: unknown } | null)?.name === 'TimeoutError') {
        throw new TimeoutError(`tokenServer: ${url.origin} did not respond within ${timeoutMs} ms.`, {
          product: 'core'
        })
      }
      throw new ConnectionError(`tokenServer: ${url.origin} could not be reached.`, {
        product: 'core',
        cause,
        requestSent: true
      })
    }
  }

  return {
    get(signal) {
      if (held && clock() < held.until) return Promise.resolve(held.token)
      return waitUnlessAborted(
        flights.run('get', () => ask()),
        signal
      )
    },
    async invalidate(token) {
      if (held?.token !== token) return
      held = undefined
      await flights.run('refused', () => ask(token))
    }
  }
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
