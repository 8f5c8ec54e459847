import fc from 'fast-check'
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { describe, expect, test, vi } from 'vitest'
import { ConfigError } from '../../../../src/errors/index.ts'
import { buildXml, type XmlInput, type XmlInputObject } from '../../../../src/internal/xml/index.ts'
import { fcParameters } from '../../../support/fc-parameters.ts'

// A property run with FC_RUNS takes minutes.
vi.setConfig({ testTimeout: 600_000 })

function codeOf(run: () => unknown): string | undefined {
  try {
    run()
    return undefined
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError)
    return (error as ConfigError).code
  }
}

describe('exact text', () => {
  test.each<[XmlInputObject, string]>([
    [{}, '<xml></xml>'],
    [{ a: 'x', b: 1, c: 0, d: -1.5 }, '<xml><a><![CDATA[x]]></a><b>1</b><c>0</c><d>-1.5</d></xml>'],
    [{ a: undefined, b: null, c: '' }, '<xml><c><![CDATA[]]></c></xml>'],
    [{ a: '<&>"\'' }, '<xml><a><![CDATA[<&>"\']]></a></xml>'],
    [{ a: ']]>' }, '<xml><a><![CDATA[]]]]><![CDATA[>]]></a></xml>'],
    [{ a: ']]]]>>]]>' }, '<xml><a><![CDATA[]]]]]]><![CDATA[>>]]]]><![CDATA[>]]></a></xml>'],
    [{ a: ']]\u0000>x' }, '<xml><a><![CDATA[]]]]><![CDATA[>x]]></a></xml>'],
    [{ a: ']\ud800]>' }, '<xml><a><![CDATA[]]]]><![CDATA[>]]></a></xml>'],
    [{ a: 'a\u0000\u0008\u000b\u001f\ufffe\uffff\t\n\rb' }, '<xml><a><![CDATA[a\t\n\rb]]></a></xml>'],
    [{ a: '🎉\ud83dx\udf89' }, '<xml><a><![CDATA[🎉x]]></a></xml>'],
    [{ a: { b: { c: 'x' }, d: undefined } }, '<xml><a><b><c><![CDATA[x]]></c></b></a></xml>'],
    [
      { Articles: { item: [{ Title: 'a' }, { Title: 'b' }] } },
      '<xml><Articles><item><Title><![CDATA[a]]></Title></item><item><Title><![CDATA[b]]></Title></item></Articles></xml>'
    ],
    [{ a: [1, 'x', undefined, null] }, '<xml><a>1</a><a><![CDATA[x]]></a></xml>'],
    [{ a: [] }, '<xml></xml>'],
    [
      { toString: 'x', 'a.b-c_1': 'y', _: 'z' },
      '<xml><toString><![CDATA[x]]></toString><a.b-c_1><![CDATA[y]]></a.b-c_1><_><![CDATA[z]]></_></xml>'
    ]
  ])('%j', (fields, expected) => {
    expect(buildXml(fields)).toBe(expected)
    expect(XMLValidator.validate(expected)).toBe(true)
  })

  test('other root, references instead of CDATA', () => {
    expect(buildXml({ a: '<&>]]>', b: 1, c: 'x\r' }, { root: 'root', cdata: false })).toBe(
      '<root><a>&lt;&amp;&gt;]]&gt;</a><b>1</b><c>x&#13;</c></root>'
    )
  })
})

describe('refusals name the field', () => {
  test.each<[string, unknown, string]>([
    ['space', { 'a b': '1' }, 'a b'],
    ['injection', { 'a><b>1</b': '1' }, 'a><b>1</b'],
    ['empty', { '': '1' }, ''],
    ['digit first', { '1a': '1' }, '1a'],
    ['colon', { 'a:b': '1' }, 'a:b'],
    ['newline', { 'a\n': '1' }, 'a\n'],
    ['Chinese', { 中: '1' }, '中'],
    ['NaN', { a: Number.NaN }, 'a'],
    ['infinite', { a: Number.POSITIVE_INFINITY }, 'a'],
    ['boolean', { a: true }, 'a'],
    ['function', { a: () => 1 }, 'a'],
    ['symbol', { a: Symbol('x') }, 'a'],
    ['bigint', { a: 1n }, 'a'],
    ['date', { a: new Date(0) }, 'a'],
    ['bytes', { a: new Uint8Array(3) }, 'a'],
    ['map', { a: new Map([['b', '1']]) }, 'a'],
    ['inside a list', { a: [true] }, 'a'],
    ['nested', { a: { b: false } }, 'b']
  ])('%s', (_, fields, option) => {
    expect(codeOf(() => buildXml(fields as XmlInputObject))).toBe('ERR_INVALID_PARAM')
    try {
      buildXml(fields as XmlInputObject)
    } catch (error) {
      expect((error as ConfigError).option).toBe(option)
    }
  })

  test('cycles and depth', () => {
    const cycle: Record<string, XmlInput> = {}
    cycle.a = cycle
    expect(codeOf(() => buildXml(cycle))).toBe('ERR_INVALID_PARAM')
    const list: XmlInput[] = []
    list.push(list)
    expect(codeOf(() => buildXml({ a: list }))).toBe('ERR_INVALID_PARAM')
    let deep: XmlInputObject = { a: '1' }
    for (let level = 0; level < 10_000; level++) deep = { a: deep }
    expect(codeOf(() => buildXml(deep))).toBe('ERR_INVALID_PARAM')
  })

  test('a root that is no element name', () => {
    expect(codeOf(() => buildXml({}, { root: 'a b' }))).toBe('ERR_INVALID_PARAM')
  })
})

test('inherited names are not written', () => {
  expect(buildXml(Object.create({ inherited: 'x' }) as XmlInputObject)).toBe('<xml></xml>')
})

test('another parser reads any value back', () => {
  const parser = new XMLParser({ parseTagValue: false, trimValues: false, processEntities: false })
  fc.assert(
    fc.property(
      fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom(...']>&<[!\u0000\ud800ab') })),
      (text) => {
        const xml = buildXml({ before: '1', a: text, after: '2' })
        expect(XMLValidator.validate(xml)).toBe(true)
        const kept = [...text].filter((character) =>
          /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]$/u.test(character)
        )
        expect(parser.parse(xml)).toEqual({
          xml: { before: '1', a: kept.join('').replace(/\r\n?/g, '\n'), after: '2' }
        })
      }
    ),
    fcParameters(1000)
  )
})
