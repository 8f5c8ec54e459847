import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { BodyError } from '../../../../src/errors/index.ts'
import { parseJson } from '../../../../src/internal/json/index.ts'
import { fcParameters } from '../../../support/fc-parameters.ts'

// A property run with FC_RUNS takes minutes.
vi.setConfig({ testTimeout: 600_000 })

const bytes = (...parts: (string | number[])[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))))

function codeOf(run: () => unknown): string | undefined {
  try {
    run()
    return undefined
  } catch (error) {
    expect(error).toBeInstanceOf(BodyError)
    return (error as BodyError).code
  }
}

describe('integers', () => {
  test.each([
    ['9007199254740991', 9007199254740991],
    ['-9007199254740991', -9007199254740991],
    ['9007199254740992', '9007199254740992'],
    ['9007199254740993', '9007199254740993'],
    ['-9007199254740993', '-9007199254740993'],
    ['12345678901234567890123', '12345678901234567890123'],
    [`1${'0'.repeat(400)}`, `1${'0'.repeat(400)}`]
  ])('%s', (text, expected) => {
    expect(parseJson(text)).toBe(expected)
    expect(parseJson(`{"a":[ ${text} , 1]}`)).toEqual({ a: [expected, 1] })
    expect(parseJson(`{"MsgId":${text}}`)).toEqual({ MsgId: expected })
  })

  test('other notations stay what JSON.parse makes of them', () => {
    for (const text of [
      '1e20',
      '1E+30',
      '-1e999',
      '12345678901234567.5',
      '1.12345678901234567890',
      '12345678901234567e2'
    ]) {
      expect(parseJson(`[${text}]`)).toEqual(JSON.parse(`[${text}]`))
    }
    expect(parseJson('[12345678901234567890, 12345678901234567.5]')).toEqual([
      '12345678901234567890',
      Number('12345678901234567.5')
    ])
  })

  test('digits inside strings are left alone', () => {
    const text = '{"id":"12345678901234567890","n":12345678901234567890,"t":"a\\"12345678901234567890"}'
    expect(parseJson(text)).toEqual({
      id: '12345678901234567890',
      n: '12345678901234567890',
      t: 'a"12345678901234567890'
    })
  })

  test.each([
    '{12345678901234567890: 1}',
    '{12345678901234567890\n:1}',
    '012345678901234567890',
    '-012345678901234567890',
    '+12345678901234567890',
    '1-12345678901234567890',
    '12345678901234567890 12345678901234567890',
    '12345678901234567890.',
    '12345678901234567890abc',
    '[1 12345678901234567890]',
    '"a"12345678901234567890',
    '--12345678901234567890'
  ])('%s is refused as by JSON.parse', (text) => {
    expect(() => JSON.parse(text)).toThrow()
    expect(codeOf(() => parseJson(text))).toBe('ERR_BODY_MALFORMED')
  })
})

describe('tolerances', () => {
  test('raw control characters inside strings', () => {
    for (let code = 0; code < 0x20; code++) {
      const character = String.fromCharCode(code)
      expect(parseJson(`{"nick${character}name":"a${character}b${character}"}`)).toEqual({
        [`nick${character}name`]: `a${character}b${character}`
      })
    }
  })

  test('backslashes keep their meaning beside them', () => {
    expect(parseJson('["\\\\\n", "\\n\n", "\\u0041\t", "\\"\n"]')).toEqual(['\\\n', '\n\n', 'A\t', '"\n'])
    expect(codeOf(() => parseJson('"a\\\nb"'))).toBe('ERR_BODY_MALFORMED')
    expect(codeOf(() => parseJson('"\\x\n"'))).toBe('ERR_BODY_MALFORMED')
  })

  test('control characters outside strings are refused', () => {
    expect(codeOf(() => parseJson('{\u0001"a":1}'))).toBe('ERR_BODY_MALFORMED')
    expect(codeOf(() => parseJson('{"a":1}\u0000'))).toBe('ERR_BODY_MALFORMED')
  })

  test('invalid UTF-8 becomes U+FFFD, a byte order mark is skipped', () => {
    expect(parseJson(bytes('{"a":"', [0xff, 0xe4, 0xb8], '"}'))).toEqual({ a: '\ufffd\ufffd' })
    expect(parseJson(bytes([0xef, 0xbb, 0xbf], '{"a":1}'))).toEqual({ a: 1 })
    expect(parseJson('\ufeff[]')).toEqual([])
  })

  test('emoji and lone surrogates survive', () => {
    expect(parseJson(bytes('["🎉\u0001"]'))).toEqual(['🎉\u0001'])
    expect(parseJson('["\\ud83d"]')).toEqual(['\ud83d'])
  })
})

