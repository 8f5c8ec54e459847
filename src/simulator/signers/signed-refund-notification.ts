import { randomBytes, randomInt } from 'node:crypto'
import { buildXml } from '../../internal/xml/index.ts'
import { encryptReqInfo } from '../crypto/pay-v2.ts'
import { checkSignerOptions } from './check-signer-options.ts'

/** Options of `signedRefundNotification`. */
export interface SignedRefundNotificationOptions {
  readonly appId: string
  readonly mchId: string
  /** v2 API key. */
  readonly apiKey: string
  /** Fields of `req_info` such as `out_refund_no`, `refund_fee` and `total_fee` in fen; the others are filled in. */
  readonly fields: Readonly<Record<string, string | number>>
  /** Where the application receives refund notifications. */
  readonly url?: string | URL | undefined
  /** Encrypts with another key, or damages the ciphertext. */
  readonly tamper?: 'key' | 'ciphertext' | undefined
}

/**
 * A refund notification (退款结果通知) of API v2 as a `Request` for `pay.refundNotifyHandler`. It carries no sign: the
 * encryption of `req_info` stands for it.
 *
 * @param options Account, key and the fields of the refund.
 * @example
 * import { signedRefundNotification } from 'weixin-kit/simulator'
 *
 * const request = signedRefundNotification({
 *   appId: 'wx0123456789abcdef',
 *   mchId: '1600000000',
 *   apiKey: '0123456789abcdef0123456789abcdef',
 *   fields: { out_trade_no: 'T20250610001', out_refund_no: 'R1', refund_fee: 40, total_fee: 100 }
 * })
 * console.log(request.method)
 */
export function signedRefundNotification(options: SignedRefundNotificationOptions): Request {
  checkSignerOptions('signedRefundNotification', options, ['appId', 'mchId', 'apiKey', 'fields'], ['key', 'ciphertext'])
  const refund = options.fields.refund_fee ?? 1
  const id = () => randomInt(1e12).toString().padStart(24, '0')
  const info = buildXml(
    {
      transaction_id: `4200${id()}`,
      refund_id: `5030${id()}`,
      total_fee: refund,
      refund_fee: refund,
      settlement_refund_fee: refund,
      refund_status: 'SUCCESS',
      success_time: '2025-06-10 12:00:00',
      refund_recv_accout: '支付用户零钱',
      refund_account: 'REFUND_SOURCE_UNSETTLED_FUNDS',
      refund_request_source: 'API',
      ...options.fields
    },
    { root: 'root' }
  )
  const encrypted = encryptReqInfo(info, options.tamper === 'key' ? 'f'.repeat(32) : options.apiKey)
  const reqInfo =
    options.tamper === 'ciphertext' ? (encrypted.startsWith('A') ? 'B' : 'A') + encrypted.slice(1) : encrypted
  return new Request(options.url ?? 'https://app.example.com/pay/refund-notify', {
    method: 'POST',
    headers: { 'content-type': 'text/xml', 'user-agent': 'Mozilla/4.0' },
    body: buildXml({
      return_code: 'SUCCESS',
      appid: options.appId,
      mch_id: options.mchId,
      nonce_str: randomBytes(16).toString('hex'),
      req_info: reqInfo
    })
  })
}
