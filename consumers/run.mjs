// Packs the library as npm would publish it, installs the tarball where people would, and uses it from there.
// `node consumers/run.mjs` takes one consumer of each kind, `-- --world` all of them and writes the tables of docs/*/runtimes.md,
// `-- Bun Deno` those whose names begin so, `-- --table Bun` writes their columns, too.
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CONSUMERS, consume } from './consumers.mjs'
import { install, pack, root, run, weigh } from './support/package.mjs'
import { writeTables } from './support/table.mjs'

const names = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))
const isWorld = process.argv.includes('--world')
const kinds = new Set()
const chosen = CONSUMERS.filter(({ name, kind }) => {
  if (names.length > 0) return names.some((start) => name.startsWith(start))
  const isFirst = !kinds.has(kind)
  kinds.add(kind)
  return isWorld || isFirst
})

const folder = mkdtempSync(join(tmpdir(), 'weixin-kit-consumers-'))
/** What the two tables show: per runtime or framework, the result of each check. */
const tables = { runtimes: new Map(), frameworks: new Map() }
const failed = []
try {
  const tarball = pack()
  const alone = join(folder, 'alone')
  install(alone, [tarball, '--omit=peer'])
  weigh(alone)
  cpSync(join(root, 'consumers/features'), join(alone, 'features'), { recursive: true })
  const fixtures = join(alone, 'features/fixtures-made.mjs')
  run(process.execPath, [join(alone, 'features/fixtures.mjs'), fixtures])

  for (const [index, consumer] of chosen.entries()) {
    console.log(`\n${consumer.name}`)
    const startedAt = Date.now()
    try {
      const { features, frameworks = {} } =
        (await consume(consumer, join(folder, String(index)), tarball, fixtures)) ?? {}
      if (features) tables.runtimes.set(consumer.name, features)
      for (const [name, checks] of Object.entries(frameworks)) tables.frameworks.set(name, checks)
      const missing = [features ?? {}, ...Object.values(frameworks)]
        .flatMap((checks) => Object.entries(checks))
        .filter(([check, result]) => result !== 'ok' && !consumer.without?.includes(check))
      for (const [check, result] of missing) console.error(`  ${check}: ${result}`)
      if (missing.length > 0) failed.push(consumer.name)
      else console.log(`  ok (${Math.round((Date.now() - startedAt) / 1000)} s)`)
    } catch (error) {
      console.error(error)
      failed.push(consumer.name)
    }
    rmSync(join(folder, String(index)), { recursive: true, force: true })
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
if (isWorld || process.argv.includes('--table')) writeTables(tables, { keep: !isWorld })
console.log(`\nconsumers: ${chosen.length - failed.length} passed, ${failed.length} failed`)
if (failed.length > 0) throw new Error(`failed: ${failed.join(', ')}`)
