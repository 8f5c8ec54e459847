import type { CombinedOrder } from '../ledger/combined-order.ts'
import { cashOf, type Order } from '../ledger/order.ts'
import { rfc3339 } from '../times.ts'
import type { PayWorld } from '../world.ts'
import { compact, type Json } from './shape.ts'
import { promotions } from './transaction-object.ts'

export function partsOf(world: PayWorld, combined: CombinedOrder): Order[] {
  return combined.parts.flatMap(({ mchId, outTradeNo }) => world.orders.find(mchId, outTradeNo) ?? [])
}

/** The combined order in queries and in its notification. */
export function combinedObject(world: PayWorld, combined: CombinedOrder): Json {
  const orders = partsOf(world, combined)
  const payer = orders[0]?.payment?.openid
  return compact({
    combine_appid: combined.appId,
    combine_mchid: combined.mchId,
    combine_out_trade_no: combined.outTradeNo,
    scene_info: combined.deviceId === undefined ? undefined : { device_id: combined.deviceId },
    sub_orders: orders.map((order) =>
      compact({
        mchid: order.mchId,
        trade_type: order.payment ? order.tradeType : undefined,
        trade_state: order.state,
        bank_type: order.payment?.bankType,
        attach: order.attach,
        success_time: order.payment && rfc3339(order.payment.paidAt),
        transaction_id: order.payment?.transactionId,
        out_trade_no: order.outTradeNo,
        promotion_detail: promotions(order),
        amount: {
          total_amount: order.total,
          currency: order.currency,
          payer_amount: order.payment ? cashOf(order) : 0,
          payer_currency: order.currency
        }
      })
    ),
    combine_payer_info: payer === undefined ? undefined : { openid: payer }
  })
}
