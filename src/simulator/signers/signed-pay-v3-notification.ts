import { createPrivateKey, randomBytes, randomUUID } from 'node:crypto'
import { KeyRing } from '../crypto/key-ring.ts'
import { encryptResource, PAY_V3_SCHEMA, payV3AnswerMessage, SIGN_TEST_PREFIX, signPayV3 } from '../crypto/pay-v3.ts'
import { checkSignerOptions } from './check-signer-options.ts'

/** Options of `signedPayV3Notification`. */
export interface SignedPayV3NotificationOptions {
  /** APIv3 key that encrypts the resource. */
  readonly apiV3Key: string
  /** `TRANSACTION.SUCCESS` by default. */
  readonly eventType?: string | undefined
  /** What is encrypted, e.g. a transaction with `out_trade_no` and `amount`. */
  readonly resource: object
  /** `transaction`, `refund`, `mch_payment` …; by default what belongs to the event. */
  readonly originalType?: string | undefined
  /** What it is about, in words; tells a share (分账) from its return (分账回退). */
  readonly summary?: string | undefined
  /** Where the application receives notifications. */
  readonly url?: string | URL | undefined
  /** Seconds since 1970; the current time by default. */
  readonly timestamp?: number | undefined
  /** `id` of the notification, the same for every redelivery. */
  readonly id?: string | undefined
  /**
   * Serial or `PUB_KEY_ID_…` with its private key (PEM). By default those of a simulator without a seed, whose public part
   * is `createSimulator().credentials.payV3.platformKeys`.
   */
  readonly platform?: { readonly serial: string; readonly privateKey: string } | undefined
  /** Makes exactly one thing wrong; `probe` is the platform's own test (`WECHATPAY/SIGNTEST/`). */
  readonly tamper?: 'signature' | 'serial' | 'body' | 'tag' | 'probe' | undefined
}

const ORIGINAL_TYPES: readonly (readonly [prefix: string, type: string])[] = [
  ['TRANSACTION.', 'transaction'],
  ['REFUND.', 'refund'],
  ['MCHTRANSFER.', 'mch_payment'],
  ['COMPLAINT.', 'complaint'],
  ['COUPON.', 'coupon'],
  ['PROFITSHARING', 'profitsharing'],
  ['PAYSCORE.', 'payscore'],
  ['ENTRUST.', 'entrust']
]

const flip = (text: string): string => (text.startsWith('A') ? 'B' : 'A') + text.slice(1)

/**
 * A notification of API v3, encrypted and signed, as a `Request` for `pay.notifyHandler`.
 *
 * @param options Key, event and the resource.
 * @example
 * import { createSimulator, signedPayV3Notification } from 'weixin-kit/simulator'
 *
 * const { apiV3Key, mchId, appId } = createSimulator().credentials.payV3
 * const request = signedPayV3Notification({
 *   apiV3Key,
 *   resource: { mchid: mchId, appid: appId, out_trade_no: 'T20250610001', trade_state: 'SUCCESS' }
 * })
 * console.log(request.headers.get('wechatpay-serial'))
 */
export function signedPayV3Notification(options: SignedPayV3NotificationOptions): Request {
  checkSignerOptions(
    'signedPayV3Notification',
    options,
    ['apiV3Key', 'resource'],
    ['signature', 'serial', 'body', 'tag', 'probe']
  )
  const { tamper } = options
  const eventType = options.eventType ?? 'TRANSACTION.SUCCESS'
  const originalType =
    options.originalType ?? ORIGINAL_TYPES.find(([prefix]) => eventType.startsWith(prefix))?.[1] ?? 'transaction'
  const timestamp = options.timestamp ?? Math.floor(Date.now() / 1000)
  const nonce = randomBytes(16).toString('hex')
  const resourceNonce = randomBytes(6).toString('hex')
  const ciphertext = encryptResource(JSON.stringify(options.resource), options.apiV3Key, resourceNonce, originalType)
  const body = JSON.stringify({
    id: options.id ?? randomUUID(),
    create_time: `${new Date(timestamp * 1000 + 8 * 3_600_000).toISOString().slice(0, 19)}+08:00`,
    resource_type: 'encrypt-resource',
    event_type: eventType,
    summary: options.summary ?? '通知',
    resource: {
      original_type: originalType,
      algorithm: 'AEAD_AES_256_GCM',
      ciphertext: tamper === 'tag' ? flip(ciphertext) : ciphertext,
      associated_data: originalType,
      nonce: resourceNonce
    }
  })
  const { serial, key } = platformKey(options)
  const signature = signPayV3(payV3AnswerMessage(timestamp, nonce, body), key)
  const prefix = tamper === 'probe' ? SIGN_TEST_PREFIX : ''
  return new Request(options.url ?? 'https://app.example.com/pay/notify', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'user-agent': 'Mozilla/4.0',
      'request-id': `08${randomBytes(17).toString('hex').toUpperCase()}-0`,
      'wechatpay-timestamp': String(timestamp),
      'wechatpay-nonce': nonce,
      'wechatpay-signature': prefix + (tamper === 'signature' ? flip(signature) : signature),
      'wechatpay-signature-type': PAY_V3_SCHEMA,
      'wechatpay-serial': tamper === 'serial' ? 'F'.repeat(40) : serial
    },
    body: tamper === 'body' ? `${body} ` : body
  })
}

function platformKey({ platform }: SignedPayV3NotificationOptions) {
  if (platform) return { serial: platform.serial, key: createPrivateKey(platform.privateKey) }
  const ring = new KeyRing(Date.now, 'default')
  return { serial: ring.publicKeyId, key: ring.privateKey('platformPublic') }
}
