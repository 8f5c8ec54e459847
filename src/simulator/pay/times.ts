// China has had no daylight saving time since 1991: Beijing time is UTC+8 all the year.
const OFFSET_MS = 8 * 3_600_000
export const MINUTE_MS = 60_000
export const HOUR_MS = 60 * MINUTE_MS
export const DAY_MS = 24 * HOUR_MS

const shifted = (ms: number): string => new Date(ms + OFFSET_MS).toISOString()

/** `yyyyMMddHHmmss` */
export const compactTime = (ms: number): string => shifted(ms).slice(0, 19).replace(/[-:T]/g, '')
/** `yyyy-MM-dd HH:mm:ss` */
export const plainTime = (ms: number): string => shifted(ms).slice(0, 19).replace('T', ' ')
/** `2018-06-08T10:34:56+08:00` */
export const rfc3339 = (ms: number): string => `${shifted(ms).slice(0, 19)}+08:00`
/** `yyyy-MM-dd` */
export const beijingDate = (ms: number): string => shifted(ms).slice(0, 10)
export const beijingHour = (ms: number): number => Number(shifted(ms).slice(11, 13))

/** Start of a day `yyyy-MM-dd` or `yyyyMMdd` in Beijing; `undefined` when there is no such day. */
export function parseDate(text: string): number | undefined {
  const [, year, month, day] = /^(\d{4})-?(\d{2})-?(\d{2})$/.exec(text) ?? []
  if (year === undefined) return undefined
  const ms = Date.UTC(Number(year), Number(month) - 1, Number(day)) - OFFSET_MS
  return beijingDate(ms) === `${year}-${month}-${day}` ? ms : undefined
}

export function parseCompactTime(text: string): number | undefined {
  const [, date = '', hour, minute, second] = /^(\d{8})(\d{2})(\d{2})(\d{2})$/.exec(text) ?? []
  const day = parseDate(date)
  if (day === undefined || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined
  return day + Number(hour) * HOUR_MS + Number(minute) * MINUTE_MS + Number(second) * 1000
}

const RFC_3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/

export function parseRfc3339(text: string): number | undefined {
  const ms = RFC_3339.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(ms) ? undefined : ms
}
