/** Names that people gave themselves may have any character, and PostgreSQL keeps all of them but NUL. */
export function storableText(text: string): string {
  return text.replaceAll('\u0000', '')
}
