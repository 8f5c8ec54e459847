// Events of order shipping, virtual payment and publishing: taken once, and only from WeChat and for this account.
import { describe, expect, it } from 'vitest'
import { MessageGateway, signedGatewayRequest } from 'weixin-kit/gateway'

const account = {
  appId: 'wx0123456789abcdef',
  token: 'token',
  encodingAESKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG'
}
const originalId = 'gh_abcdef012345'
const NOW = 1_760_000_000

const EVENTS: Readonly<Record<string, object>> = {
  trade_manage_remind_shipping: { merchant_trade_no: 'T1', transaction_id: '42', msg: 'ship' },
  trade_manage_order_settlement: { merchant_trade_no: 'T1', transaction_id: '42', confirm_receive_method: '1' },
  xpay_goods_deliver_notify: {
    OpenId: 'o1',
    OutTradeNo: 'T1',
    Env: '0',
    GoodsInfo: { ProductId: 'g1', Quantity: '1' }
  },
  xpay_coin_pay_notify: { OpenId: 'o1', OutTradeNo: 'T2', Env: '0', CoinInfo: { Quantity: '10' } },
  PUBLISHJOBFINISH: { PublishEventInfo: { publish_id: '1', publish_status: '0', article_id: 'a1' } },
  MASSSENDJOBFINISH: { MsgID: '1000001625', Status: 'send success', TotalCount: '1', SentCount: '1' }
}

function receive(event: string) {
  const seen: unknown[] = []
  const errors: unknown[] = []
  let now = NOW
  const gateway = new MessageGateway({
    ...account,
    originalId,
    clock: () => now * 1000,
    logger: { warn: (_, fields) => void errors.push(fields?.code) }
  })
  // What acknowledges the event of a payment; the others take it for no reply.
  gateway.on(`event.${event}` as 'event.PUBLISHJOBFINISH', (message) => {
    seen.push(message)
    return 'success'
  })
  const message = {
    ToUserName: originalId,
    FromUserName: 'o1',
    CreateTime: NOW,
    MsgType: 'event',
    Event: event,
    ...EVENTS[event]
  }
  return {
    seen,
    errors,
    later: (seconds: number) => {
      now += seconds
    },
    send: (options: object = {}, change: object = {}) =>
      gateway.handler()(
        signedGatewayRequest({ ...message, ...change }, { ...account, timestamp: String(NOW), ...options })
      )
  }
}

describe.each(Object.keys(EVENTS))('the event %s', (event) => {
  it('is handled once, however often it comes', async () => {
    const { seen, send, later } = receive(event)
    expect((await send()).status).toBe(200)
    later(5)
    expect((await send()).status).toBe(200)
    expect((await send({ nonce: 'another' })).status).toBe(200)
    expect(seen).toHaveLength(1)
  })

  it.each<[string, object, object, string]>([
    ['signed with another token', { token: 'other' }, {}, 'ERR_SIGNATURE_MISMATCH'],
    ['encrypted with another key', { encodingAESKey: `${'x'.repeat(42)}A` }, {}, 'ERR_DECRYPT'],
    ['for another appid', { appId: 'wxfedcba9876543210' }, {}, 'ERR_DECRYPT_APPID'],
    ['for another original id', {}, { ToUserName: 'gh_other' }, 'ERR_SIGNATURE_MISMATCH'],
    ['in plain text', { encodingAESKey: undefined }, {}, 'ERR_SIGNATURE_MISSING']
  ])('is refused %s', async (_, options, change, code) => {
    const { seen, errors, send } = receive(event)
    expect((await send(options, change)).status).toBe(401)
    expect(errors).toEqual([expect.stringContaining(code)])
    expect(seen).toEqual([])
  })

  it('is refused an hour later', async () => {
    const { seen, errors, send, later } = receive(event)
    later(3600)
    expect((await send()).status).toBe(401)
    expect(errors).toEqual(['ERR_SIGNATURE_EXPIRED'])
    expect(seen).toEqual([])
  })
})
