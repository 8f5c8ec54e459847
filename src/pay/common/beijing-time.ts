import { ConfigError } from '../../errors/index.ts'

/** China has one time zone and no daylight saving time. */
const OFFSET_MS = 8 * 3_600_000

/** `20260301131540`: `yyyyMMddHHmmss` in Beijing time, as the times of WeChat Pay v2 are written. */
export function formatBeijingTime(date: Date): string {
  return isoInBeijing(date).slice(0, 19).replace(/[-:T]/g, '')
}

/** `20260301`: the day in Beijing, as the dates of bills are written. */
export function formatBeijingDate(date: Date): string {
  return formatBeijingTime(date).slice(0, 8)
}

/**
 * Reads a time of WeChat Pay v2: `yyyyMMddHHmmss` (`time_end`) or `yyyy-MM-dd HH:mm:ss` (`success_time`, `payment_time`),
 * both in Beijing time.
 *
 * @throws {ConfigError} ERR_INVALID_PARAM when it is neither, or no such day or hour exists.
 * @example
 * const paidAt = parseBeijingTime('20260301131540') // 2026-03-01T05:15:40.000Z
 */
export function parseBeijingTime(text: string): Date {
  const digits = /^(?:\d{14}|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)$/.test(text) ? text.replace(/\D/g, '') : ''
  const iso = digits.replace(/^(....)(..)(..)(..)(..)(..)$/, '$1-$2-$3T$4:$5:$6.000Z')
  const date = new Date(Date.parse(iso) - OFFSET_MS)
  // Date.parse moves 30 February to March: what does not come back as it went in was no date.
  if (digits === '' || Number.isNaN(date.getTime()) || formatBeijingTime(date) !== digits) {
    throw new ConfigError(
      'parseBeijingTime: expected a time such as "20260301131540" or "2026-03-01 13:15:40" (Beijing time).',
      { code: 'ERR_INVALID_PARAM', option: 'text', product: 'pay' }
    )
  }
  return date
}

/** What is wrong with a `Date` that is to be sent, as a rule says it. */
export function wrongDate(date: Date): string | undefined {
  const ms = date.getTime() + OFFSET_MS
  // Years of five digits would shift every position.
  return ms >= 0 && ms < Date.UTC(10_000, 0) ? undefined : 'must be a valid Date between the years 1970 and 9999'
}

function isoInBeijing(date: Date): string {
  const ms = date instanceof Date && wrongDate(date) === undefined ? date.getTime() + OFFSET_MS : Number.NaN
  if (Number.isNaN(ms)) {
    throw new ConfigError('Expected a valid Date between the years 1970 and 9999.', {
      code: 'ERR_INVALID_PARAM',
      product: 'pay'
    })
  }
  return new Date(ms).toISOString()
}