describe('refusals', () => {
  test.each([
    '',
    ' ',
    '<html>',
    '{',
    '{"a"',
    '{"a":',
    '{"a":1,}',
    '[1,]',
    "{'a':1}",
    'undefined',
    'NaN',
    '[1]]',
    '"\n',
    '{"a":1}{"b":2}'
  ])('%j', (text) => {
    expect(codeOf(() => parseJson(text))).toBe('ERR_BODY_MALFORMED')
  })

  test('size and depth', () => {
    expect(codeOf(() => parseJson('"abcdef"', { maxBytes: 7 }))).toBe('ERR_BODY_TOO_LARGE')
    expect(codeOf(() => parseJson('"中中"', { maxBytes: 7 }))).toBe('ERR_BODY_TOO_LARGE')
    expect(parseJson('"中中"', { maxBytes: 8 })).toBe('中中')
    expect(parseJson('[[1]]', { maxDepth: 2 })).toEqual([[1]])
    expect(codeOf(() => parseJson('[[[1]]]', { maxDepth: 2 }))).toBe('ERR_BODY_MALFORMED')
    expect(parseJson('["[[[[","{{{{"]', { maxDepth: 1 })).toEqual(['[[[[', '{{{{'])
  })

  test('deep nesting ends in a typed error, whatever else is wrong', () => {
    for (const open of ['[', '{"a":', '[{"a":', '[12345678901234567890,']) {
      for (const tail of ['', '1', '"\n"']) {
        expect(codeOf(() => parseJson(open.repeat(100_000) + tail))).toBe('ERR_BODY_MALFORMED')
      }
    }
    expect(codeOf(() => parseJson('['.repeat(100_000) + ']'.repeat(100_000)))).toBe('ERR_BODY_MALFORMED')
    // Some 10,000 open arrays before an error end the process on Node.js 26, if `JSON.parse` comes to see them.
    for (const levels of [5_000, 8_000, 9_000, 10_000, 12_000, 30_000]) {
      for (const open of ['[1,', '["1",', '[{},', '["\\"[",', '[[],']) {
        expect(codeOf(() => parseJson(`${open.repeat(levels)}"\n"`))).toBe('ERR_BODY_MALFORMED')
      }
    }
    expect(codeOf(() => parseJson(`${'['.repeat(100_000)}"\n"${']'.repeat(100_000)}`))).toBe('ERR_BODY_MALFORMED')
  })

  test('many brackets that are not nested, or stand in strings, are no depth', () => {
    expect(parseJson(`[${'[],'.repeat(5_000)}{}]`)).toHaveLength(5_001)
    expect(parseJson(`["${'[{'.repeat(5_000)}","\\"${'['.repeat(5_000)}"]`)).toHaveLength(2)
    expect(parseJson('[[[1]]]'.padStart(5_000), { maxDepth: 3 })).toEqual([[[1]]])
  })

  test('no message, cause or stack quotes the document', () => {
    for (const text of ['{"access_token":"TOPSECRET" x', 'TOPSECRET', '{"n":12345678901234567890,"s":TOPSECRET}']) {
      try {
        parseJson(text)
        expect.unreachable()
      } catch (error) {
        const { message, stack, cause } = error as Error
        expect(`${message}${stack}${String(cause)}${JSON.stringify(error)}`).not.toContain('TOPSECRET')
        expect(cause).toBeUndefined()
      }
    }
  })
})

