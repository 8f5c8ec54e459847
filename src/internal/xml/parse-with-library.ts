import type * as FastXmlParser from 'fast-xml-parser'
import { BodyError } from '../../errors/index.ts'
import { orMissingPackage } from '../missing-package.ts'
import { loadFastXmlParser } from '../packages/fast-xml-parser.ts'
import { checkXml, malformed } from './check-xml.ts'
import { decodeReferences } from './decode-references.ts'
import { newFields } from './new-fields.ts'
import type { XmlObject, XmlValue } from './xml-value.ts'

const TEXT = '#text'
const CDATA = '#cdata'

type Node = Record<string, unknown>

/** Parses what the flat scanner does not handle: nesting, lists, references, attributes, comments, a declaration. */
export function parseWithLibrary(text: string, root: string, lists: readonly string[], maxDepth: number): XmlObject {
  const standIn = text.includes('\r') ? standInFor(text) : ''
  const nodes = readNodes(checkXml(text, root, maxDepth, standIn))
  const children = nodes.length === 1 ? nodes[0]?.[root] : undefined
  if (!Array.isArray(children)) throw malformed(`its root is not <${root}>`)
  const value = toValue(children, { lists, standIn }, true)
  if (value === '') return newFields()
  if (typeof value === 'string') throw malformed('there is text beside the child elements of the root')
  return value
}

interface Reading {
  readonly lists: readonly string[]
  /** What stands for `\r`; empty when there is none. */
  readonly standIn: string
}

/** A character that does not occur in the document, chosen from the noncharacters of Unicode. */
function standInFor(text: string): string {
  for (let code = 0xfdd0; code <= 0xfdef; code++) {
    const standIn = String.fromCharCode(code)
    if (!text.includes(standIn)) return standIn
  }
  throw malformed('it contains all characters from U+FDD0 to U+FDEF')
}

let parser: FastXmlParser.XMLParser | undefined

// Ordered nodes and a separate name for CDATA keep everything that our own rules need; the rest is switched off.
function loadParser(): FastXmlParser.XMLParser {
  const { XMLParser } = orMissingPackage('fast-xml-parser', loadFastXmlParser)
  return new XMLParser({
    preserveOrder: true,
    textNodeName: TEXT,
    cdataPropName: CDATA,
    commentPropName: false,
    ignoreAttributes: true,
    ignoreDeclaration: true,
    ignorePiTags: true,
    parseTagValue: false,
    parseAttributeValue: false,
    trimValues: false,
    processEntities: false,
    htmlEntities: false,
    removeNSPrefix: false,
    allowBooleanAttributes: false,
    unpairedTags: [],
    stopNodes: [],
    jPath: false,
    maxNestedTags: Number.POSITIVE_INFINITY,
    // It would rename elements such as toString; here they become fields of objects without a prototype.
    onDangerousProperty: (name: string) => name
  })
}

function readNodes(text: string): Node[] {
  parser ??= loadParser()
  try {
    return parser.parse(text) as Node[]
  } catch (cause) {
    // Its messages quote the document, so neither message nor cause may be passed on.
    throw cause instanceof BodyError ? cause : malformed('it is not well-formed')
  }
}

function toValue(nodes: readonly Node[], reading: Reading, isTop: boolean): XmlObject | string {
  const fields = newFields()
  let text = ''
  let hasChildren = false
  let hasText = false
  for (const node of nodes) {
    const name = Object.keys(node)[0] ?? ''
    const content = node[name]
    if (name === TEXT) {
      const run = withReturns(String(content), reading)
      if (/^[ \t\r\n]*$/.test(run)) continue
      text += decodeReferences(run)
      hasText = true
    } else if (name === CDATA) {
      text += cdataText(content, reading)
      hasText = true
    } else {
      addField(fields, name, toValue(content as Node[], reading, false), reading, isTop)
      hasChildren = true
    }
  }
  if (hasChildren && hasText) throw malformed('there is text beside child elements')
  return hasChildren ? fields : text
}

const withReturns = (text: string, { standIn }: Reading) => (standIn === '' ? text : text.replaceAll(standIn, '\r'))

function cdataText(content: unknown, reading: Reading): string {
  const [node] = content as Node[]
  return withReturns(String(node?.[TEXT] ?? ''), reading)
}

function addField(
  fields: XmlObject,
  name: string,
  value: XmlObject | string,
  { lists }: Reading,
  isTop: boolean
): void {
  const present = fields[name]
  if (lists.includes(name)) {
    if (Array.isArray(present)) present.push(value)
    else fields[name] = [value]
  } else if (present === undefined) {
    fields[name] = value
  } else if (isTop && (isText(value) || isText(present))) {
    throw malformed(`the element "${name.slice(0, 64)}" occurs twice where one value is expected`)
  } else if (Array.isArray(present)) {
    present.push(value)
  } else {
    fields[name] = [present, value]
  }
}

function isText(value: XmlValue): value is string {
  return typeof value === 'string'
}
