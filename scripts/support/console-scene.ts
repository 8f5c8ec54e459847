import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { toNodeHandler } from '../../src/adapters/node.ts'
import { MessageGateway } from '../../src/gateway/index.ts'
import { Geetest } from '../../src/geetest/index.ts'
import { MiniProgram } from '../../src/miniapp/index.ts'
import { OfficialAccount } from '../../src/mp/index.ts'
import { WeChatPay } from '../../src/pay/index.ts'
import { WeChatPayV2 } from '../../src/pay/v2/index.ts'
import { Qiniu } from '../../src/qiniu/index.ts'
import { createSimulator } from '../../src/simulator/index.ts'
import { Yunpian } from '../../src/yunpian/index.ts'

/** A shop of a morning: people chat and pay, something is refused, a notification is being retried. */
export async function playScene() {
  const simulator = createSimulator({
    seed: 'console pictures',
    accounts: {
      wechat: [
        { kind: 'officialAccount', name: '春茶小铺' },
        {
          kind: 'miniProgram',
          name: '春茶小程序',
          subscribeTemplates: [{ id: 'shipped', keys: ['thing1'], title: '发货提醒' }]
        }
      ]
    }
  })
  const { credentials, clientOptions: options } = simulator
  const mp = new OfficialAccount({ ...credentials.officialAccount, ...options })
  const mini = new MiniProgram({ ...credentials.miniProgram, ...options })
  const pay = new WeChatPay({ ...credentials.payV3, ...options })
  const payV2 = new WeChatPayV2({ ...credentials.payV2, ...options })
  const qiniu = new Qiniu({ ...credentials.qiniu, ...options })
  const sms = new Yunpian({ ...credentials.yunpian, ...options })
  const geetest = new Geetest({ ...credentials.geetest, ...options })
  const gateway = new MessageGateway(credentials.gateway)
  gateway.on('text', ({ Content }) => (Content === '查一下订单' ? '您的龙井茶 250g 已发货。' : `你说：${Content}`))
  gateway.on('event', ({ Event }) => (Event === 'subscribe' ? '欢迎关注春茶小铺！回复任意文字试试。' : undefined))
  const answer = async (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url)
    if (pathname === '/wechat') return await gateway.handler()(request)
    if (pathname === '/uploaded') return Response.json({ key: 'posters/spring.jpg', ok: true })
    return Response.json({ code: 'FAIL', message: 'the order table is locked' }, { status: 500 })
  }
  const app = createServer(toNodeHandler(answer))
  await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve))
  const base = `http://127.0.0.1:${(app.address() as AddressInfo).port}`
  simulator.deliveries.target('gateway', `${base}/wechat`)
  simulator.deliveries.target('default', base)

  const ming = simulator.user({ id: 'ming', nickname: '小明', phone: '13800138000' })
  const hong = simulator.user({ id: 'hong', nickname: '小红', phone: '13900139000' })
  await mp.menu.create({
    button: [
      { type: 'view', name: '商城', url: 'https://shop.example.com/' },
      { type: 'click', name: '我的订单', key: 'ORDERS' },
      {
        name: '更多',
        sub_button: [
          { type: 'click', name: '联系客服', key: 'HELP' },
          { type: 'click', name: '领红包', key: 'PACKET' }
        ]
      }
    ]
  })
  const template = simulator.wechat.addTemplate({
    title: '支付成功通知',
    content: '商品：{{thing.DATA}}\n金额：{{amount.DATA}}\n订单：{{number.DATA}}'
  })
  const poster = await mp.qrCode.createPermanent({ scene_str: 'spring' })
  await hong.scan(poster.ticket)
  await ming.follow()
  await ming.send('在吗')
  const order = (number: string, fen: number, description: string) => ({
    out_trade_no: number,
    description,
    notify_url: 'https://shop.example.com/pay/notify',
    amount: { total: fen }
  })
  const { prepay_id } = await pay.transactions.jsapi({
    ...order('T1795904883173', 1880, '龙井茶 250g'),
    payer: { openid: ming.openid() }
  })
  await ming.pay(prepay_id)
  await mp.templateMessages.send({
    touser: ming.openid(),
    template_id: template,
    data: { thing: { value: '龙井茶 250g' }, amount: { value: '¥18.80' }, number: { value: 'T1795904883173' } }
  })
  await ming.send('查一下订单')
  await payV2.redPacks
    .send({
      mch_billno: '202611290001',
      send_name: '春茶小铺',
      re_openid: ming.openid(),
      total_amount: 188,
      total_num: 1,
      wishing: '恭喜发财',
      client_ip: '127.0.0.1',
      act_name: '春茶节',
      remark: '谢谢'
    })
    .catch((error: unknown) => console.warn(String(error)))
  await pay.transfers
    .create({
      out_bill_no: 'W20261129001',
      transfer_scene_id: '1000',
      openid: ming.openid(),
      transfer_amount: 500,
      transfer_remark: '退差价',
      notify_url: 'https://shop.example.com/transfer/notify',
      transfer_scene_report_infos: [
        { info_type: '活动名称', info_content: '春茶节' },
        { info_type: '奖励说明', info_content: '退差价' }
      ]
    })
    .catch((error: unknown) => console.warn(String(error)))
  await pay.transactions.jsapi({ ...order('T1795904890001', 26800, '明前龙井礼盒'), payer: { openid: ming.openid() } })
  await pay.transactions.native(order('T1795904890002', 4500, '碧螺春 100g'))
  await pay.refunds
    .create({
      out_trade_no: 'T1795904883173',
      out_refund_no: 'R1795904883173',
      notify_url: 'https://shop.example.com/refund/notify',
      amount: { refund: 380, total: 1880, currency: 'CNY' }
    })
    .catch((error: unknown) => console.warn(String(error)))
  await mini.auth.code2Session(ming.login())
  const picture = await mini.wxacode.unlimited({ scene: 'poster=1', page: 'pages/index' })
  await sms.sms.singleSend({ mobile: '13800138000', text: '【春茶小铺】您的验证码是482915' })
  await geetest.register({ session: 'ming' })
  await qiniu.upload(Buffer.from(picture.bytes), {
    key: 'posters/spring.jpg',
    policy: { callbackUrl: 'https://shop.example.com/uploaded', callbackBody: 'key=$(key)' }
  })
  await mp.users.info(ming.openid())
  await simulator.fetch('https://api.weixin.qq.com/cgi-bin/user/info?access_token=expired&openid=x')
  const server = await simulator.listen({ control: true })
  // What a client of one's own sends when it encodes before it signs.
  await wronglySigned(server.baseUrl('api.mch.weixin.qq.com'), credentials.payV2, ming.openid())
  simulator.fail('/pay/unifiedorder', 'timeout', 1)
  return {
    url: server.url,
    simulator,
    close: async () => {
      await simulator.close()
      await new Promise((resolve) => app.close(resolve))
    }
  }
}

async function wronglySigned(
  baseUrl: string,
  account: { appId: string; mchId: string; apiKey: string },
  openid: string
): Promise<void> {
  const { createHash } = await import('node:crypto')
  const fields: Record<string, string> = {
    appid: account.appId,
    body: '龙井茶 250g',
    mch_id: account.mchId,
    nonce_str: '5K8264ILTKCH16CQ2502SI8ZNMTM67VS',
    notify_url: 'https://shop.example.com/pay/notify',
    openid,
    out_trade_no: 'T1795904883180',
    spbill_create_ip: '127.0.0.1',
    total_fee: '1880',
    trade_type: 'JSAPI'
  }
  const text = Object.entries(fields)
    .map(([name, value]) => `${name}=${name === 'body' ? encodeURIComponent(value) : value}`)
    .join('&')
  const sign = createHash('md5').update(`${text}&key=${account.apiKey}`).digest('hex').toUpperCase()
  const xml = Object.entries({ ...fields, sign })
    .map(([name, value]) => `<${name}><![CDATA[${value}]]></${name}>`)
    .join('')
  await fetch(`${baseUrl}/pay/unifiedorder`, { method: 'POST', body: `<xml>${xml}</xml>` })
}
