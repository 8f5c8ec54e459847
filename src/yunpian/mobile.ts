import { ConfigError } from '../errors/index.ts'

const MAINLAND = /^1[3-9]\d{9}$/
const E164 = /^\+[1-9]\d{6,14}$/
/** Including all separators that people write; longer input is not cleaned. */
const LONGEST_INPUT = 40

/**
 * Returns a number in Yunpian's format: 11 digits for mainland China, E.164 with `+` for all others. Spaces, dashes,
 * dots, parentheses and full-width digits are cleaned up; `+86`, `0086` and `86` are removed.
 *
 * @param input The number as typed by a user.
 * @returns 11 digits, or `+` with country code and number.
 * @throws {ConfigError} ERR_INVALID_PARAM; the message does not quote the number
 * @example
 * import { normalizeMobile } from 'weixin-kit/yunpian'
 * normalizeMobile('+86 138-0013-8000') // '13800138000'
 * normalizeMobile('+852 6123 4567') // '+85261234567'
 */
export function normalizeMobile(input: string): string {
  const mobile = typeof input === 'string' && input.length <= LONGEST_INPUT ? clean(input) : ''
  const local = mobile.replace(/^(?:\+86|86(?=1\d{10}$))/, '')
  if (MAINLAND.test(local)) return local
  if (E164.test(mobile) && !mobile.startsWith('+86')) return mobile
  throw new ConfigError(
    'The mobile number is neither one of mainland China (11 digits from 13 to 19) nor E.164 (+ country code and number).',
    { code: 'ERR_INVALID_PARAM', option: 'mobile', product: 'yunpian' }
  )
}

function clean(input: string): string {
  return input
    .normalize('NFKC')
    .replace(/[\s().-]/g, '')
    .replace(/^00(?=\d{8})/, '+')
}
