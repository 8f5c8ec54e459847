import { isWeixinKitError } from 'weixin-kit'

/**
 * An error as one line of the log. A failed query carries its parameters (password hashes, openids) in its message, so only
 * what the database said of it is kept; a handler of ours that failed stands behind the `HandlerError` of the library.
 */
export function describeError(error: unknown): string {
  if (isWeixinKitError(error))
    return error.code === 'ERR_HANDLER' ? describeError(error.cause) : `${error.code}: ${error.message}`
  if (!(error instanceof Error)) return 'something that is no error was thrown'
  if ('query' in error && 'params' in error) return `a query failed: ${describeError(error.cause)}`
  return error.stack ?? error.message
}
