import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { MiniProgram } from 'weixin-kit/miniapp'
import { OfficialAccount } from 'weixin-kit/mp'
import { WeChatPay } from 'weixin-kit/pay'
import { WeChatPayV2 } from 'weixin-kit/pay/v2'
import { Qiniu } from 'weixin-kit/qiniu'
import { createSimulator } from 'weixin-kit/simulator'
import { Yunpian } from 'weixin-kit/yunpian'

const turnOfTheEventLoop = promisify(setImmediate)

// Whoever tests an application under fake timers must see first calls leave and return: no timer is waited for.
beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const json = async (body: unknown) => Response.json(body)
const account = { appId: 'wx0123456789abcdef', appSecret: '0123456789abcdef0123456789abcdef' }
const withToken = (body: unknown) => (url: string | URL | Request) =>
  json(
    String(url instanceof Request ? url.url : url).includes('stable_token')
      ? { access_token: 'T'.repeat(64), expires_in: 7200 }
      : body
  )

const CALLS: Record<string, () => Promise<unknown>> = {
  'Official Account': () =>
    new OfficialAccount({ ...account, fetch: withToken({ openid: 'o1', subscribe: 1 }) }).users.info('o1'),
  'Mini Program': () =>
    new MiniProgram({
      ...account,
      fetch: () => json({ openid: 'o1', session_key: 'a2V5a2V5a2V5a2V5a2V5aw==' })
    }).auth.code2Session('c'),
  'WeChat Pay v2': () =>
    new WeChatPayV2({
      appId: account.appId,
      mchId: '1600000000',
      apiKey: account.appSecret,
      fetch: () => json({})
    }).orders.query({
      out_trade_no: 'T1'
    }),
  'WeChat Pay v3': () => {
    const { payV3 } = createSimulator().credentials
    return new WeChatPay({ ...payV3, fetch: () => json({}) }).transactions.query({ out_trade_no: 'T1' })
  },
  Qiniu: () =>
    new Qiniu({ accessKey: 'AK', secretKey: 'SK', bucket: 'b', fetch: () => json({ fsize: 1 }) }).request({
      method: 'GET',

      path: '/'
    }),
  Yunpian: () => new Yunpian({ apiKey: account.appSecret, fetch: () => json({ code: 0 }) }).user.get()
}

it.each(Object.entries(CALLS))('a first call of %s returns', async (_, call) => {
  let isSettled = false
  const settle = () => {
    isSettled = true
  }
  void call().then(settle, settle)
  // Signing with RSA runs on the thread pool and takes a few milliseconds.
  for (let turn = 0; turn < 100_000 && !isSettled; turn++) await turnOfTheEventLoop()
  expect(isSettled).toBe(true)
})
