import type { MerchantAccount } from '../framework/accounts.ts'
import type { SimulatorContext } from '../framework/context.ts'
import { fromStateJson } from '../framework/state-json.ts'
import { applymentKeys } from './ledger/applyment.ts'
import { AuthCodes } from './ledger/auth-codes.ts'
import { combinedKeys } from './ledger/combined-order.ts'
import type { Complaint } from './ledger/complaint.ts'
import { ContractBook } from './ledger/contract-book.ts'
import { couponKeys, couponStockKeys } from './ledger/coupon.ts'
import { couponSubsidyKeys, couponSubsidyReturnKeys } from './ledger/coupon-subsidy.ts'
import { Downloads } from './ledger/downloads.ts'
import { Funds } from './ledger/funds.ts'
import { emptyStock, merchantCouponKeys, merchantStockKeys } from './ledger/merchant-coupon.ts'
import type { Order } from './ledger/order.ts'
import { OrderBook } from './ledger/order-book.ts'
import { RedPackBook } from './ledger/red-pack-book.ts'
import { RefundBook } from './ledger/refund-book.ts'
import { permissionKeys, serviceOrderKeys } from './ledger/service-order.ts'
import { applicationKeys, planKeys, signedPlanKeys } from './ledger/service-plan.ts'
import { settlementApplicationKeys } from './ledger/settlement-application.ts'
import { type SharingReturn, sharingKeys } from './ledger/sharing-order.ts'
import { Table } from './ledger/table.ts'
import { authorizationKeys } from './ledger/transfer-authorization.ts'
import { batchKeys } from './ledger/transfer-batch.ts'
import { TransferBillBook } from './ledger/transfer-bill-book.ts'
import type { UploadedMedia } from './ledger/uploaded-media.ts'
import { type BankTransfer, type V2Transfer, v2TransferKeys } from './ledger/v2-transfer.ts'
import { PlatformKeys } from './platform-keys.ts'
import { Rates } from './rates.ts'
import { defaultPaySettings, type PaySettings } from './settings.ts'

interface PaySnapshot {
  readonly tables?: Readonly<Record<string, unknown>>
  readonly balances?: Readonly<Record<string, number>>
  readonly urls?: Readonly<Record<string, string>>
  readonly settings?: Partial<PaySettings>
  readonly generation?: number
}

/** How the next notifications misbehave. */
interface Mischief {
  /** So many notifications begin with a probe (WECHATPAY/SIGNTEST) that must be refused. */
  probes: number
  /** So many attempts are signed (or encrypted) with a key that is not the platform's. */
  wrongKey: number
}

/** Everything that WeChat Pay knows, for v2 and v3 together: tables and settings. What follows from them is elsewhere. */
export class PayWorld {
  readonly context: SimulatorContext
  readonly settings: PaySettings
  readonly platform: PlatformKeys
  readonly downloads: Downloads
  readonly orders: OrderBook
  readonly refunds: RefundBook
  readonly funds: Funds
  readonly authCodes: AuthCodes
  readonly redPacks: RedPackBook
  readonly transferBills: TransferBillBook
  readonly contracts: ContractBook
  readonly combined
  readonly v2Transfers
  readonly bankTransfers
  readonly batches
  readonly transferAuthorizations
  readonly serviceOrders
  readonly servicePermissions
  readonly servicePlans
  readonly signedPlans
  readonly serviceApplications
  readonly sharings
  readonly sharingReturns
  readonly receivers
  readonly stocks
  readonly coupons
  readonly merchantStocks
  readonly merchantCoupons
  readonly couponSubsidies
  readonly couponSubsidyReturns
  readonly settlementApplications
  readonly complaints
  readonly applyments
  readonly media
  /** Addresses that merchants registered for kinds of notifications. */
  readonly urls: Record<string, string> = {}
  readonly rates: Rates
  readonly mischief: Mischief = { probes: 0, wrongKey: 0 }
  /** So many of the next v3 responses carry a probe instead of a signature. */
  answerProbes = 0

  constructor(context: SimulatorContext) {
    const { orders, records } = context.limits
    const settings = defaultPaySettings()
    this.context = context
    this.settings = settings
    this.rates = new Rates(settings, context.clock.now)
    this.platform = new PlatformKeys(context.keys, context.clock.now)
    this.downloads = new Downloads(context)
    this.orders = new OrderBook(context)
    this.funds = new Funds(context)
    this.refunds = new RefundBook({
      context,
      settings,
      funds: this.funds,
      fundsOf: (order) => this.fundsOf(order),
      orderOf: (refund) => this.orders.find(refund.book, refund.outTradeNo)
    })
    this.authCodes = new AuthCodes(context)
    this.redPacks = new RedPackBook(context, settings, this.funds)
    this.transferBills = new TransferBillBook({ context, settings, funds: this.funds })
    this.contracts = new ContractBook(context)
    this.combined = new Table(orders, combinedKeys)
    this.v2Transfers = new Table<V2Transfer>(orders, v2TransferKeys)
    this.bankTransfers = new Table<BankTransfer>(orders, v2TransferKeys)
    this.batches = new Table(orders, batchKeys)
    this.transferAuthorizations = new Table(orders, authorizationKeys)
    this.serviceOrders = new Table(orders, serviceOrderKeys)
    this.servicePermissions = new Table(orders, permissionKeys)
    this.servicePlans = new Table(records, planKeys)
    this.signedPlans = new Table(orders, signedPlanKeys)
    this.serviceApplications = new Table(records, applicationKeys)
    this.sharings = new Table(orders, sharingKeys)
    this.sharingReturns = new Table(orders, (one: SharingReturn) => [`${one.mchId} ${one.outReturnNo}`])
    this.receivers = new Table(records, ({ key }: { readonly key: string }) => [key])
    this.stocks = new Table(records, couponStockKeys)
    this.coupons = new Table(records, couponKeys)
    this.merchantStocks = new Table(records, merchantStockKeys, emptyStock)
    this.merchantCoupons = new Table(records, merchantCouponKeys)
    this.couponSubsidies = new Table(records, couponSubsidyKeys)
    this.couponSubsidyReturns = new Table(records, couponSubsidyReturnKeys)
    this.settlementApplications = new Table(records, settlementApplicationKeys)
    this.complaints = new Table(records, ({ id }: Complaint) => [id])
    this.applyments = new Table(records, applymentKeys)
    // Files are up to 5 MiB: few of them.
    this.media = new Table(20, ({ id }: UploadedMedia) => [id])
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

  #tables() {
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
      servicePlans: this.servicePlans,
      signedPlans: this.signedPlans,
      serviceApplications: this.serviceApplications,
      sharings: this.sharings,
      sharingReturns: this.sharingReturns,
      receivers: this.receivers,
      stocks: this.stocks,
      coupons: this.coupons,
      merchantStocks: this.merchantStocks,
      merchantCoupons: this.merchantCoupons,
      couponSubsidies: this.couponSubsidies,
      couponSubsidyReturns: this.couponSubsidyReturns,
      settlementApplications: this.settlementApplications,
      complaints: this.complaints,
      applyments: this.applyments,
      media: this.media
    }
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
  }
}
