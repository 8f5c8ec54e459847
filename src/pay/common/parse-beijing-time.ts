import { ConfigError } from '../../errors/index.ts'

/** China has one time zone and no daylight saving time. */
const OFFSET_MS = 8 * 3_600_000

/**
 * Parses a time of WeChat Pay v2: `yyyyMMddHHmmss` (`time_end`) or `yyyy-MM-dd HH:mm:ss` (`success_time`,
 * `payment_time`), both in Beijing time.
 *
 * @throws {ConfigError} ERR_INVALID_PARAM when it is neither, or no such day or hour exists.
 * @example
 * const paidAt = parseBeijingTime('20260301131540') // 2026-03-01T05:15:40.000Z
 */
export function parseBeijingTime(text: string): Date {
  const time = beijingTime(text)
  if (time) return time
  throw new ConfigError(
    'parseBeijingTime: expected a time such as "20260301131540" or "2026-03-01 13:15:40" (Beijing time).',
    { code: 'ERR_INVALID_PARAM', option: 'text', product: 'pay' }
  )
}

const TIME = /^\d{4}(?:\d{10}|-\d\d-\d\d \d\d:\d\d:\d\d)$/

/** Parses a text in one of these two formats. */
export function beijingTime(text: string): Date | undefined {
  if (!TIME.test(text)) return undefined
  const gap = text.length === 14 ? 0 : 1
  const two = (at: number) => (text.charCodeAt(at) - 48) * 10 + text.charCodeAt(at + 1) - 48
  const [year, month, day] = [two(0) * 100 + two(2), two(4 + gap), two(6 + 2 * gap)]
  const [hour, minute, second] = [two(8 + 3 * gap), two(10 + 4 * gap), two(12 + 5 * gap)]
  if (year < 1970 || hour > 23 || minute > 59 || second > 59) return undefined
  const time = new Date(Date.UTC(year, month - 1, day, hour, minute, second) - OFFSET_MS)
  // Date.UTC moves 30 February to March, and month 13 to the next year: a value that does not round-trip is not a date.
  const local = new Date(time.getTime() + OFFSET_MS)
  return local.getUTCMonth() === month - 1 && local.getUTCDate() === day ? time : undefined
}
