import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { BodyError } from '../../../../src/errors/index.ts'
import { type ParseXmlOptions, parseXml } from '../../../../src/internal/xml/index.ts'
import { parseWithLibrary } from '../../../../src/internal/xml/parse-with-library.ts'
import { scanFlatXml } from '../../../../src/internal/xml/scan-flat-xml.ts'

function codeOf(run: () => unknown): string | undefined {
  try {
    run()
    return undefined
  } catch (error) {
    expect(error).toBeInstanceOf(BodyError)
    return (error as BodyError).code
  }
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

describe('leaves', () => {
  test.each<[string, unknown]>([
    ['<xml></xml>', {}],
    ['<xml/>', {}],
    ['<xml> \r\n\t</xml>', {}],
    ['<xml><a>1</a></xml>', { a: '1' }],
    [
      '<xml><a>007</a><b>1e3</b><c>true</c><d>0x1F</d><e>-0</e></xml>',
      { a: '007', b: '1e3', c: 'true', d: '0x1F', e: '-0' }
    ],
    ['<xml><MsgId>9223372036854775807</MsgId></xml>', { MsgId: '9223372036854775807' }],
    ['<xml><a></a><b/><c /><d>  \n</d><e><![CDATA[]]></e></xml>', { a: '', b: '', c: '', d: '', e: '' }],
    ['<xml><a> 1 </a></xml>', { a: ' 1 ' }],
    ['<xml><a>\r\nb\r</a></xml>', { a: '\r\nb\r' }],
    ['<xml><a><![CDATA[ \r\n\t x ]]></a></xml>', { a: ' \r\n\t x ' }],
    ['<xml><a>\n  <![CDATA[x]]>\n</a></xml>', { a: 'x' }],
    ['<xml><a><![CDATA[<b>&amp;&lt;</b>]]></a></xml>', { a: '<b>&amp;&lt;</b>' }],
    ['<xml><a><![CDATA[x]]]]><![CDATA[>y]]></a></xml>', { a: 'x]]>y' }],
    ['<xml><a>1<![CDATA[2]]>3</a></xml>', { a: '123' }],
    ['<xml><a>1<!-- 9 -->2</a></xml>', { a: '12' }],
    ['<xml><a>&lt;&gt;&amp;&quot;&apos;</a></xml>', { a: `<>&"'` }],
    ['<xml><a>&amp;lt;</a></xml>', { a: '&lt;' }],
    ['<xml><a>&#65;&#x4e2d;&#x1F389;&#32;</a></xml>', { a: 'A中🎉 ' }],
    ['<xml><a>&#32;</a></xml>', { a: ' ' }],
    ['<xml><a>&#13;&#10;</a></xml>', { a: '\r\n' }],
    [`<xml><a b="1" c='">'>1</a></xml>`, { a: '1' }],
    ['<xml version="1"><a x=">" y=\'/\'>1</a></xml>', { a: '1' }],
    ['<?xml version="1.0" encoding="UTF-8"?>\r\n<xml><a>1</a></xml>\r\n', { a: '1' }],
    ['<xml\r\n a="1"\r\n><b\r>x\ry</b\r></xml\r>', { b: 'x\ry' }],
    ['\n <xml>\n<a>1</a>\n</xml>\n', { a: '1' }],
    ['<xml><a><b><c>1</c></b></a></xml>', { a: { b: { c: '1' } } }],
    [
      '<xml><toString>1</toString><hasOwnProperty>2</hasOwnProperty><valueOf>3</valueOf></xml>',
      { toString: '1', hasOwnProperty: '2', valueOf: '3' }
    ],
    [
      '<xml><a><toString>1</toString><__defineGetter__>2</__defineGetter__></a></xml>',
      { a: { toString: '1', __defineGetter__: '2' } }
    ],
    ['<xml><a-b.c_1>1</a-b.c_1><_>2</_></xml>', { 'a-b.c_1': '1', _: '2' }],
    ['<xml><xml>1</xml></xml>', { xml: '1' }],
    ['<xml><a>x]]y>z</a></xml>', { a: 'x]]y>z' }]
  ])('%s', (text, expected) => {
    expect(plain(parseXml(text))).toEqual(expected)
    expect(plain(parseXml(Buffer.from(text)))).toEqual(expected)
    // What the scanner takes, the library must read in the same way; what it leaves, the library reads alone.
    expect(plain(parseWithLibrary(text, 'xml', [], 16))).toEqual(expected)
  })

  test('Chinese, emoji, and the forms of bytes', () => {
    const text = '<xml><Content><![CDATA[你好 🎉]]></Content></xml>'
    const bytes = Buffer.from(text)
    expect(parseXml(text).Content).toBe('你好 🎉')
    expect(parseXml(bytes).Content).toBe('你好 🎉')
    expect(parseXml(new Uint8Array(bytes)).Content).toBe('你好 🎉')
    const offset = Buffer.concat([Buffer.from('xx'), bytes, Buffer.from('yy')]).subarray(2, 2 + bytes.length)
    expect(parseXml(offset).Content).toBe('你好 🎉')
    expect(parseXml(Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes])).Content).toBe('你好 🎉')
    expect(parseXml(`\ufeff${text}`).Content).toBe('你好 🎉')
  })

  test('another root', () => {
    expect(
      plain(parseXml('<root>\n<refund_status><![CDATA[CHANGE]]></refund_status>\n</root>', { root: 'root' }))
    ).toEqual({
      refund_status: 'CHANGE'
    })
    expect(codeOf(() => parseXml('<xml><a>1</a></xml>', { root: 'root' }))).toBe('ERR_BODY_MALFORMED')
  })
})

