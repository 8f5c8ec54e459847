import type { OptionCheck } from '../../core/options.ts'

const NOTIFY_URL = 'an absolute http: or https: URL without query string and fragment, of at most 256 characters'
/** A shop has one: parsing it anew for each order would cost as much as its signature. */
let lastNotifyUrl: string | undefined

/** A public address without query string; WeChat Pay drops notifications to others without a word. */
export const notifyUrl: OptionCheck = (value) => {
  if (typeof value === 'string' && value === lastNotifyUrl) return undefined
  if (typeof value !== 'string' || value.length > 256 || !URL.canParse(value)) return `must be ${NOTIFY_URL}`
  if (!/^https?:$/.test(new URL(value).protocol) || /[?#]/.test(value)) return `must be ${NOTIFY_URL}`
  lastNotifyUrl = value
  return undefined
}
