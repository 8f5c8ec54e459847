import type { PaySettings } from './settings.ts'

const TRANSFERS = '/v3/fund-app/mch-transfer'
const AUTHORIZATIONS = `${TRANSFERS}/user-confirm-authorization`

/** Calls a second of one merchant, as far as the documents name them (接口限频). */
const RATES: Readonly<Record<string, number>> = {
  [`POST ${TRANSFERS}/transfer-bills`]: 100,
  [`POST ${TRANSFERS}/transfer-bills/transfer`]: 100,
  [`POST ${TRANSFERS}/transfer-bills/pre-transfer-with-authorization`]: 100,
  [`GET ${TRANSFERS}/transfer-bills/out-bill-no/:out_bill_no`]: 100,
  [`POST ${TRANSFERS}/transfer-bills/out-bill-no/:out_bill_no/cancel`]: 20,
  [`POST ${AUTHORIZATIONS}`]: 50,
  [`GET ${AUTHORIZATIONS}/out-authorization-no/:out_authorization_no`]: 100,
  [`POST ${AUTHORIZATIONS}/out-authorization-no/:out_authorization_no/close`]: 50,
  // Their document names no number: a guess.
  'POST /v3/payscore/serviceorder': 100,
  'GET /v3/payscore/serviceorder': 100,
  'POST /v3/refund/domestic/refunds': 150,
  'POST /v3/applyment4sub/applyment/': 15,
  'POST /v3/profitsharing/orders': 300,
  'GET /v3/profitsharing/orders/:out_order_no': 500,
  'POST /v3/profitsharing/return-orders': 100,
  'POST /secapi/pay/refund': 150,
  'POST /secapi/pay/profitsharing': 30,
  'POST /secapi/pay/multiprofitsharing': 30,
  'POST /secapi/pay/profitsharingfinish': 30,
  'POST /secapi/pay/profitsharingreturn': 100,
  'POST /pay/profitsharingquery': 80,
  'POST /pay/pappayapply': 150,
  'POST /mmpaymkttransfers/promotion/transfers': 100,
  'POST /mmpaymkttransfers/sendredpack': 30
}

/** Counts the calls of this second. Nothing of it outlives the second, so it is in no snapshot. */
export class Rates {
  readonly #settings: PaySettings
  readonly #now: () => number
  #second = 0
  readonly #counts = new Map<string, number>()

  constructor(settings: PaySettings, now: () => number) {
    this.#settings = settings
    this.#now = now
  }

  /** Whether this call is one too many. */
  isTooMany(mchId: string, call: string): boolean {
    const limit = RATES[call]
    if (!this.#settings.limitRates || limit === undefined) return false
    const second = Math.floor(this.#now() / 1_000)
    if (second !== this.#second) this.#counts.clear()
    this.#second = second
    const key = `${mchId} ${call}`
    const count = (this.#counts.get(key) ?? 0) + 1
    this.#counts.set(key, count)
    return count > limit
  }
}

/** Whether merchants lack the product to which a path belongs. */
export const lacksPermission = (settings: PaySettings, path: string): boolean =>
  settings.withoutPermission.some((begin) => path.startsWith(begin))
