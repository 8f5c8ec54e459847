import type { SimulatorContext } from '../../framework/context.ts'
import { PayFailure } from '../failures.ts'
import { compactTime, DAY_MS, HOUR_MS, MINUTE_MS } from '../times.ts'
import type { Order, OrderDraft, Payment } from './order.ts'
import { Table } from './table.ts'

/** A prepay_id and a code_url live this long, whatever `time_expire` says. */
const PREPAY_MS = 2 * HOUR_MS
export const DEFAULT_EXPIRY_MS = 7 * DAY_MS
const H5_MS = 5 * MINUTE_MS

/** Orders of v2 and v3 alike: what one API made, the other can query, close and refund. */
export class OrderBook {
  readonly table: Table<Order>
  readonly #context: SimulatorContext
  #sequence = 0

  constructor(context: SimulatorContext) {
    this.#context = context
    this.table = new Table(context.limits.orders, (order) => [
      `no ${order.book} ${order.outTradeNo}`,
      `prepay ${order.prepayId}`,
      `code ${order.codeToken}`,
      order.payment && `paid ${order.book} ${order.payment.transactionId}`
    ])
  }

  /** Makes an order, or returns the one of the same number when every parameter is the same. */
  create(draft: OrderDraft): Order {
    const known = this.find(draft.book, draft.outTradeNo)
    if (!known) return this.table.add(this.#open(draft))
    if (known.state === 'SUCCESS' || known.state === 'REFUND') throw new PayFailure('ORDER_PAID')
    if (known.state === 'REVOKED') throw new PayFailure('ORDER_REVERSED')
    if (known.state === 'CLOSED' || known.state === 'PAYERROR') throw new PayFailure('ORDER_CLOSED')
    const isSameKind = (['api', 'appId', 'tradeType', 'subMchId', 'combineNo'] as const).every(
      (name) => known[name] === draft[name]
    )
    if (!isSameKind) throw new PayFailure('OUT_NO_USED')
    if (known.fingerprint !== draft.fingerprint) throw new PayFailure('OUT_NO_CHANGED')
    if (known.prepayUntil <= this.#context.clock.now()) this.#renew(known)
    return known
  }

  /** The order of a number, its expiry taken into account. */
  find(book: string, outTradeNo: string): Order | undefined {
    return this.#current(this.table.get(`no ${book} ${outTradeNo}`))
  }

  findPaid(book: string, transactionId: string): Order | undefined {
    return this.#current(this.table.get(`paid ${book} ${transactionId}`))
  }

  /** By what a client or a QR code carries: `prepay_id`, or the token of `code_url`, `h5_url` and `mweb_url`. */
  findByToken(token: string): Order | undefined {
    return this.#current(this.table.get(`prepay ${token}`) ?? this.table.get(`code ${token}`))
  }

  isPrepayAlive(order: Order): boolean {
    const life = order.tradeType === 'MWEB' ? H5_MS : PREPAY_MS
    return this.#context.clock.now() < order.prepayUntil - PREPAY_MS + life
  }

  pay(order: Order, payer: Omit<Payment, 'transactionId' | 'paidAt'>): Order {
    const { clock, random } = this.#context
    const paidAt = clock.now()
    const payment = {
      ...payer,
      paidAt,
      transactionId: `4200${random.digits(6)}${compactTime(paidAt).slice(0, 8)}${this.#next()}`
    }
    delete order.pendingOpenid
    return this.table.change(order, { payment, state: 'SUCCESS' })
  }

  close(order: Order): void {
    if (order.state === 'SUCCESS' || order.state === 'REFUND') throw new PayFailure('ORDER_PAID')
    if (order.state === 'REVOKED') throw new PayFailure('ORDER_REVERSED')
    if (order.state === 'USERPAYING') throw new PayFailure('TRADE_STATE')
    order.state = 'CLOSED'
    order.closedAt ??= this.#context.clock.now()
  }

  #open(draft: OrderDraft): Order {
    const now = this.#context.clock.now()
    return {
      ...draft,
      createdAt: now,
      state: 'NOTPAY',
      ...this.#tokens(now),
      refunded: 0,
      refundCount: 0,
      lastRefundAt: 0,
      shared: 0,
      isUnfrozen: !draft.profitSharing
    }
  }

  #renew(order: Order): void {
    this.table.change(order, this.#tokens(this.#context.clock.now()))
  }

  #tokens(now: number): Pick<Order, 'prepayId' | 'prepayUntil' | 'codeToken'> {
    const { random } = this.#context
    return {
      prepayId: `wx${compactTime(now)}${random.hex(20)}`,
      prepayUntil: now + PREPAY_MS,
      codeToken: random.text(10)
    }
  }

  #current(order: Order | undefined): Order | undefined {
    if (order?.state === 'NOTPAY' && order.expiresAt <= this.#context.clock.now()) {
      order.state = 'CLOSED'
      order.closedAt = order.expiresAt
    }
    return order
  }

  #next(): string {
    this.#sequence = (this.#sequence + 1) % 1e10
    return String(this.#sequence).padStart(10, '0')
  }
}
