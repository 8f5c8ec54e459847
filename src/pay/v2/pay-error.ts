import { WeChatPayError } from '../../errors/index.ts'
import { redactData, redactText } from '../../internal/redact.ts'
import type { XmlObject } from '../../internal/xml/index.ts'
import { reasonOf } from '../common/refusal-reasons.ts'
import { codeOfReturnMessage, describeErrorCode, isKnownErrorCode } from './error-codes.ts'

/** Makes the error for a response with `return_code` or `result_code` FAIL. */
export function payErrorOf(fields: XmlObject, status: number, operation: string): WeChatPayError {
  const { return_code, return_msg, err_code, error_code, err_code_des, error_msg } = fields
  const returnMessage = textOf(return_msg)
  let code = textOf(err_code) || textOf(error_code)
  if (return_code !== 'SUCCESS' && !isKnownErrorCode(code)) {
    // Bills have the code in the message; others have a sentence there.
    code = isKnownErrorCode(returnMessage) ? returnMessage : code || codeOfReturnMessage(returnMessage)
  }
  const message = textOf(err_code_des) || textOf(error_msg) || returnMessage
  const { kind, repeat, hint: general } = describeErrorCode(code)
  const hint = reasonOf(message) ?? general
  const upstreamCode = redactText(code.slice(0, 64)) || 'FAIL'
  const upstreamMessage = redactText(message.slice(0, 500))
  return new WeChatPayError(`WeChat Pay refused ${operation}: ${upstreamCode} ${upstreamMessage} — ${hint.en}`, {
    product: 'pay',
    version: 2,
    status,
    upstreamCode,
    upstreamMessage,
    kind,
    retryable: repeat !== 'no',
    hint,
    body: redactData(fields)
  })
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
