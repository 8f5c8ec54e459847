// httpx, with agents of its own.
const WechatAPI = require('co-wechat-api')
const { ming, steer, PNG } = require('./world.cjs')

const { WEIXIN_MP_APP_ID, WEIXIN_MP_APP_SECRET, WEIXIN_MINIAPP_APP_ID, WEIXIN_MINIAPP_APP_SECRET } = process.env
const PAGE = 'https://shop.example.com/orders/1'

module.exports = async () => {
  const api = new WechatAPI(WEIXIN_MP_APP_ID, WEIXIN_MP_APP_SECRET)
  const mini = new WechatAPI(WEIXIN_MINIAPP_APP_ID, WEIXIN_MINIAPP_APP_SECRET)
  const wrong = new WechatAPI(WEIXIN_MP_APP_ID, 'wrong')
  await ming('follow')
  const openid = await ming('openid')
  const button = [{ type: 'view', name: 'Orders', url: PAGE }]
  let mediaId
  return [
    ['access token', async () => (await api.ensureAccessToken()).accessToken, /^\d+_\S{100,}$/],
    ['user info', async () => (await api.getUser(openid)).openid, openid],
    ['followers', async () => (await api.getFollowers()).data.openid.includes(openid), true],
    ['remark', async () => (await api.updateRemark(openid, 'VIP')).errcode, 0],
    ['remark in user info', async () => (await api.getUser(openid)).remark, 'VIP'],
    ['customer message', async () => (await api.sendText(openid, 'Shipped')).errcode, 0],
    ['message on the phone', async () => JSON.stringify((await ming('messages')).at(-1)), /Shipped/],
    ['create menu', async () => (await api.createMenu({ button })).errcode, 0],
    ['menu', async () => (await api.getMenu()).menu.button[0].name, 'Orders'],
    ['QR code', async () => (await api.createTmpQRCode('table-7', 1800)).expire_seconds, 1800],
    [
      'upload media',
      async () => {
        mediaId = (await api.uploadMedia(PNG, 'image', 'a.png', 'image/png')).media_id
        return mediaId
      },
      /^[\w-]{20,}$/
    ],
    ['download media', async () => (await api.getMedia(mediaId)).equals(PNG), true],
    [
      'JS-SDK configuration',
      async () =>
        steer('wechat/checkJssdkConfig', await api.getJsConfig({ debug: false, jsApiList: [], url: PAGE }), PAGE),
      'config:ok'
    ],
    [
      'login of a mini program',
      async () => (await mini.code2Session(await ming('login'))).openid,
      await ming('openid', 'miniProgram')
    ],
    ['wrong secret', () => wrong.ensureAccessToken().catch(({ code }) => code), 40125]
  ]
}
