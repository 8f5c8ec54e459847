import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { type FetchHandler, memoryStore } from 'weixin-kit'
import { MessageGateway, signedGatewayRequest } from 'weixin-kit/gateway'
import { WeChatPay } from 'weixin-kit/pay'
import { WeChatPayV2 } from 'weixin-kit/pay/v2'
import { Qiniu } from 'weixin-kit/qiniu'
import {
  createSimulator,
  signedPayNotification,
  signedPayV3Notification,
  signedQiniuCallback,
  yunpianStatusPush
} from 'weixin-kit/simulator'
import { Yunpian } from 'weixin-kit/yunpian'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] })
})
afterEach(() => {
  vi.useRealTimers()
})

const { credentials } = createSimulator()
const { payV2, payV3, qiniu, yunpian } = credentials
const SECRET = 'a-secret-of-the-address'

interface Given {
  callback(given: unknown): Promise<unknown>
  onError(error: unknown): void
}

const RECEIVERS: readonly (readonly [string, (given: Given) => FetchHandler, () => Request])[] = [
  [
    'a notification of API v3',
    ({ callback, onError }) => new WeChatPay(payV3).notifyHandler({ onPaid: callback, onError }),
    () =>
      signedPayV3Notification({
        apiV3Key: payV3.apiV3Key,
        id: 'N1',
        resource: {
          mchid: payV3.mchId,
          appid: payV3.appId,
          out_trade_no: 'T1',
          transaction_id: '4200000001',
          trade_state: 'SUCCESS',
          amount: { total: 1 }
        }
      })
  ],
  [
    'a notification of API v2',
    ({ callback, onError }) =>
      new WeChatPayV2({ ...payV2, signType: 'MD5' }).notifyHandler({ onPaid: callback, onError }),
    () =>
      signedPayNotification({
        ...payV2,
        signType: 'MD5',
        fields: { out_trade_no: 'T1', transaction_id: '42', total_fee: 1 }
      })
  ],
  [
    'a callback of Qiniu',
    ({ callback, onError }) =>
      new Qiniu(qiniu).callbackHandler({ onUploaded: callback, onError, store: memoryStore() }),
    () => signedQiniuCallback({ ...qiniu, body: { key: 'a.jpg' } })
  ],
  [
    'a push of Yunpian',
    ({ callback, onError }) => new Yunpian(yunpian).statusHandler({ secret: SECRET, onStatus: callback, onError }),
    () =>
      yunpianStatusPush({
        url: `https://shop.example.com/push?secret=${SECRET}`,
        statuses: [{ sid: '9', mobile: '13800138000' }]
      })
  ]
]

it.each(RECEIVERS)(
  '%s whose callback never ends is given up after ten minutes, reported, and handled when it comes again',
  async (_, make, request) => {
    const errors: unknown[] = []
    let calls = 0
    const handler = make({
      callback: () => (++calls === 1 ? new Promise(() => undefined) : Promise.resolve()),
      onError: (error) => void errors.push(error)
    })
    const first = handler(request())
    await vi.advanceTimersByTimeAsync(9 * 60_000)
    expect(errors).toEqual([])
    await vi.advanceTimersByTimeAsync(60_000)
    expect((await first).status).toBe(500)
    expect(errors).toEqual([expect.objectContaining({ code: 'ERR_TIMEOUT' })])
    expect((await handler(request())).status).toBeLessThan(300)
    expect(calls).toBe(2)
  }
)

it.each(['memory', 'store'])('so is a payment event of a mini program, with %s', async (kind) => {
  const errors: unknown[] = []
  let calls = 0
  const account = { appId: 'wx0123456789abcdef', token: 'token' }
  const gateway = new MessageGateway({
    ...account,
    ...(kind === 'store' ? { store: memoryStore() } : {}),
    setTimer: (run, ms) => {
      const timer = setTimeout(run, ms)
      return () => clearTimeout(timer)
    },
    onError: (error) => void errors.push(error)
  })
  gateway.on('event.xpay_goods_deliver_notify', () => (++calls === 1 ? new Promise(() => undefined) : undefined))
  const deliver = async () => {
    const message = { ToUserName: 'gh_1', FromUserName: 'o1', MsgType: 'event', Event: 'xpay_goods_deliver_notify' }
    const fields = { ...message, OpenId: 'o1', OutTradeNo: 'T1', Env: 0 }
    const before = calls
    const response = gateway.handler()(signedGatewayRequest(fields, account))
    // The body of a request is read in turns of the event loop, which are not timers.
    for (let turn = 0; turn < 20 && calls === before; turn++) await new Promise((resolve) => setImmediate(resolve))
    await vi.advanceTimersByTimeAsync(5_000)
    return (await response).text()
  }
  expect(await deliver()).toContain('fail')
  await vi.advanceTimersByTimeAsync(10 * 60_000)
  expect(errors).toEqual([expect.objectContaining({ code: 'ERR_TIMEOUT' })])
  expect(await deliver()).toContain('success')
  expect(calls).toBe(2)
})
