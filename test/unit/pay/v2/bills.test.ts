import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { yuanToFen } from 'weixin-kit/pay'
import { fcParameters } from '../../../support/fc-parameters.ts'
import { clientWith, codeOf, errorOf, fromXml, networkError, signFields, toXml } from '../../../support/pay-v2.ts'

const TITLES = '交易时间,公众账号ID,商户号,微信订单号,商户订单号,交易状态,应结订单金额, 代金券金额,商品名称'
const SUMMARY = '总交易单数,应结订单总金额,退款总金额'

function billText(rows: string[][], end = '\r\n'): string {
  const lines = rows.map((values) => values.map((value) => `\`${value}`).join(','))
  return [TITLES, ...lines, SUMMARY, `\`${rows.length},\`39.60,\`0.00`, ''].join(end)
}

const ROWS = [
  [
    '2026-03-01 13:15:40',
    'wx2421b1c4370ec43b',
    '1900000109',
    '4200',
    '20260301000001',
    'SUCCESS',
    '19.80',
    '0.00',
    '咖啡, 大杯'
  ],
  ['2026-03-01 13:16:40', 'wx2421b1c4370ec43b', '1900000109', '4201', '20260301000002', 'SUCCESS', '19.80', '', '']
]

const trade = (body: string | Uint8Array, options = {}) =>
  clientWith(() => new Response(body as never), options).pay.bills.trade({ bill_date: '20260301' })

/** A body that comes in pieces of the given size. */
function inPieces(bytes: Uint8Array, size: number, failAt = Number.POSITIVE_INFINITY): Response {
  async function* pieces() {
    for (let at = 0; at < bytes.byteLength; at += size) {
      if (at >= failAt) throw new TypeError('terminated')
      yield bytes.subarray(at, at + size)
    }
  }
  return new Response(ReadableStream.from(pieces()))
}