describe('lists', () => {
  const lists: ParseXmlOptions = { lists: ['item', 'List'] }

  test('a named list is always a list, wherever it is', () => {
    expect(plain(parseXml('<xml><PicList><item><M>1</M></item></PicList></xml>', lists))).toEqual({
      PicList: { item: [{ M: '1' }] }
    })
    expect(plain(parseXml('<xml><item>1</item><item>2</item><item><a>3</a></item></xml>', lists))).toEqual({
      item: ['1', '2', { a: '3' }]
    })
    expect(plain(parseXml('<xml><item>1</item></xml>', lists))).toEqual({ item: ['1'] })
    expect(plain(parseXml('<xml><item></item></xml>', lists))).toEqual({ item: [''] })
  })

  test('repeated elements with children become a list, in order', () => {
    const text =
      '<xml><hblist><hbinfo><openid>a</openid></hbinfo><hbinfo><openid>b</openid></hbinfo><hbinfo><openid>c</openid></hbinfo></hblist></xml>'
    expect(plain(parseXml(text))).toEqual({ hblist: { hbinfo: [{ openid: 'a' }, { openid: 'b' }, { openid: 'c' }] } })
  })

  test.each([
    '<xml><total_fee>1</total_fee><total_fee>100</total_fee></xml>',
    '<xml><total_fee><![CDATA[1]]></total_fee><b>2</b><total_fee><![CDATA[1]]></total_fee></xml>',
    '<xml><a></a><a>1</a></xml>',
    '<xml><a/><a/></xml>',
    '<xml><a>1</a><a><b>2</b></a></xml>',
    '<xml><a><b>2</b></a><a>1</a></xml>',
    '<xml><a><b>2</b></a><a><b>3</b></a><a>1</a></xml>'
  ])('a repeated value below the root is refused: %s', (text) => {
    expect(codeOf(() => parseXml(text))).toBe('ERR_BODY_MALFORMED')
    expect(codeOf(() => parseWithLibrary(text, 'xml', [], 16))).toBe('ERR_BODY_MALFORMED')
  })
})

describe('a value that is repeated further below', () => {
  test.each([
    ['<xml><o><a>1</a><a>2</a></o></xml>', { o: { a: ['1', '2'] } }],
    ['<xml><o><a>1</a></o><o><a>1</a><a>2</a></o></xml>', { o: [{ a: '1' }, { a: ['1', '2'] }] }],
    ['<xml><o><a>1</a><a><b>2</b></a></o></xml>', { o: { a: ['1', { b: '2' }] } }]
  ])('is a list: %s', (text, fields) => {
    expect(plain(parseXml(text))).toEqual(fields)
  })
})

