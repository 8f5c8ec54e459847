import {
  BodyAlreadyParsedError,
  BodyError,
  SignatureError,
  UnexpectedResponseError,
  type WeChatPayError
} from '../../errors/index.ts'
import { parseXml, type XmlObject } from '../../internal/xml/index.ts'
import type { Account } from './identity.ts'
import type { PaymentNotification } from './notification-types.ts'
import type { DeductionNotification } from './papay-types.ts'
import { payErrorOf } from './pay-error.ts'
import { requireFields, toResult } from './result.ts'
import type { Signer, SignType } from './signer.ts'
import { verifySignature } from './verify-signature.ts'

/** The account that notifications must be for. @internal */
export interface NotificationAccount extends Account {
  readonly signType: SignType
}

const SUBJECT = 'The payment notification'
const WHAT = 'the payment of this notification'

/** A genuine notification: a payment, a completed deduction, or a failed one. @internal */
export type PaymentEvent =
  | { readonly paid: PaymentNotification; readonly deducted?: undefined; readonly failed?: undefined }
  | { readonly deducted: DeductionNotification; readonly paid?: undefined; readonly failed?: undefined }
  | { readonly failed: WeChatPayError; readonly paid?: undefined; readonly deducted?: undefined }

/**
 * Returns the payment of an event. @internal
 *
 * @throws {WeChatPayError} {UnexpectedResponseError}
 */
export function paymentOf({ paid, deducted, failed }: PaymentEvent): PaymentNotification {
  if (failed) throw failed
  if (paid) return paid
  if (isWhole(deducted)) return deducted
  throw new UnexpectedResponseError(
    `${SUBJECT} is for a deduction and has no transaction_id: handle it with onDeducted or parseDeductionNotification.`,
    { product: 'pay' }
  )
}

/** Whether a deduction has all fields of a payment. */
function isWhole(deducted: DeductionNotification): deducted is DeductionNotification & PaymentNotification {
  return deducted.transaction_id !== undefined
}

/**
 * Returns the deduction of an event. @internal
 *
 * @throws {WeChatPayError} {UnexpectedResponseError}
 */
export function deductionOf({ deducted, failed }: PaymentEvent): DeductionNotification {
  if (failed) throw failed
  if (deducted) return deducted
  throw new UnexpectedResponseError(`${SUBJECT} is not for a deduction: it has no contract_id.`, { product: 'pay' })
}

/**
 * Verifies a payment notification (支付结果通知): format, signature, account and success, in this order. Deduction products
 * report failures too: those must never be taken for a payment.
 *
 * @throws {BodyError} ERR_BODY_ALREADY_PARSED, ERR_BODY_TOO_LARGE, ERR_BODY_MALFORMED
 * @throws {SignatureError} ERR_SIGNATURE_MISSING, ERR_SIGNATURE_MISMATCH
 * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE for another account, or without the fields of a payment
 */
export function readPaymentNotification(
  body: string | Uint8Array,
  account: NotificationAccount,
  signer: Signer
): PaymentEvent {
  const fields = parseNotificationXml(body)
  if (fields.sign === undefined || fields.sign === '') {
    if (fields.req_info !== undefined) {
      throw new UnexpectedResponseError(
        `${SUBJECT} is for a refund: handle it with onRefund, or with refundNotifyHandler at a separate URL.`,
        { product: 'pay' }
      )
    }
    throw new SignatureError('missing', `${SUBJECT} has no signature: it is not from WeChat Pay.`, {
      product: 'pay'
    })
  }
  verifySignature(fields, signer, account.signType, SUBJECT)
  checkAccount(fields, account, SUBJECT)
  const { return_code, result_code, trade_state } = fields
  if (return_code !== 'SUCCESS' || result_code !== 'SUCCESS') return { failed: payErrorOf(fields, 200, WHAT) }
  // An empty element is not covered by the signature, so it must not have a meaning.
  if (trade_state && trade_state !== 'SUCCESS') {
    return { failed: payErrorOf({ ...fields, err_code: trade_state }, 200, WHAT) }
  }
  // Its short form has neither WeChat's payment number nor a nonce. (委托代扣: 扣款结果通知)
  if (fields.contract_id) {
    requireFields(fields, ['out_trade_no', 'total_fee'], SUBJECT)
    return { deducted: toResult<DeductionNotification>(fields, SUBJECT, 'coupons') }
  }
  requireFields(fields, ['transaction_id', 'out_trade_no', 'total_fee'], SUBJECT)
  return { paid: toResult<PaymentNotification>(fields, SUBJECT, 'coupons') }
}

/** @throws {BodyError} ERR_BODY_ALREADY_PARSED when given anything but the raw body; ERR_BODY_MALFORMED */
export function parseNotificationXml(body: string | Uint8Array): XmlObject {
  if (typeof body === 'string' || body instanceof Uint8Array) {
    if (isJson(body)) {
      throw new BodyError(
        'malformed',
        'The URL of API v2 received JSON, probably a notification of API v3. Orders placed with weixin-kit/pay need a separate notify_url, with the notifyHandler of that WeChatPay.',
        { product: 'pay' }
      )
    }
    return parseXml(body)
  }
  throw new BodyAlreadyParsedError(
    'Expected the raw body (bytes or text) of the notification, got a parsed object. Use notifyHandler through weixin-kit/express, /koa or /fastify, or read the body yourself: express.text({ type: "*/*" }) for this route.',
    { product: 'pay' }
  )
}

/** Whether the first character that is not white space opens an object. */
function isJson(body: string | Uint8Array): boolean {
  const start = typeof body === 'string' ? body.slice(0, 64) : Buffer.from(body.subarray(0, 64)).toString('latin1')
  return start.trimStart().startsWith('{')
}

/** @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE when it is for another account. */
export function checkAccount(fields: XmlObject, account: NotificationAccount, subject: string): void {
  const { appid, mch_id, sub_appid, sub_mch_id } = fields
  const { appId, furtherAppIds, mchId, subAppId, subMchId } = account
  const wrong =
    appid !== appId && !furtherAppIds.some((other) => other === appid)
      ? 'appid'
      : mch_id !== mchId
        ? 'mch_id'
        : subMchId !== undefined && sub_mch_id !== subMchId
          ? 'sub_mch_id'
          : subAppId !== undefined && sub_appid && sub_appid !== subAppId
            ? 'sub_appid'
            : undefined
  if (wrong === undefined) return
  const cure =
    wrong === 'appid' && mch_id === mchId
      ? 'If that app is yours too, add it to furtherAppIds.'
      : 'Each account needs its own notify_url.'
  throw new UnexpectedResponseError(
    `${subject} is for another account: its ${wrong} is not that of this client. ${cure}`,
    { product: 'pay' }
  )
}
