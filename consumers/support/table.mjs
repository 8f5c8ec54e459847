import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './package.mjs'

const PAGES = { en: ['feature', 'yes', 'no'], zh: ['功能', '支持', '不支持'] }

/** Writes the results, and their date, between the marks of docs/en/runtimes.md and docs/zh/runtimes.md. */
export function writeTables({ runtimes, frameworks }) {
  const date = new Date().toISOString().slice(0, 10)
  for (const [language, words] of Object.entries(PAGES)) {
    const page = join(root, `docs/${language}/runtimes.md`)
    const text = ['results', 'frameworks'].reduce(
      (text, mark) =>
        text.replace(
          new RegExp(`(<!-- ${mark} -->\n)[\\s\\S]*?(\n<!-- end -->)`),
          `$1${tableOf(mark === 'results' ? runtimes : frameworks, words)}\n\n${date}$2`
        ),
      readFileSync(page, 'utf8')
    )
    writeFileSync(page, text)
  }
}

/** Checks in rows, columns in columns. What does not apply to a column stays empty. */
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
