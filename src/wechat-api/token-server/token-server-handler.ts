import type { FetchHandler } from '../../core/fetch-handler.ts'
import { callback, checkOptions, list, optional, required, text } from '../../core/options.ts'
import { readBody } from '../../core/read-body.ts'
import { BodyError, ConfigError, WeixinKitError } from '../../errors/index.ts'
import { equalsConstantTime, hashHex } from '../../internal/hash.ts'
import type { AccessToken } from '../access-token.ts'

/** An account whose token is served: an `OfficialAccount` or a `MiniProgram`. */
export interface TokenAccount {
  readonly appId: string
  readonly accessToken: AccessToken
}

/** Options of {@link tokenServerHandler}. */
export interface TokenServerOptions {
  accounts: readonly TokenAccount[]
  /**
   * Secret shared with the programs that may request tokens, at least 32 characters. Sent as `Authorization: Bearer …`:
   * serve over TLS only.
   */
  secret: string
  /** Called with errors on this side; the caller only gets a code. Its result, or an error it throws, is ignored. */
  onError?: ((error: unknown) => unknown) | undefined
}

const SECRET = text(/^[\x21-\x7e]{32,512}$/, 'at least 32 random characters without spaces')

/**
 * Makes a handler that serves access tokens to other programs (PHP, Java, another team) that share an account, so that
 * only one place fetches them.
 *
 * `GET ?appid=wx…` responds `{ "appid", "access_token", "expires_in" }` (seconds). `POST ?appid=wx…` with `{ "refused":
 * "TOKEN" }` reports that WeChat refused a token, and responds with another one: the token is replaced only if it is
 * still the current one, at most once a minute.
 *
 * @param options See {@link TokenServerOptions}.
 * @throws {ConfigError} ERR_CONFIG naming the option
 * @example
 * const handler = tokenServerHandler({ accounts: [mp], secret: process.env.TOKEN_SERVER_SECRET ?? '' })
 */
export function tokenServerHandler(options: TokenServerOptions): FetchHandler {
  const rules = { accounts: required(list), secret: required(SECRET), onError: optional(callback) }
  checkOptions(options, rules, { owner: 'tokenServerHandler', product: 'core' })
  const accounts = new Map<string, AccessToken>()
  for (const account of options.accounts) {
    if (typeof account?.appId !== 'string' || typeof account.accessToken?.get !== 'function') {
      throw new ConfigError('tokenServerHandler: "accounts" must list clients: OfficialAccount or MiniProgram.', {
        option: 'accounts'
      })
    }
    accounts.set(account.appId, account.accessToken)
  }
  // Digests have the same length, so the comparison does not reveal the length of the secret.
  const expected = hashHex('sha256', `Bearer ${options.secret}`)
  return async (request) => {
    if (!equalsConstantTime(hashHex('sha256', request.headers.get('authorization') ?? ''), expected)) {
      return respond(401, { error: 'unauthorized' }, { 'www-authenticate': 'Bearer' })
    }
    if (request.method !== 'GET' && request.method !== 'POST') {
      return respond(405, { error: 'method_not_allowed' }, { allow: 'GET, POST' })
    }
    const appid = new URL(request.url).searchParams.get('appid') ?? ''
    const accessToken = accounts.get(appid)
    if (!accessToken) return respond(404, { error: 'unknown_appid' })
    try {
      const refused = request.method === 'POST' ? await readRefused(request) : undefined
      if (request.method === 'POST' && refused === undefined) return respond(400, { error: 'refused_token_missing' })
      const access_token = refused === undefined ? await accessToken.get() : await accessToken.replaceRefused(refused)
      return respond(200, { appid, access_token, expires_in: accessToken.expiresInSeconds() })
    } catch (error) {
      if (error instanceof BodyError) return respond(400, { error: error.code })
      await report(options, error)
      return respond(503, { error: error instanceof WeixinKitError ? error.code : 'ERR_HANDLER' })
    }
  }
}

async function report({ onError }: TokenServerOptions, error: unknown): Promise<void> {
  try {
    await onError?.(error)
  } catch {
    // A failing `onError` must not change the response.
  }
}

async function readRefused(request: Request): Promise<string | undefined> {
  try {
    const body: unknown = JSON.parse(Buffer.from(await readBody(request, 4096)).toString())
    const refused = (body as { refused?: unknown } | null)?.refused
    return typeof refused === 'string' && refused !== '' ? refused : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function respond(status: number, body: object, headers: Record<string, string> = {}): Response {
  return Response.json(body, { status, headers: { 'cache-control': 'no-store', ...headers } })
}