describe('around the root', () => {
  test.each([
    '<!-- x --><xml><a>1</a></xml>',
    '<xml><a>1</a></xml><!-- x -->',
    '<?xml version="1.0"?>\n<!-- x -->\n<!---->\n<xml><a>1</a></xml>\n<!-- y -->\n'
  ])('comments are skipped: %s', (text) => {
    expect(plain(parseXml(text))).toEqual({ a: '1' })
  })
  test.each(['<!-- x <xml><a>1</a></xml>', '<!-- a -- b --><xml><a>1</a></xml>', '<xml><a>1</a></xml><!-- x'])(
    'broken ones are refused: %s',
    (text) => {
      expect(codeOf(() => parseXml(text))).toBe('ERR_BODY_MALFORMED')
    }
  )
})

describe('CDATA as WeChat writes it', () => {
  const naive = (text: string) => plain(parseXml(text, { isNaive: true }))
  test.each([
    ['<xml><a><![CDATA[b[c[0]]>1]]></a></xml>', { a: 'b[c[0]]>1' }],
    ['<xml><a><![CDATA[<xml><a><![CDATA[hi]]></a></xml>]]></a><b>1</b></xml>', undefined],
    [
      '<xml><a><![CDATA[<xml><Content><![CDATA[hi]]></Content></xml>]]></a><b>1</b></xml>',
      {
        a: '<xml><Content><![CDATA[hi]]></Content></xml>',
        b: '1'
      }
    ],
    ['<xml><o><a><![CDATA[x]]>y]]></a><b> <![CDATA[]]>]]> </b></o></xml>', { o: { a: 'x]]>y', b: ']]>' } }],
    ['<xml><a><![CDATA[x]]]]><![CDATA[>y]]></a></xml>', { a: 'x]]>y' }],
    [
      '<xml><a><![CDATA[\uffff\r\ufdd0]]></a><o><b>\uffff\r\ufdd0</b></o></xml>',
      {
        a: '\uffff\r\ufdd0',
        o: { b: '\uffff\r\ufdd0' }
      }
    ]
  ])('%s', (text, fields) => {
    if (fields) expect(naive(text)).toEqual(fields)
    else expect(codeOf(() => naive(text))).toBe('ERR_BODY_MALFORMED')
  })

  test('a text cannot bring fields of its own in: its element is repeated then', () => {
    for (const text of [
      'x]]></a><b>2</b><a><![CDATA[y',
      'x]]></a><c>2</c><a><![CDATA[y',
      'x]]></a><o><b>2</b></o><a><![CDATA[y'
    ]) {
      expect(codeOf(() => naive(`<xml><a><![CDATA[${text}]]></a><b>1</b></xml>`))).toBe('ERR_BODY_MALFORMED')
    }
  })

  test('elsewhere it is refused', () => {
    expect(codeOf(() => parseXml('<xml><a><![CDATA[b[c[0]]>1]]></a></xml>'))).toBe('ERR_BODY_MALFORMED')
  })
})

