import { SignatureError, UnexpectedResponseError } from '../../errors/index.ts'
import { checkAccount, type NotificationAccount, parseNotificationXml } from './parse-notification.ts'
import { requireFields, toResult } from './result.ts'
import type { Signer } from './signer.ts'
import { verifySignature } from './verify-signature.ts'

/** A contract that was signed or has ended (签约、解约结果通知). Times `yyyy-MM-dd HH:mm:ss` in Beijing time. */
export interface ContractNotification {
  mch_id: string
  sub_mch_id?: string
  /** Only in newer notifications. */
  appid?: string
  sub_appid?: string
  /** Your number of the contract. */
  contract_code: string
  contract_id: string
  plan_id: string
  openid: string
  sub_openid?: string
  /** `ADD`: signed. `DELETE`: ended. */
  change_type: 'ADD' | 'DELETE'
  /** `yyyy-MM-dd HH:mm:ss`, Beijing time. */
  operate_time: string
  /** `yyyy-MM-dd HH:mm:ss`, Beijing time. */
  contract_expired_time?: string
  /** With `DELETE`: 1 expired, 2 user, 3 API, 4 merchant platform, 5 account closed. */
  contract_termination_mode?: string
  contract_termination_remark?: string
  contract_display_account?: string
  /** Only in newer notifications: `0` signed, `1` ended. */
  contract_state?: '0' | '1' | (string & {})
  /** `yyyy-MM-dd HH:mm:ss`, Beijing time. */
  contract_signed_time?: string
  /** `yyyy-MM-dd HH:mm:ss`, Beijing time. */
  contract_terminated_time?: string
  request_serial?: string
}

const SUBJECT = 'The contract notification'
const REQUIRED = ['contract_code', 'contract_id', 'plan_id', 'openid', 'operate_time']

/**
 * Verifies a contract notification. Its basic form has neither appid nor nonce nor amount. (委托代扣: 签约、解约结果通知)
 *
 * @throws {BodyError} ERR_BODY_ALREADY_PARSED, ERR_BODY_TOO_LARGE, ERR_BODY_MALFORMED
 * @throws {SignatureError} ERR_SIGNATURE_MISSING, ERR_SIGNATURE_MISMATCH
 * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE for another account, or without the fields of a contract
 */
export function parseContractNotification(
  body: string | Uint8Array,
  account: NotificationAccount,
  signer: Signer
): ContractNotification {
  const fields = parseNotificationXml(body)
  const { sign, appid, change_type } = fields
  if (typeof sign !== 'string' || sign === '') {
    throw new SignatureError('missing', `${SUBJECT} has no signature: it is not from WeChat Pay.`, {
      product: 'pay'
    })
  }
  // It has no sign_type: the length decides, regardless of the type with which the contract was signed.
  verifySignature(fields, signer, sign.length === 32 ? 'MD5' : 'HMAC-SHA256', SUBJECT)
  checkAccount(appid ? fields : { ...fields, appid: account.appId }, account, SUBJECT)
  if (fields.return_code !== 'SUCCESS' || fields.result_code !== 'SUCCESS')
    throw unexpected('does not report a success')
  if (change_type !== 'ADD' && change_type !== 'DELETE') throw unexpected('has no change_type ADD or DELETE')
  requireFields(fields, REQUIRED, SUBJECT)
  return toResult<ContractNotification>(fields, SUBJECT)
}

function unexpected(problem: string): UnexpectedResponseError {
  return new UnexpectedResponseError(`${SUBJECT} ${problem}.`, { product: 'pay' })
}
