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
  const time = beijingTime(text)
  if (time) return time
  throw new ConfigError(
    'parseBeijingTime: expected a time such as "20260301131540" or "2026-03-01 13:15:40" (Beijing time).',
    { code: 'ERR_INVALID_PARAM', option: 'text', product: 'pay' }
  )
}

const TIME = /^(\d{4})(?:(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)|-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d))$/

/** The moment that a text of one of these two forms says. */
export function beijingTime(text: string): Date | undefined {
  const parts = TIME.exec(text)
  if (!parts) return undefined
  const [year, month, day, hour, minute, second] = parts
    .slice(1)
    .filter((part) => part !== undefined)
    .map(Number) as [number, number, number, number, number, number]
  const ms = Date.UTC(year, month - 1, day, hour, minute, second)
  const time = new Date(ms)
  // Date.UTC moves 30 February to March, and 25 o'clock to the next day: what does not come back as it went in was no date.
  const isReal =
    time.getUTCFullYear() === year &&
    time.getUTCMonth() === month - 1 &&
    time.getUTCDate() === day &&
    time.getUTCHours() === hour &&
    time.getUTCMinutes() === minute &&
    time.getUTCSeconds() === second
  return isReal && ms >= 0 ? new Date(ms - OFFSET_MS) : undefined
}