describe('bills.trade', () => {
  it('reads rows and totals', async () => {
    const { rows, summary } = await (await trade(billText(ROWS))).readAll()
    expect(rows).toHaveLength(2)
    expect(rows[0]).toEqual({
      交易时间: '2026-03-01 13:15:40',
      公众账号ID: 'wx2421b1c4370ec43b',
      商户号: '1900000109',
      微信订单号: '4200',
      商户订单号: '20260301000001',
      交易状态: 'SUCCESS',
      应结订单金额: '19.80',
      代金券金额: '0.00',
      商品名称: '咖啡, 大杯'
    })
    expect(rows[1]).toMatchObject({ 代金券金额: '', 商品名称: '' })
    expect(summary).toEqual({ 总交易单数: '2', 应结订单总金额: '39.60', 退款总金额: '0.00' })
  })

  it('asks as the document says', async () => {
    const { pay, seen } = clientWith(() => new Response(billText(ROWS)))
    await pay.bills.trade({ bill_date: new Date(Date.UTC(2026, 1, 28, 16, 0, 0)), tar_type: 'GZIP' })
    const sent = fromXml(seen[0]?.body ?? '')
    expect(sent).toMatchObject({ bill_date: '20260301', bill_type: 'ALL', tar_type: 'GZIP', sign: signFields(sent) })
    expect(seen[0]?.url.pathname).toBe('/pay/downloadbill')
  })

  it.each([
    ['byte order mark', Buffer.from(`\ufeff${billText(ROWS)}`)],
    ['line feeds only', Buffer.from(billText(ROWS, '\n'))],
    ['gzip', gzipSync(billText(ROWS))],
    ['no line break at the end', Buffer.from(billText(ROWS).trimEnd())]
  ])('reads %s, whole and in pieces', async (_what, bytes) => {
    const expected = await (await trade(billText(ROWS))).readAll()
    for (const size of [1, 7, 100_000]) {
      const { pay } = clientWith(() => inPieces(bytes, size))
      expect(await (await pay.bills.trade({ bill_date: '20260301' })).readAll()).toEqual(expected)
    }
  })

  it('gives the decompressed file as a stream', async () => {
    const bill = await trade(gzipSync(billText(ROWS)))
    expect(await new Response(bill.stream() as never).text()).toBe(billText(ROWS))
  })

  it('joins a product name with a line break', async () => {
    const names = ROWS.map((row) => [...row.slice(0, -2), '两\n行', '末'])
    const { rows } = await (await trade(billText(names, '\n'))).readAll()
    expect(rows.map((row) => row.代金券金额)).toEqual(['两\n行', '两\n行'])
  })

  it('is read once', async () => {
    const bill = await trade(billText(ROWS))
    await bill.readAll()
    expect(await codeOf(() => bill.readAll())).toBe('ERR_INVALID_PARAM')
    expect(await codeOf(() => bill.stream())).toBe('ERR_INVALID_PARAM')
  })

  it('lets go of the connection when the reader stops early', async () => {
    let isClosed = false
    async function* endless() {
      try {
        yield Buffer.from(`${TITLES}\n`)
        for (;;) yield Buffer.from(`${ROWS[0]?.map((value) => `\`${value}`).join(',')}\n`)
      } finally {
        isClosed = true
      }
    }
    const { pay } = clientWith(() => new Response(ReadableStream.from(endless())))
    const bill = await pay.bills.trade({ bill_date: '20260301' })
    for await (const row of bill.rows()) {
      expect(row.商户订单号).toBe('20260301000001')
      break
    }
    await new Promise((resolve) => setImmediate(resolve))
    expect(isClosed).toBe(true)
  })

  it.each<[string, string | Uint8Array, string]>([
    ['no totals', billText(ROWS).split('\r\n').slice(0, 3).join('\r\n'), 'ERR_BODY_MALFORMED'],
    ['no values of totals', billText(ROWS).split('\r\n').slice(0, 4).join('\r\n'), 'ERR_BODY_MALFORMED'],
    ['a cut row', billText(ROWS).slice(0, 200), 'ERR_BODY_MALFORMED'],
    ['more after the totals', `${billText(ROWS)}\`1,\`2`, 'ERR_BODY_MALFORMED'],
    ['too many values', billText([[...(ROWS[0] ?? []), 'x']]), 'ERR_BODY_MALFORMED'],
    ['too few values', billText([['x', 'y'], ROWS[0] ?? []]), 'ERR_BODY_MALFORMED'],
    ['no titles', billText(ROWS).slice(billText(ROWS).indexOf('`')), 'ERR_BODY_MALFORMED'],
    ['one endless line', 'x'.repeat(70_000), 'ERR_BODY_MALFORMED'],
    ['a cut gzip stream', gzipSync(billText(ROWS)).subarray(0, 150), 'ERR_BODY_MALFORMED'],
    [
      'a damaged gzip stream',
      Buffer.concat([gzipSync(billText(ROWS)).subarray(0, 60), Buffer.alloc(60, 7)]),
      'ERR_BODY_MALFORMED'
    ]
  ])('refuses %s', async (_what, body, code) => {
    expect(await codeOf(async () => (await trade(body)).readAll())).toBe(code)
  })

  it('reports a broken connection as such, also behind the compression', async () => {
    const big = Array.from({ length: 500 }, (_, index) => [...(ROWS[0] ?? []).slice(0, -1), String(index * 7919)])
    for (const bytes of [Buffer.from(billText(big)), gzipSync(billText(big))]) {
      const { pay } = clientWith(() => inPieces(bytes, 64, 256))
      const bill = await pay.bills.trade({ bill_date: '20260301' })
      expect(await codeOf(() => bill.readAll())).toBe('ERR_CONNECTION')
    }
  })

  it("hands the caller's abort through while reading", async () => {
    const controller = new AbortController()
    async function* slow() {
      yield Buffer.from(`${TITLES}\n`)
      throw controller.signal.reason
    }
    const { pay } = clientWith(() => new Response(ReadableStream.from(slow())))
    const bill = await pay.bills.trade({ bill_date: '20260301' }, { signal: controller.signal })
    const reason = new Error('enough')
    controller.abort(reason)
    expect(await errorOf(() => bill.readAll())).toBe(reason)
  })

  it.each([
    ['error_code', { return_code: 'FAIL', return_msg: 'No Bill Exist', error_code: '20002' }, '20002', 'state'],
    ['return_msg', { return_code: 'FAIL', return_msg: 'Bill Creating' }, 'Bill Creating', 'state'],
    ['err_code', { return_code: 'SUCCESS', result_code: 'FAIL', err_code: 'BILL_CREATING' }, 'BILL_CREATING', 'state'],
    ['signature', { return_code: 'FAIL', return_msg: 'SIGN ERROR' }, 'SIGN ERROR', 'config'],
    ['an unknown text', { return_code: 'FAIL', return_msg: 'whatever' }, 'FAIL', 'unknown']
  ])('reports a refusal by %s', async (_what, fields, upstreamCode, kind) => {
    const error = await errorOf(() => trade(toXml(fields)))
    expect(error).toMatchObject({ code: 'ERR_WECHAT_PAY', upstreamCode, kind })
  })

  it.each([
    ['HTML', '<html>502</html>'],
    ['nothing', ''],
    ['XML without an error', toXml({ return_code: 'SUCCESS' })]
  ])('refuses %s', async (_what, body) => {
    expect(await codeOf(() => trade(body))).toBe('ERR_UNEXPECTED_RESPONSE')
  })

  it('takes no error page for a bill', async () => {
    const { pay } = clientWith(() => new Response(billText(ROWS), { status: 404 }))
    expect(await codeOf(() => pay.bills.trade({ bill_date: '20260301' }))).toBe('ERR_UNEXPECTED_RESPONSE')
  })

  it.each(['2026-03-01', '20260301 ', 'yesterday', '19990101', 20260301, new Date(Number.NaN)])(
    'refuses bill_date %s',
    async (bill_date) => {
      const { pay, seen } = clientWith('')
      expect(await codeOf(() => pay.bills.trade({ bill_date } as never))).toBe('ERR_INVALID_PARAM')
      expect(seen).toHaveLength(0)
    }
  )

  it('asks again when the connection fails', async () => {
    const { pay, seen } = clientWith([networkError('ECONNREFUSED'), () => new Response(billText(ROWS))])
    await pay.bills.trade({ bill_date: '20260301' })
    expect(seen).toHaveLength(2)
  })

  it('gives back what was written, or a typed error (property)', async () => {
    const value = fc.string({ unit: 'grapheme' }).map((text) => text.replace(/[`\r\n]/g, ''))
    const row = fc.array(value, { minLength: 9, maxLength: 9 })
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { maxLength: 5 }),
        fc.integer({ min: 1, max: 64 }),
        fc.boolean(),
        async (rows, size, zipped) => {
          const bytes = Buffer.from(billText(rows))
          const { pay } = clientWith(() => inPieces(zipped ? gzipSync(bytes) : bytes, size))
          const { rows: read } = await (await pay.bills.trade({ bill_date: '20260301' })).readAll()
          expect(read.map((one) => Object.values(one))).toEqual(rows)
        }
      ),
      fcParameters(50)
    )
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 400 }), async (bytes) => {
        const { pay } = clientWith(() => new Response(bytes as never))
        const error = await errorOf(async () => (await pay.bills.trade({ bill_date: '20260301' })).readAll())
        expect(error.code).toMatch(/^ERR_(BODY_MALFORMED|UNEXPECTED_RESPONSE|WECHAT_PAY)$/)
      }),
      fcParameters(100)
    )
  })
})

describe('bills.fundFlow', () => {
  it('needs the certificate', async () => {
    const { pay, seen } = clientWith('')
    expect(await codeOf(() => pay.bills.fundFlow({ bill_date: '20260301', account_type: 'Basic' }))).toBe('ERR_CONFIG')
    expect(seen).toHaveLength(0)
  })
})

describe('yuanToFen', () => {
  it.each([
    ['19.80', 1980],
    ['0.1', 10],
    ['0.07', 7],
    ['1', 100],
    ['-0.01', -1],
    ['0.00', 0],
    ['-0.00', 0],
    ['1234567890.12', 123_456_789_012]
  ])('%s is %d fen', (yuan, fen) => {
    expect(yuanToFen(yuan)).toBe(fen)
  })

  it.each(['', '1.', '.1', '1.001', '1e3', ' 1', '1,000.00', '¥1', 'NaN', '１'])('refuses %j', async (yuan) => {
    expect(await codeOf(() => yuanToFen(yuan))).toBe('ERR_INVALID_PARAM')
  })

  it('is the inverse of writing fen (property)', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }), (fen) => {
        const sign = fen < 0 ? '-' : ''
        const text = String(Math.abs(fen)).padStart(3, '0')
        expect(yuanToFen(`${sign}${text.slice(0, -2)}.${text.slice(-2)}`)).toBe(fen)
      }),
      fcParameters(200)
    )
  })
})
