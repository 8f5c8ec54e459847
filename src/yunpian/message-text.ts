/** Length and cost of a message, and whether it can be sent. */
export interface MessageTextInfo {
  /** UTF-16 units, sign included: what carriers count. */
  length: number
  /** Messages that are charged: 70 characters in one, 67 in each of several. */
  segments: number
  /** The sign in 【】 at the start, without its brackets. Absent: only an account with a fixed sign can send it. */
  sign?: string
  /** Characters that do not survive the way through the carriers; must be empty. */
  blockedCharacters: { codePoint: string; index: number }[]
}

const SINGLE = 70
const PER_SEGMENT = 67

/**
 * Controls (line breaks and tabs may stay), invisible and direction marks, variation selectors, private use, halves of surrogate pairs, and
 * everything beyond the basic plane: carriers speak UCS-2 and drop or garble these.
 */
const BLOCKED = /(?![\n\r\t])[\p{Cc}\p{Cf}\p{Co}\p{Cs}]|\p{Variation_Selector}|[\u{10000}-\u{10ffff}]/gu

/**
 * Length, charged segments, sign and characters that cannot be sent, computed before sending.
 *
 * @param text The whole text, sign included.
 * @returns Length in UTF-16 units and charged segments.
 * @example
 * import { inspectText } from 'weixin-kit/yunpian'
 * inspectText('【云片网】您的验证码是1234').segments // 1
 */
export function inspectText(text: string): MessageTextInfo {
  const { length } = text
  const sign = /^\s*【([^【】]+)】/.exec(text)?.[1]
  const blockedCharacters = [...text.matchAll(BLOCKED)].map((match) => ({
    codePoint: `U+${(match[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`,
    index: match.index
  }))
  const segments = length <= SINGLE ? 1 : Math.ceil(length / PER_SEGMENT)
  return { length, segments, ...(sign === undefined ? {} : { sign }), blockedCharacters }
}
