import {
  ConfigError,
  ConnectionError,
  type ResultQuery,
  UnknownResultError,
  WeChatPayError,
  WeixinKitError
} from '../errors/index.ts'
import { valuesAt } from './check-params.ts'
import type { MoneyRule } from './endpoint.ts'

/** The query that settles the outcome of a call, with the numbers of that call. */
export function queryOf({ query: { method, by } }: MoneyRule, sent: unknown): ResultQuery {
  const params: Record<string, string> = {}
  for (const names of by) {
    const [name = names, given = name] = names.split('=')
    const value = valuesAt(sent, given)[0]?.[1]
    if (value !== undefined && value !== null) params[name] = String(value)
  }
  return { method, params }
}

/** Whether money may have moved after this failure of one attempt. */
export function leavesOpen(error: unknown, open: MoneyRule['open'], isVerified: boolean): boolean {
  if (error instanceof ConnectionError) return error.requestSent
  if (error instanceof ConfigError) return false
  // Unreadable, unverified or mixed up: the response proves nothing.
  if (!(error instanceof WeChatPayError)) return true
  if (open === 'any') return true
  const { status } = error
  if (status >= 500 || status === 202) return true
  if (status === 429) return open === 'throttled'
  // Nothing is executed before the signature is accepted, and that refusal is not signed.
  if (status === 401) return false
  return !isVerified
}

export function unknownResult(operation: string, query: ResultQuery, cause: unknown): UnknownResultError {
  const upstream = cause instanceof WeChatPayError ? ` ${cause.status} ${cause.upstreamCode}` : ''
  const [code, reason] =
    cause instanceof WeixinKitError ? [cause.code, ` Reason: ${cause.message}`] : ['aborted by the caller', '']
  return new UnknownResultError(
    `${operation}: it is not known whether this was executed (${code}${upstream}). Run ${query.method}(${JSON.stringify(query.params)}) first. Retry only with the same number and parameters; a new number is safe only after the query shows a final failure.${reason}`,
    { product: 'pay', cause, query }
  )
}
