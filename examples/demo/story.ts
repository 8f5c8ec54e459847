import type { Simulator } from 'weixin-kit/simulator'
import { Browser } from './browser.ts'
import type { Printer } from './printer.ts'

export interface Cast {
  simulator: Simulator
  officialSite: string
  boilerplate: string
  adminPassword: string
  print: Printer
}

type Data = Record<string, Record<string, never> & { [name: string]: unknown }>

/** The whole story, each step through the HTTP interface of an app and verified on the side of the simulator. */
export async function tell(cast: Cast): Promise<void> {
  const { simulator, officialSite, boilerplate, print } = cast
  const user = simulator.user({ nickname: '小明', headimgurl: 'https://thirdwx.qlogo.cn/mmopen/demo/132' })
  const page = new Browser(officialSite)

  print.chapter('official-site (Express): a person opens the site inside WeChat')
  const login = await page.get('/extensions/wx/user/authorize/?state=%2Fshop')
  const back = user.authorize(login.location)
  const landed = await page.get(back.pathname + back.search)
  print.check('WeChat login, returned to the page asked for', landed.location === '/shop', landed.location)
  const me = await page.get('/api/current_user/?fields=nickname,openid')
  const { openid } = (me.data as { wx_user: { openid: string } }).wx_user
  print.check(
    'current user',
    openid === user.openid(simulator.credentials.officialAccount.appId),
    JSON.stringify(me.data)
  )

  const url = `${officialSite}/shop?from=demo`
  const config = await page.get(`/api/wx/js_sdk_config/?url=${encodeURIComponent(url)}`)
  const { appid: appId, noncestr: nonceStr, timestamp, signature } = config.data as Record<string, string>
  const verdict = simulator.wechat.checkJssdkConfig(
    { appId: appId ?? '', nonceStr: nonceStr ?? '', timestamp: timestamp ?? 0, signature: signature ?? '' },
    url
  )
  print.check(
    'JS-SDK configuration, checked as the WeChat client does',
    verdict === 'config:ok',
    `${verdict} ${signature}`
  )

  print.chapter('a picture goes from WeChat to Qiniu')
  const admin = new Browser(officialSite)
  const upload = await simulator.fetch(
    `https://api.weixin.qq.com/cgi-bin/media/upload?type=image&access_token=${await accessToken(simulator)}`,
    {
      method: 'POST',
      body: pictureForm()
    }
  )
  const uploaded = (await upload.json()) as { media_id: string }
  const stored = await page.post('/api/qn/wx_temp_images/', { media_id: uploaded.media_id })
  print.check(
    'temporary image stored in the bucket',
    stored.code === 0,
    String((stored.data as Record<string, string>).url)
  )
  const token = await page.get('/extensions/qn/upload_token/')
  print.check(
    'upload token for the browser',
    /^[\w-]+:[\w-]+=*:/.test(String(token.raw.uptoken)),
    `${String(token.raw.uptoken).slice(0, 24)}…`
  )

  print.chapter('an order is placed, paid, told and refunded')
  const placed = await page.post('/api/wx/pay/orders/', { body: '奶茶', total_fee: 1880 })
  const { wx_pay_order: order, pay_params } = placed.data as unknown as {
    wx_pay_order: { uuid: string; out_trade_no: string }
    pay_params: object
  }
  print.check('order placed (unified order, API v2)', placed.code === 0, order.out_trade_no)
  const paid = await user.pay(pay_params)
  print.check('paid; the signature of the page was verified', paid.state === 'SUCCESS', String(paid.transactionId))
  print.check(
    'signed notification delivered and acknowledged',
    paid.delivery?.state === 'delivered',
    `attempts: ${paid.delivery?.attempts.length}`
  )
  await Promise.all([paid.delivery?.redeliver(), paid.delivery?.redeliver()])
  const settled = await page.get(`/api/wx/pay/orders/${order.uuid}/`)
  print.check(
    'settled once, though it was delivered three times',
    (settled.data as Data).wx_pay_order?.status === 'paid',
    JSON.stringify((settled.data as Data).wx_pay_order)
  )

  const entered = await admin.put('/api/admin/login/', { name: 'admin', password: cast.adminPassword })
  admin.bearer = String((entered.data as Record<string, string>).token)
  const refund = await admin.post(`/api/wx/pay/orders/${order.uuid}/refunds/`, {
    request_id: 'demo-refund-1',
    refund_fee: 880
  })
  print.check(
    'partial refund accepted (client certificate)',
    refund.code === 0,
    JSON.stringify((refund.data as Data).wx_pay_refund)
  )
  const [made] = simulator.pay.refunds
  if (made?.status === 'PROCESSING') await simulator.pay.settleRefund(made.outRefundNo)
  const after = await page.get(`/api/wx/pay/orders/${order.uuid}/`)
  const [row] = (after.data as unknown as { wx_pay_refunds: { status: string }[] }).wx_pay_refunds
  print.check('refund notification decrypted and recorded', row?.status === 'success', JSON.stringify(row))

  print.chapter('money goes out')
  const payout = await admin.post('/api/wx/mch_pays/', {
    request_id: 'demo-payout-1',
    openid,
    amount: 100,
    desc: '奖励'
  })
  print.check(
    'transfer to the balance (企业付款)',
    (payout.data as Data).wx_mch_pay?.status === 'success',
    JSON.stringify((payout.data as Data).wx_mch_pay)
  )
  const pack = await admin.post('/api/wx/red_packs/', {
    request_id: 'demo-redpack-1',
    re_openid: openid,
    total_amount: 188,
    send_name: '官网',
    wishing: '恭喜发财',
    act_name: '演示',
    remark: '谢谢'
  })
  const { mch_billno = '' } = (pack.data as { wx_red_pack: { mch_billno?: string } }).wx_red_pack
  print.check('red packet sent and opened', user.openRedPack(mch_billno).amount === 188, mch_billno)

  print.chapter('a verification code by SMS')
  const { phone } = user.profile
  const sms = await page.post('/api/sms/codes/', { mobile: phone })
  const text = simulator.yunpian.inbox(phone).at(-1)?.text ?? ''
  print.check('message in the inbox of the phone', sms.code === 0, text)
  const checked = await page.put('/api/sms/codes/', { mobile: phone, code: /\d{6}/.exec(text)?.[0] ?? '' })
  print.check('code accepted once', checked.code === 0)

  print.chapter('boilerplate (Koa): the gateway and a mini program')
  const followed = await user.follow()
  print.check(
    'follow event over the encrypted gateway, welcome decrypted',
    String(followed.reply?.Content).includes('欢迎'),
    String(followed.reply?.Content)
  )
  const answered = await user.send('在吗')
  print.check('text answered', String(answered.reply?.Content).includes('在吗'), String(answered.reply?.Content))
  const mini = new Browser(boilerplate)
  const session = await mini.post('/boilerplate/wechat/api/v1/wechat-miniapp/user', { code: user.login() })
  mini.authorization = `wechat ${String(session.raw.token)}`
  const { encryptedData, iv } = user.encryptedData()
  const profile = await mini.put('/boilerplate/wechat/api/v1/wechat-miniapp/user', {
    iv,
    encrypted_data: encryptedData
  })
  print.check('mini-program login and decryption', profile.raw.error_code === 0, JSON.stringify(profile.raw.user))
  const web = new Browser(boilerplate)
  const start = await web.get('/boilerplate/wechat/api/v1/wechat-mp/authorize')
  const callback = user.authorize(start.location)
  const home = await web.get(callback.pathname + callback.search)
  print.check('web login', home.location === '/boilerplate/wechat/mp/index', home.location)
}

async function accessToken(simulator: Simulator): Promise<string> {
  const { appId, appSecret } = simulator.credentials.officialAccount
  const body = JSON.stringify({ grant_type: 'client_credential', appid: appId, secret: appSecret })
  const response = await simulator.fetch('https://api.weixin.qq.com/cgi-bin/stable_token', { method: 'POST', body })
  return ((await response.json()) as { access_token: string }).access_token
}

/** What a person would have taken with the camera: the smallest picture there is. */
function pictureForm(): FormData {
  const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
  const form = new FormData()
  form.set('media', new Blob([Buffer.from(pixel, 'base64')], { type: 'image/png' }), 'photo.png')
  return form
}
