import { DrizzleQueryError } from 'drizzle-orm/errors'
import { isWeixinKitError } from 'weixin-kit'

/**
 * An error for the log. A failed query carries its parameters (password hashes, openids) in its message, so only
 * what the database said of it is kept.
 */
export function describeError(error: unknown): string {
  if (isWeixinKitError(error)) return `${error.code}: ${error.message}`
  if (!(error instanceof Error)) return 'something that is no error was thrown'
  if (error instanceof DrizzleQueryError) return `a query failed: ${error.cause?.message ?? 'no reason is known'}`
  return error.stack ?? error.message
}
