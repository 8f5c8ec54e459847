import type { PaymentNotice } from '../../framework/context.ts'
import { Refusal } from '../errcodes.ts'
import type { AccountState, WeChatState } from '../state.ts'
import { pushAccess, pushReminder, pushSettlement } from './shipping-events.ts'
import { newShippingOrder, type ShippingOrder } from './shipping-order.ts'
import type { Upload } from './upload-rules.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const REMIND_MS = 48 * HOUR_MS
/** Express arrives within ten days, everything else within two. (自动确认收货) */
const confirmMs = (logisticsType: number) => (logisticsType === 1 ? 10 : 2) * DAY_MS
const SETTLE_MS = 60_000

/** The orders of one managed mini program: holds their money until they were shipped and received. */
export class ShippingBook {
  readonly #wx: WeChatState
  readonly #state: AccountState

  constructor(wx: WeChatState, state: AccountState) {
    this.#wx = wx
    this.#state = state
  }

  /** A payment of a managed account enters the book, and its money is frozen. */
  paid(payment: PaymentNotice): void {
    const { shippingOrders, account } = this.#state
    const order = newShippingOrder({
      transactionId: payment.transactionId,
      mchId: payment.mchId,
      subMchId: payment.subMchId ?? '',
      outTradeNo: payment.outTradeNo,
      openid: payment.openid,
      description: payment.description,
      amount: payment.amount,
      paidAt: this.#wx.now
    })
    if (shippingOrders.size === 0) pushAccess(this.#wx, account)
    shippingOrders.set(order.transactionId, order)
    this.resume(order)
  }

  /** Holds the money and waits, also after a restart. */
  resume(order: ShippingOrder): void {
    const { clock, heldMoney } = this.#wx.context
    if (order.state >= 4) return
    heldMoney.hold(order.transactionId, order.subMchId || order.mchId, order.amount)
    if (order.state === 1) this.#later(order.paidAt + REMIND_MS - clock.now(), () => this.#remind(order))
    if (order.state === 2) this.#waitForConfirmation(order)
    if (order.state === 3) this.#later(SETTLE_MS, () => this.#settle(order))
  }

  upload(order: ShippingOrder, upload: Upload, uploadedAt: number): void {
    const content = JSON.stringify({ ...upload, parcels: upload.parcels.map(({ upload_time, ...parcel }) => parcel) })
    if (order.state >= 3) throw new Refusal(10060004)
    if (content === order.lastUpload) throw new Refusal(10060023)
    if (uploadedAt <= order.lastUploadAt) throw new Refusal(10060014, 'upload_time must be newer than the last one')
    const isChanged =
      order.parcels.length > 0 &&
      (order.deliveryMode !== upload.deliveryMode || order.logisticsType !== upload.logisticsType)
    if (order.finished && !upload.isAllDelivered) throw new Refusal(10060002)
    if ((order.finished || isChanged) && order.finishedCount >= 2) throw new Refusal(10060003)
    const isAgain = order.finished || isChanged
    const parcels = isAgain || upload.deliveryMode === 1 ? upload.parcels : [...order.parcels, ...upload.parcels]
    if (parcels.length > 15) throw new Refusal(10060024)
    order.parcels = [...parcels]
    order.logisticsType = upload.logisticsType
    order.deliveryMode = upload.deliveryMode
    order.lastUpload = content
    order.lastUploadAt = uploadedAt
    if (!upload.isAllDelivered) return
    order.finished = true
    order.finishedCount += 1
    order.state = 2
    order.shippedAt = this.#wx.now
    order.confirmAt = order.shippedAt + confirmMs(order.logisticsType)
    this.#waitForConfirmation(order)
    this.#wx.receive({
      appId: this.#state.account.appId,
      openid: order.openid,
      kind: 'notice',
      content: { title: '商家已发货', items: order.parcels.map((parcel) => parcel.item_desc) }
    })
    pushSettlement(this.#wx, this.#state.account, order)
  }

  confirm(order: ShippingOrder, by: 'person' | 'clock'): void {
    if (order.state !== 2) return
    order.state = 3
    order.confirmedBy = by
    order.confirmAt = this.#wx.now
    this.#later(SETTLE_MS, () => this.#settle(order))
  }

  refunded(order: ShippingOrder): void {
    if (order.state === 4) return
    order.state = 5
    this.#wx.context.heldMoney.release(order.transactionId)
  }

  #settle(order: ShippingOrder): void {
    if (order.state !== 3) return
    order.state = 4
    this.#wx.context.heldMoney.release(order.transactionId)
    pushSettlement(this.#wx, this.#state.account, order, this.#wx.now)
  }

  #waitForConfirmation(order: ShippingOrder): void {
    const dueAt = order.confirmAt
    this.#later(dueAt - this.#wx.now, () => {
      // A re-shipping begins a new wait.
      if (order.confirmAt === dueAt) this.confirm(order, 'clock')
    })
  }

  #remind(order: ShippingOrder): void {
    if (order.state === 1 && order.special === 0) pushReminder(this.#wx, this.#state.account, order)
  }

  #later(delayMs: number, run: () => void): void {
    this.#wx.context.clock.schedule(Math.max(0, delayMs), run)
  }
}
