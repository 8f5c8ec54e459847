// urllib 2, with agents of its own.
const OAuth = require('wechat-oauth')
const { called, ming } = require('./world.cjs')

const { WEIXIN_MP_APP_ID, WEIXIN_MP_APP_SECRET, WEIXIN_MINIAPP_APP_ID, WEIXIN_MINIAPP_APP_SECRET } = process.env
const BACK = 'https://shop.example.com/callback'

module.exports = async () => {
  const oauth = new OAuth(WEIXIN_MP_APP_ID, WEIXIN_MP_APP_SECRET)
  const mini = new OAuth(WEIXIN_MINIAPP_APP_ID, WEIXIN_MINIAPP_APP_SECRET, undefined, undefined, true)
  const openid = await ming('openid')
  const codeOf = async (url) => new URL(await ming('authorize', url)).searchParams.get('code')
  const code = await codeOf(oauth.getAuthorizeURL(BACK, 'abc', 'snsapi_userinfo'))
  let token
  return [
    [
      'code for a token',
      async () => {
        token = (await called(oauth, 'getAccessToken', code)).data
        return token.openid
      },
      openid
    ],
    ['the code again', () => called(oauth, 'getAccessToken', code).catch((error) => error.code), 40163],
    ['profile', async () => (await called(oauth, 'getUser', { openid, lang: 'zh_CN' })).openid, openid],
    ['token is valid', async () => (await called(oauth, 'verifyToken', openid, token.access_token)).errcode, 0],
    ['refresh', async () => (await called(oauth, 'refreshAccessToken', token.refresh_token)).data.openid, openid],
    [
      'login of a mini program',
      async () => (await called(mini, 'getSessionKey', await ming('login'))).data.openid,
      await ming('openid', 'miniProgram')
    ],
    ['wrong code', () => called(oauth, 'getAccessToken', 'wrong').catch((error) => error.code), 40029]
  ]
}
