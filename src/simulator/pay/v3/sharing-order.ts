import { V3Failure } from '../failures.ts'
import type { Order } from '../ledger/order.ts'
import type { SharingOrder } from '../ledger/sharing-order.ts'
import type { V3Call } from './route.ts'
import { MCHID, oneOf, opt, text } from './shape.ts'

export const RECEIVER_TYPE = oneOf('MERCHANT_ID', 'PERSONAL_OPENID', 'PERSONAL_SUB_OPENID')
export const SUB = { sub_mchid: opt(MCHID) }
export const NUMBER = text(1, 64, /^[0-9A-Za-z_\-|*@]+$/)

/** The order that is shared; it has to be made for it (profit_sharing). */
export function paidOrder(call: V3Call, transactionId: string): Order {
  const order = call.world.orders.findPaid(call.merchant.mchId, transactionId)
  if (!order) throw new V3Failure(404, 'RESOURCE_NOT_EXISTS', '订单不存在')
  if (!order.profitSharing) throw new V3Failure(403, 'RULE_LIMIT', '非分账订单不支持分账')
  return order
}

/** What can still be shared, in fen. */
export const unsplit = (order: Order): number => order.total - order.refunded - order.shared

export function sharingOf(call: V3Call, outOrderNo: string, orderId = ''): SharingOrder {
  const { world, merchant } = call
  const key = outOrderNo ? `no ${merchant.mchId} ${outOrderNo}` : `id ${merchant.mchId} ${orderId}`
  const sharing = world.sharings.get(key)
  if (!sharing) throw new V3Failure(404, 'RESOURCE_NOT_EXISTS', '分账单不存在')
  return sharing
}
