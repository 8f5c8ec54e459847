import { randomBytes, randomInt } from 'node:crypto'
import { buildXml } from '../../internal/xml/index.ts'
import { type PayV2SignType, signPayV2 } from '../crypto/pay-v2.ts'
import { checkSignerOptions } from './check-signer-options.ts'

/** Options of `signedPayNotification`. */
export interface SignedPayNotificationOptions {
  readonly appId: string
  readonly mchId: string
  /** v2 API key. */
  readonly apiKey: string
  /** `MD5` by default. */
  readonly signType?: PayV2SignType | undefined
  /** Fields such as `out_trade_no` and `total_fee` in fen; the others of a paid JSAPI order are filled in. */
  readonly fields: Readonly<Record<string, string | number>>
  /** Where the application receives payment notifications. */
  readonly url?: string | URL | undefined
  /** Makes exactly one thing wrong: the sign, its absence, or an amount that was changed after signing. */
  readonly tamper?: 'sign' | 'no-sign' | 'amount' | undefined
}

/**
 * A payment notification (支付结果通知) of API v2 as a `Request` for `pay.notifyHandler`.
 *
 * @param options Account, key and the fields of the order.
 * @example
 * import { signedPayNotification } from 'weixin-kit/simulator'
 *
 * const request = signedPayNotification({
 *   appId: 'wx0123456789abcdef',
 *   mchId: '1600000000',
 *   apiKey: '0123456789abcdef0123456789abcdef',
 *   fields: { out_trade_no: 'T20250610001', total_fee: 100 }
 * })
 * console.log(request.method)
 */
export function signedPayNotification(options: SignedPayNotificationOptions): Request {
  checkSignerOptions(
    'signedPayNotification',
    options,
    ['appId', 'mchId', 'apiKey', 'fields'],
    ['sign', 'no-sign', 'amount']
  )
  const type = options.signType ?? 'MD5'
  const total = options.fields.total_fee ?? 1
  const fields: Record<string, string | number> = {
    return_code: 'SUCCESS',
    result_code: 'SUCCESS',
    appid: options.appId,
    mch_id: options.mchId,
    nonce_str: randomBytes(16).toString('hex'),
    openid: 'oSimulatedUser0000000000000',
    is_subscribe: 'N',
    trade_type: 'JSAPI',
    bank_type: 'OTHERS',
    total_fee: total,
    fee_type: 'CNY',
    cash_fee: total,
    transaction_id: `4200${randomInt(1e12).toString().padStart(24, '0')}`,
    time_end: '20250610120000',
    ...(type === 'MD5' ? {} : { sign_type: type }),
    ...options.fields
  }
  const sign = signPayV2(fields, options.apiKey, type)
  if (options.tamper === 'amount') fields.total_fee = Number(total) + 1
  if (options.tamper !== 'no-sign') fields.sign = options.tamper === 'sign' ? flip(sign) : sign
  return new Request(options.url ?? 'https://app.example.com/pay/notify', {
    method: 'POST',
    headers: { 'content-type': 'text/xml', 'user-agent': 'Mozilla/4.0' },
    body: buildXml(fields)
  })
}

const flip = (text: string): string => (text.startsWith('0') ? '1' : '0') + text.slice(1)
