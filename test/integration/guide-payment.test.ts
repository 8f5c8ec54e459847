import { afterEach, beforeEach, expect, it } from 'vitest'
import { WeChatPay } from 'weixin-kit/pay'
import { createSimulator, SimulatorClock } from 'weixin-kit/simulator'

function createShop(pay: WeChatPay) {
  const orders = new Map<string, { total: number; paid: boolean }>()
  return {
    orders,
    async order(number: string, openid: string, total: number) {
      orders.set(number, { total, paid: false })
      const { prepay_id } = await pay.transactions.jsapi({
        description: 'Tea',
        out_trade_no: number,
        notify_url: 'https://shop.example.com/notify',
        amount: { total },
        payer: { openid }
      })
      return prepay_id
    },
    notify: pay.notifyHandler({
      onPaid: ({ out_trade_no, amount }) => {
        const order = orders.get(out_trade_no)
        if (order && order.total === amount?.total) order.paid = true
      }
    })
  }
}

let shop: ReturnType<typeof createShop>
const setUp = () =>
  createSimulator({
    clock: new SimulatorClock({ startAt: Date.UTC(2026, 0, 1) }),
    deliver: { pay: (request) => shop.notify(request) }
  })
let simulator = setUp()

beforeEach(() => {
  simulator = setUp()
  shop = createShop(new WeChatPay({ ...simulator.credentials.payV3, ...simulator.clientOptions }))
})
afterEach(() => simulator.close())

it('is paid when WeChat says so', async () => {
  const user = simulator.user('ming')
  const prepayId = await shop.order('T20260101001', user.openid(), 990)
  expect(shop.orders.get('T20260101001')?.paid).toBe(false)
  await user.pay(prepayId)
  expect(shop.orders.get('T20260101001')?.paid).toBe(true)
})

it('takes the same notification twice', async () => {
  simulator.deliveries.duplicate('pay', 1)
  const user = simulator.user('ming')
  const { delivery } = await user.pay(await shop.order('T20260101002', user.openid(), 990))
  expect(delivery?.attempts.map(({ delivered }) => delivered)).toEqual([true, true])
})

it('does not lose an order when the response is lost', async () => {
  simulator.fail('/v3/pay/transactions/jsapi', 'reset', 5)
  const user = simulator.user('ming')
  await expect(shop.order('T20260101003', user.openid(), 990)).rejects.toMatchObject({ code: expect.any(String) })
  expect(simulator.pay.order('T20260101003')?.state).toBe('NOTPAY')
})
