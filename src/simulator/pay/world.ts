import type { MerchantAccount } from '../framework/accounts.ts'
import type { SimulatorContext } from '../framework/context.ts'
import type { Delivery } from '../framework/delivery.ts'
import { fromStateJson } from '../framework/state-json.ts'
import { AuthCodes } from './ledger/auth-codes.ts'
import type { Contract } from './ledger/contract.ts'
import { ContractBook } from './ledger/contract-book.ts'
import { Funds } from './ledger/funds.ts'
import type { Order, Payment } from './ledger/order.ts'
import { OrderBook } from './ledger/order-book.ts'
import { RedPackBook } from './ledger/red-pack-book.ts'
import type { Refund } from './ledger/refund.ts'
import { RefundBook } from './ledger/refund-book.ts'
import { Table } from './ledger/table.ts'
import type { TransferBill } from './ledger/transfer-bill.ts'
import { TransferBillBook } from './ledger/transfer-bill-book.ts'
import { Notifier } from './notifier.ts'
import { contractObject } from './papay/contract-object.ts'
import { failedTransaction, scheduleDeduction } from './papay/deduction.ts'
import { scheduleEnd } from './papay/schedule.ts'
import { scheduleCollection } from './payscore/collection.ts'
import {
  permissionKeys,
  type ServiceOrder,
  type ServicePermission,
  serviceOrderKeys
} from './payscore/service-order.ts'
import { PlatformKeys } from './platform-keys.ts'
import { defaultPaySettings, type PaySettings } from './settings.ts'
import type { BankTransfer } from './v2/bank-transfers.ts'
import type { V2Transfer } from './v2/transfers.ts'
import { type CombinedOrder, combinedObject, partsOf } from './v3/combine.ts'
import type { Complaint } from './v3/complaints.ts'
import type { CouponStock } from './v3/coupon-stocks.ts'
import { type Coupon, useCoupon } from './v3/coupons.ts'
import { Downloads } from './v3/downloads.ts'
import type { UploadedMedia } from './v3/media.ts'
import {
  type MerchantCoupon,
  type MerchantCouponStock,
  merchantCouponKeys,
  merchantStockKeys
} from './v3/merchant-coupons.ts'
import { v3Event } from './v3/notification.ts'
import { refundResource } from './v3/refunds.ts'
import { scheduleReturnNotice, scheduleShareNotices } from './v3/share-notices.ts'
import type { SharingOrder, SharingReturn } from './v3/sharing-order.ts'
import { overseasTransaction, transactionObject } from './v3/transaction-object.ts'
import { authorizationKeys, type TransferAuthorization } from './v3/transfer-authorizations.ts'
import { scheduleBatch, type TransferBatch } from './v3/transfer-batch.ts'
import { transferResource } from './v3/transfer-bills.ts'

interface PaySnapshot {
  readonly tables?: Readonly<Record<string, unknown>>
  readonly balances?: Readonly<Record<string, number>>
  readonly urls?: Readonly<Record<string, string>>
  readonly settings?: Partial<PaySettings>
  readonly generation?: number
}

/** Everything that WeChat Pay knows, for v2 and v3 together. */
export class PayWorld {
  readonly context: SimulatorContext
  readonly settings: PaySettings = defaultPaySettings()
  readonly platform: PlatformKeys
  readonly notifier: Notifier
  readonly downloads: Downloads
  readonly orders: OrderBook
  readonly refunds: RefundBook
  readonly funds: Funds
  readonly authCodes: AuthCodes
  readonly redPacks: RedPackBook
  readonly transferBills: TransferBillBook
  readonly contracts: ContractBook
  readonly combined: Table<CombinedOrder>
  readonly v2Transfers: Table<V2Transfer>
  readonly bankTransfers: Table<BankTransfer>
  readonly batches: Table<TransferBatch>
  readonly transferAuthorizations: Table<TransferAuthorization>
  readonly serviceOrders: Table<ServiceOrder>
  readonly servicePermissions: Table<ServicePermission>
  readonly sharings: Table<SharingOrder>
  readonly sharingReturns: Table<SharingReturn>
  readonly receivers: Table<{ readonly key: string }>
  readonly stocks: Table<CouponStock>
  readonly coupons: Table<Coupon>
  readonly merchantStocks: Table<MerchantCouponStock>
  readonly merchantCoupons: Table<MerchantCoupon>
  readonly complaints: Table<Complaint>
  readonly media: Table<UploadedMedia>
  /** Addresses that merchants registered for kinds of notifications. */
  readonly urls: Record<string, string> = {}
  /** So many of the next v3 answers carry a probe instead of a signature. */
  answerProbes = 0

