import { createCipheriv, createHash } from 'node:crypto'
import { describe, expect, it, vi } from 'vitest'
import { toNodeHandler } from 'weixin-kit/node'
import { type NotifyHandlerOptions, WeChatPay } from 'weixin-kit/pay'
import { WeChatPayV2 } from 'weixin-kit/pay/v2'
import { APP_ID, BASE_OPTIONS, MCH_ID, NOW, notification } from '../support/pay-v3.ts'

// What a notification is, is decided by its content: the event type is the same for payments, shares and deductions.

const SHARER = '1900000100'
const PAYMENT = {
  mchid: MCH_ID,
  appid: APP_ID,
  out_trade_no: 'T100001',
  transaction_id: '4200000000000000000000000001',
  trade_state: 'SUCCESS',
  amount: { total: 100, payer_total: 100, currency: 'CNY' }
}
const SHARE = {
  mchid: MCH_ID,
  transaction_id: PAYMENT.transaction_id,
  order_id: '300001',
  out_order_no: 'P1',
  receiver: { type: 'MERCHANT_ID', account: MCH_ID, amount: 30, description: 'share' },
  success_time: '2026-03-01T12:00:00+08:00'
}

type How = Parameters<typeof notification>[2]
const client = (options = {}) => new WeChatPay({ ...BASE_OPTIONS, ...options })
const request = ({ body, headers }: { body: string; headers: Record<string, string> }) =>
  new Request('https://shop.example.com/notify', { method: 'POST', headers, body })

/** A handler that notes which callback took what, and what was reported. */
function receiver(names: readonly string[], options: NotifyHandlerOptions = {}, clientOptions = {}) {
  const taken: string[] = []
  const errors: unknown[] = []
  const note = (name: string) => (resource: object) => {
    taken.push(
      `${name} ${'order_id' in resource ? resource.order_id : 'out_trade_no' in resource ? resource.out_trade_no : ''}`
    )
  }
  const callbacks = Object.fromEntries(names.filter((name) => name.startsWith('on')).map((name) => [name, note(name)]))
  const on = Object.fromEntries(names.filter((name) => !name.startsWith('on')).map((name) => [name, note(name)]))
  const handler = client(clientOptions).notifyHandler({
    ...callbacks,
    ...(Object.keys(on).length > 0 ? { on } : {}),
    onError: (error) => errors.push(error),
    ...options
  })
  const deliver = async (type: string, resource: object, how?: How) =>
    (await handler(request(notification(type, resource, how)))).status
  return { taken, errors, deliver, handler }
}

describe('a share that comes as TRANSACTION.SUCCESS', () => {
  it('is not lost behind the payment of the same transaction', async () => {
    for (const originalType of ['profitsharing', 'transaction']) {
      const { deliver, taken } = receiver(['onPaid', 'onShare'])
      expect(await deliver('TRANSACTION.SUCCESS', PAYMENT, { id: 'a' })).toBe(204)
      expect(await deliver('TRANSACTION.SUCCESS', SHARE, { id: 'b', originalType })).toBe(204)
      expect(await deliver('TRANSACTION.SUCCESS', SHARE, { id: 'b', originalType })).toBe(204)
      expect(taken).toEqual(['onPaid T100001', 'onShare 300001'])
    }
  })

  it.each([
    ['*', ['onPaid', '*']],
    ['PROFITSHARING.SUCCESS', ['onPaid', 'PROFITSHARING.SUCCESS', '*']]
  ])('goes to on[%s]', async (name, names) => {
    const { deliver, taken } = receiver(names)
    expect(await deliver('TRANSACTION.SUCCESS', SHARE)).toBe(204)
    expect(taken).toEqual([`${name} 300001`])
  })

  it('never goes to on[TRANSACTION.SUCCESS], which takes payments', async () => {
    const { deliver, taken, errors } = receiver(['TRANSACTION.SUCCESS'])
    expect(await deliver('TRANSACTION.SUCCESS', SHARE)).toBe(500)
    expect(taken).toEqual([])
    expect(errors).toMatchObject([{ message: expect.stringContaining("on: { 'PROFITSHARING.SUCCESS'") }])
    expect(await deliver('TRANSACTION.SUCCESS', PAYMENT)).toBe(204)
    expect(taken).toEqual(['TRANSACTION.SUCCESS T100001'])
  })

  it('is one event in both spellings, and a return is another one', async () => {
    const { deliver, taken } = receiver(['onShare'])
    await deliver('TRANSACTION.SUCCESS', SHARE, { id: 'a' })
    await deliver('PROFITSHARING.SUCCESS', SHARE, { id: 'b' })
    await deliver('PROFITSHARING.RETURN', SHARE, { id: 'c' })
    const second = { ...SHARE, receiver: { ...SHARE.receiver, account: '1900000111' } }
    await deliver('PROFITSHARING.SUCCESS', second, { id: 'd' })
    expect(taken).toHaveLength(3)
  })

  it('is refused under an event of something else', async () => {
    const { deliver, errors } = receiver(['onRefund', 'onShare', '*'])
    expect(await deliver('REFUND.SUCCESS', SHARE)).toBe(401)
    expect(errors).toMatchObject([{ code: 'ERR_UNEXPECTED_RESPONSE' }])
  })
})