describe('refusals', () => {
  test.each(['<xml><a>x\0y</a></xml>', '<xml><a><![CDATA[x\0]]></a><b><c>1</c></b></xml>', '<xml\0><a>1</a></xml>'])(
    'a NUL character: %j',
    (text) => {
      for (const isNaive of [false, true]) {
        for (const input of [text, Buffer.from(text), Buffer.from(text.replace('x', '微'))]) {
          expect(codeOf(() => parseXml(input, { isNaive }))).toBe('ERR_BODY_MALFORMED')
        }
      }
    }
  )

  test.each([
    '',
    ' ',
    'xml',
    'SUCCESS',
    '{"a":1}',
    '<html><body>502</body></html>',
    '<Xml><a>1</a></Xml>',
    '<xml2><a>1</a></xml2>',
    '<x:xml><a>1</a></x:xml>',
    '<xml><a>1</a>',
    '<xml><a>1</a></xml',
    '<xml><a>1</b></xml>',
    '<xml><a>1</a></XML>',
    '<xml><a>1</a></xml2>',
    '<xml><a>1</xml></a>',
    '</xml>',
    '<xml></a></xml>',
    '<xml><a>1</a></xml>x',
    '<xml><a>1</a></xml><xml><a>2</a></xml>',
    '<xml><a>1</a></xml><?x y?>',
    'x<xml><a>1</a></xml>',
    '<xml><a>&#0;</a></xml>',
    '<xml>text</xml>',
    '<xml><![CDATA[text]]></xml>',
    '<xml><![CDATA[]]></xml>x',
    '<xml>text<a>1</a></xml>',
    '<xml><a>1</a><![CDATA[text]]></xml>',
    '<xml><a>1<b>2</b></a></xml>',
    '<xml><a><b>2</b><![CDATA[]]></a></xml>',
    '<xml><a>&</a></xml>',
    '<xml><a>&nbsp;</a></xml>',
    '<xml><a>&copy;</a></xml>',
    '<xml><a>&lt</a></xml>',
    '<xml><a>&#0;</a></xml>',
    '<xml><a>&#8;</a></xml>',
    '<xml><a>&#xD800;</a></xml>',
    '<xml><a>&#xFFFF;</a></xml>',
    '<xml><a>&#x110000;</a></xml>',
    '<xml><a>&#X41;</a></xml>',
    '<xml><a>&#;</a></xml>',
    '<xml><a>&#x;</a></xml>',
    '<xml><a>&#1e1;</a></xml>',
    '<xml><a>&constructor;</a></xml>',
    '<xml><a b="&x;">1</a></xml>',
    '<xml><a>]]></a></xml>',
    '<xml><a><![CDATA[x]]</a></xml>',
    '<xml><a><![cdata[x]]></a></xml>',
    '<xml><a><!-- x</a></xml>',
    '<xml><a><!-- x -- y --></a></xml>',
    '<xml><a><!--></a></xml>',
    '<xml><a><?php x ?></a></xml>',
    '<?xml version="1.0"?><?x y?><xml><a>1</a></xml>',
    ' <?xml version="1.0"?><xml><a>1</a></xml>',
    '<?xml version="1.1"?><xml><a>1</a></xml>',
    '<?xml version="1.0" encoding="GBK"?><xml><a>1</a></xml>',
    '<?xml?><xml><a>1</a></xml>',
    '<?xml version="1.0"><xml><a>1</a></xml>',
    '<xml>< a>1</a></xml>',
    '<xml><>1</></xml>',
    '<xml><1a>1</1a></xml>',
    '<xml><a:b>1</a:b></xml>',
    '<xml><中>1</中></xml>',
    '<xml><a b>1</a></xml>',
    '<xml><a b=1>1</a></xml>',
    '<xml><a b="1>1</a></xml>',
    '<xml><a b="<">1</a></xml>',
    '<xml><a"b">1</a></xml>',
    '<xml><a/b>1</a></xml>',
    '<xml><a / >1</a></xml>',
    '<xml><a>1</a b="1"></xml>',
    '<xml><a>1< /a></xml>',
    '<xml><__proto__>1</__proto__></xml>',
    '<xml><constructor>1</constructor></xml>',
    '<xml><prototype>1</prototype></xml>',
    '<xml><a><__proto__><admin>1</admin></__proto__></a></xml>',
    '<xml><constructor><prototype><admin>1</admin></prototype></constructor></xml>',
    '<!DOCTYPE xml><xml><a>1</a></xml>',
    '<!doctype xml><xml><a>1</a></xml>',
    '<xml><!DOCTYPE x><a>1</a></xml>',
    '<!DOCTYPE xml [<!ENTITY e SYSTEM "file:///etc/passwd">]><xml><a>&e;</a></xml>',
    '<?xml version="1.0"?><!DOCTYPE xml [<!ENTITY a "1"><!ENTITY b "&a;&a;">]><xml><a>&b;</a></xml>',
    '<xml><!ENTITY a "1"><a>1</a></xml>'
  ])('%s', (text) => {
    expect(codeOf(() => parseXml(text))).toBe('ERR_BODY_MALFORMED')
    expect(codeOf(() => parseXml(Buffer.from(text)))).toBe('ERR_BODY_MALFORMED')
    expect(scanFlatXml(text, 'xml', [])).toBeUndefined()
    expect(codeOf(() => parseWithLibrary(text, 'xml', [], 16))).toBe('ERR_BODY_MALFORMED')
  })

  test('bytes that are not UTF-8', () => {
    const gbk = Buffer.concat([Buffer.from('<xml><a>'), Buffer.from([0xc4, 0xe3]), Buffer.from('</a></xml>')])
    expect(codeOf(() => parseXml(gbk))).toBe('ERR_BODY_MALFORMED')
    const surrogate = Buffer.concat([
      Buffer.from('<xml><a>'),
      Buffer.from([0xed, 0xa0, 0x80]),
      Buffer.from('</a></xml>')
    ])
    expect(codeOf(() => parseXml(surrogate))).toBe('ERR_BODY_MALFORMED')
    expect(codeOf(() => parseXml(Buffer.from('<xml><a>1</a></xml>', 'utf16le')))).toBe('ERR_BODY_MALFORMED')
  })

  test('size: 64 KiB unless told otherwise, counted in bytes', () => {
    const body = (count: number) => `<xml><a>${'x'.repeat(count)}</a></xml>`
    expect(parseXml(body(65_536 - 18)).a).toHaveLength(65_518)
    expect(codeOf(() => parseXml(body(65_536 - 17)))).toBe('ERR_BODY_TOO_LARGE')
    expect(codeOf(() => parseXml(Buffer.from(body(65_536 - 17))))).toBe('ERR_BODY_TOO_LARGE')
    expect(codeOf(() => parseXml('<xml><a>中中</a></xml>', { maxBytes: 23 }))).toBe('ERR_BODY_TOO_LARGE')
    expect(parseXml('<xml><a>中中</a></xml>', { maxBytes: 24 }).a).toBe('中中')
    expect(parseXml(body(100_000), { maxBytes: 200_000 }).a).toHaveLength(100_000)
  })

  test('depth: 16 levels unless told otherwise', () => {
    const nested = (levels: number) => `<xml>${'<a>'.repeat(levels - 1)}1${'</a>'.repeat(levels - 1)}</xml>`
    expect(parseXml(nested(16))).toBeDefined()
    expect(codeOf(() => parseXml(nested(17)))).toBe('ERR_BODY_MALFORMED')
    expect(parseXml(nested(3), { maxDepth: 3 })).toBeDefined()
    expect(codeOf(() => parseXml(nested(4), { maxDepth: 3 }))).toBe('ERR_BODY_MALFORMED')
  })

  test('number of elements', () => {
    const flat = (count: number) =>
      `<xml>${Array.from({ length: count }, (_, at) => `<a${at}>1</a${at}>`).join('')}</xml>`
    const listed = (count: number) => `<xml>${'<item/>'.repeat(count)}</xml>`
    const options = { maxBytes: 1_000_000, lists: ['item'] }
    expect(Object.keys(parseXml(flat(5000), options))).toHaveLength(5000)
    expect(Object.keys(parseWithLibrary(flat(5000), 'xml', [], 16))).toHaveLength(5000)
    expect(codeOf(() => parseXml(flat(5001), options))).toBe('ERR_BODY_MALFORMED')
    expect(codeOf(() => parseXml(listed(5001), options))).toBe('ERR_BODY_MALFORMED')
  })

  test('no message or stack quotes the text of the document', () => {
    for (const text of [
      '<xml><a>TOPSECRET</b></xml>',
      '<xml><a>TOPSECRET&x;</a></xml>',
      'TOPSECRET',
      '<xml><a b="TOPSECRET>1</a></xml>'
    ]) {
      try {
        parseXml(text)
        expect.unreachable()
      } catch (error) {
        const { stack, cause } = error as Error
        expect(`${stack}${String(cause)}${JSON.stringify(error)}`).not.toContain('TOPSECRET')
      }
    }
  })
})

