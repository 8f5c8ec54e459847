/** Length and cost of a message, and whether it can be sent. */
export interface MessageTextInfo {
  /** Length in UTF-16 units, sign included, as carriers count. */
  length: number
  /** Number of charged messages: 70 characters in a single one, 67 in each of several. */
  segments: number
  /** The sign in 【】 at the start, without its brackets. Absent: only an account with a fixed sign can send it. */
  sign?: string
  /** Characters that carriers cannot deliver; must be empty. */
  blockedCharacters: { codePoint: string; index: number }[]
}

const SINGLE = 70
const PER_SEGMENT = 67

/**
 * Control characters (except line breaks and tabs), invisible and direction marks, variation selectors, private use,
 * lone surrogates, and everything beyond the basic plane: carriers use UCS-2 and drop or garble these.
 */
const BLOCKED = /(?![\n\r\t])[\p{Cc}\p{Cf}\p{Co}\p{Cs}]|\p{Variation_Selector}|[\u{10000}-\u{10ffff}]/gu

/**
 * Returns length, charged segments, sign and undeliverable characters of a text before it is sent.
 *
 * @param text The complete text, sign included.
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
