import { SignatureError, UnexpectedResponseError } from '../../errors/index.ts'
import type { XmlObject } from '../../internal/xml/index.ts'
import { payErrorOf } from './answer.ts'
import type { Endpoint } from './endpoint.ts'
import type { WireFields } from './params.ts'
import type { Signer, SignType } from './signer.ts'

const NONE: readonly string[] = []

/** What was sent, and with what the answer must be signed. */
export interface SentRequest {
  readonly endpoint: Endpoint
  readonly fields: WireFields
  readonly signer: Signer
  readonly signType: SignType
}

/**
 * Checks an answer: `return_code`, signature, account and number, `result_code`, in this order, so that nothing is believed
 * before it is known to be genuine. (安全规范; 协议规则)
 *
 * @throws {WeChatPayError} ERR_WECHAT_PAY when WeChat Pay refused
 * @throws {SignatureError} ERR_SIGNATURE_MISSING, ERR_SIGNATURE_MISMATCH
 * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE when the answer is of another form or of another request
 */
export function verifyAnswer(answer: XmlObject, status: number, sent: SentRequest): XmlObject {
  const { endpoint } = sent
  const { operation } = endpoint
  if (answer.return_code !== 'SUCCESS') {
    if (answer.return_code === 'FAIL') throw payErrorOf(answer, status, operation)
    throw unexpected(operation, status, 'has no return_code SUCCESS or FAIL')
  }
  checkSignature(answer, sent)
  // Where nothing is signed, a status that denies success is believed before a body that claims it.
  if (endpoint.answerSign === 'absent' && (status < 200 || status > 299)) {
    throw unexpected(operation, status, `says SUCCESS with HTTP status ${status}`)
  }
  const isSuccess = answer.result_code === 'SUCCESS' || (endpoint.hasResultCode === false && !answer.result_code)
  checkEcho(answer, status, sent, isSuccess)
  if (isSuccess) return answer
  if (answer.result_code === 'FAIL') throw payErrorOf(answer, status, operation)
  throw unexpected(operation, status, 'has no result_code SUCCESS or FAIL')
}

function checkSignature(answer: XmlObject, { endpoint, signer, signType }: SentRequest): void {
  const { operation } = endpoint
  if (answer.sign === undefined || answer.sign === '') {
    if (endpoint.answerSign === 'absent') return
    const said = answer.result_code === 'FAIL' ? ` It says ${String(answer.err_code ?? 'FAIL').slice(0, 64)}.` : ''
    throw new SignatureError('missing', `${operation}: the answer carries no signature and was not believed.${said}`, {
      product: 'pay'
    })
  }
  verifySignature(answer, signer, signType, `${operation}: the answer`)
}

/**
 * Verifies `sign` over all other fields, unknown ones included.
 *
 * @throws {SignatureError} ERR_SIGNATURE_MISMATCH
 */
export function verifySignature(
  fields: XmlObject,
  signer: Signer,
  signType: SignType,
  subject: string
): asserts fields is Record<string, string> {
  for (const name in fields) {
    const value = fields[name]
    if (typeof value === 'string') {
      if (!hidesFields(name, value)) continue
      throw mismatch(`${subject} has other fields hidden in "${name.slice(0, 64)}": it was cut up anew.`)
    }
    throw mismatch(`${subject} has nested elements ("${name.slice(0, 64)}"), which no signature of API v2 covers.`)
  }
  const sign = fields.sign as string
  if (signer.verify(fields, sign, signType)) return
  const otherType = signType === 'MD5' ? 'HMAC-SHA256' : 'MD5'
  if (signer.verify(fields, sign, otherType)) {
    throw mismatch(
      `${subject} is signed with ${otherType}, but this client uses ${signType}. Both sides must use one type: set signType to '${otherType}' if orders are placed with it.`
    )
  }
  throw mismatch(
    `${subject} is not signed with this apiKey (${signType}), or was changed on the way. Is apiKey the API v2 key of this mchId, and was it replaced in the merchant platform?`
  )
}

/**
 * What is signed escapes nothing: text in `attach` may read like fields, and be cut out as such under the same signature.
 * The true fields must then be swallowed by another value, `nonce_str`, which every message has, among them.
 */
function hidesFields(name: string, value: string): boolean {
  return value.length > 32 && name !== 'attach' && value.includes('&nonce_str=')
}

function mismatch(message: string): SignatureError {
  return new SignatureError('mismatch', message, { product: 'pay' })
}

function checkEcho(answer: XmlObject, status: number, sent: SentRequest, isSuccess: boolean): void {
  const { endpoint, fields } = sent
  for (const name of endpoint.echo) {
    if (answer[name]) compare(name, answer, status, sent)
    else if (isSuccess && fields[name] !== undefined) throw unexpected(endpoint.operation, status, `lacks ${name}`)
  }
  for (const name of endpoint.mayEcho ?? NONE) if (answer[name]) compare(name, answer, status, sent)
}

function compare(name: string, answer: XmlObject, status: number, { endpoint, fields }: SentRequest): void {
  const expected = fields[name]
  if (expected === undefined || answer[name] === String(expected)) return
  const problem = `belongs to another request: its ${name} is not the one that was sent`
  throw unexpected(endpoint.operation, status, problem)
}

function unexpected(operation: string, status: number, problem: string): UnexpectedResponseError {
  return new UnexpectedResponseError(`${operation}: the answer ${problem}.`, { product: 'pay', status })
}