describe('whose notification it is', () => {
  const codeOf = (resource: object, type = 'TRANSACTION.SUCCESS', options = {}) =>
    client(options)
      .parseNotification(notification(type, resource))
      .then(
        ({ kind }) => kind as string,
        (error: { code: string }) => error.code
      )

  it('a share is its receiver’s, whoever shares', async () => {
    expect(await codeOf({ ...SHARE, mchid: SHARER }, 'PROFITSHARING.SUCCESS')).toBe('share')
    const { mchid: _, ...rest } = SHARE
    expect(await codeOf({ ...rest, sp_mchid: SHARER, sub_mchid: '1900000109' }, 'PROFITSHARING.SUCCESS')).toBe('share')
    const receiver = { ...SHARE.receiver, account: SHARER }
    expect(await codeOf({ ...SHARE, mchid: SHARER, receiver }, 'PROFITSHARING.SUCCESS')).toBe('ERR_DECRYPT_APPID')
    // By the documents nothing in a return names the merchant that gives back.
    expect(await codeOf({ ...SHARE, mchid: SHARER, receiver }, 'PROFITSHARING.RETURN')).toBe('shareReturn')
  })

  it('another merchant named first, or last, or both, is refused', async () => {
    expect(await codeOf({ ...PAYMENT, mchid: SHARER })).toBe('ERR_DECRYPT_APPID')
    expect(await codeOf({ ...PAYMENT, mchid: SHARER, sp_mchid: MCH_ID })).toBe('ERR_DECRYPT_APPID')
    expect(await codeOf({ ...PAYMENT, sp_mchid: SHARER })).toBe('ERR_DECRYPT_APPID')
    expect(await codeOf({ ...PAYMENT, mchid: `${MCH_ID}0` })).toBe('ERR_DECRYPT_APPID')
    expect(await codeOf({ ...PAYMENT, mchid: [MCH_ID] })).toBe('ERR_DECRYPT_APPID')
  })

  it('an appid that has ours as its prefix is another one', async () => {
    expect(await codeOf({ ...PAYMENT, appid: `${APP_ID}0` })).toBe('ERR_DECRYPT_APPID')
    expect(await codeOf({ ...PAYMENT, appid: APP_ID.slice(0, -1) })).toBe('ERR_DECRYPT_APPID')
    expect(await codeOf({ ...PAYMENT, appid: `${APP_ID}0` }, undefined, { furtherAppIds: [`${APP_ID}0`] })).toBe(
      'payment'
    )
  })
})

