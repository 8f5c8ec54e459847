import {
  ConfigError,
  ConnectionError,
  type ResultQuery,
  UnknownResultError,
  WeChatPayError,
  WeixinKitError
} from '../../errors/index.ts'
import type { Endpoint } from './endpoint.ts'
import { describeErrorCode } from './error-codes.ts'
import { type Account, IDENTITIES } from './identity.ts'
import type { WireFields } from './params.ts'

/** Returns the call that settles an unknown result of this one. */
export function queryOf({ query, identity }: Endpoint, fields: WireFields, account: Account): ResultQuery | undefined {
  if (!query) return undefined
  const params: Record<string, string> = {}
  for (const name of query.by) if (fields[name] !== undefined) params[name] = String(fields[name])
  const parts = IDENTITIES[identity]
  for (const name in parts) {
    const part = parts[name]
    // A part of the account that this call chose.
    if (part && fields[name] !== account[part]) params[name] = String(fields[name])
  }
  return { method: query.method, params }
}

/** Whether the call may have been executed after this failure of one attempt. */
export function leavesOpen(error: unknown, { outcomes }: Endpoint): boolean {
  if (error instanceof ConnectionError) return error.requestSent
  if (error instanceof ConfigError) return false
  if (!(error instanceof WeChatPayError)) return true
  const { upstreamCode, status } = error
  // A gateway that responds for a failed upstream does not know what was executed; WeChat Pay itself refuses with 200.
  if (status !== undefined && status >= 500) return true
  return (outcomes?.[upstreamCode] ?? describeErrorCode(upstreamCode).outcome) === 'open'
}

export function unknownResult(operation: string, { method, params }: ResultQuery, cause: unknown): UnknownResultError {
  const why = cause instanceof WeixinKitError ? cause.code : 'aborted by the caller'
  return new UnknownResultError(
    `${operation}: it is not known whether this was executed (${why}). Run ${method}(${JSON.stringify(params)}) first; retry only with the same number and parameters, never with a new number.`,
    { product: 'pay', cause, query: { method, params } }
  )
}
