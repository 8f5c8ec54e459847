import { SignatureError, UnexpectedResponseError } from '../../errors/index.ts'
import type { XmlObject } from '../../internal/xml/index.ts'
import type { Endpoint } from './endpoint.ts'
import type { Account } from './identity.ts'
import type { WireFields } from './params.ts'
import { payErrorOf } from './pay-error.ts'
import type { Signer, SignType } from './signer.ts'
import { verifySignature } from './verify-signature.ts'

/** The sent request, and the type with which the response must be signed. */
export interface SentRequest {
  readonly operation: string
  readonly endpoint: Endpoint
  readonly fields: WireFields
  readonly account: Account
  readonly signer: Signer
  readonly signType: SignType
}

/**
 * Accounts, numbers, amounts and kinds: if a response repeats one, it must have the sent value. This does not apply to
 * free text, which WeChat Pay may mask or shorten, and to values that are new in each message.
 */
const COMPARED = /(?:appid|mchid|openid|billno)$|(?:^|_)(?:no|id|fee|amount|num|serial|code|type)$|^return_account$/

/**
 * Checks a response: `return_code`, signature, account, numbers and amounts, `result_code`, in this order, so that
 * nothing is trusted before it is known to be genuine. (安全规范; 协议规则)
 *
 * @throws {WeChatPayError} ERR_WECHAT_PAY when WeChat Pay refused
 * @throws {SignatureError} ERR_SIGNATURE_MISSING, ERR_SIGNATURE_MISMATCH
 * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE when the response is of another form or of another request
 */
export function verifyResponse(response: XmlObject, status: number, sent: SentRequest): XmlObject {
  const { endpoint, operation } = sent
  if (response.return_code !== 'SUCCESS') {
    if (response.return_code === 'FAIL') throw payErrorOf(response, status, operation)
    throw unexpected(operation, status, 'has no return_code SUCCESS or FAIL')
  }
  checkSignature(response, sent)
  // In an unsigned response, a status that denies success takes precedence over a body that claims it.
  if (endpoint.responseSign === 'absent' && (status < 200 || status > 299)) {
    throw unexpected(operation, status, `says SUCCESS with HTTP status ${status}`)
  }
  const isSuccess = response.result_code === 'SUCCESS' || (endpoint.hasResultCode === false && !response.result_code)
  checkEcho(response, status, sent, isSuccess)
  if (isSuccess) return response
  if (response.result_code === 'FAIL') throw payErrorOf(response, status, operation)
  throw unexpected(operation, status, 'has no result_code SUCCESS or FAIL')
}

function checkSignature(response: XmlObject, { operation, endpoint, signer, signType }: SentRequest): void {
  if (response.sign === undefined || response.sign === '') {
    if (endpoint.responseSign === 'absent') return
    const { result_code, err_code } = response
    const code = typeof err_code === 'string' ? err_code : 'FAIL'
    const said = result_code === 'FAIL' ? ` It says ${code.slice(0, 64)}.` : ''
    throw new SignatureError('missing', `${operation}: the response has no signature and is not trusted.${said}`, {
      product: 'pay'
    })
  }
  verifySignature(response, signer, signType, `${operation}: the response`)
}

function checkEcho(response: XmlObject, status: number, sent: SentRequest, isSuccess: boolean): void {
  const { operation, endpoint, fields, account } = sent
  for (const name in fields) {
    const value = response[name]
    if (value === undefined || value === '' || value === String(fields[name])) continue
    if (name === 'sign_type' || !COMPARED.test(name)) continue
    throw unexpected(operation, status, `belongs to another request: its ${name} is not the one that was sent`)
  }
  const { appid } = response
  // Some requests contain no app, but their responses do.
  if (
    appid &&
    fields.appid === undefined &&
    appid !== account.appId &&
    !account.furtherAppIds.includes(String(appid))
  ) {
    throw unexpected(operation, status, 'belongs to another account: its appid is not one of this client')
  }
  if (!isSuccess) return
  for (const name of endpoint.echo) {
    if (fields[name] !== undefined && !response[name]) throw unexpected(operation, status, `lacks ${name}`)
  }
}

function unexpected(operation: string, status: number, problem: string): UnexpectedResponseError {
  return new UnexpectedResponseError(`${operation}: the response ${problem}.`, { product: 'pay', status })
}
