import type { Pkcs12ErrorCode } from '../../errors/index.ts'

/** In UTF-8, of the character that stands for bytes which were none. */
const REPLACEMENT_CHARACTER = '\ufffd'

/**
 * What happened to a file that was read as text, told from its first bytes. A .p12 file starts with 30 and a length octet
 * from 80 to 84, which no text can hold: it becomes U+FFFD when read as UTF-8, and C2 8x when written again from latin1.
 */
export function findTextDamage(bytes: Buffer): { code: Pkcs12ErrorCode; message: string } | undefined {
  if (bytes.length === 0) return { code: 'ERR_PKCS12_MALFORMED', message: 'the file is empty.' }
  const asText = bytes[0] === 0x30 && (bytes.indexOf(REPLACEMENT_CHARACTER) === 1 || bytes[1] === 0xc2)
  if (asText) {
    const message =
      'the file was read as text, which destroyed it. Read it with readFileSync(path), without an encoding.'
    return { code: 'ERR_PKCS12_ENCODING', message }
  }
  const head = bytes.toString('latin1', 0, 64).trimStart()
  if (head.startsWith('-----BEGIN')) {
    const message = 'this is PEM text, not a .p12 file. Give it as PEM key and certificate instead.'
    return { code: 'ERR_PKCS12_ENCODING', message }
  }
  // 30 82 in base64 is "MI" followed by a letter from I to L.
  if (/^MI[A-Za-z0-9+/\r\n]{20}/.test(head)) {
    return {
      code: 'ERR_PKCS12_ENCODING',
      message: "this is base64 text. Decode it first: Buffer.from(text, 'base64')."
    }
  }
  return undefined
}
