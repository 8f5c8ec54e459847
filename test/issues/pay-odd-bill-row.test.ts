import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { OddBillRow } from 'weixin-kit/pay'
import { payWith, signedAnswer } from '../support/pay-v3.ts'

// One odd row must not block the bill of a day; but no row may be lost without a word.

const bill = (...lines: string[]) =>
  ['交易时间,商户订单号,商品名称', ...lines, '总交易单数,应结订单总金额', ''].join('\n')
const TOTALS = (count: number) => `\`${count},\`12.00\n`
const ROW = (number: string) => `\`2026-03-01 12:00:00,\`${number},\`茶`

function reading(text: string) {
  const url = 'https://api.mch.weixin.qq.com/v3/billdownload/file?token=x'
  const hash_value = createHash('sha1').update(text).digest('hex')
  const { pay } = payWith(({ url: asked }) =>
    asked.pathname.includes('billdownload')
      ? new Response(text)
      : signedAnswer({ hash_type: 'SHA1', hash_value, download_url: url })
  )
  return async (onOddRow?: (row: OddBillRow) => void) => {
    const file = await pay.bills.trade({ bill_date: '2026-03-01' })
    const { rows, summary } = await file.readAll(onOddRow ? { onOddRow } : undefined)
    return { numbers: rows.map((row) => row['商户订单号']), summary }
  }
}

describe('a bill with an odd row', () => {
  it.each([
    ['a value too many', `${ROW('B')},\`more`],
    ['a value too few', '`2026-03-01 12:00:00,`B']
  ])('%s is reported, and the rest is read', async (_, odd) => {
    const read = reading(bill(ROW('A'), odd, ROW('C')) + TOTALS(3))
    const seen: OddBillRow[] = []
    const { numbers, summary } = await read((row) => void seen.push(row))
    expect(numbers).toEqual(['A', 'C'])
    expect(summary['总交易单数']).toBe('3')
    expect(seen).toMatchObject([{ line: 3, text: odd }])
    await expect(read()).rejects.toMatchObject({ code: 'ERR_BODY_MALFORMED' })
  })

  it('as the last one does not swallow the totals', async () => {
    const seen: OddBillRow[] = []
    const { numbers } = await reading(bill(ROW('A'), '`2026-03-01') + TOTALS(2))((row) => void seen.push(row))
    expect([numbers, seen.length]).toEqual([['A'], 1])
  })

  it('a name with a line break is no odd row', async () => {
    const seen: OddBillRow[] = []
    const broken = '`2026-03-01 12:00:00,`B\nx,`茶'
    expect((await reading(bill(ROW('A'), broken) + TOTALS(2))((row) => void seen.push(row))).numbers).toEqual([
      'A',
      'B\nx'
    ])
    expect(seen).toEqual([])
  })

  it('the totals must still count every row', async () => {
    const read = reading(bill(ROW('A'), ROW('B')) + TOTALS(3))
    await expect(read(() => undefined)).rejects.toMatchObject({ code: 'ERR_BODY_MALFORMED' })
  })

  it('a bill that ends before its totals is refused as ever', async () => {
    const read = reading(`交易时间,商户订单号,商品名称\n${ROW('A')}\n`)
    await expect(read(() => undefined)).rejects.toMatchObject({ code: 'ERR_BODY_MALFORMED' })
  })
})
