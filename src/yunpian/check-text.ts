import { invalid } from './field-encoding.ts'
import { inspectText } from './message-text.ts'

/**
 * Refuses a text that cannot be sent.
 *
 * @throws {ConfigError} ERR_INVALID_PARAM; the message names positions and code points, not the text
 */
export function checkText(operation: string, text: unknown): void {
  if (typeof text !== 'string' || text.trim() === '') throw invalid(operation, 'text', 'must be a non-empty string')
  const [first, ...more] = inspectText(text).blockedCharacters
  if (!first) return
  const others = more.length > 0 ? ` and ${more.length} more` : ''
  const place = `${first.codePoint} at position ${first.index}${others}`
  throw invalid(operation, 'text', `has ${place}, which carriers cannot deliver: remove it`)
}
