import { isWeixinKitError } from '../errors/index.ts'

/** What an attribute may say of an error: its code and what the upstream calls it. Messages can quote what was sent. */
export function errorAttributes(error: unknown): Record<string, string> {
  if (!isWeixinKitError(error)) return { 'error.type': 'other' }
  const { upstreamCode } = error as { upstreamCode?: unknown }
  // Short numbers and words such as ORDERPAID; whatever else stands there is not a code.
  const isCode = typeof upstreamCode === 'string' && /^(?:-?\d{1,8}|[A-Z][A-Z_]{1,63})$/.test(upstreamCode)
  return { 'error.type': error.code, ...(isCode ? { 'weixin.upstream_code': upstreamCode } : {}) }
}
