import type { LogEntry } from '../framework/log.ts'

/** How the upstreams say that something went wrong: in XML or JSON. */
interface Said {
  readonly code: string | undefined
  readonly message: string | undefined
  readonly isBad: boolean
}

export const NOTHING_SAID: Said = { code: undefined, message: undefined, isBad: false }

/** Text of an element. */
export const tag = (xml: string, name: string): string | undefined =>
  new RegExp(`<${name}>(?:<!\\[CDATA\\[)?([^<\\]]*)`).exec(xml)?.[1] || undefined
/** Text of a member. */
export const field = (json: string, name: string): string | undefined =>
  new RegExp(`"${name}"\\s*:\\s*(?:"([^"]*)"|(-?[\\d.]+))`)
    .exec(json)
    ?.slice(1)
    .find((one) => one !== undefined)

function saidXml(body: string): Said {
  const [code, words] = [tag(body, 'err_code') ?? tag(body, 'error_code'), tag(body, 'err_code_des')]
  const isBad = [tag(body, 'return_code'), tag(body, 'result_code')].includes('FAIL')
  return {
    code: code ?? tag(body, 'result_code') ?? tag(body, 'return_code'),
    isBad,
    message: isBad ? (words ?? tag(body, 'error_msg') ?? tag(body, 'return_msg')) : undefined
  }
}

function saidJson(body: string, status: number): Said {
  const errcode = field(body, 'errcode')
  if (errcode !== undefined && errcode !== '0') return { code: errcode, message: field(body, 'errmsg'), isBad: true }
  if (status < 400) return NOTHING_SAID
  const message = field(body, 'message') ?? field(body, 'detail') ?? field(body, 'msg') ?? field(body, 'error')
  return { code: field(body, 'code'), message, isBad: true }
}

/** @internal What the response to a call says went wrong, whatever its HTTP status. */
export function saidBy(entry: LogEntry): Said {
  const body = entry.responseBody.trimStart()
  if (body.startsWith('<xml')) return saidXml(body)
  return body.startsWith('{') ? saidJson(body, entry.status ?? 0) : NOTHING_SAID
}
