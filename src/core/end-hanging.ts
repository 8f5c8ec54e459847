import { type Product, TimeoutError } from '../errors/index.ts'
import { within } from '../internal/within.ts'

/** Far more than a callback needs. Platforms redeliver for hours. */
const LONGEST_MS = 10 * 60_000

/**
 * Runs a callback of the application that holds the mark of a delivery. One that never ends would renew its mark for as long as the
 * process lives: every redelivery would find it running, and the event would be lost without a word.
 *
 * @throws {TimeoutError} ERR_TIMEOUT after ten minutes, so that the next delivery runs it again
 */
export function endHanging<T>(work: () => T | Promise<T>, operation: string, product: Product): Promise<T> {
  const late = () =>
    new TimeoutError(
      `${operation}: the callback has been running for ${LONGEST_MS / 60_000} minutes and is given up: the next delivery calls it again. Does it wait for something without a time limit, e.g. a connection or a lock?`,
      { product }
    )
  return within(LONGEST_MS, work, late, false)
}