  constructor(context: SimulatorContext) {
    const { settings } = this
    const { orders, records } = context.limits
    this.context = context
    this.platform = new PlatformKeys(context.keys, context.clock.now)
    this.notifier = new Notifier(this)
    this.downloads = new Downloads(this)
    this.orders = new OrderBook(context)
    this.funds = new Funds(context)
    this.refunds = new RefundBook({
      context,
      settings,
      funds: this.funds,
      fundsOf: (order) => this.fundsOf(order),
      orderOf: (refund) => this.orders.find(refund.book, refund.outTradeNo),
      notify: (refund, order) => this.#notifyRefund(refund, order)
    })
    this.authCodes = new AuthCodes(context)
    this.redPacks = new RedPackBook(context, settings, this.funds)
    this.transferBills = new TransferBillBook({
      context,
      settings,
      funds: this.funds,
      finished: (bill) => this.#notifyTransfer(bill)
    })
    this.contracts = new ContractBook({ context, notify: (contract) => this.#notifyContract(contract) })
    this.combined = new Table(orders, (one) => [
      `no ${one.mchId} ${one.outTradeNo}`,
      `any ${one.prepayId}`,
      `any ${one.codeToken}`
    ])
    this.v2Transfers = new Table(orders, (one) => [`no ${one.mchId} ${one.partnerTradeNo}`])
    this.bankTransfers = new Table(orders, (one) => [`no ${one.mchId} ${one.partnerTradeNo}`])
    this.batches = new Table(orders, (one) => [`no ${one.mchId} ${one.outBatchNo}`, `id ${one.mchId} ${one.batchId}`])
    this.transferAuthorizations = new Table(orders, authorizationKeys)
    this.serviceOrders = new Table(orders, serviceOrderKeys)
    this.servicePermissions = new Table(orders, permissionKeys)
    this.sharings = new Table(orders, (one) => [`no ${one.mchId} ${one.outOrderNo}`, `id ${one.mchId} ${one.orderId}`])
    this.sharingReturns = new Table(orders, (one) => [`${one.mchId} ${one.outReturnNo}`])
    this.receivers = new Table(records, ({ key }) => [key])
    this.stocks = new Table(records, (one) => [
      `id ${one.mchId} ${one.stockId}`,
      `out ${one.mchId} ${one.outRequestNo}`
    ])
    this.coupons = new Table(records, (one) => [`id ${one.couponId}`, `out ${one.mchId} ${one.outRequestNo}`])
    this.merchantStocks = new Table(records, merchantStockKeys)
    this.merchantCoupons = new Table(records, merchantCouponKeys)
    this.complaints = new Table(records, ({ id }) => [id])
    // Files are up to 5 MiB: few of them.
    this.media = new Table(20, ({ id }) => [id])
  }

  merchant(mchId: string): MerchantAccount {
    const merchant = this.context.accounts.merchant(mchId)
    if (!merchant) throw new RangeError(`no merchant ${mchId}`)
    return merchant
  }

  /** Whose money an order is: in service provider mode the sub-merchant's. */
  fundsOf(order: Order): string {
    return order.subMchId === undefined ? order.book : `sub:${order.subMchId}`
  }

  /** The money has arrived: books it and tells the merchant. */
  paid(order: Order, payer: Omit<Payment, 'transactionId' | 'paidAt'>): Delivery | undefined {
    this.#receive(order, payer)
    const signs = () => this.#signWith(order, payer.openid)
    if (this.settings.contractNoticeFirst) signs()
    const delivery = this.#notifyPaid(order)
    if (!this.settings.contractNoticeFirst) signs()
    return delivery
  }

  #notifyPaid(order: Order): Delivery | undefined {
    if (order.notifyUrl === undefined || order.tradeType === 'MICROPAY') return undefined
    if (order.api === 2) return this.notifier.paid(order, order.notifyUrl)
    const isOverseas = this.settings.overseasMerchants.includes(order.subMchId ?? order.mchId)
    const resource = isOverseas ? overseasTransaction(order) : transactionObject(order)
    return this.#notifyTransaction(order.mchId, order.notifyUrl, resource)
  }

  paidTogether(combined: CombinedOrder, payer: Omit<Payment, 'transactionId' | 'paidAt'>): Delivery {
    for (const order of partsOf(this, combined)) this.#receive(order, payer)
    return this.#notifyTransaction(combined.mchId, combined.notifyUrl, combinedObject(this, combined))
  }

  #receive(order: Order, payer: Omit<Payment, 'transactionId' | 'paidAt'>): void {
    this.orders.pay(order, payer)
    useCoupon(this, order)
    this.funds.move({
      book: this.fundsOf(order),
      businessNo: order.payment?.transactionId ?? '',
      outNo: order.outTradeNo,
      name: '交易',
      type: '交易',
      amount: order.total
    })
    if (order.book !== order.mchId) return
    this.context.paid({
      appId: payer.subOpenid === undefined ? order.appId : (order.subAppId ?? order.appId),
      openid: payer.subOpenid ?? payer.openid,
      mchId: order.mchId,
      ...(order.subMchId === undefined ? {} : { subMchId: order.subMchId }),
      outTradeNo: order.outTradeNo,
      transactionId: order.payment?.transactionId ?? '',
      description: order.description,
      amount: order.total
    })
  }

