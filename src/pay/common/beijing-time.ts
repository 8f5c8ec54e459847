import { ConfigError } from '../../errors/index.ts'

/** China has one time zone and no daylight saving time. */
const OFFSET_MS = 8 * 3_600_000

/** `20260301131540`: `yyyyMMddHHmmss` in Beijing time, the time format of WeChat Pay v2. */
export function formatBeijingTime(date: Date): string {
  return isoInBeijing(date).slice(0, 19).replace(/[-:T]/g, '')
}

/** Returns the problem of a `Date` to send, in the wording of a rule. */
export function wrongDate(date: Date): string | undefined {
  const ms = date.getTime() + OFFSET_MS
  // Years with five digits would shift every position.
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
