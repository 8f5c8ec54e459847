import type { SimulatorContext } from '../../framework/context.ts'
import { PayFailure } from '../failures.ts'
import { Table } from './table.ts'

/** A line of the fund-flow bill (资金账单). */
export interface FundFlow {
  readonly id: string
  readonly book: string
  readonly time: number
  /** Number of the platform: transaction, refund, transfer. */
  readonly businessNo: string
  /** Number of the merchant (业务凭证号). */
  readonly outNo: string
  readonly name: string
  readonly type: string
  /** In fen, negative when it goes out. */
  readonly amount: number
  readonly balance: number
  readonly remark: string
}

const OPENING_BALANCE = 100_000_000

/** Money of every merchant. What is paid in, refunded and paid out must add up. */
export class Funds {
  readonly table: Table<FundFlow>
  readonly balances: Record<string, number> = {}
  readonly #context: SimulatorContext

  constructor(context: SimulatorContext) {
    this.#context = context
    this.table = new Table(context.limits.orders * 2, (flow) => [flow.id])
  }

  balance(book: string): number {
    return this.balances[book] ?? OPENING_BALANCE
  }

  /** Fen that a merchant can use: not what orders of managed mini programs hold until they were shipped and received. */
  available(book: string): number {
    return this.balance(book) - this.#context.heldMoney.of(book.replace(/^sub:/, ''))
  }

  /** Books an amount in fen; refuses to go below zero. A refund gives held money back. */
  move(flow: Omit<FundFlow, 'id' | 'time' | 'balance' | 'remark'> & { remark?: string | undefined }): void {
    const balance = this.balance(flow.book) + flow.amount
    const left = flow.type === '退款' ? balance : this.available(flow.book) + flow.amount
    if (flow.amount < 0 && left < 0) throw new PayFailure('NOT_ENOUGH')
    this.balances[flow.book] = balance
    const { clock, random } = this.#context
    this.table.add({ ...flow, remark: flow.remark ?? '', id: random.digits(28), time: clock.now(), balance })
  }
}
