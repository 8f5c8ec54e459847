const OPEN = '<![CDATA['
const NAME = /<([A-Za-z_][\w.-]*)[ \t\r\n]*>[ \t\r\n]*$/
/** Longer than any element name that WeChat sends, with the space after it. */
const LONGEST_TAG = 128

/**
 * Rewrites CDATA sections as valid XML: a `]]>` that is not followed by the closing tag of its element is part of the
 * text and is split across two sections. Sections that are already split stay as they are.
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

/** Position of the `]]>` that ends a section; -1 if there is none, or the text is already split as XML requires. */
export function endOfSection(text: string, start: number, name: string): number {
  for (let at = text.indexOf(']]>', start); at >= 0; at = text.indexOf(']]>', at + 1)) {
    let next = at + 3
    if (text.startsWith(OPEN, next)) return -1
    while (/[ \t\r\n]/.test(text.charAt(next))) next++
    if (text.startsWith(`</${name}>`, next)) return at
  }
  return -1
}