describe('paid is decided by trade_state', () => {
  it('onPaid runs for SUCCESS only; everything else is refused and reported, or taken by onUnpaid', async () => {
    const states = ['SUCCESS', 'ACCEPT', 'PAY_FAIL', 'NOTPAY', 'success', ''].map((trade_state, index) => ({
      ...PAYMENT,
      trade_state,
      out_trade_no: `T${index}`,
      transaction_id: `42${index}`
    }))
    const strict = receiver(['onPaid'])
    const open = receiver(['onPaid', 'onUnpaid'])
    const statuses = []
    for (const state of states) {
      statuses.push(await strict.deliver('TRANSACTION.SUCCESS', state, { id: state.out_trade_no }))
      await open.deliver('TRANSACTION.SUCCESS', state, { id: state.out_trade_no })
    }
    expect(statuses).toEqual([204, 500, 500, 500, 500, 500])
    expect(strict.taken).toEqual(['onPaid T0'])
    expect(strict.errors).toHaveLength(5)
    expect(open.taken).toEqual(['onPaid T0', 'onUnpaid T1', 'onUnpaid T2', 'onUnpaid T3', 'onUnpaid T4'])
  })

  it('of combined orders all must be paid', async () => {
    const { deliver, taken } = receiver(['onCombinedPaid', 'onUnpaid'])
    const combined = { combine_mchid: MCH_ID, combine_appid: APP_ID, combine_out_trade_no: 'C1' }
    const paid = { mchid: SHARER, trade_state: 'SUCCESS', out_trade_no: 'A', amount: { total_amount: 1 } }
    await deliver(
      'TRANSACTION.SUCCESS',
      { ...combined, sub_orders: [paid, { ...paid, trade_state: 'NOTPAY' }] },
      { id: 'a' }
    )
    await deliver('TRANSACTION.SUCCESS', { ...combined, combine_out_trade_no: 'C2', sub_orders: [paid] }, { id: 'b' })
    expect(taken.map((entry) => entry.split(' ')[0])).toEqual(['onUnpaid', 'onCombinedPaid'])
  })

  it('ACCEPT and then SUCCESS of one transaction are two events', async () => {
    const { deliver, taken } = receiver(['onPaid', 'onUnpaid'])
    await deliver('TRANSACTION.SUCCESS', { ...PAYMENT, trade_state: 'ACCEPT' }, { id: 'a' })
    await deliver('TRANSACTION.SUCCESS', PAYMENT, { id: 'b' })
    await deliver('TRANSACTION.SUCCESS', PAYMENT, { id: 'c' })
    expect(taken).toEqual(['onUnpaid T100001', 'onPaid T100001'])
  })

  it('an overseas payment is known by its id, and parking by its scene', async () => {
    const { transaction_id, ...rest } = PAYMENT
    const overseas = { ...rest, id: transaction_id, amount: { total: 5288, currency: 'HKD' } }
    const { deliver, taken } = receiver(['onOverseasPaid', 'onParking'])
    expect(await deliver('TRANSACTION.SUCCESS', overseas, { id: 'a' })).toBe(204)
    expect(await deliver('TRANSACTION.SUCCESS', { ...rest, trade_scene: 'PARKING' }, { id: 'b' })).toBe(204)
    expect(taken).toEqual(['onOverseasPaid T100001', 'onParking T100001'])
    const byEvent = receiver(['TRANSACTION.SUCCESS'])
    expect(await byEvent.deliver('TRANSACTION.SUCCESS', overseas)).toBe(204)
    expect(byEvent.taken).toHaveLength(1)
  })

  it('a refund whose status is not that of its event is refused', async () => {
    const refund = { mchid: MCH_ID, refund_id: '5', out_refund_no: 'R1', refund_status: 'ABNORMAL', amount: {} }
    const { deliver, taken } = receiver(['onRefund'])
    expect(await deliver('REFUND.SUCCESS', refund)).toBe(401)
    expect(await deliver('REFUND.ABNORMAL', refund)).toBe(204)
    expect(taken).toHaveLength(1)
  })
})

describe('XML at an address of API v3', () => {
  const API_KEY = '0123456789abcdef0123456789ABCDEF'
  const xml = (fields: Record<string, string>) =>
    `<xml>${Object.entries(fields)
      .map(([name, value]) => `<${name}><![CDATA[${value}]]></${name}>`)
      .join('')}</xml>`
  function refundXml(mch_id = MCH_ID): string {
    const inner = `<root>${Object.entries({
      out_refund_no: 'R1',
      out_trade_no: 'T100001',
      refund_fee: '50',
      refund_id: '50300000',
      refund_recv_accout: '支付用户零钱',
      refund_request_source: 'VENDOR_PLATFORM',
      refund_status: 'SUCCESS',
      settlement_refund_fee: '50',
      settlement_total_fee: '100',
      success_time: '2026-03-01 12:00:00',
      total_fee: '100',
      transaction_id: '42'
    })
      .map(([name, value]) => `<${name}>${value}</${name}>`)
      .join('')}</root>`
    const cipher = createCipheriv('aes-256-ecb', createHash('md5').update(API_KEY).digest('hex'), null)
    const req_info = Buffer.concat([cipher.update(inner), cipher.final()]).toString('base64')
    return xml({ return_code: 'SUCCESS', appid: APP_ID, mch_id, nonce_str: 'n', req_info })
  }
  const post = (body: string) =>
    new Request('https://shop.example.com/notify', { method: 'POST', headers: { 'content-type': 'text/xml' }, body })
  const v2 = new WeChatPayV2({ appId: APP_ID, mchId: MCH_ID, apiKey: API_KEY })

  it('reaches onRefund once, in the words of API v3, and is answered in XML', async () => {
    const onRefund = vi.fn()
    const handler = client().notifyHandler({ onRefund, v2 })
    for (const lead of ['', '\n ']) {
      const response = await handler(post(lead + refundXml()))
      expect([response.status, await response.text()]).toEqual([200, expect.stringContaining('SUCCESS')])
    }
    expect(onRefund).toHaveBeenCalledOnce()
    expect(onRefund.mock.calls[0]?.[0]).toMatchObject({
      mchid: MCH_ID,
      refund_id: '50300000',
      refund_status: 'SUCCESS',
      success_time: '2026-03-01T12:00:00+08:00',
      amount: { total: 100, refund: 50 }
    })
  })

  it('is the same event as the notification of API v3 about that refund', async () => {
    const onRefund = vi.fn()
    const handler = client().notifyHandler({ onRefund, v2 })
    await handler(post(refundXml()))
    await handler(
      request(notification('REFUND.SUCCESS', { mchid: MCH_ID, refund_id: '50300000', refund_status: 'SUCCESS' }))
    )
    expect(onRefund).toHaveBeenCalledOnce()
  })

  it('is answered 400 without a client for it, and the reason is reported', async () => {
    const { handler, errors } = receiver(['onRefund'])
    expect((await handler(post(refundXml()))).status).toBe(400)
    expect(errors).toMatchObject([{ code: 'ERR_BODY_MALFORMED', message: expect.stringContaining('option v2') }])
  })

  it('of another merchant is refused', async () => {
    const onRefund = vi.fn()
    const response = await client().notifyHandler({ onRefund, v2 })(post(refundXml(SHARER)))
    expect([response.status, onRefund.mock.calls.length]).toEqual([401, 0])
  })
})

