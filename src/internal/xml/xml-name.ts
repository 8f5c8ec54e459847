/** Refused as element names: copied to an ordinary object they would reach its prototype. */
export const RESERVED_NAMES: readonly string[] = ['__proto__', 'constructor', 'prototype']

/**
 * Whether `text[start, end)` is an element name: `[A-Za-z_][\w.-]*`, the ASCII part of XML's rule, which is all that
 * WeChat uses. A loop, because this runs for every element of every message.
 */
export function isXmlName(text: string, start = 0, end = text.length): boolean {
  if (start >= end) return false
  const first = text.charCodeAt(start) | 32
  if (!((first >= 97 && first <= 122) || text.charCodeAt(start) === 95)) return false
  for (let at = start + 1; at < end; at++) if (!isNameCode(text.charCodeAt(at))) return false
  return true
}

export function isNameCode(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    code === 95 ||
    code === 45 ||
    code === 46
  )
}
