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
import { createSimulator, signedGatewayMessage } from 'weixin-kit/simulator'
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

const silent = { error: () => undefined, warn: () => undefined, info: () => undefined, debug: () => undefined }
const { credentials } = createSimulator()
const appId = 'wx0123456789abcdef'

/** What an upstream, a proxy or the runtime may do with what it was sent: quote it everywhere. */
const UPSTREAMS: ((secret: string) => Response | Promise<Response>)[] = [
  (s) => Response.json({ errcode: 40001, errmsg: `invalid credential ${s}`, access_token: s, session_key: s }),
  (s) => Response.json({ errcode: s, errmsg: s }),
  (s) => Response.json({ code: s, message: s, detail: { value: s } }, { status: 400, headers: { 'request-id': s } }),
  (s) => Response.json({ code: s, msg: s, detail: s }, { status: 500 }),
  (s) => Response.json({ error: s, error_code: s }, { status: 401, headers: { 'x-reqid': s } }),
  (s) => new Response(`<xml><return_code>FAIL</return_code><return_msg>${s}</return_msg></xml>`),
  (s) =>
    new Response(
      `<xml><return_code>SUCCESS</return_code><result_code>FAIL</result_code><err_code>${s}</err_code><err_code_des>${s}</err_code_des></xml>`
    ),
  (s) => new Response(`<html>502 ${s}</html>`, { status: 502, statusText: s }),
  (s) => Promise.reject(Object.assign(new TypeError(`fetch failed for ${s}`), { code: s, name: s })),
  (s) => Promise.reject(Object.assign(new TypeError('x'), { cause: Object.assign(new Error(s), { code: s }) }))
]

/** Keys are hex or letters and digits; one that a person types may be of capital letters or digits alone. */
const letters = (length: number) =>
  fc.oneof(
    fc.stringMatching(new RegExp(`^[A-Za-z0-9]{${length}}$`)),
    fc.stringMatching(new RegExp(`^[A-Z]{${length}}$`)),
    fc.stringMatching(new RegExp(`^[0-9]{${length}}$`))
  )
const hex32 = fc.stringMatching(/^[0-9a-f]{32}$/)
const SECRETS = fc.record({
  appSecret: hex32,
  apiKey: letters(32),
  apiV3Key: letters(32),
  token: letters(24),
  encodingAESKey: fc.stringMatching(/^[A-Za-z0-9]{42}[AEIMQUYcgkosw048]$/),
  symmetricKey: fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('base64')),
  secretKey: letters(40),
  smsKey: hex32,
  captchaKey: hex32,
  proxyPassword: fc.stringMatching(/^[A-Za-z0-9]{19}[0-9]$/),
  // What people and orders are called.
  openid: letters(28),
  number: fc.stringMatching(/^[A-Z0-9]{19}[0-9]$/),
  phone: fc.stringMatching(/^1[3-9][0-9]{9}$/)
})

