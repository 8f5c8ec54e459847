import type { FetchedToken } from '../core/token-manager.ts'
import { type Product, UnexpectedResponseError } from '../errors/index.ts'
import { type Endpoint, type EndpointSpec, get, post } from './endpoint.ts'

/** The part of an account's client that is needed. */
interface TokenApi {
  readonly appId: string
  readonly product: Product
  revealAppSecret(): string
  call<P extends object, R>(endpoint: Endpoint<P, R>, params: P): Promise<R>
}

interface TokenResponse {
  access_token: unknown
  expires_in: unknown
}

const SPEC: EndpointSpec<TokenResponse> = { auth: 'none', returns: '*' }
const PLAIN = get<object, TokenResponse>('accessToken.get', '/cgi-bin/token', SPEC)
const STABLE = post<object, TokenResponse>('accessToken.get', '/cgi-bin/stable_token', { ...SPEC, idempotent: true })
/** Two forced fetches would use up two of the twenty per day. */
const FORCED = { ...STABLE, idempotent: false }

/** Fetches an access token from WeChat. `plain` invalidates the previous token, `stable` does so only with `force`. */
export async function fetchAccessToken(
  api: TokenApi,
  kind: 'stable' | 'plain',
  mode: 'normal' | 'force'
): Promise<FetchedToken> {
  const credentials = { grant_type: 'client_credential', appid: api.appId, secret: api.revealAppSecret() }
  const { access_token, expires_in } = await (kind === 'plain'
    ? api.call(PLAIN, credentials)
    : api.call(mode === 'force' ? FORCED : STABLE, { ...credentials, force_refresh: mode === 'force' }))
  if (typeof access_token !== 'string' || access_token === '' || !(Number(expires_in) > 0)) {
    throw new UnexpectedResponseError('accessToken.get: the response lacks access_token or expires_in.', {
      product: api.product
    })
  }
  return { value: access_token, expiresInSeconds: Number(expires_in) }
}
