import { BodyError } from '../../errors/index.ts'

/** One row of a bill by the bill's own column titles, e.g. `row['商户订单号']`; amounts are text in yuan. */
export type BillRow = Readonly<Record<string, string>>

/** The totals at the end of a bill, by their titles, e.g. `summary['总交易单数']`. */
export type BillSummary = Readonly<Record<string, string>>

/** Far above any line of a bill; without it a stream without line breaks would fill the memory. */
const MAX_LINE_CHARACTERS = 64 * 1024

/** A row of a bill that does not have the expected format. */
export interface OddBillRow {
  /** Number of the line, from 1. */
  readonly line: number
  readonly text: string
  readonly problem: string
}

/** How a bill is read. */
export interface BillReadOptions {
  /**
   * Called with a row that cannot be parsed; reading continues with the next one. The totals must still count every
   * row. Without it such a row causes an error.
   */
  onOddRow?: ((row: OddBillRow) => unknown) | undefined
}

/** Totals that count the rows. */
const COUNTS = ['总交易单数', '资金流水总笔数']

/**
 * Parses a bill: titles, rows whose values begin with a backtick, titles of the totals, totals. Yields the rows and
 * returns the totals.
 *
 * @throws {BodyError} ERR_BODY_MALFORMED when it is not of this form or ends before the totals: half a bill must never look
 *   like a whole one.
 */
export async function* parseBill(
  chunks: AsyncIterable<Uint8Array>,
  options: BillReadOptions = {}
): AsyncGenerator<BillRow, BillSummary, undefined> {
  const lines = readLines(chunks)
  try {
    return yield* readRows(lines, options)
  } finally {
    // A reader that stops early must not leave the connection open.
    await lines.return()
  }
}

async function* readRows(
  lines: AsyncIterator<string>,
  { onOddRow }: BillReadOptions
): AsyncGenerator<BillRow, BillSummary, undefined> {
  const titles = splitTitles((await next(lines)) ?? '', 1)
  let number = 1
  let count = 0
  let line = await next(lines)
  while (line !== undefined) {
    number++
    if (!line.startsWith('`')) {
      const summary = await readSummary(line, lines, number)
      if (onOddRow) checkCount(summary, count)
      return summary
    }
    count++
    const first = number
    let values = splitValues(line)
    let text = line
    line = await next(lines)
    // A product name may hold a line break; the rest of the row is then on the next line.
    while (values.length < titles.length && line !== undefined && !line.startsWith('`')) {
      if (onOddRow && isTotals(line)) break
      text = `${text}\n${line}`
      number++
      if (text.length > MAX_LINE_CHARACTERS) throw malformed(`line ${number} is too long`)
      values = splitValues(text)
      line = await next(lines)
    }
    if (values.length === titles.length) {
      yield toRecord(titles, values, first)
      continue
    }
    const problem =
      values.length < titles.length
        ? `line ${first} has too few values`
        : `line ${first} has ${values.length} values for ${titles.length} titles`
    if (!onOddRow) throw malformed(problem)
    await onOddRow({ line: first, text, problem })
  }
  throw malformed('it ends before its totals, so rows may be missing')
}

function isTotals(line: string): boolean {
  return COUNTS.some((title) => line.startsWith(`${title},`))
}

function checkCount(summary: BillSummary, count: number): void {
  const title = COUNTS.find((name) => summary[name] !== undefined)
  if (title === undefined || Number(summary[title]) === count) return
  throw malformed(`its totals count ${summary[title]} rows, but it has ${count}`)
}

async function readSummary(line: string, lines: AsyncIterator<string>, number: number): Promise<BillSummary> {
  const titles = splitTitles(line, number)
  const values = await next(lines)
  if (!values?.startsWith('`')) throw malformed('its totals are missing')
  for (let rest = await next(lines); rest !== undefined; rest = await next(lines)) {
    if (rest.trim() !== '') throw malformed('something follows its totals')
  }
  return toRecord(titles, splitValues(values), number + 1)
}

async function next(lines: AsyncIterator<string>): Promise<string | undefined> {
  const { done, value } = await lines.next()
  return done ? undefined : value
}

async function* readLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string, void> {
  const decoder = new TextDecoder()
  let pending = ''
  for await (const chunk of chunks) {
    pending += decoder.decode(chunk, { stream: true })
    let start = 0
    for (let end = pending.indexOf('\n'); end >= 0; end = pending.indexOf('\n', start)) {
      yield withoutReturn(pending.slice(start, end))
      start = end + 1
    }
    pending = pending.slice(start)
    if (pending.length > MAX_LINE_CHARACTERS) throw malformed('a line is too long')
  }
  pending += decoder.decode()
  if (pending !== '') yield withoutReturn(pending)
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line
}

function splitTitles(line: string, number: number): string[] {
  if (line.startsWith('`') || !line.includes(',')) throw malformed(`line ${number} should have titles, but has none`)
  return line.split(',').map((title) => title.trim())
}

/** A value may contain a comma, but hardly a comma followed by a backtick. */
function splitValues(line: string): string[] {
  return line.slice(1).split(',`')
}

function toRecord(
  titles: readonly string[],
  values: readonly string[],
  number: number
): Readonly<Record<string, string>> {
  if (values.length !== titles.length) {
    throw malformed(`line ${number} has ${values.length} values for ${titles.length} titles`)
  }
  return Object.fromEntries(titles.map((title, index) => [title, values[index] ?? '']))
}

function malformed(problem: string): BodyError {
  return new BodyError('malformed', `The bill was refused: ${problem}. Download it again.`, { product: 'pay' })
}
