import type { Delivery, Verdict } from '../framework/delivery.ts'
import type { Contract } from './ledger/contract.ts'
import type { Order } from './ledger/order.ts'
import type { Refund } from './ledger/refund.ts'
import { CONTRACT_RETRIES, contractXml } from './v2/contract-notification.ts'
import { failedDeductionXml, judgeV2, paidXml, refundedXml } from './v2/notification.ts'
import { judgeV3, signedNotification, type V3Event } from './v3/notification.ts'
import type { PayWorld } from './world.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/** 15s/15s/30s/3m/10m/20m/30m/30m/30m/60m/3h/3h/3h/6h/6h */
export const PAY_RETRIES: readonly number[] = [
  15 * SECOND,
  15 * SECOND,
  30 * SECOND,
  3 * MINUTE,
  10 * MINUTE,
  20 * MINUTE,
  30 * MINUTE,
  30 * MINUTE,
  30 * MINUTE,
  HOUR,
  3 * HOUR,
  3 * HOUR,
  3 * HOUR,
  6 * HOUR,
  6 * HOUR
]
/** 0/15/15/30/180/1800 × 4/3600 s: deductions of API v2. */
const DEDUCTION_RETRIES: readonly number[] = [15, 15, 30, 180, 1800, 1800, 1800, 1800, 3600].map(
  (seconds) => seconds * SECOND
)
/** Ten times after 15 s, then after 5 minutes; the document leaves the rest open. */
export const TRANSFER_RETRIES: readonly number[] = [
  ...Array.from({ length: 10 }, () => 15 * SECOND),
  ...Array.from({ length: 10 }, () => 5 * MINUTE)
]
const TIMEOUT_MS = 5_000

type Kind = 'pay' | 'refund' | 'transfer' | 'complaint' | 'profitsharing' | 'coupon' | 'payscore' | 'contract'

/** How the next notifications misbehave. */
export interface Mischief {
  /** So many notifications begin with a probe (WECHATPAY/SIGNTEST) that must be refused. */
  probes: number
  /** So many attempts are signed (or encrypted) with a key that is not the platform's. */
  wrongKey: number
}

/** Sends notifications in the format of the API that asked for them. */
export class Notifier {
  readonly mischief: Mischief = { probes: 0, wrongKey: 0 }
  readonly #world: PayWorld

  constructor(world: PayWorld) {
    this.#world = world
  }

  xml(
    kind: 'pay' | 'refund' | 'contract',
    { mchId, subject }: { mchId: string; subject: string },
    url: string,
    body: (wrongKey: boolean) => string,
    retryAfterMs = PAY_RETRIES
  ): Delivery {
    return this.#world.context.deliver({
      kind,
      account: mchId,
      subject,
      url,
      request: (_attempt, target) =>
        new Request(target, {
          method: 'POST',
          headers: { 'content-type': 'text/xml', 'user-agent': 'Mozilla/4.0' },
          body: body(this.#takeWrongKey())
        }),
      retryAfterMs,
      timeoutMs: TIMEOUT_MS,
      judge: judgeV2
    })
  }

  paid(order: Order, url: string): Delivery {
    const merchant = this.#world.merchant(order.mchId)
    const retries = order.contractId === undefined ? PAY_RETRIES : DEDUCTION_RETRIES
    const body = (wrongKey: boolean) => paidXml(this.#world, merchant, order, wrongKey)
    return this.xml('pay', { mchId: order.mchId, subject: order.outTradeNo }, url, body, retries)
  }

  deductionFailed(order: Order, url: string): Delivery {
    const merchant = this.#world.merchant(order.mchId)
    // The number may be deducted again: what is told is how it was then.
    const copy = structuredClone(order)
    const body = (wrongKey: boolean) => failedDeductionXml(this.#world, merchant, copy, wrongKey)
    return this.xml('pay', { mchId: order.mchId, subject: order.outTradeNo }, url, body, DEDUCTION_RETRIES)
  }

  contract(contract: Contract, url: string): Delivery {
    const merchant = this.#world.merchant(contract.mchId)
    // What is told is how it was then: a retry of the signature does not become one of the end.
    const copy = structuredClone(contract)
    const body = (wrongKey: boolean) => contractXml(merchant, copy, wrongKey)
    return this.xml('contract', { mchId: contract.mchId, subject: contract.contractId }, url, body, CONTRACT_RETRIES)
  }

  refunded(refund: Refund, order: Order, url: string): Delivery {
    const merchant = this.#world.merchant(order.mchId)
    const body = (wrongKey: boolean) => refundedXml(this.#world, merchant, refund, order, wrongKey)
    return this.xml('refund', { mchId: order.mchId, subject: refund.outRefundNo }, url, body)
  }

  json(kind: Kind, mchId: string, url: string, event: V3Event): Delivery {
    const merchant = this.#world.merchant(mchId)
    const isProbed = this.mischief.probes > 0
    if (isProbed) this.mischief.probes--
    let wasProbe = false
    return this.#world.context.deliver({
      kind,
      account: mchId,
      subject: subjectOf(event.resource),
      url,
      request: (attempt, target, timeMs) => {
        wasProbe = isProbed && attempt === 0
        return signedNotification(this.#world, merchant, event, target, {
          isProbe: wasProbe,
          hasWrongKey: this.#takeWrongKey(),
          timeMs
        })
      },
      retryAfterMs: kind === 'transfer' ? TRANSFER_RETRIES : PAY_RETRIES,
      timeoutMs: TIMEOUT_MS,
      judge: (response) => (wasProbe ? judgeProbe(response) : judgeV3(response))
    })
  }

  #takeWrongKey(): boolean {
    if (this.mischief.wrongKey <= 0) return false
    this.mischief.wrongKey--
    return true
  }
}

const NUMBERS = ['out_refund_no', 'out_trade_no', 'combine_out_trade_no', 'out_bill_no', 'out_batch_no', 'out_order_no']

/** The number of a notification that its merchant knows. */
function subjectOf(resource: object): string | undefined {
  const values = NUMBERS.map((name): unknown => Reflect.get(resource, name))
  return values.find((value) => typeof value === 'string')
}

/** A probe is never delivered; whoever accepts it does not verify. */
function judgeProbe(response: Response): Verdict {
  const note = response.ok
    ? 'a SIGNTEST probe was ACCEPTED: the signature is not verified'
    : 'probe refused, as it should be'
  return { delivered: false, note }
}
