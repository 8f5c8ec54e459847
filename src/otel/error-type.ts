import { isWeixinKitError } from '../errors/index.ts'

/**
 * Short numbers, and words such as ORDERPAID or APPID_MCHID_NOT_MATCH. A key of 32 capital letters is longer than any
 * of these words.
 */
const UPSTREAM_CODE = /^(?:-?\d{1,8}|[A-Z]{2,20}(?:_[A-Z]{1,20}){0,7})$/

/** What an attribute may say about an error: its code and the upstream's code. Messages can quote what was sent. */
export function errorAttributes(error: unknown): Record<string, string> {
  if (!isWeixinKitError(error)) return { 'error.type': 'other' }
  const { upstreamCode } = error as { upstreamCode?: unknown }
  const isCode = typeof upstreamCode === 'string' && UPSTREAM_CODE.test(upstreamCode)
  return { 'error.type': error.code, ...(isCode ? { 'weixin.upstream_code': upstreamCode } : {}) }
}
