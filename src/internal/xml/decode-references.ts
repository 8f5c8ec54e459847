import { BodyError } from '../../errors/index.ts'

const NAMED = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"]
])

/**
 * Decodes the five entities of XML and numeric references to characters that XML 1.0 allows.
 *
 * @throws {BodyError} `ERR_BODY_MALFORMED` for any other `&`
 */
export function decodeReferences(text: string): string {
  let ampersand = text.indexOf('&')
  if (ampersand < 0) return text
  let decoded = ''
  let copied = 0
  while (ampersand >= 0) {
    // The longest legal reference has 10 characters, but leading zeros are allowed.
    const semicolon = text.slice(ampersand, ampersand + 32).indexOf(';')
    const character = semicolon < 0 ? undefined : decode(text.slice(ampersand + 1, ampersand + semicolon))
    if (character === undefined) {
      throw new BodyError('malformed', 'The XML was refused: it has a "&" that does not start a reference of XML 1.0.')
    }
    decoded += text.slice(copied, ampersand) + character
    copied = ampersand + semicolon + 1
    ampersand = text.indexOf('&', copied)
  }
  return decoded + text.slice(copied)
}

function decode(name: string): string | undefined {
  const digits = /^#(?:x([0-9a-fA-F]+)|([0-9]+))$/.exec(name)
  if (!digits) return NAMED.get(name)
  const code = digits[1] === undefined ? Number.parseInt(digits[2] ?? '', 10) : Number.parseInt(digits[1], 16)
  return isXmlCharacter(code) ? String.fromCodePoint(code) : undefined
}

function isXmlCharacter(code: number): boolean {
  return (
    code === 9 ||
    code === 10 ||
    code === 13 ||
    (code >= 0x20 && code <= 0xd7ff) ||
    (code >= 0xe000 && code <= 0xfffd) ||
    (code >= 0x10000 && code <= 0x10ffff)
  )
}
