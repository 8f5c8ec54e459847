import { ConfigError, type Product } from '../errors/index.ts'
import type { RequestOptions } from './client-options.ts'
import { integer, type OptionCheck, record } from './options.ts'

/** Timers above this limit fire immediately. */
const LONGEST_TIMER_MS = 2_147_483_647

const headers: OptionCheck = (value) => {
  const wrong = record(value)
  if (wrong) return wrong
  // `fetch` refuses them only when it is called, which looks like a failed connection. Nothing of a `Headers` or `Map`
  // would be sent.
  if (Symbol.iterator in (value as object)) return 'must be a plain object of names and values'
  const isWritable = Object.entries(value as object).every(
    ([name, text]) =>
      /^[!#$%&'*+.^_`|~\w-]+$/.test(name) && typeof text === 'string' && /^[\t\x20-\x7e\x80-\xff]*$/.test(text)
  )
  return isWritable ? undefined : 'must have names and values that can be sent in a header: text without line breaks'
}

const CHECKS: Readonly<Record<string, OptionCheck>> = {
  signal: (value) =>
    typeof (value as Partial<AbortSignal> | null)?.addEventListener === 'function'
      ? undefined
      : 'must be an AbortSignal',
  timeoutMs: integer(1, LONGEST_TIMER_MS),
  maxRetries: integer(0, 10),
  headers
}

/**
 * Checks the options of one call before anything is sent.
 *
 * @throws {ConfigError} ERR_INVALID_PARAM naming the option.
 */
export function checkRequestOptions(options: RequestOptions, operation: string, product: Product): void {
  if (typeof options !== 'object') throw invalid(operation, 'options', 'must be an object', product)
  for (const name in options) {
    const value = options[name as keyof RequestOptions]
    const wrong = value === undefined ? undefined : CHECKS[name]?.(value)
    if (wrong) throw invalid(operation, name, wrong, product)
  }
}

function invalid(operation: string, option: string, problem: string, product: Product): ConfigError {
  const message = `${operation}: option "${option}" ${problem}. Nothing was sent.`
  return new ConfigError(message, { code: 'ERR_INVALID_PARAM', option, product })
}
