import { BodyError } from '../../errors/index.ts'
import { decodeReferences } from './decode-references.ts'
import { MAX_ELEMENTS } from './scan-flat-xml.ts'
import { isNameCode, isXmlName, RESERVED_NAMES } from './xml-name.ts'

const DECLARATION =
  /^<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*["']1\.0["'](?:[ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*["']utf-?8["'])?(?:[ \t\r\n]+standalone[ \t\r\n]*=[ \t\r\n]*["'](?:yes|no)["'])?[ \t\r\n]*\?>$/i
const MAX_DECLARATION = 256

/**
 * Refuses what fast-xml-parser would accept or repair: unbalanced tags, text after the root, a DOCTYPE, unknown
 * references. One pass, linear in the length.
 *
 * @returns the document from its root element on, in which `\r` outside tags became `standIn`: the library would turn it into `\n`,
 *   but signatures cover the bytes that were sent
 * @throws {BodyError} `ERR_BODY_MALFORMED`
 */
export function checkXml(text: string, root: string, maxDepth: number, standIn: string): string {
  const start = skipComments(text, skipDeclaration(text))
  const open: string[] = []
  const pieces: string[] = []
  let elements = 0
  let copied = start
  let at = start
  do {
    const less = text.indexOf('<', at)
    if (less < 0)
      throw malformed(open.length ? 'it is cut short: an element is not closed' : `it has no <${root}> element`)
    checkBareText(text.slice(at, less), open.length)
    const next = text.charCodeAt(less + 1)
    if (next === 33 || next === 63) {
      at = skipSection(text, less, open.length)
      continue
    }
    const greater = next === 47 ? text.indexOf('>', less) : endOfOpeningTag(text, less)
    if (greater < 0) throw malformed('it is cut short: a tag is not closed')
    at = greater + 1
    if (next === 47) {
      const name = text.slice(less + 2, greater).trimEnd()
      if (open.pop() !== name) throw malformed('a closing tag does not match the open element')
    } else {
      const name = readName(text, less + 1)
      if (open.length === 0 && name !== root) throw malformed(`its root is not <${root}>`)
      if (open.length > 0 && ++elements > MAX_ELEMENTS) throw malformed(`it has more than ${MAX_ELEMENTS} elements`)
      if (open.length >= maxDepth) throw malformed(`its elements are nested deeper than ${maxDepth} levels`)
      if (text.charCodeAt(greater - 1) !== 47) open.push(name)
    }
    const tag = text.slice(less, at)
    if (tag.includes('\r')) {
      pieces.push(text.slice(copied, less).replaceAll('\r', standIn), tag.replaceAll('\r', ' '))
      copied = at
    }
  } while (open.length > 0)
  if (skipComments(text, at) !== text.length) throw malformed('something follows the root element')
  pieces.push(text.slice(copied, at).replaceAll('\r', standIn))
  return pieces.join('')
}

function skipDeclaration(text: string): number {
  if (!text.startsWith('<?xml')) return 0
  const end = text.indexOf('?>') + 2
  if (end < 2 || end > MAX_DECLARATION || !DECLARATION.test(text.slice(0, end))) {
    throw malformed('its XML declaration is not one of version 1.0 in UTF-8')
  }
  return end
}

function checkBareText(run: string, depth: number): void {
  if (run === '') return
  if (depth === 0 && skipSpace(run, 0) !== run.length) throw malformed('there is text outside the root element')
  if (run.includes(']]>')) throw malformed('"]]>" is outside a CDATA section')
  decodeReferences(run)
}

/** Position of the first character that is neither space nor part of a comment: both may surround the root. */
function skipComments(text: string, start: number): number {
  let at = skipSpace(text, start)
  while (text.startsWith('<!--', at)) at = skipSpace(text, endOfComment(text, at))
  return at
}

function endOfComment(text: string, less: number): number {
  const dashes = text.indexOf('--', less + 4)
  if (dashes < 0 || text.charCodeAt(dashes + 2) !== 62) throw malformed('a comment is not closed, or contains "--"')
  return dashes + 3
}

/** Position after a comment or CDATA section that starts at `less`. */
function skipSection(text: string, less: number, depth: number): number {
  if (depth > 0 && text.startsWith('<![CDATA[', less)) {
    const end = text.indexOf(']]>', less + 9)
    if (end < 0) throw malformed('it is cut short: a CDATA section is not closed')
    return end + 3
  }
  if (depth > 0 && text.startsWith('<!--', less)) return endOfComment(text, less)
  if (/^<!doctype/i.test(text.slice(less, less + 9))) throw malformed('it has a document type declaration (DOCTYPE)')
  throw malformed('it has a processing instruction or declaration')
}

/** Position of the `>` of an opening tag, -1 if the text ends first. Attributes are checked here and ignored later. */
function endOfOpeningTag(text: string, less: number): number {
  const name = readName(text, less + 1)
  let at = less + 1 + name.length
  for (;;) {
    const space = at
    at = skipSpace(text, at)
    if (at >= text.length) return -1
    const code = text.charCodeAt(at)
    if (code === 62) return at
    if (code === 47) {
      if (text.charCodeAt(at + 1) === 62) return at + 1
      throw malformed('a tag has a "/" in the wrong place')
    }
    if (space === at) throw malformed('a tag has characters that are not allowed in a name')
    at = endOfAttribute(text, at)
    if (at < 0) return -1
  }
}

function endOfAttribute(text: string, start: number): number {
  let at = start
  while (isNameCode(text.charCodeAt(at)) || text.charCodeAt(at) === 58) at++
  if (at === start) throw malformed('an attribute has no name')
  at = skipSpace(text, at)
  if (text.charCodeAt(at) !== 61) throw malformed('an attribute has no value')
  at = skipSpace(text, at + 1)
  const quote = text.charAt(at)
  if (quote !== '"' && quote !== "'") throw malformed('the value of an attribute is not quoted')
  const end = text.indexOf(quote, at + 1)
  if (end < 0) return -1
  const value = text.slice(at + 1, end)
  if (value.includes('<')) throw malformed('the value of an attribute contains "<"')
  decodeReferences(value)
  return end + 1
}

function readName(text: string, start: number): string {
  let end = start
  while (isNameCode(text.charCodeAt(end))) end++
  if (!isXmlName(text, start, end)) throw malformed('a tag has no name, or one with characters outside [A-Za-z0-9_.-]')
  const name = text.slice(start, end)
  if (RESERVED_NAMES.includes(name)) throw malformed(`an element has the reserved name "${name}"`)
  return name
}

function skipSpace(text: string, start: number): number {
  let at = start
  while (at < text.length && isSpace(text.charCodeAt(at))) at++
  return at
}

function isSpace(code: number): boolean {
  return code === 32 || code === 10 || code === 13 || code === 9
}

export function malformed(problem: string): BodyError {
  return new BodyError('malformed', `The XML was refused: ${problem}.`)
}
