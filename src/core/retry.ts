import { ApiError, ConnectionError, UnexpectedResponseError } from '../errors/index.ts'

const BASE_DELAY_MS = 300
const MAX_DELAY_MS = 8_000
/** A longer `Retry-After` is left to the caller: the error is thrown at once. */
const LONGEST_RETRY_AFTER_MS = 30_000

/** Whether a failed attempt may be retried. */
export function isRepeatable(error: unknown, idempotent: boolean): boolean {
  // Nothing left this machine, so nothing can have been executed.
  if (error instanceof ConnectionError && !error.requestSent) return true
  if (!idempotent) return false
  if (error instanceof ConnectionError) return true
  if (error instanceof ApiError) return error.retryable
  return error instanceof UnexpectedResponseError && (error.status === 429 || (error.status ?? 0) >= 500)
}

/**
 * Milliseconds to wait before attempt `attempt + 1`: exponential with full jitter, or the value of `Retry-After`.
 * `undefined` if the upstream asks for more than half a minute.
 */
export function retryDelayMs(
  attempt: number,
  retryAfter: string | null | undefined,
  nowMs: number
): number | undefined {
  const asked = retryAfter ? parseRetryAfter(retryAfter, nowMs) : undefined
  if (asked !== undefined) return asked <= LONGEST_RETRY_AFTER_MS ? asked : undefined
  const ceiling = Math.min(MAX_DELAY_MS, BASE_DELAY_MS * 2 ** (attempt - 1))
  return ceiling / 2 + Math.random() * (ceiling / 2)
}

function parseRetryAfter(value: string, nowMs: number): number | undefined {
  if (/^\s*\d+(\.\d+)?\s*$/.test(value)) return Number(value) * 1000
  const date = Date.parse(value)
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs)
}
