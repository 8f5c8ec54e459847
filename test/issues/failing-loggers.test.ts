import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Logger } from 'weixin-kit'
import { MessageGateway, signedGatewayRequest } from 'weixin-kit/gateway'
import { Geetest } from 'weixin-kit/geetest'
import { MiniProgram } from 'weixin-kit/miniapp'
import { OfficialAccount } from 'weixin-kit/mp'
import { WeChatPay } from 'weixin-kit/pay'
import { WeChatPayV2 } from 'weixin-kit/pay/v2'
import { Qiniu } from 'weixin-kit/qiniu'
import { createSimulator, signedPayV3Notification, signedQiniuCallback } from 'weixin-kit/simulator'
import { Yunpian } from 'weixin-kit/yunpian'

/** What would end the process, had nobody a listener. */
const rejections: unknown[] = []
const note = (reason: unknown) => void rejections.push(reason)
let others: NodeJS.UnhandledRejectionListener[] = []

beforeEach(() => {
  others = process.listeners('unhandledRejection')
  process.removeAllListeners('unhandledRejection')
  process.on('unhandledRejection', note)
})
afterEach(() => {
  process.off('unhandledRejection', note)
  for (const other of others) process.on('unhandledRejection', other)
})

const loggerOf = (fails: () => unknown): Logger => ({ debug: fails, info: fails, warn: fails, error: fails })
const LOGGERS = {
  throws: loggerOf(() => {
    throw new Error('the logger is down')
  }),
  rejects: loggerOf(() => Promise.reject(new Error('the logger is down')))
}

describe.each(Object.entries(LOGGERS))('a logger that %s', (_, logger) => {
  it('fails no call and no handler, and ends no process', async () => {
    const simulator = createSimulator()
    const { credentials, clientOptions } = simulator
    const options = { ...clientOptions, logger }
    const user = simulator.user('ming')
    const post = (path: string) => new Request(`https://shop.example.com${path}`, { method: 'POST', body: 'a=1' })

    const pay = new WeChatPay({ ...credentials.payV3, ...options, notifyUrl: 'https://shop.example.com/n' })
    const payV2 = new WeChatPayV2({ ...credentials.payV2, ...options, notifyUrl: 'https://shop.example.com/n' })
    const geetest = new Geetest({ ...credentials.geetest, ...options })
    const qiniu = new Qiniu({ ...credentials.qiniu, ...options })
    const yunpian = new Yunpian({ ...credentials.yunpian, ...options })
    const order = { out_trade_no: 'T20260101000001', openid: user.openid() }
    await pay.transactions.jsapi({
      ...order,
      description: 'Tea',
      amount: { total: 1 },
      payer: { openid: order.openid }
    })
    await payV2.orders.unified({
      ...order,
      out_trade_no: 'T20260101000002',
      trade_type: 'JSAPI',
      body: 'Tea',
      total_fee: 1,
      spbill_create_ip: '1.1.1.1'
    })
    await new OfficialAccount({ ...credentials.officialAccount, ...options }).users.list()
    await new MiniProgram({ ...credentials.miniProgram, ...options }).session.start(user.login())
    await qiniu.upload(Buffer.from('hello'), { key: 'hello.txt' })
    simulator.geetest.setDown(true)
    expect((await geetest.register({ session: 'ming' })).challenge.success).toBe(0)

    const down = () => {
      throw new Error('The database is away')
    }
    const resource = {
      mchid: pay.mchId,
      out_trade_no: 'T1',
      transaction_id: '4',
      trade_state: 'SUCCESS',
      amount: { total: 1 }
    }
    const genuine = signedPayV3Notification({ apiV3Key: credentials.payV3.apiV3Key, resource })
    expect((await pay.notifyHandler({ onPaid: down })(genuine)).status).toBe(500)
    expect((await pay.notifyHandler({ onPaid: down })(post('/n'))).status).toBe(401)
    expect((await payV2.notifyHandler({ onPaid: down })(post('/n'))).status).toBe(400)
    const callback = signedQiniuCallback({ ...credentials.qiniu, body: { key: 'a' } })
    expect((await qiniu.callbackHandler({ onUploaded: down })(callback)).status).toBe(500)
    expect((await yunpian.replyHandler({ onReply: down })(post('/reply'))).status).toBe(400)

    const account = { appId: 'wx0123456789abcdef', token: 'token' }
    const gateway = new MessageGateway({ ...account, logger })
    gateway.on('text', down)
    const message = { ToUserName: 'gh_1', FromUserName: 'o1', MsgType: 'text', Content: 'hi', MsgId: '1' }
    expect((await gateway.handler()(signedGatewayRequest(message, account))).status).toBe(200)
    expect((await gateway.handler()(post('/wechat'))).status).toBe(401)

    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(rejections.splice(0)).toEqual([])
  })
})
