import type { Simulator } from 'weixin-kit/simulator'
import type { Harness } from './harness.ts'

export interface OrderView {
  uuid: string
  out_trade_no: string
  status: string
  total_fee: number
  refunded_fee: number
}

export interface PlacedOrder {
  wx_pay_order: OrderView
  pay_params: { package: string }
}

export interface ReadOrder {
  wx_pay_order: OrderView
  wx_pay_refunds: { status: string; refund_fee: number }[]
}

export interface Shopper {
  user: ReturnType<Simulator['user']>
  cookie: string
  /** In the official account of the site. */
  openid: string
  place(totalFee?: number): Promise<PlacedOrder>
  read(uuid: string): Promise<ReadOrder>
}

let next = 0
/** A `request_id` that was not used before. */
export const requestId = () => `request-${Date.now()}-${next++}`

/** A person who is logged in and buys tea. */
export async function openShopper({ simulator, login, adminLogin, call }: Harness): Promise<Shopper> {
  const user = simulator.user()
  const { cookie } = await login(user)
  const headers = { cookie }
  return {
    user,
    cookie,
    openid: user.openid(simulator.credentials.officialAccount.appId),
    place: async (totalFee = 500) => {
      const product = { body: `奶茶 ${totalFee}`, total_fee: totalFee }
      await call('PUT', '/api/wx/pay/products/', { headers: await adminLogin(), body: product })
      const { body } = await call('POST', '/api/wx/pay/orders/', { headers, body: { body: product.body } })
      return body.data as unknown as PlacedOrder
    },
    read: async (uuid) => {
      const { body } = await call('GET', `/api/wx/pay/orders/${uuid}/`, { headers })
      return body.data as unknown as ReadOrder
    }
  }
}
