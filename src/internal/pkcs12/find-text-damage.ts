import type { Pkcs12ErrorCode } from '../../errors/index.ts'

/** UTF-8 of U+FFFD, which replaces invalid bytes. */
const REPLACEMENT_CHARACTER = '\ufffd'

/**
 * Recognises from its first bytes how a file was damaged by being read as text. A .p12 file starts with 30 and a length
 * octet from 80 to 84, which text cannot represent: it becomes U+FFFD when read as UTF-8, and C2 8x when written again
 * from latin1.
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
    const message = 'this is PEM text, not a .p12 file. Pass it as PEM key and certificate instead.'
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