describe('what is this server’s fault', () => {
  it('is answered 5xx and reported, never as a forgery', async () => {
    const errors: unknown[] = []
    let isBroken = false
    const clock = () => {
      if (isBroken) throw new TypeError('a clock that broke')
      return NOW * 1000
    }
    const pay = client({ clock })
    isBroken = true
    const handler = pay.notifyHandler({ onPaid: () => undefined, onError: (error) => errors.push(error) })
    const response = await handler(request(notification('TRANSACTION.SUCCESS', PAYMENT)))
    expect([response.status, errors.length]).toEqual([500, 1])
  })
})

describe('callbacks', () => {
  it('may be given after the handler was made', async () => {
    const seen: string[] = []
    const handler = client().notifyHandler()
    expect((await handler(request(notification('TRANSACTION.SUCCESS', PAYMENT)))).status).toBe(500)
    handler.onPaid(({ out_trade_no }) => void seen.push(out_trade_no)).onRefund(() => undefined)
    expect((await handler(request(notification('TRANSACTION.SUCCESS', PAYMENT)))).status).toBe(204)
    expect(seen).toEqual(['T100001'])
  })

  it('answer the questions of the platform, redeliveries alike', async () => {
    let count = 0
    const handler = client().notifyHandler({
      on: { 'ENTRUST.TERMINATE_RETENTION': () => ({ code: 'SUCCESS', count: ++count }), '*': () => ({ secret: 1 }) }
    })
    const ask = async (type: string) => {
      const response = await handler(request(notification(type, { mchid: MCH_ID })))
      return `${response.status} ${await response.text()}`
    }
    expect(await ask('ENTRUST.TERMINATE_RETENTION')).toBe('200 {"code":"SUCCESS","count":1}')
    expect(await ask('ENTRUST.TERMINATE_RETENTION')).toBe('200 {"code":"SUCCESS","count":1}')
    expect(await ask('COUPON.USE')).toBe('204 ')
  })

  it('a factory that was not called is named', () => {
    expect(() => toNodeHandler(client().notifyHandler as never)).toThrow(/pay\.notifyHandler/)
  })
})

describe('the APIv3 key', () => {
  it('of before opens what was sealed before the change', async () => {
    const former = 'former-key-0123456789abcdef01234'
    const how = { apiV3Key: former }
    expect(
      await client()
        .parseNotification(notification('TRANSACTION.SUCCESS', PAYMENT, how))
        .catch((e) => e.code)
    ).toBe('ERR_DECRYPT_KEY')
    const both = client({ formerApiV3Key: former })
    for (const given of [how, {}]) {
      expect(await both.parseNotification(notification('TRANSACTION.SUCCESS', PAYMENT, given))).toMatchObject({
        kind: 'payment'
      })
    }
    expect(() => client({ formerApiV3Key: 'short' })).toThrow(/formerApiV3Key/)
  })
})

describe('half of what makes a kind', () => {
  it.each([
    [
      'MCHTRANSFER.BILL.FINISHED',
      'onTransfer',
      { transfer_bill_no: '1330000071100999991182020050700019480001', state: 'SUCCESS' }
    ],
    [
      'MCHTRANSFER.AUTHORIZATION.OPEN',
      'onTransferAuthorization',
      { out_authorization_no: 'A1', state: 'TAKING_EFFECT' }
    ]
  ] as const)('does not make one: %s', async (type, callback, identity) => {
    for (const missing of Object.keys(identity)) {
      const { deliver, taken } = receiver([callback])
      const half = Object.fromEntries(Object.entries(identity).filter(([name]) => name !== missing))
      expect(await deliver(type, { mch_id: MCH_ID, mchid: MCH_ID, appid: APP_ID, ...half })).not.toBe(204)
      expect(taken).toEqual([])
      expect(await deliver(type, { mch_id: MCH_ID, mchid: MCH_ID, appid: APP_ID, ...identity })).toBe(204)
      expect(taken).toHaveLength(1)
    }
  })
})
