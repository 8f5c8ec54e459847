import type { Route } from '../framework/service.ts'
import type { UserRecord } from '../framework/users.ts'
import { answerJson, guarded } from './api.ts'
import { Refusal } from './errcodes.ts'
import type { OAuthGrant } from './records.ts'
import type { WeChatState } from './state.ts'
import { authenticate } from './tokens.ts'

const ACCESS_LIFE_MS = 7_200_000
const REFRESH_LIFE_MS = 30 * 86_400_000

function newGrant(wx: WeChatState, base: Omit<OAuthGrant, 'expiresAt'>) {
  const access = `${wx.context.random.digits(2)}_${wx.context.random.text(85)}`
  wx.oauthTokens.set(access, { ...base, expiresAt: wx.now + ACCESS_LIFE_MS })
  return access
}

/** Snapshot visitors (`is_snapshotuser`) have an openid and profile that belong to nobody. */
function identity(wx: WeChatState, grant: Omit<OAuthGrant, 'expiresAt'>): { user: UserRecord; openid: string } {
  const user =
    wx.user(grant.snapshot ? `${grant.userId}#snapshot` : grant.userId) ?? wx.context.users.get({ id: grant.userId })
  return { user, openid: user.openid(grant.appId) }
}

function answer(
  wx: WeChatState,
  grant: Omit<OAuthGrant, 'expiresAt'>,
  refreshToken: string,
  withUnionid: boolean
): Response {
  const { user, openid } = identity(wx, grant)
  const unionid = withUnionid && !grant.snapshot ? user.unionid(grant.appId) : undefined
  return answerJson(
    {
      access_token: newGrant(wx, grant),
      expires_in: ACCESS_LIFE_MS / 1000,
      refresh_token: refreshToken,
      openid,
      scope: grant.scope,
      ...(grant.snapshot ? { is_snapshotuser: 1 } : {}),
      ...(unionid === undefined ? {} : { unionid })
    },
    'text/plain'
  )
}

/** The `/sns/…` calls of the web login (网页授权). */
export function oauthApiRoutes(wx: WeChatState): Route[] {
  const webToken = (query: URLSearchParams): OAuthGrant => {
    const token = query.get('access_token')
    if (!token) throw new Refusal(41001)
    const grant = wx.oauthTokens.get(token)
    // Tokens of cgi-bin/token are another kind: a mix-up is the usual mistake here.
    if (!grant) throw new Refusal(40001)
    if (wx.now >= grant.expiresAt) throw new Refusal(42001)
    const openid = query.get('openid')
    if (!openid) throw new Refusal(41009)
    if (openid !== identity(wx, grant).openid) throw new Refusal(40003)
    return grant
  }
  return [
    guarded(wx, 'GET', '/sns/oauth2/access_token', (exchange) => {
      const { query } = exchange
      const { account } = authenticate(wx, exchange, query.get('appid'), query.get('secret'))
      if (query.get('grant_type') !== 'authorization_code') throw new Refusal(40002)
      const text = query.get('code')
      if (!text) throw new Refusal(41008)
      const code = wx.oauthCodes.get(text)
      if (!code || code.appId !== account.appId) throw new Refusal(40029)
      if (code.used) throw new Refusal(40163)
      if (wx.now >= code.expiresAt) throw new Refusal(42003)
      code.used = true
      exchange.verified('code: unused, in time, of this appid')
      const refreshToken = `${wx.context.random.digits(2)}_${wx.context.random.text(85)}`
      const grant = { appId: code.appId, userId: code.userId, scope: code.scope, snapshot: code.snapshot }
      if (code.snapshot) wx.context.users.get({ id: `${code.userId}#snapshot`, nickname: '微信用户' })
      wx.refreshTokens.set(refreshToken, { ...grant, expiresAt: wx.now + REFRESH_LIFE_MS })
      return answer(wx, grant, refreshToken, true)
    }),
    guarded(wx, 'GET', '/sns/oauth2/refresh_token', (exchange) => {
      const { query } = exchange
      const appId = query.get('appid')
      if (!appId) throw new Refusal(41002)
      if (!wx.of(appId)) throw new Refusal(40013)
      exchange.account = appId
      if (query.get('grant_type') !== 'refresh_token') throw new Refusal(40002)
      const refreshToken = query.get('refresh_token')
      if (!refreshToken) throw new Refusal(41003)
      const grant = wx.refreshTokens.get(refreshToken)
      if (!grant || grant.appId !== appId) throw new Refusal(40030)
      if (wx.now >= grant.expiresAt) throw new Refusal(42002)
      const { expiresAt: _, ...kept } = grant
      return answer(wx, kept, refreshToken, false)
    }),
    guarded(wx, 'GET', '/sns/userinfo', (exchange) => {
      const grant = webToken(exchange.query)
      exchange.account = grant.appId
      if (grant.scope === 'snsapi_base') throw new Refusal(48001)
      const { user, openid } = identity(wx, grant)
      const { nickname, headimgurl } = user.profile
      const unionid = grant.snapshot ? undefined : user.unionid(grant.appId)
      return answerJson(
        {
          openid,
          nickname,
          sex: 0,
          language: '',
          city: '',
          province: '',
          country: '',
          headimgurl,
          privilege: [],
          ...(unionid === undefined ? {} : { unionid })
        },
        'text/plain'
      )
    }),
    guarded(wx, 'GET', '/sns/auth', (exchange) => {
      exchange.account = webToken(exchange.query).appId
      return { errcode: 0, errmsg: 'ok' }
    })
  ]
}
