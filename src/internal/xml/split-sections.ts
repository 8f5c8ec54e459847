const OPEN = '<![CDATA['
const NAME = /<([A-Za-z_][\w.-]*)[ \t\r\n]*>[ \t\r\n]*$/
/** Longer than any element that WeChat sends, with the space after it. */
const LONGEST_TAG = 128

/**
 * Writes CDATA sections as XML wants them: a `]]>` that is not followed by the closing tag of its element is text of a person, and is
 * split over two sections. What was split already stays.
 */
export function splitSections(text: string): string {
  if (!text.includes(OPEN)) return text
  let split = ''
  let copied = 0
  for (let start = text.indexOf(OPEN); start >= 0; start = text.indexOf(OPEN, copied)) {
    const name = NAME.exec(text.slice(Math.max(0, start - LONGEST_TAG), start))?.[1]
    const end = name === undefined ? -1 : endOfSection(text, start + OPEN.length, name)
    if (end < 0) {
      const next = start + OPEN.length
      split += text.slice(copied, next)
      copied = next
      continue
    }
    split += text.slice(copied, start + OPEN.length)
    split += text.slice(start + OPEN.length, end).replaceAll(']]>', ']]]]><![CDATA[>')
    copied = end
  }
  return split + text.slice(copied)
}

/** Position of the `]]>` that ends a section; -1 when it is not there, or the text was split as XML wants it. */
export function endOfSection(text: string, start: number, name: string): number {
  for (let at = text.indexOf(']]>', start); at >= 0; at = text.indexOf(']]>', at + 1)) {
    let next = at + 3
    if (text.startsWith(OPEN, next)) return -1
    while (/[ \t\r\n]/.test(text.charAt(next))) next++
    if (text.startsWith(`</${name}>`, next)) return at
  }
  return -1
}