describe('prototypes', () => {
  test.each(['', '"n":12345678901234567890,', '"n":"\n",'])('stay untouched, on each path: %j', (before) => {
    const value = parseJson(`{${before}"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}}}`)
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
    expect(Object.hasOwn(value as object, '__proto__')).toBe(true)
    expect((value as { admin?: boolean }).admin).toBeUndefined()
    expect(({} as { admin?: boolean }).admin).toBeUndefined()
  })
})

test('long inputs take linear time', () => {
  const texts = [
    `"${'\u0001'.repeat(2_000_000)}"`,
    `"${'\\'.repeat(2_000_000)}`,
    `[${'12345678901234567890,'.repeat(100_000)}1]`,
    '1'.repeat(2_000_000),
    '-'.repeat(2_000_000),
    `{"a":12345678901234567890${' '.repeat(2_000_000)}`,
    `[${' '.repeat(2_000_000)}`,
    '"'.repeat(2_000_001),
    `${'1234567890123456789 '.repeat(100_000)}`
  ]
  const start = performance.now()
  for (const text of texts) codeOf(() => parseJson(text))
  expect(performance.now() - start).toBeLessThan(15_000)
})

describe('properties', () => {
  test('agrees with JSON.parse on any JSON whose integers are safe', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 8 }), fc.integer({ min: 0, max: 4 }), (text, indent) => {
        const expected: unknown = JSON.parse(text)
        const pretty = JSON.stringify(expected, null, indent)
        if (/\d{16}/.test(pretty.replace(/"(?:[^"\\]|\\.)*"/g, ''))) return
        expect(parseJson(pretty)).toStrictEqual(expected)
        expect(parseJson(Buffer.from(pretty, 'utf8'))).toStrictEqual(JSON.parse(Buffer.from(pretty, 'utf8').toString()))
      }),
      fcParameters(500)
    )
  })

  test('arbitrary text: the same value or refusal as JSON.parse, but for the two tolerances', () => {
    const character = fc.constantFrom(...'{}[]:,"\\ \n\t-+.eE0123456789tfnurals\u0001中\u{1f389}')
    const document = fc.oneof(
      fc.string({ unit: character, maxLength: 60 }),
      fc.string({ unit: 'binary' }),
      fc
        .tuple(fc.json(), fc.nat(), fc.string({ unit: character, maxLength: 3 }), fc.nat({ max: 3 }))
        .map(([text, at, noise, cut]) => {
          const position = at % (text.length + 1)
          return text.slice(0, position) + noise + text.slice(position + cut)
        })
    )
    fc.assert(
      fc.property(document, (text) => {
        let expected: { value: unknown } | undefined
        try {
          expected = { value: JSON.parse(text) }
        } catch {
          expected = undefined
        }
        let actual: { value: unknown } | undefined
        try {
          actual = { value: parseJson(text) }
        } catch (error) {
          expect(error).toBeInstanceOf(BodyError)
        }
        if (expected && !/\d{16}/.test(text)) expect(actual).toStrictEqual(expected)
        else if (expected) expect(actual).toBeDefined()
        else if (actual) expect([...text].some((character) => character < ' ') || text.startsWith('\ufeff')).toBe(true)
      }),
      fcParameters(2000)
    )
  })

  test('every integer comes back with all its digits', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }), fc.string(), (integer, noise) => {
        const value = parseJson(`{${JSON.stringify(noise)}:0,"n":${integer}}`) as { n: unknown }
        expect(String(value.n)).toBe(String(integer))
        expect(typeof value.n).toBe(Number.isSafeInteger(Number(integer)) ? 'number' : 'string')
      }),
      fcParameters(1000)
    )
  })

  test('arbitrary bytes give a value or a BodyError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (input) => {
        codeOf(() => parseJson(input))
      }),
      fcParameters(1000)
    )
    expect(Object.keys(Object.prototype)).toEqual([])
  })
})
