import type { WeChatAccount } from '../framework/accounts.ts'
import type { UserRecord } from '../framework/users.ts'
import type { WeChatState } from './state.ts'

const CODE_LIFE_MS = 5 * 60_000

/** What a person is asked on a page of the platform. */
export interface ConsentRequest {
  readonly account: WeChatAccount
  readonly redirectUri: URL
  readonly scope: 'snsapi_base' | 'snsapi_userinfo' | 'snsapi_login'
  readonly state: string
}

/** An error page of the platform (error-code list of the OAuth page, e.g. 10003). */
export class ConsentError extends Error {
  /** Number of the error page, e.g. 10003. */
  readonly code: number

  constructor(code: number, message: string) {
    super(message)
    this.name = 'ConsentError'
    this.code = code
  }
}

const SCOPES: Readonly<Record<string, readonly WeChatAccount['kind'][]>> = {
  snsapi_base: ['officialAccount'],
  snsapi_userinfo: ['officialAccount'],
  snsapi_login: ['website']
}
const ORDER = ['appid', 'redirect_uri', 'response_type', 'scope', 'state']

/** Checks the parameters of an authorize page (`/connect/oauth2/authorize`, `/connect/qrconnect`). */
export function readConsentRequest(wx: WeChatState, page: URL): ConsentRequest {
  const query = page.searchParams
  const account = wx.context.accounts.wechat(query.get('appid') ?? '')
  if (!account) throw new ConsentError(10013, 'appid 参数错误 (unknown appid)')
  const scope = query.get('scope') ?? ''
  const isQrPage = page.pathname.endsWith('/qrconnect')
  if (
    !(Object.hasOwn(SCOPES, scope) && SCOPES[scope]?.includes(account.kind)) ||
    isQrPage !== (scope === 'snsapi_login')
  ) {
    throw new ConsentError(10005, 'Scope 参数错误或没有 Scope 权限 (no right to this scope)')
  }
  if (query.get('response_type') !== 'code') throw new ConsentError(10001, 'response_type must be "code"')
  const raw = query.get('redirect_uri') ?? ''
  if (!/^https?:\/\//.test(raw) || !URL.canParse(raw))
    throw new ConsentError(10003, 'redirect_uri 参数错误 (not a URL)')
  const redirectUri = new URL(raw)
  const { oauthDomains } = account
  if (oauthDomains.length > 0 && !oauthDomains.includes(redirectUri.host)) {
    throw new ConsentError(10003, `redirect_uri 域名与后台配置不一致 (${redirectUri.host} is not registered)`)
  }
  const state = query.get('state') ?? ''
  if (!/^[a-zA-Z0-9]*$/.test(state) || state.length > 128) {
    throw new ConsentError(
      10010,
      'state 只能是 128 字节以内的 a-zA-Z0-9 (state must be at most 128 letters and digits)'
    )
  }
  return { account, redirectUri, scope: scope as ConsentRequest['scope'], state }
}

/** Whether the parameters stand in the documented order, which some clients of WeChat insist on. */
export function isInDocumentedOrder(page: URL): boolean {
  const present = [...page.searchParams.keys()].filter((name) => ORDER.includes(name))
  return present.join() === ORDER.filter((name) => present.includes(name)).join()
}

export interface GrantOptions {
  /** The person only looks (快照页模式): a virtual account. */
  readonly snapshot?: boolean
  /** The code has expired when it arrives (42003). */
  readonly expired?: boolean
}

/** A code for `/sns/oauth2/access_token`. */
export function issueCode(
  wx: WeChatState,
  appId: string,
  user: UserRecord,
  scope: string,
  { snapshot = false, expired = false }: GrantOptions = {}
): string {
  const code = `0${wx.context.random.digits(2)}${wx.context.random.text(29)}`
  wx.oauthCodes.set(code, {
    appId,
    userId: user.id,
    scope,
    expiresAt: expired ? wx.now : wx.now + CODE_LIFE_MS,
    snapshot,
    used: false
  })
  return code
}

/** Where the browser goes after the person agreed: `redirect_uri` with a fresh code. */
export function grant(wx: WeChatState, request: ConsentRequest, user: UserRecord, options: GrantOptions = {}): URL {
  const code = issueCode(wx, request.account.appId, user, request.scope, options)
  return withQuery(request.redirectUri, [
    ['code', code],
    ['state', request.state]
  ])
}

/** Where the browser goes after a refusal: no code. WeChat itself stays on its page; a website login returns. */
export function refuse(request: ConsentRequest): URL {
  return withQuery(request.redirectUri, [['state', request.state]])
}

// Appended as text: what the application wrote in its own query must come back byte for byte.
function withQuery(base: URL, pairs: [string, string][]): URL {
  const added = pairs.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')
  const url = new URL(base)
  url.search = url.search ? `${url.search}&${added}` : `?${added}`
  return url
}
