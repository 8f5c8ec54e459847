import { hashHex } from '../internal/hash.ts'
import type { GatewayMessage } from './messages/index.ts'

/** Fields that differ between two pushes of one payment: the time, and the number of earlier pushes. */
const PER_PUSH: ReadonlySet<string> = new Set(['CreateTime', 'RetryTimes'])
/** Queries of the platform, whose result may change: never served from memory. */
const QUERIES: ReadonlySet<string> = new Set([
  'xpay_subscribe_ios_refund_query_notify',
  'add_waybill',
  'cancel_waybill',
  'check_biz',
  'get_quota'
])

/**
 * Identifies a message across its deliveries by a hash of everything in it. A MsgId alone is not unique, and two events
 * of one user in one second may differ in any field. Payments are pushed for hours and must be handled once: they are
 * identified by their kind and number.
 */
export function identityOf(message: GatewayMessage): string {
  const number = isPayment(message) ? paymentNumber(message) : undefined
  if (number !== undefined) return hashHex('sha256', `${message.Event?.toLowerCase()}:${number}`)
  return hashHex('sha256', leavesOf(message, isPayment(message)))
}

/** Events of virtual payment (虚拟支付) of mini programs and mini games are redelivered until they are acknowledged. */
export function isPayment({ Event }: GatewayMessage): boolean {
  return Event !== undefined && /^(?:xpay|minigame)_/i.test(Event)
}

/** Whether the platform queries something that only the handler knows. */
export function isQuery({ Event }: GatewayMessage): boolean {
  return Event !== undefined && QUERIES.has(Event.toLowerCase())
}

/**
 * The number (and state) by which a payment is handled once; `undefined` for other payment events (complaints,
 * contracts).
 */
function paymentNumber(message: GatewayMessage): string | undefined {
  const { OutTradeNo, WxRefundId, MiniGame, Env, RetCode } = message
  // The sandbox may reuse a number; a refund that failed may succeed later.
  if (isText(OutTradeNo)) return Env === undefined ? OutTradeNo : `${OutTradeNo}:${Env}`
  if (isText(WxRefundId)) return RetCode === undefined ? WxRefundId : `${WxRefundId}:${RetCode}`
  if (typeof MiniGame !== 'object' || MiniGame === null) return undefined
  const { OrderId, Payload } = MiniGame as { OrderId?: unknown; Payload?: unknown }
  if (isText(OrderId)) return OrderId
  return isText(Payload) ? /"OutTradeNo"\s*:\s*"([^"\\]+)"/.exec(Payload)?.[1] : undefined
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''

/** Every value with its name and length, so that two different messages never serialise alike. */
function leavesOf(fields: object, isPerPush: boolean): string {
  let text = ''
  for (const name of Object.keys(fields)) {
    // Encrypted afresh for each delivery, and next to the plain fields in compatible mode.
    if (name === 'Encrypt' || (isPerPush && PER_PUSH.has(name))) continue
    const value: unknown = (fields as Record<string, unknown>)[name]
    const leaf = typeof value === 'object' && value !== null ? leavesOf(value, isPerPush) : String(value)
    text += `${name}:${leaf.length}:${leaf}`
  }
  return text
}
