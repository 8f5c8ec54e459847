import { newFields } from './new-fields.ts'
import { endOfSection } from './split-sections.ts'
import { isXmlName, RESERVED_NAMES } from './xml-name.ts'
import type { XmlObject } from './xml-value.ts'

const LESS = 60
const GREATER = 62
const SLASH = 47
const AMPERSAND = 38
const BANG = 33
/** Elements below the root. */
export const MAX_ELEMENTS = 5000

/**
 * Reads the form that WeChat sends: the root and one level of elements, each with bare text or one CDATA section.
 * Returns `undefined` for anything else, valid or not, which is left to the XML library.
 */
export function scanFlatXml(
  text: string,
  root: string,
  lists: readonly string[],
  isNaive = false
): XmlObject | undefined {
  const end = text.length
  let at = skipSpace(text, 0)
  if (text.charCodeAt(at) !== LESS || !text.startsWith(root, at + 1)) return undefined
  at += root.length + 2
  if (text.charCodeAt(at - 1) !== GREATER) return undefined

  const fields = newFields()
  for (let count = 0; count <= MAX_ELEMENTS; count++) {
    at = skipSpace(text, at)
    if (text.charCodeAt(at) !== LESS) return undefined
    if (text.charCodeAt(at + 1) === SLASH) {
      if (!text.startsWith(root, at + 2) || text.charCodeAt(at + 2 + root.length) !== GREATER) return undefined
      if (skipSpace(text, at + 3 + root.length) !== end) return undefined
      return isSettled(fields, lists) ? fields : undefined
    }
    if (count === MAX_ELEMENTS) return undefined
    const nameEnd = text.indexOf('>', at + 1)
    if (nameEnd < 0 || !isXmlName(text, at + 1, nameEnd)) return undefined
    const name = text.slice(at + 1, nameEnd)
    if (fields[name] !== undefined) return undefined

    let close: number
    let value: string
    if (text.charCodeAt(nameEnd + 1) === LESS && text.charCodeAt(nameEnd + 2) === BANG) {
      if (!text.startsWith('[CDATA[', nameEnd + 3)) return undefined
      close = text.indexOf(']]>', nameEnd + 10)
      if (close < 0) return undefined
      // WeChat does not split what people type; the closing tag shows which `]]>` is the end.
      if (isNaive && !text.startsWith(name, close + 5)) close = endOfSection(text, nameEnd + 10, name)
      if (close < 0) return undefined
      value = text.slice(nameEnd + 10, close)
      close += 3
    } else {
      close = endOfBareText(text, nameEnd + 1)
      if (close < 0) return undefined
      value = skipSpace(text, nameEnd + 1) === close ? '' : text.slice(nameEnd + 1, close)
    }
    if (text.charCodeAt(close) !== LESS || text.charCodeAt(close + 1) !== SLASH) return undefined
    if (!text.startsWith(name, close + 2)) return undefined
    at = close + 3 + name.length
    if (text.charCodeAt(at - 1) !== GREATER) return undefined
    fields[name] = value
  }
  return undefined
}

/** Position of the `<` that ends bare text, -1 if it holds a reference or a `>` (part of `]]>`, which XML forbids). */
function endOfBareText(text: string, start: number): number {
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === LESS) return at
    if (code === AMPERSAND || code === GREATER) return -1
  }
  return -1
}

function skipSpace(text: string, start: number): number {
  let at = start
  for (;;) {
    const code = text.charCodeAt(at)
    if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return at
    at++
  }
}

function isSettled(fields: XmlObject, lists: readonly string[]): boolean {
  for (const name of RESERVED_NAMES) if (fields[name] !== undefined) return false
  for (const name of lists) if (fields[name] !== undefined) return false
  return true
}
