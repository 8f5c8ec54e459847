import { ConfigError, type Product } from '../errors/index.ts'

/**
 * Lone surrogates, such as `slice` makes of an emoji, and control characters: JSON writes both as `\u` escapes, which
 * WeChat refuses (40033).
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the short escapes \b \t \n \f \r are accepted
const UNSENDABLE = /[\p{Cs}\x00-\x07\x0b\x0e-\x1f]/gu

/**
 * Writes parameters as JSON in raw UTF-8. What would become a `\u` escape becomes U+FFFD.
 *
 * @throws {ConfigError} ERR_INVALID_PARAM for a BigInt or a circular reference.
 */
export function writeJson(value: unknown, operation: string, product: Product): string {
  try {
    const text = JSON.stringify(value)
    return text?.includes('\\u') ? JSON.stringify(value, sendable) : text
  } catch (cause) {
    const message = `${operation}: the parameters cannot be written as JSON: they contain a BigInt (pass it as text) or a circular reference. Nothing was sent.`
    throw new ConfigError(message, { code: 'ERR_INVALID_PARAM', product, cause })
  }
}

function sendable(_name: string, value: unknown): unknown {
  return typeof value === 'string' ? value.replace(UNSENDABLE, '\uFFFD') : value
}
