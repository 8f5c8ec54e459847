import { ConfigError } from '../../errors/index.ts'
import type { Order } from './ledger/order.ts'
import type { RedPack } from './ledger/red-pack.ts'
import type { Refund } from './ledger/refund.ts'
import type { TransferBill } from './ledger/transfer-bill.ts'
import { H5_SIGN_PATHS } from './papay/entrust-pages.ts'
import { checkPaySettings, type PaySettings } from './settings.ts'
import { V2_ENDPOINTS } from './v2/index.ts'
import { applymentNow } from './v3/applyments.ts'
import { V3_ROUTES } from './v3/index.ts'
import type { PayWorld } from './world.ts'

const missing = (what: string, number: string): ConfigError =>
  new ConfigError(`There is no ${what} ${number}.`, { code: 'ERR_INVALID_PARAM', product: 'simulator' })

/** `simulator.pay`: what a test may look at and change. */
export class PayControl {
  readonly #world: PayWorld

  /** @internal */
  constructor(world: PayWorld) {
    this.#world = world
  }

  /** Rules of the platform, to be changed at any time. */
  get settings(): PaySettings {
    return this.#world.settings
  }

  /**
   * Changes rules of the platform, for scripts that do not hold `settings`.
   *
   * @param changes Settings by name, e.g. `{ acceptOtherRoots: true }`.
   * @returns All settings as they are now.
   * @throws {ConfigError} ERR_CONFIG for unknown names and wrong types.
   */
  changeSettings(changes: Partial<PaySettings>): PaySettings {
    checkPaySettings(changes, 'simulator.pay.changeSettings')
    return structuredClone(Object.assign(this.#world.settings, changes))
  }

  /** Every simulated call, as `POST /pay/unifiedorder`. */
  get endpoints(): readonly string[] {
    return [
      ...H5_SIGN_PATHS.map((path) => `GET ${path}`),
      ...V2_ENDPOINTS.map(({ path }) => `POST ${path}`),
      ...V3_ROUTES.map(({ method, path }) => `${method} ${path}`)
    ]
  }

  /** Orders as they are now; copies. */
  get orders(): Order[] {
    return structuredClone([...this.#world.orders.table.rows()])
  }

  get refunds(): Refund[] {
    return structuredClone([...this.#world.refunds.table.rows()])
  }

  get transfers(): TransferBill[] {
    return structuredClone([...this.#world.transferBills.table.rows()])
  }

  get redPacks(): RedPack[] {
    return structuredClone([...this.#world.redPacks.table.rows()])
  }

  /**
   * The order of a number; the newest when several merchants use it.
   *
   * @param outTradeNo Order number of the merchant.
   */
  order(outTradeNo: string): Order | undefined {
    const found = this.#world.orders.table.filter((order) => order.outTradeNo === outTradeNo).at(-1)
    return found && structuredClone(this.#world.orders.find(found.book, outTradeNo))
  }

  /**
   * Ends a refund now, also with a result that is not the usual one, and notifies.
   *
   * @param outRefundNo Refund number of the merchant.
   * @param status How it ends.
   * @throws {ConfigError} ERR_INVALID_PARAM if no such refund is under way.
   */
  async settleRefund(outRefundNo: string, status: Refund['outcome'] = 'SUCCESS'): Promise<void> {
    const refund = this.#world.refunds.table.filter((one) => one.outRefundNo === outRefundNo).at(-1)
    if (refund?.status !== 'PROCESSING') throw missing('refund under way', outRefundNo)
    this.#world.refunds.settle(refund, status)
    await this.#world.context.clock.settle()
  }

  /**
   * Refunds an order as staff does in the merchant platform (商户平台). Whichever API the order was made with, the notification is the
   * XML of API v2, sealed with its key, and goes to `settings.refundNotifyUrl`.
   *
   * @param outTradeNo Number of the order (商户订单号).
   * @param fen How much goes back; the whole order by default.
   * @returns Number of the refund (商户退款单号), which the platform chose.
   * @throws {ConfigError} ERR_INVALID_PARAM when there is no such paid order.
   */
  refundInPlatform(outTradeNo: string, fen?: number): string {
    const { orders, refunds, context } = this.#world
    const order = orders.table.filter((one) => one.outTradeNo === outTradeNo && one.payment !== undefined).at(-1)
    if (!order) throw missing('paid order', outTradeNo)
    const outRefundNo = context.random.digits(28)
    refunds.create(order, { api: 2, outRefundNo, refund: fen ?? order.total, total: order.total, byStaff: true })
    return outRefundNo
  }

  /**
   * Lets the time of an unpaid order run out: it is CLOSED.
   *
   * @param outTradeNo Number of the order (商户订单号).
   * @throws {ConfigError} ERR_INVALID_PARAM when no such order waits to be paid.
   */
  expireOrder(outTradeNo: string): void {
    const { table } = this.#world.orders
    const order = table.filter((one) => one.outTradeNo === outTradeNo && one.state === 'NOTPAY').at(-1)
    if (!order) throw missing('unpaid order', outTradeNo)
    table.change(order, { expiresAt: this.#world.context.clock.now() })
    this.#world.orders.find(order.book, outTradeNo)
  }

  /**
   * Lets the time of an unconfirmed merchant transfer run out: it fails, the money goes back, the notification is sent.
   *
   * @param outBillNo Number of the transfer (商户单号).
   * @throws {ConfigError} ERR_INVALID_PARAM when no such transfer waits for its receiver.
   */
  expireTransfer(outBillNo: string): void {
    const bill = this.#world.transferBills.table.get(`any ${outBillNo}`)
    if (bill?.state !== 'WAIT_USER_CONFIRM') throw missing('unconfirmed transfer', outBillNo)
    this.#world.transferBills.fail(bill, 'OVERDUE_CLOSE')
  }

  /**
   * Lets the time of an unopened red packet run out: the rest goes back.
   *
   * @param mchBillno Number of the red packet (商户订单号).
   * @throws {ConfigError} ERR_INVALID_PARAM when no such red packet waits to be opened.
   */
  expireRedPack(mchBillno: string): void {
    const pack = this.#world.redPacks.table.get(`any ${mchBillno}`)
    if (pack?.status !== 'SENT') throw missing('unopened red packet', mchBillno)
    this.#world.redPacks.expire(pack)
  }

  /**
   * Ends the review of a sub-merchant's application (特约商户进件).
   *
   * @param businessCode Number of the application (业务申请编号).
   * @param rejection The field and why it was refused; accepted without it.
   * @throws {ConfigError} ERR_INVALID_PARAM when no such application is being reviewed.
   */
  reviewApplyment(businessCode: string, rejection?: { field: string; reason: string }): void {
    const one = this.#world.applyments.filter((each) => each.businessCode === businessCode).at(-1)
    if (one?.state !== 'AUDITING') throw missing('application under review', businessCode)
    const at = this.#world.context.clock.now()
    this.#world.applyments.change(one, { state: rejection ? 'REJECTED' : 'TO_BE_SIGNED', at, rejection })
  }

  /**
   * The administrator of a sub-merchant signs; half an hour later the merchant number is there.
   *
   * @param businessCode Number of the application (业务申请编号).
   * @throws {ConfigError} ERR_INVALID_PARAM when no such application waits to be signed.
   */
  signApplyment(businessCode: string): void {
    const found = this.#world.applyments.filter((each) => each.businessCode === businessCode).at(-1)
    const one = found && applymentNow(this.#world, found)
    if (one?.state !== 'TO_BE_SIGNED') throw missing('application to be signed', businessCode)
    this.#world.applyments.change(one, { state: 'SIGNING', at: this.#world.context.clock.now() })
  }

  /**
   * What the next refunds become, one each, instead of SUCCESS.
   *
   * @param outcomes `SUCCESS`, `CLOSED` or `ABNORMAL`.
   */
  nextRefunds(...outcomes: Refund['outcome'][]): void {
    this.#world.refunds.outcomes.push(...outcomes)
  }

  /**
   * The next merchant transfers fail with these reasons (`fail_reason`), one each.
   *
   * @param reasons E.g. `ACCOUNT_FROZEN`.
   */
  failTransfers(...reasons: string[]): void {
    this.#world.transferBills.failures.push(...reasons)
  }

  /**
   * Balance of a merchant in fen.
   *
   * @param mchId Merchant number.
   * @returns Fen.
   */
  balance(mchId: string): number {
    return this.#world.funds.balance(mchId)
  }

  /**
   * Sets the balance; 0 makes payouts fail for lack of money.
   *
   * @param mchId Merchant number.
   * @param fen The new balance in fen.
   */
  setBalance(mchId: string, fen: number): void {
    this.#world.funds.balances[mchId] = fen
  }

  /** Key and certificate that verify answers and notifications. */
  get platform() {
    const { keys } = this.#world.context
    const { serialNumber, certificatePem } = this.#world.platform.current
    return {
      publicKeyId: keys.publicKeyId,
      publicKey: keys.publicKeyPem('platformPublic'),
      serialNumber,
      certificate: certificatePem
    }
  }

  /** From now on the platform signs with a new certificate; the old one stays in the list until it expires. */
  rotatePlatformCertificate(): { serialNumber: string; certificate: string } {
    const { serialNumber, certificatePem } = this.#world.platform.rotate()
    return { serialNumber, certificate: certificatePem }
  }

  /**
   * The next v3 responses carry a probe (`WECHATPAY/SIGNTEST/…`) for a signature.
   *
   * @param count Number of responses.
   */
  probeResponses(count = 1): void {
    this.#world.answerProbes += count
  }

  /**
   * The next v3 notifications begin with a probe that has to be refused; the good one follows as a retry.
   *
   * @param count Number of notifications.
   */
  probeNotifications(count = 1): void {
    this.#world.mischief.probes += count
  }

  /**
   * The next notifications are made with a key that is not the platform's.
   *
   * @param count Number of notifications.
   */
  forgeNotifications(count = 1): void {
    this.#world.mischief.wrongKey += count
  }
}
