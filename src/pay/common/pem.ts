/** One block of a PEM file. */
export interface PemBlock {
  /** e.g. `PRIVATE KEY`. */
  readonly label: string
  readonly text: string
}

const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----([\s\S]*?)-----END \1-----/g
const BASE64 = /^[A-Za-z0-9+/\s]+={0,2}\s*$/

/**
 * Returns the blocks of a PEM text, each with its line breaks. Typical damage by environment variables is undone where
 * it is unambiguous: quotes around it, `\n` and `\r\n` as characters, line breaks that became spaces or disappeared,
 * the whole text in base64.
 */
export function pemBlocks(given: string): PemBlock[] {
  let text = given
    .trim()
    .replace(/^(["'])([\s\S]*)\1$/, '$2')
    .replace(/\\r\\n|\\n|\\r/g, '\n')
    .trim()
  // "-----BEGIN" in base64.
  if (text.startsWith('LS0tLS1CRUdJTi') && BASE64.test(text)) text = Buffer.from(text, 'base64').toString('utf8')
  return [...text.matchAll(BLOCK)].map(([block, label = '', content = '']) => ({
    label,
    text: content.includes(':') ? block : wrap(label, content)
  }))
}

/** Returns the text of the first block whose label has this ending. */
export function pemOf(given: string, ending: string): string | undefined {
  return pemBlocks(given).find(({ label }) => label.endsWith(ending))?.text
}

function wrap(label: string, content: string): string {
  const lines = content.replace(/\s+/g, '').match(/.{1,64}/g) ?? []
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n')
}
