import { inspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isWeixinKitError } from 'weixin-kit'
import { MessageGateway } from 'weixin-kit/gateway'
import { Geetest } from 'weixin-kit/geetest'
import { MiniProgram } from 'weixin-kit/miniapp'
import { OfficialAccount } from 'weixin-kit/mp'
import { WeChatPay } from 'weixin-kit/pay'
import { WeChatPayV2 } from 'weixin-kit/pay/v2'
import { Qiniu } from 'weixin-kit/qiniu'
import { createSimulator } from 'weixin-kit/simulator'
import { Yunpian } from 'weixin-kit/yunpian'
import { fcParameters } from '../support/fc-parameters.ts'

const { credentials } = createSimulator()
const appId = 'wx0123456789abcdef'
const lines: string[] = []
const write = (message: string, fields?: unknown) => void lines.push(message + inspect(fields, { depth: 10 }))
const logger = { debug: write, info: write, warn: write, error: write }

/** Answers that upstreams and proxies really give, with what was sent thrown back: the worst that an error can quote. */
const ANSWERS: ((echo: string) => Response | Promise<Response>)[] = [
  (echo) => new Response(JSON.stringify({ errcode: 40001, errmsg: `invalid credential ${echo}` })),
  (echo) => new Response(`<html>502 ${echo}</html>`, { status: 502 }),
  (echo) => new Response(`<xml><return_code>FAIL</return_code><return_msg>${echo}</return_msg></xml>`),
  (echo) => new Response(JSON.stringify({ code: 'SIGN_ERROR', message: echo }), { status: 401 }),
  (echo) => new Response(JSON.stringify({ code: 1, msg: echo, error: echo }), { status: 400 }),
  () =>
    Promise.reject(
      Object.assign(new TypeError('fetch failed'), { cause: Object.assign(new Error('x'), { code: 'ECONNRESET' }) })
    ),
  (echo) => Promise.reject(new TypeError(`fetch failed for ${echo}`))
]

const hex32 = fc.stringMatching(/^[0-9a-f]{32}$/)
const word = fc.stringMatching(/^[A-Za-z0-9]{32}$/)
const aesKey = fc.stringMatching(/^[A-Za-z0-9]{42}[AEIMQUYcgkosw048]$/)

describe('no secret of a configuration is printed', () => {
  it('by clients, errors, stacks, causes or logs', async () => {
    const secrets = fc.record({
      appSecret: hex32,
      apiKey: hex32,
      apiV3Key: word,
      token: word,
      encodingAESKey: aesKey,
      secretKey: word,
      yunpianKey: hex32,
      geetestKey: hex32
    })
    await fc.assert(
      fc.asyncProperty(secrets, fc.nat(ANSWERS.length - 1), async (secret, which) => {
        lines.length = 0
        const all = Object.values(secret)
        // Each upstream knows the secret that was sent to it, and quotes it under no name at all.
        const shared = (own: string) => ({
          logger,
          maxRetries: 0,
          fetch: async () => (ANSWERS[which] ?? expect.fail())(`you sent ${own}, key=${own}`)
        })
        const mp = new OfficialAccount({ appId, appSecret: secret.appSecret, ...shared(secret.appSecret) })
        const mini = new MiniProgram({ appId, appSecret: secret.appSecret, ...shared(secret.appSecret) })
        const gateway = new MessageGateway({
          appId,
          token: secret.token,
          encodingAESKey: secret.encodingAESKey,
          logger
        })
        const pay2 = new WeChatPayV2({ ...credentials.payV2, apiKey: secret.apiKey, ...shared(secret.apiKey) })
        const pay3 = new WeChatPay({ ...credentials.payV3, apiV3Key: secret.apiV3Key, ...shared(secret.apiV3Key) })
        const qiniu = new Qiniu({
          accessKey: 'AK',
          secretKey: secret.secretKey,
          bucket: 'photos',
          domain: 'cdn.example.com',
          ...shared(secret.secretKey)
        })
        const sms = new Yunpian({ apiKey: secret.yunpianKey, ...shared(secret.yunpianKey) })
        const geetest = new Geetest({
          captchaId: 'a'.repeat(32),
          privateKey: secret.geetestKey,
          ...shared(secret.geetestKey)
        })
        const calls = [
          () => mp.users.info('openid'),
          () => mp.quota.clearWithAppSecret(),
          () => mini.auth.code2Session('code'),
          () => pay2.orders.query({ out_trade_no: 'T1' }),
          () => pay3.transactions.query({ out_trade_no: 'T20260101' }),
          () => qiniu.upload(Buffer.from('x'), { key: 'x' }),
          () => sms.user.get(),
          () => geetest.register({ session: 'u' }),
          () =>
            gateway.handler()(
              new Request('http://localhost/?signature=1&timestamp=2&nonce=3', { method: 'POST', body: secret.token })
            )
        ]
        const printed: string[] = []
        const record = (value: unknown) =>
          printed.push(inspect(value, { depth: 12, showHidden: true }), String(value), JSON.stringify(value) ?? '')
        for (const client of [mp, mini, gateway, pay2, pay3, qiniu, sms, geetest]) record(client)
        for (const call of calls) {
          try {
            const result = await call()
            if (result instanceof Response) printed.push(await result.text())
          } catch (error) {
            if (!isWeixinKitError(error)) throw error
            record(error)
            for (let at: unknown = error; at instanceof Error; at = at.cause) printed.push(at.stack ?? '', at.message)
          }
        }
        const text = printed.join('\n') + lines.join('\n')
        for (const value of all)
          if (text.includes(value))
            return expect.fail(
              `printed a secret of ${Object.entries(secret).find(([, one]) => one === value)?.[0]}: …${text.slice(Math.max(0, text.indexOf(value) - 300), text.indexOf(value))}`
            )
        const key = credentials.payV3.privateKey.split('\n')[3] ?? expect.fail()
        expect(text).not.toContain(key)
        return true
      }),
      fcParameters(40)
    )
  }, 600_000)
})
