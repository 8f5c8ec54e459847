import type { OptionCheck } from '../core/options.ts'
import { wrongDate } from './common/beijing-time.ts'

/** Text of at most `max` characters; a character outside the basic plane counts as one. */
export const chars =
  (max: number, pattern?: RegExp, shape = String(pattern)): OptionCheck =>
  (value) => {
    if (typeof value !== 'string') return 'must be text'
    if (value === '') return 'must not be empty'
    const isLong = value.length > max && [...value].length > max
    if (pattern && (isLong || !pattern.test(value))) return `must be ${shape}`
    return isLong ? `must have at most ${max} characters` : undefined
  }

export const outTradeNo = chars(32, /^[0-9A-Za-z_|*-]{6,32}$/, '6 to 32 of the characters 0-9 A-Z a-z _ - | *')
export const outRefundNo = chars(64, /^[0-9A-Za-z_|*@-]{1,64}$/, '1 to 64 of the characters 0-9 A-Z a-z _ - | * @')
export const transactionId = chars(32, /^[0-9A-Za-z]{1,32}$/, 'letters and digits, at most 32')
/** Transfers accept neither hyphens nor underscores. */
export const outBillNo = chars(32, /^[0-9A-Za-z]{1,32}$/, 'letters and digits only, at most 32')
export const merchantId = chars(32, /^\d{6,32}$/, 'a merchant id: digits')
export const openid = chars(128, /^[0-9A-Za-z_-]{1,128}$/, 'an openid')
export const couponStockId = chars(20, /^\d{1,20}$/, 'a stock_id: digits')
export const couponCode = chars(
  32,
  /^[0-9A-Za-z \-_\\/=|]{1,32}$/,
  'the code of a coupon: 1 to 32 of the characters 0-9 A-Z a-z - _ \\ / = | and spaces'
)
export const couponRequestNo = chars(
  128,
  /^[0-9A-Za-z_|*@-]{1,128}$/,
  '1 to 128 of the characters 0-9 A-Z a-z _ - | * @'
)
export const ipAddress = chars(45, /^[0-9A-Fa-f:.]{3,45}$/, 'an IPv4 or IPv6 address')
export const day = chars(10, /^\d{4}-\d{2}-\d{2}$/, 'a day such as 2026-03-01 (Beijing)')

/** A public URL without query; WeChat Pay silently drops notifications to others. */
export const notifyUrl: OptionCheck = (value) => {
  const shape = 'must be an absolute http: or https: URL without query and fragment, at most 256 characters'
  if (typeof value !== 'string' || value.length > 256 || !URL.canParse(value)) return shape
  return /^https?:$/.test(new URL(value).protocol) && !/[?#]/.test(value) ? undefined : shape
}

/** A `Date`, or RFC 3339 text with a time zone: without one its hour would be misread. */
export const rfc3339: OptionCheck = (value) => {
  if (value instanceof Date) return wrongDate(value)
  const shape = 'must be a Date or a time with a zone such as 2026-03-01T13:15:40+08:00'
  const pattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,3})?(Z|[+-]\d{2}:\d{2})$/
  return typeof value === 'string' && pattern.test(value) && !Number.isNaN(Date.parse(value)) ? undefined : shape
}

/** `2026-03-01T13:15:40+08:00`: the time format of API v3. */
export function formatRfc3339(date: Date): string {
  return `${new Date(date.getTime() + 8 * 3_600_000).toISOString().slice(0, 19)}+08:00`
}

export const listOf =
  (max: number, min = 1): OptionCheck =>
  (value) =>
    Array.isArray(value) && value.length >= min && value.length <= max
      ? undefined
      : `must be a list of ${min} to ${max} entries`
