import { ConnectionError, UnexpectedResponseError } from '../errors/index.ts'

/**
 * Whether Geetest is unreachable: no connection, no response in time, or a failing server. Everything else (an unknown
 * id, a refusal, a proxy's page) is a mistake that would otherwise silently let bots in.
 */
export function isUnreachable(error: unknown): error is ConnectionError | UnexpectedResponseError {
  if (error instanceof ConnectionError) return true
  return error instanceof UnexpectedResponseError && (error.status ?? 0) >= 500
}
