import type { OptionCheck } from '../../core/options.ts'
import { ConfigError } from '../../errors/index.ts'

/** Ten million yuan: no single order, refund or transfer of WeChat Pay comes near it, a misplaced decimal point does. */
export const MAX_FEN = 1_000_000_000

/** An amount of money: an integer in fen, from `min` to `max`. */
export const fen =
  (min = 1, max = MAX_FEN): OptionCheck =>
  (value) => {
    if (typeof value !== 'number') return 'must be a number: an integer in fen (分), e.g. 1980 for 19.80 yuan'
    if (!Number.isSafeInteger(value)) return 'must be an integer in fen (分): 1980 for 19.80 yuan, never a fraction'
    if (value < min || value > max) return `must be from ${min} to ${max} fen (分)`
    return undefined
  }

/**
 * Converts an amount in yuan, as bills have them, to fen. Works on the text, so that no binary fraction is involved.
 *
 * @param yuan decimal text with at most two decimal places, e.g. `19.80` or `-0.01`
 * @returns an integer in fen
 * @throws {ConfigError} ERR_INVALID_PARAM for anything else.
 * @example
 * const fen = yuanToFen('19.80') // 1980
 */
export function yuanToFen(yuan: string): number {
  const parts = /^(-?)(\d{1,12})(?:\.(\d{1,2}))?$/.exec(yuan)
  if (!parts) {
    throw new ConfigError('yuanToFen: expected decimal text with at most two decimal places, such as "19.80".', {
      code: 'ERR_INVALID_PARAM',
      option: 'yuan',
      product: 'pay'
    })
  }
  const value = Number(parts[2]) * 100 + Number((parts[3] ?? '').padEnd(2, '0'))
  return parts[1] && value > 0 ? -value : value
}