describe('hostile documents end soon', () => {
  const MiB = 1024 * 1024
  const large = { maxBytes: 20 * MiB }
  test.each<[string, () => string]>([
    ['10 MiB of text', () => `<xml><a>${'x'.repeat(10 * MiB)}</a><b>&lt;</b></xml>`],
    ['10 MiB of opening tags', () => '<a>'.repeat(3 * MiB)],
    ['100,000 levels', () => `<xml>${'<a>'.repeat(100_000)}${'</a>'.repeat(100_000)}</xml>`],
    ['unclosed CDATA', () => `<xml>${'<a><![CDATA['.repeat(300_000)}`],
    ['unclosed comments', () => `<xml><a>${'<!--'.repeat(1_000_000)}`],
    ['dashes', () => `<xml><a><!--${'-'.repeat(4 * MiB)}`],
    ['less-than signs', () => `<xml>${'<'.repeat(4 * MiB)}`],
    ['ampersands', () => `<xml><a>${'&'.repeat(4 * MiB)}</a></xml>`],
    ['half references', () => `<xml><a>${'&#'.repeat(2 * MiB)}</a></xml>`],
    ['references', () => `<xml><a>${'&lt;'.repeat(MiB)}</a></xml>`],
    ['a long reference', () => `<xml><a>&#${'0'.repeat(4 * MiB)}65;</a></xml>`],
    ['spaces in a tag', () => `<xml><a ${' '.repeat(4 * MiB)}`],
    ['spaces before the root', () => ' '.repeat(4 * MiB)],
    ['spaces in the declaration', () => `<?xml ${' '.repeat(4 * MiB)}version="1.0"?><xml/>`],
    ['spaces in a closing tag', () => `<xml><a>1</a${' '.repeat(4 * MiB)}x></xml>`],
    ['attributes', () => `<xml ${'a="1" '.repeat(500_000)}><b>1</b></xml>`],
    ['open quotes', () => `<xml>${'<a b="'.repeat(500_000)}</xml>`],
    ['a long name', () => `<xml><${'a'.repeat(4 * MiB)}`],
    ['carriage returns', () => `<xml\r${'\r'.repeat(MiB)}><a>${'\r'.repeat(MiB)}&lt;</a></xml>`],
    ['carriage returns in many tags', () => `<xml>${'<item\r/>'.repeat(4000)}</xml>`],
    ['many runs of text', () => `<xml><a>${'x<!---->'.repeat(200_000)}</a></xml>`],
    ['many sections', () => `<xml><a>${'<![CDATA[x]]>'.repeat(200_000)}</a></xml>`],
    ['closing brackets', () => `<xml><a><![CDATA[${']'.repeat(4 * MiB)}</a></xml>`],
    [
      'billion laughs',
      () =>
        `<!DOCTYPE xml [<!ENTITY a0 "ha">${Array.from({ length: 30 }, (_, at) => `<!ENTITY a${at + 1} "${`&a${at};`.repeat(10)}">`).join('')}]><xml><a>&a30;</a></xml>`
    ]
  ])('%s', (_, document) => {
    const text = document()
    const start = performance.now()
    codeOf(() => parseXml(text, large))
    expect(codeOf(() => parseXml(text))).toMatch(/^ERR_BODY_|^undefined$/)
    expect(performance.now() - start).toBeLessThan(15_000)
  })
})

test('nothing reaches a prototype', () => {
  const fields = parseXml('<xml><a>1</a></xml>')
  const inherited = ['constructor', 'toString', 'hasOwnProperty', '__proto__', 'then', 'toJSON', 'valueOf']
  for (const name of inherited) expect(fields[name]).toBeUndefined()
  expect(Reflect.ownKeys(Object.getPrototypeOf(fields)).every((key) => typeof key === 'symbol')).toBe(true)
  expect(Object.isFrozen(Object.getPrototypeOf(fields))).toBe(true)
  expect(Object.getPrototypeOf(Object.getPrototypeOf(fields))).toBeNull()
  expect(inspect(fields)).toBe("{ a: '1' }")
  const nested = parseXml('<xml><a><b>1</b></a></xml>')
  expect(Object.getPrototypeOf(nested.a)).toBe(Object.getPrototypeOf(fields))
  expect(Object.keys(Object.prototype)).toEqual([])
})
