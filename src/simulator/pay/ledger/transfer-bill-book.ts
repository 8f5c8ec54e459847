import type { SimulatorContext } from '../../framework/context.ts'
import { Listeners } from '../../framework/listeners.ts'
import type { PaySettings } from '../settings.ts'
import type { Funds } from './funds.ts'
import { Table } from './table.ts'
import type { TransferBill } from './transfer-bill.ts'

interface Parts {
  readonly context: SimulatorContext
  readonly settings: PaySettings
  readonly funds: Funds
}

/** Transfers that the user has to confirm (用户确认模式). */
export class TransferBillBook {
  readonly table: Table<TransferBill>
  /** Reasons for which the next transfers fail instead of asking the user. */
  readonly failures: string[] = []
  /** A transfer reached its end. */
  readonly finished = new Listeners<TransferBill>()
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
    this.table = new Table(parts.context.limits.orders, (bill) => [
      `no ${bill.mchId} ${bill.outBillNo}`,
      `id ${bill.mchId} ${bill.transferBillNo}`,
      `any ${bill.outBillNo}`,
      `any ${bill.transferBillNo}`,
      `any ${bill.packageInfo}`
    ])
  }

  create(
    draft: Omit<TransferBill, 'transferBillNo' | 'packageInfo' | 'createdAt' | 'updatedAt' | 'state'>
  ): TransferBill {
    const { clock, random } = this.#parts.context
    const now = clock.now()
    const bill = {
      ...draft,
      transferBillNo: `1330${random.digits(28)}`,
      packageInfo: `ABBQO+oYAAABAAAAAAB${random.text(84)}==`,
      createdAt: now,
      updatedAt: now,
      state: 'WAIT_USER_CONFIRM' as const
    }
    this.#move(bill, -bill.amount, '商家转账')
    const added: TransferBill = this.table.add(bill)
    const reason = this.failures.shift()
    if (reason === undefined) this.schedule(added)
    else this.fail(added, reason)
    return added
  }

  /** Also called for what was open when the simulator was stopped. */
  schedule(bill: TransferBill): void {
    const { context, settings } = this.#parts
    const { clock } = context
    if (bill.state === 'WAIT_USER_CONFIRM') {
      clock.schedule(
        bill.createdAt + settings.claimPeriodMs - clock.now(),
        () => {
          if (bill.state === 'WAIT_USER_CONFIRM') this.fail(bill, 'OVERDUE_CLOSE')
        },
        `transfer ${bill.outBillNo} expires`
      )
    }
    if (bill.state === 'CANCELING') {
      clock.schedule(settings.payoutDelayMs, () => this.#end(bill, 'CANCELLED', '转账撤销退回', 'MCH_CANCEL'))
    }
  }

  cancel(bill: TransferBill): void {
    bill.state = 'CANCELING'
    bill.updatedAt = this.#parts.context.clock.now()
    this.schedule(bill)
  }

  confirm(bill: TransferBill): void {
    this.#end(bill, 'SUCCESS')
  }

  fail(bill: TransferBill, reason: string): void {
    this.#end(bill, 'FAIL', '转账失败退回', reason)
  }

  #end(bill: TransferBill, state: TransferBill['state'], giveBack?: string, reason?: string): void {
    bill.state = state
    bill.updatedAt = this.#parts.context.clock.now()
    if (reason !== undefined) bill.failReason = reason
    if (giveBack !== undefined) this.#move(bill, bill.amount, giveBack)
    this.finished.call(bill)
  }

  #move(bill: Pick<TransferBill, 'mchId' | 'transferBillNo' | 'outBillNo'>, amount: number, type: string): void {
    const { mchId, transferBillNo, outBillNo } = bill
    this.#parts.funds.move({
      book: mchId,
      businessNo: transferBillNo,
      outNo: outBillNo,
      name: '商家转账',
      type,
      amount
    })
  }
}
