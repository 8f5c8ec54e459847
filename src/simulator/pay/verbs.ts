import type { Delivery } from '../framework/delivery.ts'
import type { UserRecord } from '../framework/users.ts'
import type { Order, TradeState, UsedCoupon } from './ledger/order.ts'
import type { TransferState } from './ledger/transfer-bill.ts'
import { createContractVerbs } from './papay/contract-verbs.ts'
import { payableOf, refuse } from './pay-target.ts'
import { payOrder, payTogether } from './payments.ts'
import { createPayscoreVerbs } from './payscore/payscore-verbs.ts'
import { fileComplaint } from './v3/complaints.ts'
import { couponFor } from './v3/coupons.ts'
import { closeAuthorization, confirmAuthorization, findAuthorization } from './v3/transfer-authorizations.ts'
import type { PayWorld } from './world.ts'

/** How a person pays. */
export interface PayOptions {
  /** `cancel`: the user closes the payment sheet; nothing happens to the order. */
  outcome?: 'success' | 'cancel' | undefined
  /** Bank of the payer, e.g. `CMB_DEBIT`; `OTHERS` is the balance (零钱). */
  bankType?: string | undefined
  /** A coupon of this many fen pays a part. `false` leaves the coupons that the user has alone. */
  coupon?: number | false | undefined
}

/** What came of a payment. */
export interface PaidOrder {
  readonly outTradeNo: string
  readonly transactionId: string | undefined
  readonly state: TradeState
  /** The notification, tried once; `undefined` when the order has none. */
  readonly delivery: Delivery | undefined
}

