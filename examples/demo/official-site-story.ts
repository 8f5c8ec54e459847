import type { Simulator } from 'weixin-kit/simulator'
import { Browser } from './browser.ts'
import type { Printer } from './printer.ts'
import type { Stage } from './stage.ts'

type Row = Record<string, string | number>

/** A person logs in, stores a picture, pays and is refunded; an administrator pays out. Checked on the side of WeChat. */
export async function tellOfficialSite(stage: Stage, print: Printer): Promise<void> {
  const { simulator, officialSite } = stage
  const user = simulator.user({ id: 'ming', nickname: '小明', headimgurl: 'https://thirdwx.qlogo.cn/mmopen/demo/132' })
  const page = new Browser(officialSite, print)

  print.chapter('official-site (Express): a person opens the site inside WeChat')
  const login = await page.get('/extensions/wx/user/authorize/?state=%2Fshop')
  const back = user.authorize(login.location)
  const landed = await page.get(back.pathname + back.search)
  print.check('logged in, back on the page asked for', landed.location === '/shop', landed.location)
  const me = await page.get('/api/current_user/?fields=nickname,openid')
  const { openid, nickname } = me.data.wx_user as { openid: string; nickname: string }
  const expected = user.openid(simulator.credentials.officialAccount.appId)
  print.check('current user', openid === expected, `${nickname}, ${openid}`)
  const url = `${officialSite}/shop?from=demo`
  const { data } = await page.get(`/api/wx/js_sdk_config/?url=${encodeURIComponent(url)}`)
  const { appid = '', noncestr = '', timestamp = 0, signature = '' } = data as Row
  const config = { appId: `${appid}`, nonceStr: `${noncestr}`, timestamp: Number(timestamp), signature: `${signature}` }
  const verdict = simulator.wechat.checkJssdkConfig(config, url)
  print.check('JS-SDK configuration, checked as the WeChat client does', verdict === 'config:ok', verdict)

  print.chapter('a picture goes from WeChat to Qiniu')
  const { bytes, mediaId } = await takePicture(simulator)
  const stored = await page.post('/api/qn/wx_temp_images/', { media_id: mediaId })
  const object = simulator.qiniu.object(new URL(String(stored.data.url)).pathname.slice(1))
  print.check('in the bucket, byte for byte', bytes.equals(object?.data ?? new Uint8Array()), String(stored.data.url))
  const upload = await page.get('/extensions/qn/upload_token/')
  print.check('upload token for the browser', String(upload.body.uptoken).split(':').length === 3)

  print.chapter('an order is placed, paid, told and refunded')
  const placed = await page.post('/api/wx/pay/orders/', { body: '奶茶' })
  const order = placed.data.wx_pay_order as Row
  print.check('placed (unified order, API v2)', order.status === 'placed', String(order.out_trade_no))
  const paid = await user.pay(placed.data.pay_params as object)
  print.check('paid: the signature of the page is good', paid.state === 'SUCCESS', `${paid.transactionId}`)
  const { delivery } = paid
  print.check('notification verified and acknowledged', delivery?.state === 'delivered', delivery?.url)
  await Promise.all([delivery?.redeliver(), delivery?.redeliver()])
  const read = async () => (await page.get(`/api/wx/pay/orders/${order.uuid}/`)).data
  const settled = (await read()).wx_pay_order as Row
  print.check('booked once, though it was told three times', settled.status === 'paid', `${settled.total_fee} fen`)

  const admin = new Browser(officialSite, print)
  const entered = await admin.put('/api/admin/login/', { name: 'admin', password: stage.adminPassword })
  admin.authorization = `Bearer ${String(entered.data.token)}`
  const path = `/api/wx/pay/orders/${order.uuid}/refunds/`
  const applied = await admin.post(path, { request_id: 'demo-refund-1', refund_fee: 200 })
  const refund = applied.data.wx_pay_refund as Row
  const seen = simulator.log.find('/secapi/pay/refund')[0]?.verified.join(', ') ?? ''
  print.check('refund accepted; WeChat Pay saw', refund.status === 'processing' && seen.includes('certificate'), seen)
  await simulator.pay.settleRefund(String(refund.out_refund_no))
  const told = simulator.deliveries.recent.find(({ kind }) => kind === 'refund')
  print.check('refund notification decrypted and acknowledged', told?.state === 'delivered', told?.url)
  const [row] = (await read()).wx_pay_refunds as Row[]
  print.check('refund recorded', row?.status === 'success', `${row?.refund_id}`)

  print.chapter('money goes out')
  const balance = () => simulator.pay.balance(simulator.credentials.payV2.mchId)
  const before = balance()
  const payout = { request_id: 'demo-payout-1', openid, amount: 100, desc: '奖励' }
  await admin.post('/api/wx/mch_pays/', payout)
  const repeated = (await admin.post('/api/wx/mch_pays/', payout)).data.wx_mch_pay as Row
  print.check('asked twice, paid once (企业付款)', before - balance() === 100, `${repeated.payment_no}`)
  const gift = { send_name: '官网', wishing: '恭喜发财', act_name: '演示', remark: '谢谢' }
  const sent = await admin.post('/api/wx/red_packs/', {
    request_id: 'demo-redpack-1',
    re_openid: openid,
    total_amount: 188,
    ...gift
  })
  const { mch_billno } = sent.data.wx_red_pack as Row
  print.check('red packet sent and opened', user.openRedPack(String(mch_billno)).amount === 188, '188 fen')

  print.chapter('a verification code by SMS')
  const { phone } = user.profile
  await page.post('/api/sms/codes/', { mobile: phone })
  const text = simulator.yunpian.inbox(phone).at(-1)?.text ?? ''
  print.check('message in the inbox of the phone', text.includes('验证码'), text)
  const code = /\d{6}/.exec(text)?.[0] ?? ''
  const checks = [await page.put('/api/sms/codes/', { mobile: phone, code })]
  checks.push(await page.put('/api/sms/codes/', { mobile: phone, code }))
  print.check('code accepted once', checks.map(({ body }) => body.code).join() === '0,1402')
}

/** What a person would have taken with the camera, uploaded to WeChat by the page. */
async function takePicture(simulator: Simulator): Promise<{ bytes: Buffer; mediaId: string }> {
  const { appId, appSecret } = simulator.credentials.officialAccount
  const body = JSON.stringify({ grant_type: 'client_credential', appid: appId, secret: appSecret })
  const token = await simulator.fetch('https://api.weixin.qq.com/cgi-bin/stable_token', { method: 'POST', body })
  const { access_token } = (await token.json()) as { access_token: string }
  const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
  const bytes = Buffer.from(pixel, 'base64')
  const form = new FormData()
  form.set('media', new Blob([bytes], { type: 'image/png' }), 'photo.png')
  const url = `https://api.weixin.qq.com/cgi-bin/media/upload?type=image&access_token=${access_token}`
  const uploaded = (await (await simulator.fetch(url, { method: 'POST', body: form })).json()) as { media_id: string }
  return { bytes, mediaId: uploaded.media_id }
}
