import type { LogEntry } from '../framework/log.ts'

/** What a response in XML or JSON says of its call. */
interface CallResult {
  readonly code: string | undefined
  readonly message: string | undefined
  readonly isBad: boolean
}

export const NO_RESULT: CallResult = { code: undefined, message: undefined, isBad: false }

/** Text of an element. */
export const tag = (xml: string, name: string): string | undefined =>
  new RegExp(`<${name}>(?:<!\\[CDATA\\[)?([^<\\]]*)`).exec(xml)?.[1] || undefined
/** Text of a member. */
export const field = (json: string, name: string): string | undefined =>
  new RegExp(`"${name}"\\s*:\\s*(?:"([^"]*)"|(-?[\\d.]+))`)
    .exec(json)
    ?.slice(1)
    .find((one) => one !== undefined)

function xmlResult(body: string): CallResult {
  const [code, words] = [tag(body, 'err_code') ?? tag(body, 'error_code'), tag(body, 'err_code_des')]
  const isBad = [tag(body, 'return_code'), tag(body, 'result_code')].includes('FAIL')
  return {
    code: code ?? tag(body, 'result_code') ?? tag(body, 'return_code'),
    isBad,
    message: isBad ? (words ?? tag(body, 'error_msg') ?? tag(body, 'return_msg')) : undefined
  }
}

function jsonResult(body: string, status: number): CallResult {
  const errcode = field(body, 'errcode')
  if (errcode !== undefined && errcode !== '0') return { code: errcode, message: field(body, 'errmsg'), isBad: true }
  if (status < 400) return NO_RESULT
  const message = field(body, 'message') ?? field(body, 'detail') ?? field(body, 'msg') ?? field(body, 'error')
  return { code: field(body, 'code'), message, isBad: true }
}

/** @internal What the response to a call says went wrong, whatever its HTTP status. */
export function resultOf(entry: LogEntry): CallResult {
  const body = entry.responseBody.trimStart()
  if (body.startsWith('<xml')) return xmlResult(body)
  return body.startsWith('{') ? jsonResult(body, entry.status ?? 0) : NO_RESULT
}
