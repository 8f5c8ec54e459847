// Real messages and responses, made by the simulator in Node: what a runtime under test receives.
import { writeFileSync } from 'node:fs'
import { MiniProgram } from 'weixin-kit/miniapp'
import { OfficialAccount } from 'weixin-kit/mp'
import { WeChatPay } from 'weixin-kit/pay'
import { WeChatPayV2 } from 'weixin-kit/pay/v2'
import {
  createSimulator,
  signedGatewayMessage,
  signedPayNotification,
  signedPayV3Notification
} from 'weixin-kit/simulator'

const simulator = createSimulator()
const { credentials } = simulator
const { officialAccount, miniProgram, payV2, payV3, qiniu } = credentials
const responses = {}

/** Keeps what the simulator answers, so that it can be given again without it. */
const recording = async (input, init) => {
  const response = await simulator.fetch(input, init)
  const path = new URL(input instanceof Request ? input.url : input).pathname
  responses[path] = { status: response.status, headers: [...response.headers], body: await response.clone().text() }
  return response
}
const wire = async (request) => ({ url: request.url, headers: [...request.headers], body: await request.text() })

const gateway = {
  appId: 'wx0123456789abcdef',
  token: 'token',
  encodingAESKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG'
}
const nested = { ScanType: 'qrcode', ScanResult: '1' }
const openid = simulator.user?.('someone')?.openid?.(miniProgram.appId) ?? 'o0000000000000000000000000001'
const order = {
  description: 'Tea',
  out_trade_no: 'FEATURES0001',
  notify_url: 'https://app.example.com/notify',
  amount: { total: 100 },
  payer: { openid }
}
const orderV2 = {
  body: 'Tea',
  out_trade_no: 'FEATURES0002',
  total_fee: 100,
  trade_type: 'NATIVE',
  product_id: '1',
  spbill_create_ip: '127.0.0.1'
}

await new OfficialAccount({ ...officialAccount, fetch: recording }).jssdk.config({
  url: 'https://app.example.com/',
  jsApiList: []
})
await new WeChatPay({ ...payV3, fetch: recording }).transactions.native(withoutPayer(order))
await new WeChatPayV2({ ...payV2, notifyUrl: order.notify_url, fetch: recording }).orders.unified(orderV2)
const sessionKey = Buffer.alloc(16, 7).toString('base64')

const { createCipheriv } = await import('node:crypto')
const cipher = createCipheriv('aes-128-cbc', Buffer.alloc(16, 7), Buffer.alloc(16, 9))
const phone = {
  phoneNumber: '13580006666',
  purePhoneNumber: '13580006666',
  countryCode: '86',
  watermark: { timestamp: Math.floor(Date.now() / 1000), appid: miniProgram.appId }
}
const encryptedData = Buffer.concat([cipher.update(JSON.stringify(phone)), cipher.final()]).toString('base64')
new MiniProgram(miniProgram).decrypt({ sessionKey, encryptedData, iv: Buffer.alloc(16, 9).toString('base64') })

function withoutPayer({ payer: _, ...rest }) {
  return rest
}

const fixtures = {
  now: Date.now(),
  accounts: {
    officialAccount,
    miniProgram,
    qiniu,
    payV3,
    payV2: { appId: payV2.appId, mchId: payV2.mchId, apiKey: payV2.apiKey },
    gateway
  },
  legacyPfx: credentials.merchantFiles(payV2.mchId).legacyPfx.toString('base64'),
  messages: {
    text: await wire(signedGatewayMessage({ ...gateway, message: { MsgType: 'text', Content: '你好' } })),
    nested: await wire(
      signedGatewayMessage({
        ...gateway,
        message: { MsgType: 'event', Event: 'scancode_push', EventKey: 'k', ScanCodeInfo: nested }
      })
    ),
    payment: await wire(
      signedPayV3Notification({
        apiV3Key: payV3.apiV3Key,
        resource: {
          mchid: payV3.mchId,
          appid: payV3.appId,
          out_trade_no: 'T1',
          transaction_id: '42',
          trade_state: 'SUCCESS',
          amount: { total: 100 }
        }
      })
    ),
    paymentV2: await wire(
      signedPayNotification({
        appId: payV2.appId,
        mchId: payV2.mchId,
        apiKey: payV2.apiKey,
        fields: { out_trade_no: 'T2', total_fee: 100 }
      })
    )
  },
  openData: { sessionKey, encryptedData, iv: Buffer.alloc(16, 9).toString('base64') },
  order: withoutPayer(order),
  orderV2,
  responses
}
writeFileSync(process.argv[2], `export const fixtures = ${JSON.stringify(fixtures)}\n`)
