import fc from 'fast-check'
import { XMLParser } from 'fast-xml-parser'
import { describe, expect, test, vi } from 'vitest'
import { BodyError } from '../../../../src/errors/index.ts'
import { buildXml, parseXml, type XmlObject } from '../../../../src/internal/xml/index.ts'
import { parseWithLibrary } from '../../../../src/internal/xml/parse-with-library.ts'
import { scanFlatXml } from '../../../../src/internal/xml/scan-flat-xml.ts'
import { RESERVED_NAMES } from '../../../../src/internal/xml/xml-name.ts'
import { fcParameters } from '../../../support/fc-parameters.ts'

// A property run with FC_RUNS takes minutes.
vi.setConfig({ testTimeout: 600_000 })

/** fast-xml-parser by itself, without the checks and the conversion that our path puts around it. */
const bare = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false,
  trimValues: false,
  processEntities: false,
  cdataPropName: '#cdata',
  onDangerousProperty: (name: string) => name
})

const name = fc.oneof(
  fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_.-]{0,11}$/),
  fc.constantFrom('appid', 'total_fee', 'coupon_fee_0', 'item', 'xml', 'toString', 'hasOwnProperty', 'a', 'b')
)
const space = fc.constantFrom('', '', '', '\n', ' ', '\r\n', '\t', ' \n ')
const cdataText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.string({ unit: fc.constantFrom(...'<>&]![;/ \r\n\t"\'=中\u{1f389}\u0001a1'), maxLength: 20 }),
  fc.constantFrom('', '1980', 'SUCCESS', '<xml>', '</a>', '&lt;', ']]', ']]]', '<![CDATA[')
)
const bareText = fc.oneof(
  fc.integer().map(String),
  fc.string({ unit: fc.constantFrom(...' \r\n\tabc019.-]中'), maxLength: 12 })
)
const leaf = fc.oneof(
  { weight: 4, arbitrary: cdataText.map((text) => `<![CDATA[${text.replaceAll(']]>', '')}]]>`) },
  { weight: 2, arbitrary: bareText }
)
const element = fc.tuple(name, leaf, space).map(([tag, text, after]) => `<${tag}>${text}</${tag}>${after}`)

/** Exactly the shape that the scanner takes; reserved names are among the oddities. */
const flatName = name.filter((tag) => !RESERVED_NAMES.includes(tag))
const flat = fc
  .tuple(
    space,
    space,
    fc.uniqueArray(fc.tuple(flatName, leaf, space), { selector: ([tag]) => tag, maxLength: 12 }),
    space
  )
  .map(([before, inside, fields, after]) => {
    const elements = fields.map(([tag, text, gap]) => `<${tag}>${text}</${tag}>${gap}`).join('')
    return `${before}<xml>${inside}${elements}</xml>${after}`
  })

const oddity = fc.constantFrom(
  '<a/>',
  '<a>1</a>',
  '<!-- x -->',
  '<![CDATA[x]]>',
  '<a b="1">2</a>',
  '<a>&amp;</a>',
  '<a>&#65;</a>',
  '<o><a>1</a></o>',
  '&lt;',
  ']]>',
  'text',
  '<?x y?>',
  '<!DOCTYPE xml>',
  '<__proto__>1</__proto__>',
  '<constructor>1</constructor>',
  '</xml>',
  '<xml>',
  '\uffff',
  '\r',
  '\ufeff'
)

/** Near that shape: oddities among the elements, then a cut and an insertion somewhere. */
const near = fc
  .tuple(
    fc.array(fc.oneof({ weight: 5, arbitrary: element }, { weight: 1, arbitrary: oddity }), { maxLength: 8 }),
    fc.option(
      fc.record({
        at: fc.nat(),
        cut: fc.nat({ max: 3 }),
        insert: fc.oneof(oddity, fc.constantFrom('', '<', '>', '&', ']', '/', ' ', '\n'))
      })
    )
  )
  .map(([elements, mutation]) => {
    const text = `<xml>${elements.join('')}</xml>`
    if (!mutation) return text
    const at = mutation.at % (text.length + 1)
    return text.slice(0, at) + mutation.insert + text.slice(at + mutation.cut)
  })

type Outcome = { value: XmlObject } | { code: string }

function outcome(run: () => XmlObject): Outcome {
  try {
    return { value: run() }
  } catch (error) {
    expect(error).toBeInstanceOf(BodyError)
    return { code: (error as BodyError).code }
  }
}

const viaLibrary = (text: string) => outcome(() => parseWithLibrary(text, 'xml', ['item'], 16))

