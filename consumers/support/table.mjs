import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './package.mjs'

const PAGES = { en: ['feature', 'yes', 'no'], zh: ['功能', '支持', '不支持'] }

/** Writes the results, and their date, between the marks of docs/en/runtimes.md and docs/zh/runtimes.md. */
export function writeTable(results) {
  const runtimes = [...results.keys()]
  const features = [...new Set(runtimes.flatMap((runtime) => Object.keys(results.get(runtime))))]
  const date = new Date().toISOString().slice(0, 10)
  for (const [language, [title, yes, no]] of Object.entries(PAGES)) {
    const cell = (runtime, feature) => (results.get(runtime)[feature] === 'ok' ? yes : no)
    const rows = [
      [title, ...runtimes],
      [title, ...runtimes].map(() => '---'),
      ...features.map((feature) => [feature, ...runtimes.map((runtime) => cell(runtime, feature))])
    ]
    const table = `${rows.map((row) => `| ${row.join(' | ')} |`).join('\n')}\n\n${date}`
    const page = join(root, `docs/${language}/runtimes.md`)
    const text = readFileSync(page, 'utf8')
    writeFileSync(page, text.replace(/(<!-- results -->\n)[\s\S]*?(\n<!-- end -->)/, `$1${table}$2`))
  }
}