/** @internal What a person does with money; see `SimulatedUser`. */
export function createPayVerbs(world: PayWorld, user: UserRecord) {
  const openidOf = (order: Order) => user.openid(order.appId)
  const authorizationOf = (target: string) => {
    const one = findAuthorization(world, `any ${target}`)
    if (!one) throw refuse('There is no such authorization: give its package_info or out_authorization_no.')
    if (one.openid !== user.openid(one.appId))
      throw refuse(`The authorization is for ${one.openid}, not for this user.`)
    return one
  }

  return {
    ...createContractVerbs(world, user),
    ...createPayscoreVerbs(world, user),

    /**
     * Pays, and resolves when the notification was tried once.
     *
     * @param target `prepay_id`, `code_url`, `h5_url` / `mweb_url`, or the object that a page passes to WeChat: its signature
     *   is verified as the client does.
     * @throws ConfigError `ERR_INVALID_PARAM` when a client would show an error: wrong signature, another payer, paid, closed, expired.
     */
    pay: async (target: string | object, options: PayOptions = {}): Promise<PaidOrder> => {
      const { orders, combined } = payableOf(world, target)
      for (const order of orders) checkPayable(order, user)
      const [first] = orders
      if (!first) throw refuse('The order is no longer known.')
      if (options.outcome === 'cancel') return outcomeOf(first, undefined)
      const coupon = couponOf(world, first, openidOf(first), options.coupon)
      const payer = {
        openid: openidOf(first),
        bankType: options.bankType ?? 'OTHERS',
        ...(first.subAppId ? { subOpenid: user.openid(first.subAppId) } : {}),
        ...(coupon && !combined ? { coupon } : {})
      }
      const delivery = combined ? payTogether(world, combined, payer) : payOrder(world, first, payer)
      await firstTry(delivery)
      return outcomeOf(first, delivery)
    },

    /**
     * Shows the payment code (付款码) that a shop scans: 18 digits, one minute, one use.
     *
     * @param options `asksPassword`: the payment waits for `enterPassword`.
     * @returns 18 digits.
     */
    paymentCode: (options: { asksPassword?: boolean } = {}): string =>
      world.authCodes.issue(user, options.asksPassword ?? false),

    /** Types the password that a payment by code waits for (USERPAYING), or cancels: the order becomes PAYERROR. */
    enterPassword: (options: { cancel?: boolean } = {}): PaidOrder => {
      const waiting = world.orders.table.filter(
        (order) => order.state === 'USERPAYING' && order.pendingOpenid === openidOf(order)
      )
      const order = waiting.at(-1)
      if (!order) throw refuse('No payment waits for the password of this user.')
      if (options.cancel) {
        order.state = 'PAYERROR'
        delete order.pendingOpenid
      } else payOrder(world, order, { openid: openidOf(order), bankType: 'OTHERS' })
      return outcomeOf(order, undefined)
    },

    /**
     * Confirms that a merchant transfer (商家转账) is received.
     *
     * @param target `package_info`, `transfer_bill_no` or `out_bill_no`.
     * @param options `authorizes`: also agrees to transfers without confirmation, where the merchant asks for it.
     * @throws {ConfigError} ERR_INVALID_PARAM if it does not exist, or its state does not allow it.
     */
    confirmTransfer: async (
      target: string,
      options: { authorizes?: boolean } = {}
    ): Promise<{ outBillNo: string; state: TransferState }> => {
      const bill = world.transferBills.table.get(`any ${target}`)
      if (!bill) throw refuse('There is no such transfer: give its package_info, transfer_bill_no or out_bill_no.')
      if (bill.openid !== user.openid(bill.appId))
        throw refuse(`The transfer is for ${bill.openid}, not for this user.`)
      if (bill.state !== 'WAIT_USER_CONFIRM')
        throw refuse(`The transfer is ${bill.state}; only WAIT_USER_CONFIRM can be confirmed.`)
      world.transferBills.confirm(bill)
      const [asked] = world.transferAuthorizations.filter(
        (one) => one.outBillNo === bill.outBillNo && one.mchId === bill.mchId
      )
      if (asked && options.authorizes) await confirmAuthorization(world, asked)
      await world.context.clock.settle()
      return { outBillNo: bill.outBillNo, state: bill.state }
    },

    /**
     * Agrees to transfers without confirmation (免确认收款授权).
     *
     * @param target `package_info` or `out_authorization_no`.
     * @throws {ConfigError} ERR_INVALID_PARAM if it does not exist, or its state does not allow it.
     */
    authorizeTransfers: async (target: string): Promise<{ outAuthorizationNo: string }> => {
      const one = authorizationOf(target)
      if (one.state !== 'WAIT_USER_CONFIRM')
        throw refuse(`The authorization is ${one.state}; only WAIT_USER_CONFIRM can be agreed to.`)
      await confirmAuthorization(world, one)
      return { outAuthorizationNo: one.outAuthorizationNo }
    },

    /**
     * Ends the agreement to transfers without confirmation.
     *
     * @param target `out_authorization_no`.
     * @throws {ConfigError} ERR_INVALID_PARAM if it does not exist, or its state does not allow it.
     */
    endTransferAuthorization: async (target: string): Promise<void> => {
      const one = authorizationOf(target)
      if (one.state === 'CLOSED') throw refuse('The authorization is CLOSED already.')
      await closeAuthorization(world, one, 'USER_CLOSE')
    },

    /**
     * Opens a red packet.
     *
     * @param target `mch_billno`, `send_listid` or the `package` of a mini program packet.
     * @returns The share in fen.
     */
    openRedPack: (target: string): { amount: number } => {
      const [, listId] = /sendid=([^&]+)/.exec(decodeURIComponent(target)) ?? []
      const pack = world.redPacks.table.get(`any ${listId ?? target}`)
      if (!pack) throw refuse('There is no such red packet: give its mch_billno, send_listid or package.')
      const amount = world.redPacks.open(pack, user)
      if (typeof amount === 'string') throw refuse(`Not opened: ${amount}.`)
      return { amount }
    },

    /**
     * Complains (消费者投诉) about a paid order.
     *
     * @param outTradeNo Order number of the merchant.
     * @param detail What the person writes.
     * @throws {ConfigError} ERR_INVALID_PARAM if this person has not paid such an order.
     */
    complain: async (outTradeNo: string, detail = '商品未收到'): Promise<{ complaintId: string }> => {
      const [order] = world.orders.table.filter(
        (one) => one.outTradeNo === outTradeNo && one.payment?.openid === openidOf(one)
      )
      if (!order) throw refuse(`This user has not paid an order ${outTradeNo}.`)
      const complaint = fileComplaint(world, order, openidOf(order), user.profile.phone, detail)
      await world.context.clock.settle()
      return { complaintId: complaint.id }
    }
  }
}

function checkPayable(order: Order, user: UserRecord): void {
  if (order.state !== 'NOTPAY')
    throw refuse(`The order ${order.outTradeNo} is ${order.state}; only NOTPAY can be paid.`)
  const wrong =
    order.openid !== undefined
      ? order.openid !== user.openid(order.appId)
      : order.subOpenid !== undefined && order.subOpenid !== user.openid(order.subAppId ?? '')
  if (wrong) throw refuse('下单账号与支付账号不一致: the order was made for the openid of another user.')
}

function couponOf(
  world: PayWorld,
  order: Order,
  openid: string,
  wanted: number | false | undefined
): UsedCoupon | undefined {
  if (wanted === false) return undefined
  if (wanted === undefined) return couponFor(world, order, openid)
  if (!Number.isInteger(wanted) || wanted < 1 || wanted >= order.total) {
    throw refuse(`A coupon takes a whole number of fen below ${order.total}.`)
  }
  const { random } = world.context
  return { couponId: random.digits(11), stockId: random.digits(8), name: '模拟代金券', amount: wanted }
}

async function firstTry(delivery: Delivery | undefined): Promise<void> {
  if (delivery && delivery.state !== 'held') await delivery.first
}

function outcomeOf(order: Order, delivery: Delivery | undefined): PaidOrder {
  const { outTradeNo, state, payment } = order
  return { outTradeNo, state, transactionId: payment?.transactionId, delivery }
}
