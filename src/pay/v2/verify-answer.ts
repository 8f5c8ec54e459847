import { SignatureError, UnexpectedResponseError } from '../../errors/index.ts'
import type { XmlObject } from '../../internal/xml/index.ts'
import type { Endpoint } from './endpoint.ts'
import type { Known } from './known.ts'
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
export function verifyAnswer(answer: XmlObject, status: number, sent: SentRequest, known: Known): XmlObject {
  const { endpoint } = sent
  const { operation } = endpoint
  if (answer.return_code !== 'SUCCESS') {
    if (answer.return_code === 'FAIL') throw known.payErrorOf(answer, status, operation)
    throw unexpected(operation, status, 'has no return_code SUCCESS or FAIL')
  }
  checkSignature(answer, sent, known)
  // Where nothing is signed, a status that denies success is believed before a body that claims it.
  if (endpoint.answerSign === 'absent' && (status < 200 || status > 299)) {
    throw unexpected(operation, status, `says SUCCESS with HTTP status ${status}`)
  }
  const isSuccess = answer.result_code === 'SUCCESS' || (endpoint.hasResultCode === false && !answer.result_code)
  checkEcho(answer, status, sent, isSuccess)
  if (isSuccess) return answer
  if (answer.result_code === 'FAIL') throw known.payErrorOf(answer, status, operation)
  throw unexpected(operation, status, 'has no result_code SUCCESS or FAIL')
}

function checkSignature(answer: XmlObject, { endpoint, signer, signType }: SentRequest, known: Known): void {
  const { operation } = endpoint
  if (answer.sign === undefined || answer.sign === '') {
    if (endpoint.answerSign === 'absent') return
    const said = answer.result_code === 'FAIL' ? ` It says ${String(answer.err_code ?? 'FAIL').slice(0, 64)}.` : ''
    throw new SignatureError('missing', `${operation}: the answer carries no signature and was not believed.${said}`, {
      product: 'pay'
    })
  }
  known.verifySignature(answer, signer, signType, `${operation}: the answer`)
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
