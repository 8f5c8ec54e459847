import type { WeChatAccount } from '../../framework/accounts.ts'
import { push } from '../gateway-events.ts'
import type { WeChatState } from '../state.ts'
import type { ShippingOrder } from './shipping-order.ts'

// Sent in the name of the account itself: there is no person behind these events.

const SOON_MS = 1_000

export function pushAccess(wx: WeChatState, account: WeChatAccount): void {
  push(wx, account, account.originalId, SOON_MS, {
    Event: 'trade_manage_remind_access_api',
    msg: '小程序已开通发货信息管理服务，请及时接入发货信息录入接口'
  })
}

export function pushReminder(wx: WeChatState, account: WeChatAccount, order: ShippingOrder): void {
  push(wx, account, account.originalId, 0, {
    Event: 'trade_manage_remind_shipping',
    ...numbersOf(order),
    msg: '小程序存在超时未发货的订单，请及时发货'
  })
}

/** Pushed twice: when the shipping is complete, and when the order is settled. */
export function pushSettlement(
  wx: WeChatState,
  account: WeChatAccount,
  order: ShippingOrder,
  settledAt?: number
): void {
  const settlement =
    settledAt === undefined
      ? { estimated_settlement_time: seconds(order.confirmAt) }
      : {
          // Reports of 2023 to 2025 agree on 1 by hand, 2 by the clock; the page prints the reverse.
          confirm_receive_method: order.confirmedBy === 'person' ? 1 : 2,
          confirm_receive_time: seconds(order.confirmAt),
          settlement_time: seconds(settledAt)
        }
  push(wx, account, account.originalId, SOON_MS, {
    Event: 'trade_manage_order_settlement',
    ...numbersOf(order),
    shipped_time: seconds(order.shippedAt),
    ...settlement
  })
}

function numbersOf(order: ShippingOrder) {
  return {
    transaction_id: order.transactionId,
    merchant_id: order.mchId,
    sub_merchant_id: order.subMchId,
    merchant_trade_no: order.outTradeNo,
    pay_time: seconds(order.paidAt)
  }
}

const seconds = (ms: number) => Math.floor(ms / 1000)
