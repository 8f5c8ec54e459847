import { ConfigError, isWeixinKitError, RateLimit, type Store, WeChatPayError } from 'weixin-kit'
import type { WeChatPayV2 } from 'weixin-kit/pay/v2'
import { describeError } from './describe-error.ts'
import { OrderBook, type OrderBookOptions } from './order-book.ts'
import type { OrderRow } from './order-columns.ts'
import type { Sweep } from './sweep.ts'
import { PATIENCE_MS, type Payment, syncPayment, UnclearPaymentError } from './sync-payment.ts'

export interface OrdersOptions<Row extends OrderRow> extends OrderBookOptions<Row> {
  store: Store
  log(line: string): void
  /** Of the sweep. */
  name: string
  payOf(order: Row): WeChatPayV2 | Promise<WeChatPayV2>
}

/** What goes to WeChat Pay beside the order: JSAPI pay names the payer. */
type Placing = { body: string; appid?: string } & ({ trade_type: 'JSAPI'; openid: string } | { trade_type: 'APP' })

/** Orders that are paid by WeChat Pay: placed there, and settled by a notification, by a query, or by the sweep. */
export class Orders<Row extends OrderRow> extends OrderBook<Row> {
  readonly #options: OrdersOptions<Row>
  readonly #queries: RateLimit

  constructor(options: OrdersOptions<Row>) {
    super(options)
    this.#options = options
    this.#queries = new RateLimit({ store: options.store, name: 'order-queries', limit: 60, windowSeconds: 60 })
  }

  /** The client of the merchant account that an order was placed with. */
  async payOf(order: Row): Promise<WeChatPayV2> {
    return this.#options.payOf(order)
  }

  /** Places an order; returns the `prepay_id`. Under the same number and parameters WeChat Pay gives the same one again. */
  async place(order: Row, placing: Placing): Promise<string> {
    if (order.prepay_id !== null) return order.prepay_id
    const { out_trade_no, total_fee, client_ip: spbill_create_ip, time_expire } = order
    const params = { ...placing, out_trade_no, total_fee, spbill_create_ip, time_expire }
    try {
      const { prepay_id } = await (await this.payOf(order)).orders.unified(params)
      await this.setPlaced(order, prepay_id)
      return prepay_id
    } catch (cause) {
      // Another tap placed it meanwhile; then a refusal of this one says nothing.
      const now = await this.find({ out_trade_no })
      if (now?.prepay_id) return now.prepay_id
      // What is not known stays open for the sweep, which asks: its prepay_id never left, so that nobody can pay it.
      if (isRefused(cause)) await this.end(order, 'failed')
      throw cause
    }
  }

  /** The order as it stands. WeChat Pay is asked, within limits, so that a notification that is late keeps nobody waiting. */
  async look(order: Row): Promise<Row> {
    if (order.status !== 'placed' || !(await this.#queries.take(String(order.owner))).allowed) return order
    await this.#sync(order).catch((error: unknown) => {
      if (!isWeixinKitError(error) && !(error instanceof UnclearPaymentError)) throw error
      // What is stored is true as far as it goes: the notification or the sweep brings the rest.
      this.#options.log(`${order.out_trade_no}: ${describeError(error)}`)
    })
    return (await this.find({ id: order.id })) ?? order
  }

  /** Asks for the orders whose notification did not come. One that fails comes up again next time. */
  get sweep(): Sweep {
    const { log, name } = this.#options
    const run = async () => {
      for (const order of await this.listOpen(new Date(Date.now() - PATIENCE_MS)))
        await this.#sync(order).catch((error: unknown) => log(`${order.out_trade_no}: ${describeError(error)}`))
    }
    return { name, everySeconds: 60, run }
  }

  async #sync(order: Row): Promise<void> {
    const { id, out_trade_no, time_expire } = order
    const settle = (payment: Payment) => this.settle(payment, { id })
    const close = () => this.end(order, 'closed')
    await syncPayment(await this.payOf(order), { out_trade_no, time_expire, settle, close })
  }
}

/** Nobody can pay the order. Known to WeChat Pay already: another request of the number was accepted. */
function isRefused(error: unknown): boolean {
  if (error instanceof WeChatPayError) return !/^(?:OUT_TRADE_NO_USED|ORDERPAID)$/.test(error.upstreamCode)
  return error instanceof ConfigError
}
