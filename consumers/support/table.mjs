import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './package.mjs'

const PAGES = { en: ['feature', 'yes', 'no'], zh: ['功能', '支持', '不支持'] }
const MARKS = { runtimes: 'results', frameworks: 'frameworks' }

/**
 * Writes the results, and their date, between the marks of docs/en/runtimes.md and docs/zh/runtimes.md. With `keep` the columns that
 * were not tried stay as they are.
 */
export function writeTables(tables, { keep = false } = {}) {
  const date = new Date().toISOString().slice(0, 10)
  for (const [language, words] of Object.entries(PAGES)) {
    const page = join(root, `docs/${language}/runtimes.md`)
    let text = readFileSync(page, 'utf8')
    for (const [name, mark] of Object.entries(MARKS)) {
      const place = new RegExp(`(<!-- ${mark} -->\n)([\\s\\S]*?)(\n<!-- end -->)`)
      const former = keep ? columnsOf(place.exec(text)?.[2] ?? '', words) : []
      const results = new Map([...former, ...tables[name]])
      if (tables[name].size > 0) text = text.replace(place, `$1${tableOf(results, words)}\n\n${date}$3`)
    }
    writeFileSync(page, text)
  }
}

/** The columns of a table that was written before. */
function columnsOf(table, [, yes, no]) {
  const rows = table
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim())
    )
  const [head = [], , ...checks] = rows
  const result = { [yes]: 'ok', [no]: 'no' }
  return head.slice(1).map((column, index) => {
    const cells = checks.map((row) => [row[0], result[row[index + 1]]])
    return [column, Object.fromEntries(cells.filter(([, value]) => value))]
  })
}

/** Checks in rows, runtimes or frameworks in columns. What does not apply to a column stays empty. */
function tableOf(results, [title, yes, no]) {
  const columns = [...results.keys()]
  const checks = [...new Set(columns.flatMap((column) => Object.keys(results.get(column))))]
  const cell = (column, check) => ({ ok: yes, undefined: '' })[results.get(column)[check]] ?? no
  const rows = [
    [title, ...columns],
    [title, ...columns].map(() => '---'),
    ...checks.map((check) => [check, ...columns.map((column) => cell(column, check))])
  ]
  return rows.map((row) => `| ${row.join(' | ')} |`).join('\n')
}