it('no attribute holds a secret of an option, a parameter or a response, whatever an upstream does', async () => {
  await fc.assert(
    fc.asyncProperty(SECRETS, fc.nat(UPSTREAMS.length - 1), async (secret, which) => {
      kept.spans.reset()
      const all = Object.values(secret)
      let turn = 0
      const options = {
        logger: silent,
        maxRetries: 0,
        timeoutMs: 1000,
        fetch: async () => (UPSTREAMS[which] ?? expect.fail())(all[turn++ % all.length] ?? '')
      }
      const base = (host: string) => `https://user:${secret.proxyPassword}@${host}`
      const { privateKey, privateKeySn, platformCertificates } = credentials.apiSecurity
      const mp = new OfficialAccount({ appId, appSecret: secret.appSecret, ...options })
      const mini = new MiniProgram({
        appId: credentials.miniProgram.appId,
        appSecret: secret.appSecret,
        apiSecurity: {
          symmetricKey: { sn: 'sn', key: secret.symmetricKey },
          privateKey,
          privateKeySn,
          platformCertificates
        },
        ...options
      })
      const pay = new WeChatPay({ ...credentials.payV3, apiV3Key: secret.apiV3Key, ...options })
      const pay2 = new WeChatPayV2({ ...credentials.payV2, apiKey: secret.apiKey, ...options })
      const qiniu = new Qiniu({ ...credentials.qiniu, secretKey: secret.secretKey, ...options })
      const sms = new Yunpian({ apiKey: secret.smsKey, ...options })
      const geetest = new Geetest({ captchaId: 'a'.repeat(32), privateKey: secret.captchaKey, ...options })
      const gateway = new MessageGateway({
        appId,
        token: secret.token,
        encodingAESKey: secret.encodingAESKey,
        logger: silent
      })
      const fails = () =>
        Promise.reject(Object.assign(new Error(secret.openid), { code: secret.token, name: secret.token }))
      gateway.on('text', fails)
      const { openid, number, phone } = secret
      const order = {
        description: openid,
        out_trade_no: number,
        notify_url: `https://a.example/${openid}`,
        amount: { total: 1 }
      }
      const transfer = {
        partner_trade_no: number,
        openid,
        check_name: 'FORCE_CHECK',
        re_user_name: phone,
        amount: 100,
        desc: openid
      }
      const hostile = (path: string) =>
        new Request(
          `https://a.example/${path}?signature=${secret.token}&msg_signature=${openid}&timestamp=1&nonce=${phone}`,
          {
            method: path === 'a' ? 'POST' : number,
            headers: { 'wechatpay-signature': secret.apiKey, 'wechatpay-serial': number, authorization: secret.token },
            body: all.join()
          }
        )
      const traced = (handler: Parameters<typeof traceHandler>[0]) =>
        traceHandler(handler, { name: 'it', ...kept.providers })
      const message = await signedGatewayMessage({
        appId,
        token: secret.token,
        encodingAESKey: secret.encodingAESKey,
        message: { MsgType: 'text', Content: phone, FromUserName: openid }
      })
      const calls: (() => unknown)[] = [
        () => mp.users.info(openid),
        () => mp.quota.clearWithAppSecret(),
        () => mp.oauth.exchangeCode(number),
        () => mp.jssdk.config({ url: `https://a.example/${openid}`, jsApiList: [] }),
        () => mp.request({ method: 'POST', path: `/cgi-bin/${number}`, query: { openid }, body: { phone } }),
        () => mini.auth.code2Session(number),
        () => mini.security.riskRank({ openid, scene: 0, client_ip: '203.0.113.7', mobile_no: phone }),
        () => pay.transactions.jsapi({ ...order, payer: { openid } }),
        () => pay.transactions.query({ out_trade_no: number }),
        () => pay.bills.trade({ bill_date: '2026-03-01' }),
        () => pay.request({ method: 'POST', path: `/v3/${number}/${openid}`, query: { phone }, body: { openid } }),
        () => pay2.orders.query({ out_trade_no: number }),
        () => pay2.bills.trade({ bill_date: '20260301' }),
        () => pay2.transfers.create(transfer as never),
        () => qiniu.upload(Buffer.from(phone), { key: openid }),
        () => qiniu.request({ path: `/stat/${number}` } as never),
        () => sms.sms.singleSend({ mobile: phone, text: `【店】您的验证码是${number}` }),
        () => geetest.register({ session: openid }),
        () => new Yunpian({ apiKey: secret.smsKey, ...options, baseUrl: base('sms.example.com') }).user.get(),
        () =>
          new WeChatPay({ ...credentials.payV3, ...options, baseUrl: base('pay.example.com') }).transactions.close({
            out_trade_no: number
          }),
        () => traced(gateway.handler())(hostile('a')),
        () => traced(gateway.handler())(hostile(openid)),
        () => traced(gateway.handler())(message),
        () => traced(pay.notifyHandler({ onPaid: fails }))(hostile('a')),
        () => traced(pay2.notifyHandler({ onPaid: fails }))(hostile('a')),
        () => traced(qiniu.callbackHandler({ onUploaded: fails } as never))(hostile('a')),
        () => traced(fails)(hostile('a'))
      ]
      await Promise.all(
        calls.map(async (call) =>
          Promise.resolve()
            .then(call)
            .catch(() => undefined)
        )
      )
      const seen = await kept.everything()
      expect(kept.spans.getFinishedSpans().length).toBeGreaterThan(20)
      for (const [name, value] of Object.entries(secret))
        if (seen.includes(value))
          expect.fail(`${name} ${value} in ${seen.slice(Math.max(0, seen.indexOf(value) - 300))}`)
    }),
    fcParameters(40)
  )
}, 600_000)
