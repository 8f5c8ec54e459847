import { endOfString } from './end-of-string.ts'

const INTEGER = /-?(?:0|[1-9]\d*)(?![\d.eE])/y

/**
 * Rewrites a JSON text so that `JSON.parse` loses nothing: raw control characters inside strings become `\u00XX`,
 * integers that a number cannot hold become strings. Other errors are left for `JSON.parse` to refuse.
 */
export function repairJson(text: string): string {
  const pieces: string[] = []
  let copied = 0
  let at = 0
  while (at < text.length) {
    const code = text.charCodeAt(at)
    if (code === 34) {
      const end = endOfString(text, at) + 1
      const escaped = escapeControls(text.slice(at, end))
      if (escaped !== undefined) {
        pieces.push(text.slice(copied, at), escaped)
        copied = end
      }
      at = end
    } else if (code === 45 || (code >= 48 && code <= 57)) {
      const end = endOfNumber(text, at)
      if (end - at >= 16 && isUnsafeInteger(text, at, end) && !isKey(text, end)) {
        pieces.push(text.slice(copied, at), '"', text.slice(at, end), '"')
        copied = end
      }
      at = end
    } else {
      at++
    }
  }
  if (copied === 0) return text
  pieces.push(text.slice(copied))
  return pieces.join('')
}

/** Takes all characters that could belong to the number, so that `12.345…` is not read as two. */
function endOfNumber(text: string, start: number): number {
  let at = start + 1
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (!((code >= 48 && code <= 57) || code === 43 || code === 45 || code === 46 || code === 69 || code === 101)) break
  }
  return at
}

function isUnsafeInteger(text: string, start: number, end: number): boolean {
  INTEGER.lastIndex = start
  return INTEGER.test(text) && INTEGER.lastIndex === end && !Number.isSafeInteger(Number(text.slice(start, end)))
}

/** A number in place of a key is an error and must not be quoted into a valid key. */
function isKey(text: string, end: number): boolean {
  let at = end
  while (at < text.length && ' \t\r\n'.includes(text.charAt(at))) at++
  return text.charCodeAt(at) === 58
}

/** The string literal with its raw control characters escaped, or `undefined` if there are none. */
function escapeControls(literal: string): string | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the expression searches for them
  if (!/[\x00-\x1f]/.test(literal)) return undefined
  // A backslash and the character after it stay together: escaping that character would change the meaning of the
  // backslash.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the same
  return literal.replace(/\\[\s\S]|[\x00-\x1f]/g, (part) =>
    part.length > 1 ? part : `\\u${part.charCodeAt(0).toString(16).padStart(4, '0')}`
  )
}
