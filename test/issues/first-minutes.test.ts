import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import Koa from 'koa'
import { describe, expect, it } from 'vitest'
import { isWeixinKitError, route } from 'weixin-kit'
import { MessageGateway, signedGatewayRequest } from 'weixin-kit/gateway'
import { toKoaMiddleware } from 'weixin-kit/koa'
import { explainSign } from 'weixin-kit/pay/v2'
import { fcParameters } from '../support/fc-parameters.ts'
import { listen } from '../support/loopback.ts'
import { payWith } from '../support/pay-v3.ts'

describe('the row of the README for those who come from co-wechat', () => {
  const account = { appId: 'wx0123456789abcdef', token: 'token' }

  it('mounts by route: other paths stay the application’s, and its own responses', async () => {
    for (const name of ['README.md', 'README.zh-CN.md']) {
      const row = readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8').match(/^\| co-wechat \|.*$/m)?.[0]
      expect(row).toContain("app.use(toKoaMiddleware(route({ '/wechat': gateway.handler() })))")
    }
    const gateway = new MessageGateway(account)
    gateway.on('text', () => 'hi')
    const app = new Koa()
    app.use(toKoaMiddleware(route({ '/wechat': gateway.handler() })))
    app.use((context) => {
      context.body = 'shop'
    })
    const server = await listen(app.callback())
    try {
      expect(await (await fetch(`${server.url}/`)).text()).toBe('shop')
      const message = signedGatewayRequest(
        '<xml><ToUserName>gh_1</ToUserName><FromUserName>o1</FromUserName><CreateTime>1</CreateTime><MsgType>text</MsgType><Content>x</Content><MsgId>1</MsgId></xml>',
        account
      )
      const { search } = new URL(message.url)
      const response = await fetch(`${server.url}/wechat${search}`, { method: 'POST', body: await message.text() })
      expect(await response.text()).toContain('<Content><![CDATA[hi]]></Content>')
    } finally {
      await server.close()
    }
  })
})

describe('explainSign', () => {
  const { pay } = payWith(() => new Response())
  const options = { apiKey: '192006250b4c09247ec02edce69f6a2d' }
  const anything = fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withNullPrototype: true,
    withTypedArray: true
  })
  const onlyTyped = (work: () => unknown) => {
    try {
      work()
    } catch (error) {
      if (!isWeixinKitError(error)) throw error
    }
  }

  it('of v3 throws typed errors only, whatever it is given', () => {
    const header = fc.oneof(fc.string(), anything, fc.constant('WECHATPAY2-SHA256-RSA2048 mchid="1",signature="%"'))
    const params = fc.record({
      method: fc.oneof(fc.constant('GET'), anything),
      url: fc.oneof(fc.webUrl(), anything),
      body: fc.oneof(fc.string(), fc.constant(undefined), anything),
      authorization: header
    })
    fc.assert(
      fc.property(fc.oneof(params, anything), (given) => onlyTyped(() => pay.explainSign(given as never))),
      fcParameters(300)
    )
  })

  it('of v2 throws typed errors only, whatever it is given', () => {
    const fields = fc.dictionary(
      fc.oneof(fc.string(), fc.constantFrom('sign', 'sign_type', 'paySign', 'attach')),
      anything
    )
    fc.assert(
      fc.property(fc.oneof(fields, fc.string(), anything), anything, (given, other) => {
        onlyTyped(() => explainSign(given as never, options))
        onlyTyped(() => explainSign(given as never, other as never))
      }),
      fcParameters(300)
    )
  })
})
