import { DecryptError, UnexpectedResponseError } from '../../errors/index.ts'
import { nodeCrypto } from '../../internal/node-crypto.ts'
import { parseXml, type XmlObject } from '../../internal/xml/index.ts'
import type { RefundNotification } from './notification-types.ts'
import { checkAccount, type NotificationAccount, parseNotificationXml } from './parse-notification.ts'
import { requireFields, toResult } from './result.ts'
import type { Signer } from './signer.ts'

const SUBJECT = 'The refund notification'
const REQUIRED = ['transaction_id', 'out_trade_no', 'out_refund_no', 'total_fee', 'refund_fee']
const STATUSES = ['SUCCESS', 'CHANGE', 'REFUNDCLOSE']

/**
 * Decrypts a refund notification (退款结果通知). It is not signed: only data decrypted with the key of this account is
 * trusted; of the outer fields only the account is used, and it is compared.
 *
 * @throws {BodyError} ERR_BODY_ALREADY_PARSED, ERR_BODY_TOO_LARGE, ERR_BODY_MALFORMED
 * @throws {DecryptError} ERR_DECRYPT_SPACES, ERR_DECRYPT_PADDING, ERR_DECRYPT_MALFORMED
 * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE for another account, or without the fields of a refund
 */
export function parseRefundNotification(
  body: string | Uint8Array,
  account: NotificationAccount,
  signer: Signer
): RefundNotification {
  const outer = parseNotificationXml(body)
  if (outer.return_code !== 'SUCCESS') throw unexpected('has no return_code SUCCESS')
  checkAccount(outer, account, SUBJECT)
  requireFields(outer, ['req_info'], SUBJECT)
  if (typeof outer.req_info !== 'string') throw unexpected('has elements inside req_info')
  const inner = parseInner(decrypt(outer.req_info, signer))
  requireFields(inner, REQUIRED, SUBJECT)
  if (!STATUSES.includes(String(inner.refund_status))) throw unexpected('has an unknown refund_status')
  const { appid, mch_id } = outer
  // Nothing proves that the other outer fields are from WeChat Pay: only those compared with the account are passed on.
  const parts: XmlObject = { appid, mch_id }
  if (account.subMchId !== undefined) parts.sub_mch_id = account.subMchId
  if (account.subAppId !== undefined && outer.sub_appid) parts.sub_appid = account.subAppId
  const { sub_appid: _, sub_mch_id: __, ...refund } = inner
  return toResult<RefundNotification>({ ...refund, ...parts }, SUBJECT)
}

function decrypt(reqInfo: string, signer: Signer): Buffer {
  if (/ /.test(reqInfo)) {
    throw new DecryptError('spaces', `${SUBJECT}: req_info has spaces: a form decoder turned every + into one.`, {
      product: 'pay'
    })
  }
  const isBase64 = /^[A-Za-z0-9+/]+={0,2}$/.test(reqInfo) && reqInfo.length % 4 === 0
  const data = isBase64 ? Buffer.from(reqInfo, 'base64') : undefined
  if (!data || data.length % 16 !== 0) {
    throw new DecryptError('malformed', `${SUBJECT}: req_info is not base64 of whole blocks.`, { product: 'pay' })
  }
  const decipher = nodeCrypto().createDecipheriv('aes-256-ecb', signer.refundKey(), null)
  try {
    return Buffer.concat([decipher.update(data), decipher.final()])
  } catch {
    throw new DecryptError(
      'padding',
      `${SUBJECT} was not encrypted with the apiKey of this client. Check that apiKey is the API v2 key of this mchId and was not replaced in the merchant platform.`,
      { product: 'pay' }
    )
  }
}

function parseInner(plaintext: Buffer): XmlObject {
  let inner: XmlObject
  try {
    inner = parseXml(plaintext, { root: 'root' })
  } catch (cause) {
    throw malformed(cause)
  }
  if (Object.values(inner).every((value) => typeof value === 'string')) return inner
  throw malformed()
}

function malformed(cause?: unknown): DecryptError {
  return new DecryptError('malformed', `${SUBJECT}: the decrypted text is not the documented XML. Check apiKey.`, {
    product: 'pay',
    cause
  })
}

function unexpected(problem: string): UnexpectedResponseError {
  return new UnexpectedResponseError(`${SUBJECT} ${problem}.`, { product: 'pay' })
}
