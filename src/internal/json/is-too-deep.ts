import { endOfString } from './end-of-string.ts'

/**
 * Node 26 survives 8,000 open brackets before an error, but not always 10,000; only texts that may have that many are
 * scanned character by character.
 */
const HARMLESS_OPENINGS = 1024

/**
 * Whether the part of a JSON text that a parser would read is nested deeper than `levels`. Checked before parsing:
 * `JSON.parse` of V8 14 (Node.js 26) crashes the process with a segmentation fault when an error follows some 10,000
 * open arrays.
 */
export function isTooDeep(text: string, levels: number): boolean {
  if (text.length <= HARMLESS_OPENINGS || !hasManyOpenings(text)) return false
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 34) at = endOfString(text, at)
    else if (code === 91 || code === 123) {
      if (++depth > levels) return true
    } else if (code === 93 || code === 125) depth--
  }
  return false
}

function hasManyOpenings(text: string): boolean {
  let left = HARMLESS_OPENINGS
  for (const opening of ['[', '{']) {
    for (let at = text.indexOf(opening); at >= 0; at = text.indexOf(opening, at + 1)) {
      if (--left <= 0) return true
    }
  }
  return false
}
