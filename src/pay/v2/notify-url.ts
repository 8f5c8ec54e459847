import type { OptionCheck } from '../../core/options.ts'

const NOTIFY_URL =
  'an absolute http: or https: URL (text or URL object) without query string and fragment, of at most 256 characters'
/** A shop usually has one: parsing it for each order would cost as much as the signature. */
let lastNotifyUrl: string | undefined

/** A public URL without query string; WeChat Pay silently drops notifications to others. */
export const notifyUrl: OptionCheck = (value) => {
  if (typeof value === 'string' && value === lastNotifyUrl) return undefined
  const text = value instanceof URL ? value.href : value
  if (typeof text !== 'string' || text.length > 256 || !URL.canParse(text)) return `must be ${NOTIFY_URL}`
  if (!/^https?:$/.test(new URL(text).protocol) || /[?#]/.test(text)) return `must be ${NOTIFY_URL}`
  lastNotifyUrl = text
  return undefined
}
