import { ConfigError } from '../../errors/index.ts'

const SHORTEST = 5

/**
 * Masks a phone number as order shipping requires: the last four digits stay, and at least one digit before them is
 * masked (发货信息录入接口: contact).
 *
 * @param phone digits, with `+`, dashes and an area code as they are; a masked number is returned unchanged
 * @returns e.g. `189****1234`, `+86-177****1234`, `021-****1234`
 * @throws {ConfigError} ERR_INVALID_PARAM for fewer than five digits, or other characters
 */
export function maskContact(phone: string): string {
  if (typeof phone !== 'string' || !/^[+\d*-]+$/.test(phone) || phone.replace(/[^\d*]/g, '').length < SHORTEST) {
    throw new ConfigError(
      'maskContact: expected a phone number of at least five digits; besides them only + and - are allowed.',
      {
        code: 'ERR_INVALID_PARAM',
        option: 'phone',
        product: 'miniapp'
      }
    )
  }
  if (phone.includes('*')) return phone
  const start = Math.max(phone.lastIndexOf('-') + 1, 0)
  const number = start < phone.length - SHORTEST + 1 ? start : 0
  const hidden = Math.min(4, phone.length - 4 - number)
  const from = phone.length - 4 - hidden
  return phone.slice(0, from) + phone.slice(from, -4).replace(/\d/g, '*') + phone.slice(-4)
}

/** Whether a number is masked, with its last digits visible. */
export function isMaskedContact(value: unknown): boolean {
  return typeof value === 'string' && value.length <= 1024 && /^[+\d*-]*\*[+\d*-]*\d{2,4}$/.test(value)
}
