import type { FetchedToken } from '../core/token-manager.ts'
import { UnexpectedResponseError } from '../errors/index.ts'
import type { WeChatApiClient, WeChatCall } from './wechat-api-client.ts'

/** Gets an access token from WeChat. `plain` voids the token before it, `stable` does so only with `force`. */
export async function fetchAccessToken(
  api: WeChatApiClient,
  kind: 'stable' | 'plain',
  mode: 'normal' | 'force'
): Promise<FetchedToken> {
  const credentials = { grant_type: 'client_credential', appid: api.appId, secret: api.revealAppSecret() }
  const common = { operation: 'accessToken.get', auth: 'none' } as const
  const call: WeChatCall<unknown> =
    kind === 'stable'
      ? {
          ...common,
          method: 'POST',
          path: '/cgi-bin/stable_token',
          json: { ...credentials, force_refresh: mode === 'force' },
          idempotent: mode === 'normal'
        }
      : { ...common, method: 'GET', path: '/cgi-bin/token', query: credentials, idempotent: true }
  const { access_token, expires_in } = (await api.call(call)) as { access_token?: unknown; expires_in?: unknown }
  if (typeof access_token !== 'string' || access_token === '' || !(Number(expires_in) > 0)) {
    throw new UnexpectedResponseError('accessToken.get: WeChat answered without access_token and expires_in.', {
      product: api.product
    })
  }
  return { value: access_token, expiresInSeconds: Number(expires_in) }
}
