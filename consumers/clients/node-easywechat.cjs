// axios, for accounts and for API v3.
const { mkdtempSync, writeFileSync } = require('node:fs')
const { join } = require('node:path')
const { FormData, MiniApp, OfficialAccount, Pay } = require('node-easywechat')
const { ming, number, steer, NOTIFY, PNG } = require('./world.cjs')

const { WEIXIN_MP_APP_ID: appid, WEIXIN_PAY_MCH_ID: mchid } = process.env
const PAGE = 'https://shop.example.com/orders/1'

module.exports = async () => {
  const folder = mkdtempSync(join(__dirname, 'files-'))
  const file = (name, content) => {
    writeFileSync(join(folder, name), content)
    return join(folder, name)
  }
  const file_cache = { path: folder }
  const account = new OfficialAccount({ app_id: appid, secret: process.env.WEIXIN_MP_APP_SECRET, file_cache })
  const mini = new MiniApp({
    app_id: process.env.WEIXIN_MINIAPP_APP_ID,
    secret: process.env.WEIXIN_MINIAPP_APP_SECRET,
    file_cache
  })
  const pay = new Pay({
    mch_id: mchid,
    certificate: file('apiclient_cert.pem', process.env.WEIXIN_PAY_CERT),
    private_key: file('apiclient_key.pem', process.env.WEIXIN_PAY_PRIVATE_KEY),
    platform_certs: { [process.env.WEIXIN_PAY_PUBLIC_KEY_ID]: file('pub_key.pem', process.env.WEIXIN_PAY_PUBLIC_KEY) },
    secret_key: process.env.WEIXIN_PAY_API_V3_KEY,
    v2_secret_key: process.env.WEIXIN_PAY_API_KEY
  })
  await ming('follow')
  const openid = await ming('openid')
  const template = await steer('wechat/addTemplate', { content: '{{thing1.DATA}}' })
  const client = account.getClient()
  const payClient = pay.getClient()
  const [paid, refund] = Array.from({ length: 2 }, number)
  const get = async (path, params) => (await client.get(path, { params })).toObject()
  const post = async (path, data) => (await client.postJson(path, data)).toObject()
  const money = async (path, data) => (await payClient.post(path, { data })).toObject()
  const order = { appid, mchid, description: 'Tea', out_trade_no: paid, notify_url: NOTIFY, amount: { total: 990 } }
  const button = [{ type: 'view', name: 'Orders', url: PAGE }]
  const form = () => {
    const formData = new FormData()
    formData.append('media', PNG, 'a.png')
    return formData
  }
  return [
    ['access token', () => account.getAccessToken().getToken(), /^\d+_\S{100,}$/],
    ['user info', async () => (await get('/cgi-bin/user/info', { openid })).openid, openid],
    ['create menu', async () => (await post('/cgi-bin/menu/create', { button })).errcode, 0],
    ['menu', async () => (await get('/cgi-bin/menu/get')).menu.button[0].name, 'Orders'],
    [
      'template message',
      async () => {
        const params = { touser: openid, template_id: template, data: { thing1: { value: 'Tea' } } }
        return (await post('/cgi-bin/message/template/send', params)).errcode
      },
      0
    ],
    [
      'upload media',
      async () =>
        (await client.post('/cgi-bin/media/upload', { params: { type: 'image' }, formData: form() })).toObject().type,
      'image'
    ],
    [
      'JS-SDK configuration',
      async () =>
        steer('wechat/checkJssdkConfig', await account.getUtils().buildJsSdkConfig(PAGE, ['chooseImage']), PAGE),
      'config:ok'
    ],
    [
      'login of a mini program',
      async () => (await mini.getUtils().codeToSession(await ming('login'))).openid,
      await ming('openid', 'miniProgram')
    ],
    [
      'v3 order, paid by the page',
      async () => {
        const { prepay_id } = await money('/v3/pay/transactions/jsapi', { ...order, payer: { openid } })
        return (await ming('pay', pay.getUtils().buildBridgeConfig(prepay_id, appid))).state
      },
      'SUCCESS'
    ],
    [
      'v3 query',
      async () =>
        (await payClient.get(`/v3/pay/transactions/out-trade-no/${paid}`, { params: { mchid } })).toObject()
          .trade_state,
      'SUCCESS'
    ],
    [
      'v3 refund',
      async () => {
        const amount = { refund: 990, total: 990, currency: 'CNY' }
        const data = { out_trade_no: paid, out_refund_no: refund, amount }
        return (await money('/v3/refund/domestic/refunds', data)).out_refund_no
      },
      refund
    ]
  ]
}
