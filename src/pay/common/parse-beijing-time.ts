import { ConfigError } from '../../errors/index.ts'

/** China has one time zone and no daylight saving time. */
const OFFSET_MS = 8 * 3_600_000

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
  const ms = Date.parse(iso)
  // Date.parse moves 30 February to March: what does not come back as it went in was no date.
  if (digits === '' || !(ms >= 0) || new Date(ms).toISOString() !== iso) {
    throw new ConfigError(
      'parseBeijingTime: expected a time such as "20260301131540" or "2026-03-01 13:15:40" (Beijing time).',
      { code: 'ERR_INVALID_PARAM', option: 'text', product: 'pay' }
    )
  }
  return new Date(ms - OFFSET_MS)
}
