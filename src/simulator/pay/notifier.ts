import type { Delivery, Verdict } from '../framework/delivery.ts'
import type { Contract } from './ledger/contract.ts'
import type { Order } from './ledger/order.ts'
import type { Refund } from './ledger/refund.ts'
import { CONTRACT_RETRIES, contractXml } from './v2/contract-notification.ts'
import { failedDeductionXml, judgeV2, paidXml, refundedXml } from './v2/notification.ts'
import { judgeV3, signedNotification, type V3Event, v3Event } from './v3/notification.ts'
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

type Xml = (wrongKey: boolean) => string

interface XmlNotice {
  readonly kind: 'pay' | 'refund' | 'contract'
  readonly mchId: string
  readonly subject: string
  readonly url: string
}

function sendXml(world: PayWorld, notice: XmlNotice, body: Xml, retryAfterMs = PAY_RETRIES): Delivery {
  const { kind, mchId, subject, url } = notice
  return world.context.deliver({
    kind,
    account: mchId,
    subject,
    url,
    request: (_attempt, target) =>
      new Request(target, {
        method: 'POST',
        headers: { 'content-type': 'text/xml', 'user-agent': 'Mozilla/4.0' },
        body: body(takeWrongKey(world))
      }),
    retryAfterMs,
    timeoutMs: TIMEOUT_MS,
    judge: judgeV2
  })
}

/** A paid order of API v2. */
export function sendPaid(world: PayWorld, order: Order, url: string): Delivery {
  const { mchId, outTradeNo: subject } = order
  const merchant = world.merchant(mchId)
  const retries = order.contractId === undefined ? PAY_RETRIES : DEDUCTION_RETRIES
  const body: Xml = (wrongKey) => paidXml(world, merchant, order, wrongKey)
  return sendXml(world, { kind: 'pay', mchId, subject, url }, body, retries)
}

/** A deduction of API v2 that failed. */
export function sendFailedDeduction(world: PayWorld, order: Order, url: string): Delivery {
  const { mchId, outTradeNo: subject } = order
  const merchant = world.merchant(mchId)
  // The number may be deducted again: the notification says how it was then.
  const copy = structuredClone(order)
  const body: Xml = (wrongKey) => failedDeductionXml(world, merchant, copy, wrongKey)
  return sendXml(world, { kind: 'pay', mchId, subject, url }, body, DEDUCTION_RETRIES)
}

/** A contract of API v2. */
export function sendContract(world: PayWorld, contract: Contract, url: string): Delivery {
  const { mchId, contractId: subject } = contract
  const merchant = world.merchant(mchId)
  // How it was then: a retry of the signature does not become one of the end.
  const copy = structuredClone(contract)
  const body: Xml = (wrongKey) => contractXml(merchant, copy, wrongKey)
  return sendXml(world, { kind: 'contract', mchId, subject, url }, body, CONTRACT_RETRIES)
}

/** A refund of API v2. */
export function sendRefunded(world: PayWorld, refund: Refund, order: Order, url: string): Delivery {
  const merchant = world.merchant(order.mchId)
  const body: Xml = (wrongKey) => refundedXml(world, merchant, refund, order, wrongKey)
  return sendXml(world, { kind: 'refund', mchId: order.mchId, subject: refund.outRefundNo, url }, body)
}

/** A notification of API v3. */
export function sendEvent(
  world: PayWorld,
  { kind, mchId, url }: { readonly kind: Kind; readonly mchId: string; readonly url: string },
  content: Omit<V3Event, 'id' | 'createTime'>
): Delivery {
  const merchant = world.merchant(mchId)
  const event = v3Event(world, content)
  const isProbed = world.mischief.probes > 0
  if (isProbed) world.mischief.probes--
  let wasProbe = false
  return world.context.deliver({
    kind,
    account: mchId,
    subject: subjectOf(event.resource),
    url,
    request: (attempt, target, timeMs) => {
      wasProbe = isProbed && attempt === 0
      const hasWrongKey = takeWrongKey(world)
      return signedNotification(world, merchant, event, target, { isProbe: wasProbe, hasWrongKey, timeMs })
    },
    retryAfterMs: kind === 'transfer' ? TRANSFER_RETRIES : PAY_RETRIES,
    timeoutMs: TIMEOUT_MS,
    judge: (response) => (wasProbe ? judgeProbe(response) : judgeV3(response))
  })
}

function takeWrongKey({ mischief }: PayWorld): boolean {
  if (mischief.wrongKey <= 0) return false
  mischief.wrongKey--
  return true
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
