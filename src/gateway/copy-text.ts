/**
 * The same text with memory of its own. V8 cuts and joins strings by reference: the id of a message, kept for a minute, would keep
 * the whole message.
 */
export function copyText(text: string): string {
  return Buffer.from(text).toString()
}