  #notifyTransaction(mchId: string, url: string, resource: object): Delivery {
    const event = v3Event(this, {
      eventType: 'TRANSACTION.SUCCESS',
      originalType: 'transaction',
      summary: '支付成功',
      resource
    })
    return this.notifier.json('pay', mchId, url, event)
  }

  #notifyRefund(refund: Refund, order: Order): void {
    const url = refund.notifyUrl ?? (refund.api === 2 ? this.settings.refundNotifyUrl : undefined)
    if (url === undefined) return
    if (refund.api === 2) {
      this.notifier.refunded(refund, order, url)
      return
    }
    const summary = { SUCCESS: '退款成功', CLOSED: '退款关闭', ABNORMAL: '退款异常', PROCESSING: '' }[refund.status]
    const event = { eventType: `REFUND.${refund.status}`, originalType: 'refund', summary }
    const resource = refundResource(refund, order)
    this.notifier.json('refund', refund.mchId, url, v3Event(this, { ...event, resource }))
  }

  #notifyTransfer(bill: TransferBill): void {
    if (bill.notifyUrl === undefined) return
    const event = v3Event(this, {
      eventType: 'MCHTRANSFER.BILL.FINISHED',
      originalType: 'mch_payment',
      summary: '商家转账单据终态通知',
      resource: transferResource(bill)
    })
    this.notifier.json('transfer', bill.mchId, bill.notifyUrl, event)
  }

  /** The contract that comes of a payment (支付中签约). */
  #signWith(order: Order, openid: string): void {
    const draft = this.contracts.offered(`prepay ${order.prepayId}`)
    const user = draft && this.context.users.byOpenid(order.appId, openid)
    if (user) this.contracts.sign(draft, user)
  }

  notifyFailedDeduction(order: Order): void {
    const { notifyUrl } = order
    if (notifyUrl === undefined) return
    if (order.api === 2) {
      this.notifier.deductionFailed(order, notifyUrl)
      return
    }
    const event = { eventType: 'TRANSACTION.FAIL', originalType: 'transaction', summary: '扣款失败' }
    this.notifier.json('pay', order.mchId, notifyUrl, v3Event(this, { ...event, resource: failedTransaction(order) }))
  }

  #notifyContract(contract: Contract): void {
    if (!contract.ended) scheduleEnd(this, contract)
    if (contract.api === 3) {
      const [event, summary] = contract.ended ? ['TERMINATE', '解约成功'] : ['SIGN', '签约成功']
      const resource = contractObject(contract, true)
      const notice = { eventType: `ENTRUST.${event}`, originalType: 'entrust', summary, resource }
      this.notifier.json('contract', contract.mchId, contract.notifyUrl, v3Event(this, notice))
      return
    }
    const url = (contract.ended && this.settings.contractEndUrl) || contract.notifyUrl
    this.notifier.contract(contract, url)
  }

  #tables(): Record<string, Table<object>> {
    return {
      orders: this.orders.table,
      refunds: this.refunds.table,
      flows: this.funds.table,
      redPacks: this.redPacks.table,
      transferBills: this.transferBills.table,
      contracts: this.contracts.table,
      contractOffers: this.contracts.offers,
      combined: this.combined,
      v2Transfers: this.v2Transfers,
      bankTransfers: this.bankTransfers,
      batches: this.batches,
      transferAuthorizations: this.transferAuthorizations,
      serviceOrders: this.serviceOrders,
      servicePermissions: this.servicePermissions,
      sharings: this.sharings,
      sharingReturns: this.sharingReturns,
      receivers: this.receivers,
      stocks: this.stocks,
      coupons: this.coupons,
      merchantStocks: this.merchantStocks,
      merchantCoupons: this.merchantCoupons,
      complaints: this.complaints,
      media: this.media
    } as unknown as Record<string, Table<object>>
  }

  snapshot(): unknown {
    return {
      tables: Object.fromEntries(Object.entries(this.#tables()).map(([name, table]) => [name, table.snapshot()])),
      balances: { ...this.funds.balances },
      urls: { ...this.urls },
      settings: { ...this.settings },
      generation: this.platform.generation
    }
  }

  restore(state: unknown): void {
    const { tables, balances, urls, settings, generation } = fromStateJson(state) as PaySnapshot
    for (const [name, table] of Object.entries(this.#tables())) table.restore(tables?.[name])
    Object.assign(this.funds.balances, balances)
    Object.assign(this.urls, urls)
    Object.assign(this.settings, settings)
    this.platform.generation = generation ?? 0
    for (const refund of this.refunds.table.filter((one) => one.status === 'PROCESSING')) this.refunds.schedule(refund)
    for (const pack of this.redPacks.table.filter((one) => one.status === 'SENT')) this.redPacks.schedule(pack)
    for (const bill of this.transferBills.table.rows()) this.transferBills.schedule(bill)
    for (const order of this.orders.table.filter((one) => one.state === 'ACCEPT')) scheduleDeduction(this, order)
    for (const contract of this.contracts.table.rows()) scheduleEnd(this, contract)
    for (const sharing of this.sharings.rows()) scheduleShareNotices(this, sharing)
    for (const done of this.sharingReturns.rows()) {
      const sharing = this.sharings.get(`id ${done.mchId} ${done.orderId}`)
      if (sharing) scheduleReturnNotice(this, done, sharing)
    }
    for (const order of this.serviceOrders.rows()) scheduleCollection(this, order)
    for (const batch of this.batches.rows()) scheduleBatch(this, batch)
  }
}
