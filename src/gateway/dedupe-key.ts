import { hashHex } from '../internal/hash.ts'
import { copyText } from './copy-text.ts'
import type { GatewayMessage } from './messages/index.ts'

const MAX_VALUES = 64
/** Fields that tell two events of one user in one second apart: ids and keys, and what a template or order is called. */
const IDENTIFIER = /(?:id|no|code|key|ticket|account)$/i

/**
 * What two deliveries of one message have in common and two messages have not. Messages: MsgId, FromUserName, CreateTime (a MsgId
 * alone is not unique). Events have no MsgId: FromUserName, CreateTime, Event, EventKey and every identifier they carry, because
 * two jobs of one user can finish in the same second.
 */
export function dedupeKey(message: GatewayMessage): string {
  const { MsgId, FromUserName, CreateTime } = message
  if (typeof MsgId === 'string' && MsgId !== '' && MsgId.length + FromUserName.length < 128) {
    return copyText(`${MsgId}:${FromUserName}:${CreateTime}`)
  }
  const values: unknown[] = [message.Event, message.EventKey, MsgId, FromUserName]
  // A virtual payment is repeated for hours and must be handled once per order, whenever the push was made.
  if (!isVirtualPayment(message)) values.push(CreateTime)
  collectIdentifiers(message, values)
  return hashHex('sha256', JSON.stringify(values))
}

/** Events of virtual payment (虚拟支付) are repeated until they are acknowledged in the format of the push. */
export function isVirtualPayment(message: GatewayMessage): boolean {
  return message.Event !== undefined && /^xpay_/i.test(message.Event)
}

function collectIdentifiers(fields: object, values: unknown[]): void {
  for (const [name, value] of Object.entries(fields)) {
    if (values.length >= MAX_VALUES) return
    if (typeof value === 'object' && value !== null) collectIdentifiers(value, values)
    else if (IDENTIFIER.test(name)) values.push(`${name}=${value}`)
  }
}
