import { ConfigError } from '../../errors/index.ts'

/**
 * Converts an amount in yuan, as in bills, to fen. Works on the text, without binary fractions.
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
