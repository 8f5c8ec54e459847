import { afterAll, describe, expect, it } from 'vitest'
import { WeChatPayV2 } from 'weixin-kit/pay/v2'
import { createSimulator } from 'weixin-kit/simulator'
import { syncPayment, UnclearPaymentError } from '../../examples/shared/sync-payment.ts'

const simulator = createSimulator()
const pay = new WeChatPayV2({
  ...simulator.credentials.payV2,
  ...simulator.clientOptions,
  notifyUrl: 'http://127.0.0.1:9/notify'
})
const person = simulator.user('ming')
afterAll(() => simulator.close())

async function paid(out_trade_no: string) {
  const order = { out_trade_no, body: 'Tea', total_fee: 990, spbill_create_ip: '203.0.113.7' }
  const { prepay_id } = await pay.orders.unified({ ...order, trade_type: 'JSAPI', openid: person.openid() })
  await person.pay(pay.jsapiParams(prepay_id))
}
const giveBack = (out_trade_no: string, out_refund_no: string, refund_fee: number) =>
  pay.refunds.create({ out_trade_no, out_refund_no, total_fee: 990, refund_fee })

async function sync(out_trade_no: string) {
  const done: string[] = []
  const settle = async () => done.push('settled')
  const close = async () => done.push('closed')
  await syncPayment(pay, { out_trade_no, time_expire: new Date(Date.now() + 60_000), settle, close })
  return done
}

describe('an order whose notification got lost and whose money was given back before it was booked', () => {
  it('is closed only if all of it went back', async () => {
    await paid('20260301000001')
    expect(await sync('20260301000001')).toEqual(['settled'])
    await giveBack('20260301000001', 'R1', 990)
    expect(await sync('20260301000001')).toEqual(['closed'])
  })

  it('stays open for somebody to look when a part is left', async () => {
    await paid('20260301000002')
    await giveBack('20260301000002', 'R2', 1)
    await expect(sync('20260301000002')).rejects.toThrow(UnclearPaymentError)
    await giveBack('20260301000002', 'R3', 989)
    expect(await sync('20260301000002')).toEqual(['closed'])
  })
})
