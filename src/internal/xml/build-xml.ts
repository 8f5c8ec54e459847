import { ConfigError } from '../../errors/index.ts'
import { isXmlName } from './xml-name.ts'

/** Input of `buildXml`; `undefined` and `null` are left out, an array repeats its element. */
export type XmlInput = string | number | XmlInputObject | readonly XmlInput[] | undefined | null

export interface XmlInputObject {
  readonly [name: string]: XmlInput
}

export interface BuildXmlOptions {
  /** Name of the root element, `xml` by default. */
  root?: string
  /** `false` writes text with references (`&lt;`) instead of CDATA sections. */
  cdata?: boolean
}

const MAX_DEPTH = 32
// Quick check: characters that XML 1.0 forbids, and every surrogate, although only lone ones are forbidden.
// biome-ignore lint/suspicious/noControlCharactersInRegex: the expression searches for them
const SUSPECT = /[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]/
const FORBIDDEN = /[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu

/**
 * Writes `<xml>…</xml>`: strings in CDATA sections, numbers bare. `]]>` is split across two sections; characters that
 * XML 1.0 forbids and lone surrogates are dropped.
 *
 * @throws {ConfigError} `ERR_INVALID_PARAM` for a name that is not an element name, or a value that is not text, a
 * finite number, an object or a list
 */
export function buildXml(fields: XmlInputObject, options: BuildXmlOptions = {}): string {
  const root = options.root ?? 'xml'
  if (!isXmlName(root)) throw invalid(root, 'is not a valid name of an XML element')
  return `<${root}>${writeChildren(fields, options.cdata ?? true, 1)}</${root}>`
}

function writeChildren(fields: XmlInputObject, cdata: boolean, depth: number): string {
  if (depth > MAX_DEPTH) throw invalid(undefined, `is nested deeper than ${MAX_DEPTH} levels`)
  let xml = ''
  for (const name of Object.keys(fields)) {
    const value = fields[name]
    if (value === undefined || value === null) continue
    if (!isXmlName(name)) throw invalid(name, 'is not a valid name of an XML element')
    xml += writeElement(name, value, cdata, depth)
  }
  return xml
}

function writeElement(name: string, value: XmlInput, cdata: boolean, depth: number): string {
  switch (typeof value) {
    case 'string':
      return cdata ? `<${name}><![CDATA[${inCdata(value)}]]></${name}>` : `<${name}>${escapeText(value)}</${name}>`
    case 'number':
      if (!Number.isFinite(value)) throw invalid(name, `is ${value}; a number must be finite`)
      return `<${name}>${value}</${name}>`
    case 'undefined':
      return ''
    case 'object': {
      if (value === null) return ''
      if (depth > MAX_DEPTH) throw invalid(name, `is nested deeper than ${MAX_DEPTH} levels`)
      if (isList(value)) return value.map((item) => writeElement(name, item, cdata, depth + 1)).join('')
      // A Date or Map has no own fields and would silently be written as an empty element.
      if (Object.prototype.toString.call(value) !== '[object Object]') {
        throw invalid(name, 'is an object of another kind; expected text, a number, a plain object or a list')
      }
      return `<${name}>${writeChildren(value, cdata, depth + 1)}</${name}>`
    }
    default:
      throw invalid(name, `is a ${typeof value}; expected text, a number, an object or a list`)
  }
}

function isList(value: XmlInputObject | readonly XmlInput[]): value is readonly XmlInput[] {
  return Array.isArray(value)
}

/** Escapes text for a CDATA section, for documents of a fixed form that are written by hand. */
export function inCdata(text: string): string {
  // Forbidden characters are dropped first: that may join a new `]]>`.
  const legal = dropForbidden(text)
  return legal.includes(']]>') ? legal.replaceAll(']]>', ']]]]><![CDATA[>') : legal
}

function escapeText(text: string): string {
  return dropForbidden(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#13;')
}

function dropForbidden(text: string): string {
  return SUSPECT.test(text) ? text.replace(FORBIDDEN, '') : text
}

function invalid(name: string | undefined, problem: string): ConfigError {
  const shown = name === undefined ? 'The value' : `"${name.length > 64 ? `${name.slice(0, 64)}…` : name}"`
  return new ConfigError(`${shown} ${problem}.`, { code: 'ERR_INVALID_PARAM', option: name })
}
