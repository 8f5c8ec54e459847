import type { SimulatorContext } from '../../framework/context.ts'
import { Listeners } from '../../framework/listeners.ts'
import { PayFailure } from '../failures.ts'
import type { PaySettings } from '../settings.ts'
import { DAY_MS } from '../times.ts'
import type { Funds } from './funds.ts'
import { cashOf, type Order } from './order.ts'
import type { Refund, RefundDraft } from './refund.ts'
import { Table } from './table.ts'

const MAX_REFUNDS = 50

interface Parts {
  readonly context: SimulatorContext
  readonly settings: PaySettings
  readonly funds: Funds
  /** Whose money goes back. */
  readonly fundsOf: (order: Order) => string
  readonly orderOf: (refund: Refund) => Order | undefined
}

/** Refunds of v2 and v3 alike. The sum of the refunds of an order never exceeds what was paid. */
export class RefundBook {
  readonly table: Table<Refund>
  /** What the next refunds become instead of SUCCESS. */
  readonly outcomes: Refund['outcome'][] = []
  /** A refund reached its end. */
  readonly settled = new Listeners<{ readonly refund: Refund; readonly order: Order }>()
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
    this.table = new Table(parts.context.limits.orders, (refund) => [
      `no ${refund.book} ${refund.outRefundNo}`,
      `id ${refund.book} ${refund.refundId}`
    ])
  }

  find(book: string, outRefundNo: string): Refund | undefined {
    return this.table.get(`no ${book} ${outRefundNo}`)
  }

  findById(book: string, refundId: string): Refund | undefined {
    return this.table.get(`id ${book} ${refundId}`)
  }

  ofOrder(order: Order): Refund[] {
    return this.table.filter((refund) => refund.book === order.book && refund.outTradeNo === order.outTradeNo)
  }

  /** Accepts a refund, or returns the one of the same number when nothing differs. */
  create(order: Order, draft: RefundDraft): Refund {
    const { context, settings, funds } = this.#parts
    const known = this.find(order.book, draft.outRefundNo)
    if (known) {
      const isSame =
        known.outTradeNo === order.outTradeNo && known.refund === draft.refund && known.total === draft.total
      if (!isSame) throw new PayFailure('REFUND_CHANGED')
      return known
    }
    this.#check(order, draft)
    const now = context.clock.now()
    const cash = this.#cashPart(order, draft.refund)
    const refund: Refund = {
      ...draft,
      book: order.book,
      mchId: order.mchId,
      ...(order.subMchId === undefined ? {} : { subMchId: order.subMchId }),
      outTradeNo: order.outTradeNo,
      transactionId: order.payment?.transactionId ?? '',
      refundId: `5030${context.random.digits(24)}`,
      cash,
      createdAt: now,
      dueAt: now + settings.refundDelayMs,
      status: 'PROCESSING',
      outcome: this.outcomes.shift() ?? 'SUCCESS',
      receivedAccount: '支付用户零钱'
    }
    funds.move(this.#flow(refund, order, -refund.refund))
    order.state = 'REFUND'
    order.refunded += refund.refund
    order.refundCount++
    order.lastRefundAt = now
    this.table.add(refund)
    this.schedule(refund)
    context.refunds.call({ transactionId: refund.transactionId, isWhole: order.refunded === order.total })
    return refund
  }

  /** Also called for what was under way when the simulator was stopped. */
  schedule(refund: Refund): void {
    const { clock } = this.#parts.context
    clock.schedule(
      refund.dueAt - clock.now(),
      () => {
        if (refund.status === 'PROCESSING') this.settle(refund, refund.outcome)
      },
      `refund ${refund.outRefundNo}`
    )
  }

  settle(refund: Refund, status: Refund['outcome']): void {
    const order = this.#parts.orderOf(refund)
    refund.status = status
    if (status === 'SUCCESS') refund.successAt = this.#parts.context.clock.now()
    if (status === 'CLOSED' && order) {
      order.refunded -= refund.refund
      if (order.refunded === 0) order.state = 'SUCCESS'
      this.#parts.funds.move(this.#flow(refund, order, refund.refund))
    }
    if (order) this.settled.call({ refund, order })
  }

  #check(order: Order, draft: RefundDraft): void {
    const { context, settings } = this.#parts
    const now = context.clock.now()
    if (order.state !== 'SUCCESS' && order.state !== 'REFUND') throw new PayFailure('NOT_PAID')
    if (draft.total !== order.total) throw new PayFailure('REFUND_TOTAL')
    if (now - (order.payment?.paidAt ?? now) > 365 * DAY_MS) throw new PayFailure('REFUND_OVERDUE')
    if (order.refunded + draft.refund > order.total) throw new PayFailure('REFUND_TOO_MUCH')
    // What was shared with others has to be given back before it can be refunded.
    if (order.refunded + order.shared + draft.refund > order.total) throw new PayFailure('NOT_ENOUGH')
    if (order.refundCount >= MAX_REFUNDS) throw new PayFailure('REFUND_TOO_MANY')
    if (order.refundCount > 0 && now - order.lastRefundAt < settings.refundIntervalMs) throw new PayFailure('FREQUENCY')
  }

  // Coupons go back in proportion; the last refund takes the rest, so that cash and coupon add up.
  #cashPart(order: Order, refund: number): number {
    const cash = cashOf(order)
    const upTo = (amount: number) => Math.floor((cash * amount) / order.total)
    return upTo(order.refunded + refund) - upTo(order.refunded)
  }

  #flow(refund: Refund, order: Order, amount: number) {
    return {
      book: this.#parts.fundsOf(order),
      businessNo: refund.refundId,
      outNo: refund.outRefundNo,
      name: '退款',
      type: amount < 0 ? '退款' : '退款失败退回',
      amount
    }
  }
}