/** The value of each element as fast-xml-parser alone gives it, with our one rule for layout applied. */
function bareFields(text: string): Record<string, string> {
  const { xml } = bare.parse(text) as { xml: string | Record<string, unknown> }
  if (typeof xml === 'string') return {}
  const fields: Record<string, string> = {}
  for (const [tag, value] of Object.entries(xml)) {
    if (tag === '#text') {
      expect(String(value).trim()).toBe('')
      continue
    }
    const content = value as string | { '#text'?: string; '#cdata'?: string }
    const run = typeof content === 'string' ? content : (content['#text'] ?? '')
    const section = typeof content === 'string' ? undefined : content['#cdata']
    const layout = /^[ \t\r\n]*$/.test(run)
    Object.defineProperty(fields, tag, { value: (layout ? '' : run) + (section ?? ''), enumerable: true })
  }
  return fields
}

const unified = (fields: XmlObject): Record<string, string> =>
  Object.fromEntries(Object.entries(fields).map(([tag, value]) => [tag, String(value).replace(/\r\n?/g, '\n')]))

describe('the flat scanner and fast-xml-parser', () => {
  test('agree on every document of the flat shape, which the scanner takes itself', () => {
    fc.assert(
      fc.property(flat, (text) => {
        const scanned = scanFlatXml(text, 'xml', [])
        expect(scanned).toBeDefined()
        expect(outcome(() => parseWithLibrary(text, 'xml', [], 16))).toStrictEqual({ value: scanned })
        // The library alone unifies line ends, which would break a signature; that is the only difference.
        expect(bareFields(text)).toEqual(unified(scanned ?? {}))
      }),
      fcParameters(1000)
    )
  })

  test('agree wherever the scanner accepts, on documents near that shape', () => {
    fc.assert(
      fc.property(near, (text) => {
        const scanned = scanFlatXml(text, 'xml', ['item'])
        if (scanned) expect(viaLibrary(text)).toStrictEqual({ value: scanned })
        // What callers see is the library's verdict on everything that UTF-8 can hold.
        const whole = text.replace(/^\ufeff/, '').replace(/\p{Surrogate}/gu, '\ufffd')
        expect(outcome(() => parseXml(whole, { lists: ['item'] }))).toStrictEqual(viaLibrary(whole))
      }),
      fcParameters(2000)
    )
  })
})

describe('any input', () => {
  test('arbitrary bytes and text give a BodyError or fields', () => {
    const input = fc.oneof(
      fc.uint8Array({ maxLength: 100 }),
      fc.string({ unit: 'binary', maxLength: 100 }),
      fc
        .uint8Array({ maxLength: 40 })
        .map((bytes) => Buffer.concat([Buffer.from('<xml><a>'), bytes, Buffer.from('</a></xml>')])),
      fc
        .string({ unit: fc.constantFrom(...'<>/!?[]&;#-="\' \nCDATAxml'), maxLength: 60 })
        .map((text) => `<xml>${text}</xml>`)
    )
    fc.assert(
      fc.property(input, (value) => {
        outcome(() => parseXml(value))
      }),
      fcParameters(2000)
    )
    expect(Object.keys(Object.prototype)).toEqual([])
  })

  test('a mutated byte of a valid document gives a BodyError or fields', () => {
    const valid = Buffer.from(
      '<?xml version="1.0"?><xml a="1"><o><item><![CDATA[中]]></item><item>&amp;</item></o><b>1</b><!-- c --></xml>'
    )
    fc.assert(
      fc.property(fc.nat({ max: valid.length - 1 }), fc.nat({ max: 255 }), (at, byte) => {
        const bytes = Buffer.from(valid)
        bytes[at] = byte
        outcome(() => parseXml(bytes, { lists: ['item'] }))
      }),
      fcParameters(2000)
    )
  })
})

test('what is built is read back', () => {
  const tree = fc.letrec<{ value: unknown; fields: unknown }>((tie) => ({
    value: fc.oneof({ depthSize: 'small' }, cdataText, tie('fields')),
    fields: fc.dictionary(flatName, tie('value'), { minKeys: 1, maxKeys: 5, noNullPrototype: false })
  })).fields
  fc.assert(
    fc.property(tree, fc.boolean(), (fields, cdata) => {
      const legal = JSON.parse(JSON.stringify(fields).replaceAll('\\u0001', '')) as Record<string, string>
      const read = parseXml(buildXml(fields as Record<string, string>, { cdata }), {
        maxDepth: 64,
        maxBytes: 1_000_000
      })
      const layout = (_: string, value: unknown) =>
        !cdata && typeof value === 'string' && !/[^ \t\n]/.test(value) ? '' : value
      expect(JSON.parse(JSON.stringify(read))).toEqual(JSON.parse(JSON.stringify(legal), layout))
    }),
    fcParameters(1000)
  )
})
