import { BodyError } from '../../errors/index.ts'
import { isWellFormed } from '../is-well-formed.ts'
import { nodeBuffer } from '../node-buffer.ts'
import { malformed } from './check-xml.ts'
import { parseWithLibrary } from './parse-with-library.ts'
import { scanFlatXml } from './scan-flat-xml.ts'
import { splitSections } from './split-sections.ts'
import type { XmlObject } from './xml-value.ts'

const MAX_BYTES = 64 * 1024
const MAX_DEPTH = 16
const NO_LISTS: readonly string[] = []

export interface ParseXmlOptions {
  /** Size limit in bytes, 64 KiB by default. */
  maxBytes?: number
  /** Levels of elements, the root included; 16 by default. */
  maxDepth?: number
  /** Names of elements that are always lists, even if there is only one: `item`. */
  lists?: readonly string[]
  /**
   * Whether `]]>` inside a text need not end the CDATA section: WeChat does not escape what people type into messages.
   * A section then ends where `]]>` is followed by the closing tag of its element.
   */
  isNaive?: boolean
  /** Name of the root element, `xml` by default; the plaintext of a v2 refund notification has `root`. */
  root?: string
}

/**
 * Parses a WeChat XML document and returns the children of its root.
 *
 * Every leaf is text; nothing is converted. CDATA and bare text are kept byte for byte (values are signed untrimmed,
 * and carriage returns stay), except that bare text of white space only is layout and dropped. A text element that is
 * repeated below the root's children is a list; among them it is refused unless it is named in `lists`, because it is
 * not defined which one counts. Comments are skipped. Also refused: NUL, DOCTYPE, processing instructions, entities
 * other than the five of XML, text beside child elements, names that would reach a prototype.
 *
 * @throws {BodyError} `ERR_BODY_TOO_LARGE`, `ERR_BODY_MALFORMED`
 */
export function parseXml(input: string | Uint8Array, options: ParseXmlOptions = {}): XmlObject {
  const text = decode(input, options.maxBytes ?? MAX_BYTES)
  // Not allowed in XML 1.0, and code that stores or compares text may stop there.
  if (text.includes('\0')) throw malformed('it has a NUL character (U+0000), which XML 1.0 forbids')
  const root = options.root ?? 'xml'
  const lists = options.lists ?? NO_LISTS
  const isNaive = options.isNaive === true
  const flat = scanFlatXml(text, root, lists, isNaive)
  if (flat) return flat
  return parseWithLibrary(isNaive ? splitSections(text) : text, root, lists, options.maxDepth ?? MAX_DEPTH)
}

function decode(input: string | Uint8Array, maxBytes: number): string {
  let text: string
  if (typeof input === 'string') {
    if (input.length * 3 > maxBytes) checkSize(Buffer.byteLength(input), maxBytes)
    // Signatures cover bytes, where it would become U+FFFD.
    if (!isWellFormed(input)) throw malformed('it has half of a surrogate pair, which UTF-8 cannot hold')
    text = input
  } else {
    checkSize(input.byteLength, maxBytes)
    const bytes = Buffer.from(input.buffer, input.byteOffset, input.byteLength)
    if (nodeBuffer().isAscii(bytes)) return bytes.toString('latin1')
    if (!nodeBuffer().isUtf8(bytes)) {
      throw new BodyError(
        'malformed',
        'The XML is not valid UTF-8. Pass the bytes as they arrived, without re-encoding.'
      )
    }
    text = bytes.toString('utf8')
  }
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
}

function checkSize(bytes: number, maxBytes: number): void {
  if (bytes > maxBytes) {
    throw new BodyError('too_large', `The XML has ${bytes} bytes; at most ${maxBytes} are accepted.`)
  }
}
