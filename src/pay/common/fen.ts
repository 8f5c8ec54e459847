import type { OptionCheck } from '../../core/options.ts'

/**
 * Ten million yuan: far above any single order, refund or transfer of WeChat Pay, but not above an amount with a
 * misplaced decimal point.
 */
const MAX_FEN = 1_000_000_000

/** An amount of money: an integer in fen, from `min` to `max`. */
export const fen =
  (min = 1, max = MAX_FEN): OptionCheck =>
  (value) => {
    if (typeof value !== 'number') return 'must be a number: an integer in fen (分), e.g. 1980 for 19.80 yuan'
    if (!Number.isSafeInteger(value)) return 'must be an integer in fen (分): 1980 for 19.80 yuan, never a fraction'
    if (value < min || value > max) return `must be from ${min} to ${max} fen (分)`
    return undefined
  }
