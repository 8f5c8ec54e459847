import { expect, it } from 'vitest'
import { Geetest } from 'weixin-kit/geetest'
import { MiniProgram } from 'weixin-kit/miniapp'
import { OfficialAccount } from 'weixin-kit/mp'
import { WeChatPay } from 'weixin-kit/pay'
import { WeChatPayV2 } from 'weixin-kit/pay/v2'
import { Qiniu } from 'weixin-kit/qiniu'
import { createSimulator } from 'weixin-kit/simulator'
import { Yunpian } from 'weixin-kit/yunpian'
import { maskHeader, maskText } from '../../src/simulator/console/mask-text.ts'

it('shows no secret of an account or a person while secrets are hidden', async () => {
  const simulator = createSimulator({ seed: 'console-secrets' })
  const { credentials, clientOptions } = simulator
  const user = simulator.user({ id: 'ming', phone: '13800138000' })
  const qiniu = new Qiniu({ ...credentials.qiniu, ...clientOptions })
  const mp = new OfficialAccount({ ...credentials.officialAccount, ...clientOptions })
  const mini = new MiniProgram({ ...credentials.miniProgram, ...clientOptions })
  const geetest = new Geetest({ ...credentials.geetest, ...clientOptions })

  await new Yunpian({ ...credentials.yunpian, ...clientOptions }).sms.singleSend({
    mobile: '13800138000',
    text: '【Shop】您的验证码是1234'
  })
  const plain = new OfficialAccount({ ...credentials.officialAccount, ...clientOptions, tokenKind: 'plain' })
  const secrets = [await plain.accessToken.get(), await mp.accessToken.get(), await mini.accessToken.get()]
  await mp.users.list()
  await mp.jssdk.config({ url: 'https://m.example.com/', jsApiList: [] })
  secrets.push(await mp.jssdk.ticket())
  const session = await mini.auth.code2Session(user.login())
  secrets.push(session.session_key)
  const order = { out_trade_no: 'T20260101000001', openid: user.openid() }
  const payV2 = new WeChatPayV2({ ...credentials.payV2, ...clientOptions, notifyUrl: 'https://shop.example.com/v2' })
  await payV2.orders.unified({
    ...order,
    trade_type: 'JSAPI',
    body: 'Tea',
    total_fee: 1,
    spbill_create_ip: '203.0.113.7'
  })
  const pay = new WeChatPay({ ...credentials.payV3, ...clientOptions, notifyUrl: 'https://shop.example.com/v3' })
  await pay.transactions.jsapi({
    out_trade_no: 'T20260101000002',
    description: 'Tea',
    amount: { total: 1 },
    payer: { openid: order.openid }
  })
  await qiniu.upload(Buffer.from('hello'), { key: 'hello.txt' })
  await qiniu.objects.stat('hello.txt')
  await geetest.register({ session: 'ming' })

  const { officialAccount, miniProgram, payV2: v2, payV3: v3 } = credentials
  secrets.push(officialAccount.appSecret, miniProgram.appSecret, v2.apiKey, v3.apiV3Key, credentials.qiniu.secretKey)
  secrets.push(credentials.yunpian.apiKey, credentials.geetest.privateKey)
  secrets.push(
    ...simulator.log.entries.flatMap(({ requestHeaders, requestBody }) => signaturesOf(requestHeaders, requestBody))
  )
  const shown = simulator.log.entries.map((entry) => {
    const headers = [...(entry.requestHeaders ?? []), ...(entry.responseHeaders ?? [])]
    const texts = [entry.url, entry.requestBody, entry.responseBody].map(maskText)
    return [...texts, ...headers.map(([name, value]) => maskHeader(name, value))].join('\n')
  })
  const leaks = secrets.filter((secret) => shown.some((text) => text.includes(secret)))
  expect(leaks).toEqual([])
})

/** What a request proves itself with: as good as a password while it is valid. */
function signaturesOf(headers: Headers | undefined, body: string): string[] {
  const header = headers?.get('authorization') ?? ''
  const found = [/signature="([^"]+)"/.exec(header)?.[1], /^(?:QBox|Qiniu|UpToken) (\S+)/.exec(header)?.[1]]
  found.push(/name="token"\r\n\r\n(\S+)/.exec(body)?.[1], /<sign>(?:<!\[CDATA\[)?(\w+)/.exec(body)?.[1])
  return found.filter((one) => one !== undefined)
}
