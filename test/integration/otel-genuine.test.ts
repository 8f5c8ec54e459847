import fc from 'fast-check'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { MessageGateway } from 'weixin-kit/gateway'
import { Geetest } from 'weixin-kit/geetest'
import { MiniProgram } from 'weixin-kit/miniapp'
import { OfficialAccount } from 'weixin-kit/mp'
import { type Instrumentation, instrumentWeixinKit, traceHandler } from 'weixin-kit/otel'
import { WeChatPay } from 'weixin-kit/pay'
import { WeChatPayV2 } from 'weixin-kit/pay/v2'
import { Qiniu } from 'weixin-kit/qiniu'
import {
  createSimulator,
  signedGatewayMessage,
  signedPayNotification,
  signedPayV3Notification
} from 'weixin-kit/simulator'
import { Yunpian } from 'weixin-kit/yunpian'
import { fcParameters } from '../support/fc-parameters.ts'
import { keepTelemetry } from '../support/telemetry.ts'

let kept: ReturnType<typeof keepTelemetry>
let instrumentation: Instrumentation
beforeEach(() => {
  kept = keepTelemetry()
  instrumentation = instrumentWeixinKit(kept.providers)
})
afterEach(() => instrumentation.disable())

/** Values that a call carried. Words of small letters are names of fields and kinds, and addresses are public. */
function valuesOf(text: string): string[] {
  return (text.match(/[\w+/=.-]{8,}/g) ?? []).filter((value) => !/^[a-z._/-]+$/i.test(value) || value.length > 30)
}

it('no attribute holds anything that genuine calls and notifications carry', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(1e9), async (seed) => {
      kept.spans.reset()
      const simulator = createSimulator({ seed })
      simulator.wechat.requireApiSecurity(['/wxa/getuserriskrank'])
      const { credentials: accounts } = simulator
      const carried: string[] = []
      const options = {
        ...simulator.clientOptions,
        fetch: async (input: string | URL | Request, init?: RequestInit) => {
          const response = await simulator.fetch(input, init)
          const { search } = new URL(input instanceof Request ? input.url : input)
          const headers = [...new Headers(init?.headers), ...response.headers].map(([, value]) => value)
          carried.push(
            search,
            ...headers,
            ...(typeof init?.body === 'string' ? [init.body] : []),
            await response.clone().text()
          )
          return response
        }
      }
      const { nextPlatformCertificates: _, ...apiSecurity } = accounts.apiSecurity
      const mp = new OfficialAccount({ ...accounts.officialAccount, ...options })
      const mini = new MiniProgram({ ...accounts.miniProgram, apiSecurity, ...options })
      const pay = new WeChatPay({ ...accounts.payV3, ...options, notifyUrl: 'https://a.example/pay' })
      const pay2 = new WeChatPayV2({ ...accounts.payV2, ...options, notifyUrl: 'https://a.example/pay' })
      const gateway = new MessageGateway(accounts.gateway)
      gateway.on('text', (message) => message.Content)
      const user = simulator.user({ id: 'ming', phone: '13800138000' })
      const openid = user.openid(accounts.officialAccount.appId)
      const payer = { openid }

      await mp.users.info(openid)
      await mp.jssdk.config({ url: 'https://a.example/', jsApiList: [] })
      await mini.auth.code2Session(user.login())
      await mini.security.riskRank({ openid: user.openid('miniProgram'), scene: 0, client_ip: '203.0.113.7' })
      const order = { description: 'Tea', out_trade_no: 'ORDER20260101', amount: { total: 100 }, payer }
      const { prepay_id } = await pay.transactions.jsapi(order)
      await user.pay(prepay_id)
      await pay.transactions.query({ out_trade_no: order.out_trade_no })
      await pay2.orders.query({ out_trade_no: order.out_trade_no })
      await pay.refunds.create({
        out_trade_no: order.out_trade_no,
        out_refund_no: 'REFUND20260101',
        amount: { refund: 40, total: 100, currency: 'CNY' }
      })
      await simulator.clock.advance(2 * 86_400_000)
      const day = new Date(simulator.clock.now() - 2 * 86_400_000)
      const dayInBeijing = new Date(day.getTime() + 8 * 3_600_000).toISOString().slice(0, 10)
      carried.push(JSON.stringify(await (await pay.bills.trade({ bill_date: dayInBeijing })).readAll()))
      carried.push(JSON.stringify(await (await pay2.bills.trade({ bill_date: day })).readAll()))
      await new Yunpian({ ...accounts.yunpian, ...options }).sms.singleSend({
        mobile: '13800138000',
        text: '【茶店】您的验证码是271828'
      })
      await new Qiniu({ ...accounts.qiniu, ...options }).upload(Buffer.from('picture-of-ming'), {
        key: 'ming/4711.txt'
      })
      await new Geetest({ ...accounts.geetest, ...options }).register({ session: openid })
      const now = { timestamp: Math.floor(simulator.clock.now() / 1000) }
      const traced = (handler: Parameters<typeof traceHandler>[0]) =>
        traceHandler(handler, { name: 'it', ...kept.providers })
      const fields = { out_trade_no: 'ORDER20260102', total_fee: 100, openid }
      const { appId, mchId, apiKey } = accounts.payV2
      const resource = {
        mchid: mchId,
        appid: appId,
        transaction_id: '4200000042202601011234567890',
        out_trade_no: 'ORDER20260103',
        trade_state: 'SUCCESS',
        payer,
        amount: { total: 100 }
      }
      const received: [Parameters<typeof traceHandler>[0], Request][] = [
        [
          gateway.handler(),
          await signedGatewayMessage({
            ...accounts.gateway,
            message: { MsgType: 'text', Content: 'diary-of-ming', FromUserName: openid }
          })
        ],
        [
          pay.notifyHandler({ onPaid: () => undefined }),
          await signedPayV3Notification({ apiV3Key: accounts.payV3.apiV3Key, resource, ...now })
        ],
        [pay2.notifyHandler({ onPaid: () => undefined }), await signedPayNotification({ appId, mchId, apiKey, fields })]
      ]
      for (const [handler, request] of received) {
        carried.push(request.url, await request.clone().text(), JSON.stringify([fields, resource]))
        await traced(handler)(request)
      }
      const seen = await kept.everything()
      expect(kept.spans.getFinishedSpans().length).toBeGreaterThan(15)
      const values = new Set(carried.flatMap(valuesOf))
      expect(values.size).toBeGreaterThan(60)
      expect([...values].filter((value) => seen.includes(value))).toEqual([])
    }),
    fcParameters(5, 200)
  )
}, 600_000)
