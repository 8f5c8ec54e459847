import { hashHex } from '../internal/hash.ts'
import type { GatewayMessage } from './messages/index.ts'

/** What differs between two pushes of one payment: when it was pushed, and how often before. */
const PER_PUSH: ReadonlySet<string> = new Set(['CreateTime', 'RetryTimes'])
/** Questions of the platform, whose answer may change: never from memory. */
const QUERIES: ReadonlySet<string> = new Set([
  'xpay_subscribe_ios_refund_query_notify',
  'add_waybill',
  'cancel_waybill',
  'check_biz',
  'get_quota'
])

/**
 * What two deliveries of one message have in common and two messages have not: a hash over everything in it. A MsgId alone is not
 * unique, and two events of one user in one second may differ in any field. Payments are pushed for hours and must be handled once:
 * they are known by their kind and number.
 */
export function identityOf(message: GatewayMessage): string {
  const number = isPayment(message) ? paymentNumber(message) : undefined
  if (number !== undefined) return hashHex('sha256', `${message.Event?.toLowerCase()}:${number}`)
  return hashHex('sha256', leavesOf(message, isPayment(message)))
}

/** Events of virtual payment (虚拟支付) of mini programs and mini games are repeated until they are acknowledged. */
export function isPayment({ Event }: GatewayMessage): boolean {
  return Event !== undefined && /^(?:xpay|minigame)_/i.test(Event)
}

/** Whether the platform asks for something that only the handler knows. */
export function isQuery({ Event }: GatewayMessage): boolean {
  return Event !== undefined && QUERIES.has(Event.toLowerCase())
}

/** The number (and state) under which a payment is handled once; `undefined` for other events of payments (complaints, contracts). */
function paymentNumber(message: GatewayMessage): string | undefined {
  const { OutTradeNo, WxRefundId, MiniGame, Env, RetCode } = message
  // The sandbox may have used a number before; a refund that failed may succeed later.
  if (isText(OutTradeNo)) return Env === undefined ? OutTradeNo : `${OutTradeNo}:${Env}`
  if (isText(WxRefundId)) return RetCode === undefined ? WxRefundId : `${WxRefundId}:${RetCode}`
  if (typeof MiniGame !== 'object' || MiniGame === null) return undefined
  const { OrderId, Payload } = MiniGame as { OrderId?: unknown; Payload?: unknown }
  if (isText(OrderId)) return OrderId
  return isText(Payload) ? /"OutTradeNo"\s*:\s*"([^"\\]+)"/.exec(Payload)?.[1] : undefined
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''

/** Every value with its name and length, so that no two messages are written alike. */
function leavesOf(fields: object, isPerPush: boolean): string {
  let text = ''
  for (const name of Object.keys(fields)) {
    // Encrypted anew for each delivery, and beside the plain fields in compatible mode.
    if (name === 'Encrypt' || (isPerPush && PER_PUSH.has(name))) continue
    const value: unknown = (fields as Record<string, unknown>)[name]
    const leaf = typeof value === 'object' && value !== null ? leavesOf(value, isPerPush) : String(value)
    text += `${name}:${leaf.length}:${leaf}`
  }
  return text
}
