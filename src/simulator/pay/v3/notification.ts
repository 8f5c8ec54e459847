import { encryptResource, PAY_V3_SCHEMA, payV3AnswerMessage, SIGN_TEST_PREFIX, signPayV3 } from '../../crypto/pay-v3.ts'
import type { MerchantAccount } from '../../framework/accounts.ts'
import type { Verdict } from '../../framework/delivery.ts'
import { rfc3339 } from '../times.ts'
import type { PayWorld } from '../world.ts'

/** What a notification says, before encryption. */
export interface V3Event {
  readonly eventType: string
  readonly originalType: string
  /** Where it is another than the type. */
  readonly associatedData?: string | undefined
  readonly summary: string
  readonly resource: object
  /** Kept over all attempts. */
  readonly id: string
  readonly createTime: string
}

export function v3Event(world: PayWorld, event: Omit<V3Event, 'id' | 'createTime'>): V3Event {
  const hex = world.context.random.hex(32)
  const id = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
  return { ...event, id, createTime: rfc3339(world.context.clock.now()) }
}

export interface Misbehaviour {
  readonly isProbe: boolean
  readonly hasWrongKey: boolean
  /** What the receiver has on its clock. */
  readonly timeMs: number
}

/** One attempt: encrypted and signed anew. */
export function signedNotification(
  world: PayWorld,
  merchant: MerchantAccount,
  event: V3Event,
  url: string,
  { isProbe, hasWrongKey, timeMs }: Misbehaviour
): Request {
  const { random, keys } = world.context
  const resourceNonce = random.text(12)
  const { associatedData = event.originalType } = event
  const body = JSON.stringify({
    id: event.id,
    create_time: event.createTime,
    resource_type: 'encrypt-resource',
    event_type: event.eventType,
    summary: event.summary,
    resource: {
      original_type: event.originalType,
      algorithm: 'AEAD_AES_256_GCM',
      ciphertext: encryptResource(JSON.stringify(event.resource), merchant.apiV3Key, resourceNonce, associatedData),
      associated_data: associatedData,
      nonce: resourceNonce
    }
  })
  const nonce = random.text(32)
  const timestamp = Math.floor(timeMs / 1000)
  const { serial, key } = world.platform.forNotification(merchant)
  const signature = signPayV3(
    payV3AnswerMessage(timestamp, nonce, body),
    hasWrongKey ? keys.privateKey('authorityRsa') : key
  )
  return new Request(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: '*/*',
      'user-agent': 'Mozilla/4.0',
      'request-id': requestId(world),
      'wechatpay-timestamp': String(timestamp),
      'wechatpay-nonce': nonce,
      'wechatpay-signature': isProbe ? SIGN_TEST_PREFIX + signature : signature,
      'wechatpay-signature-type': PAY_V3_SCHEMA,
      'wechatpay-serial': serial
    },
    body
  })
}

export const requestId = (world: PayWorld, reason = 0): string =>
  `08${world.context.random.hex(34).toUpperCase()}-${reason}`

/** Any 200 or 204 ends the retries; the body does not matter. */
export function judgeV3(response: Response): Verdict {
  const delivered = response.status === 200 || response.status === 204
  return { delivered, note: `answered ${response.status}${delivered ? '' : ', expected 200 or 204'}` }
}
