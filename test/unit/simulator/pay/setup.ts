import { afterEach } from 'vitest'
import { createSimulator, type Simulator, SimulatorClock, type SimulatorOptions } from 'weixin-kit/simulator'
import { v2Caller, v3Caller } from '../../../support/pay-callers.ts'

/** 2025-06-10 12:00:00 in Beijing. */
export const START = Date.UTC(2025, 5, 10, 4)
const open: Simulator[] = []

afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()))
})

/** A notification that the application under test received. */
export interface Received {
  readonly url: string
  readonly body: string
  readonly headers: Headers
}

/** A simulator with a clock that stands still and an application that accepts every notification. */
export function setup(options: SimulatorOptions = {}) {
  const received: Received[] = []
  const answers: Response[] = []
  const simulator = createSimulator({
    clock: new SimulatorClock({ startAt: START }),
    seed: 'pay',
    deliver: async (request) => {
      const body = await request.text()
      received.push({ url: request.url, body, headers: request.headers })
      const next = answers.shift()
      if (next) return next
      return body.startsWith('<')
        ? new Response('<xml><return_code><![CDATA[SUCCESS]]></return_code></xml>')
        : new Response(null, { status: 204 })
    },
    ...options
  })
  open.push(simulator)
  const appId = simulator.credentials.officialAccount.appId
  const user = simulator.user('ming')
  return {
    simulator,
    received,
    /** What the application answers to the next notifications. */
    answers,
    appId,
    user,
    openid: user.openid(appId),
    v2: v2Caller(simulator),
    v3: v3Caller(simulator),
    mchId: simulator.credentials.payV2.mchId
  }
}

export type Setup = ReturnType<typeof setup>

export const v2Order = ({ appId, openid }: Pick<Setup, 'appId' | 'openid'>, outTradeNo: string, fee = 100) => ({
  appid: appId,
  body: '模拟商品',
  out_trade_no: outTradeNo,
  total_fee: fee,
  spbill_create_ip: '127.0.0.1',
  notify_url: 'https://shop.example.com/v2/notify',
  trade_type: 'JSAPI',
  openid
})

export const v3Order = (
  { appId, openid, mchId }: Pick<Setup, 'appId' | 'openid' | 'mchId'>,
  outTradeNo: string,
  total = 100
) => ({
  appid: appId,
  mchid: mchId,
  description: '模拟商品',
  out_trade_no: outTradeNo,
  notify_url: 'https://shop.example.com/v3/notify',
  amount: { total, currency: 'CNY' },
  payer: { openid }
})
