import type { SimulatorContext } from '../../framework/context.ts'
import type { UserRecord } from '../../framework/users.ts'
import type { PaySettings } from '../settings.ts'
import type { Funds } from './funds.ts'
import type { RedPack } from './red-pack.ts'
import { Table } from './table.ts'

/** Red packets: opened by their receivers, or returned after 24 hours. */
export class RedPackBook {
  readonly table: Table<RedPack>
  readonly #context: SimulatorContext
  readonly #settings: PaySettings
  readonly #funds: Funds

  constructor(context: SimulatorContext, settings: PaySettings, funds: Funds) {
    this.#context = context
    this.#settings = settings
    this.#funds = funds
    this.table = new Table(context.limits.orders, (pack) => [
      `no ${pack.mchId} ${pack.mchBillno}`,
      `any ${pack.mchBillno}`,
      `any ${pack.listId}`
    ])
  }

  send(pack: Omit<RedPack, 'listId' | 'detailId' | 'sentAt' | 'received' | 'status'>): RedPack {
    const { clock, random } = this.#context
    const listId = `1000041701${random.digits(22)}`
    this.#move({ ...pack, listId }, -pack.totalAmount, '红包发放')
    const sent = this.table.add({
      ...pack,
      listId,
      detailId: `1000000000${random.digits(18)}`,
      sentAt: clock.now(),
      received: [],
      status: 'SENT'
    })
    this.schedule(sent)
    return sent
  }

  /** Also called for what was not opened when the simulator was stopped. */
  schedule(pack: RedPack): void {
    const { clock } = this.#context
    clock.schedule(
      pack.sentAt + this.#settings.claimPeriodMs - clock.now(),
      () => this.expire(pack),
      `red packet ${pack.mchBillno} expires`
    )
  }

  /** How many packets of a merchant this person got since a moment. */
  countSince(mchId: string, openid: string, since: number): number {
    return this.table.filter((pack) => pack.mchId === mchId && pack.openid === openid && pack.sentAt >= since).length
  }

  /** Gives this person a share; a text says why there is none. */
  open(pack: RedPack, user: UserRecord): number | string {
    const openid = user.openid(pack.appId)
    if (pack.status === 'REFUND') return 'the red packet was returned to the merchant after 24 hours'
    if (pack.kind !== 'GROUP' && openid !== pack.openid)
      return `the red packet is for ${pack.openid}, not for ${openid}`
    if (pack.received.some((one) => one.openid === openid)) return 'this user has already opened the red packet'
    const left = pack.totalNum - pack.received.length
    if (left <= 0) return 'all shares of the red packet are gone'
    const rest = pack.totalAmount - pack.received.reduce((sum, { amount }) => sum + amount, 0)
    // Random shares: at most twice the average, at least one fen for everybody who comes later.
    const most = Math.max(1, Math.min(Math.floor((rest / left) * 2), rest - (left - 1)))
    const amount = left === 1 ? rest : this.#context.random.int(1, most)
    pack.received.push({ openid, amount, time: this.#context.clock.now() })
    if (left === 1) pack.status = 'RECEIVED'
    return amount
  }

  /** The rest goes back to the merchant. */
  expire(pack: RedPack): void {
    const rest = pack.totalAmount - pack.received.reduce((sum, { amount }) => sum + amount, 0)
    if (pack.status !== 'SENT' || rest === 0) return
    this.#move(pack, rest, '红包退回')
    pack.status = 'REFUND'
    pack.refundAmount = rest
    pack.refundedAt = this.#context.clock.now()
  }

  #move(pack: Pick<RedPack, 'mchId' | 'listId' | 'mchBillno'>, amount: number, type: string): void {
    this.#funds.move({
      book: pack.mchId,
      businessNo: pack.listId,
      outNo: pack.mchBillno,
      name: '现金红包',
      type,
      amount
    })
  }
}
