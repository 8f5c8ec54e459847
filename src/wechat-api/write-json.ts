import { ConfigError, type Product } from '../errors/index.ts'

/** Half of a character, as `slice` leaves it of an emoji, and controls: JSON writes both as `\u` escapes, which WeChat refuses (40033). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the short escapes \b \t \n \f \r are accepted
const UNSENDABLE = /[\p{Cs}\x00-\x07\x0b\x0e-\x1f]/gu

/**
 * Parameters as JSON in raw UTF-8. What would leave as a `\u` escape becomes U+FFFD.
 *
 * @throws {ConfigError} ERR_INVALID_PARAM for a BigInt or a circle.
 */
export function writeJson(value: unknown, operation: string, product: Product): string {
  try {
    const text = JSON.stringify(value)
    return text?.includes('\\u') ? JSON.stringify(value, sendable) : text
  } catch (cause) {
    const message = `${operation}: the parameters cannot be written as JSON: a BigInt (give it as text) or a circle. Nothing was sent.`
    throw new ConfigError(message, { code: 'ERR_INVALID_PARAM', product, cause })
  }
}

function sendable(_name: string, value: unknown): unknown {
  return typeof value === 'string' ? value.replace(UNSENDABLE, '\uFFFD') : value
}
