// Packs the library as npm would publish it, installs the tarball where people would, and uses it from there.
// `node consumers/run.mjs` takes one consumer of each kind, `-- --world` all of them and writes the table of docs/*/runtimes.md,
// `-- Bun Deno` those whose names begin so.
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CONSUMERS, consume } from './consumers.mjs'
import { install, pack, root, run, weigh } from './support/package.mjs'
import { writeTable } from './support/table.mjs'

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
const results = new Map()
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
    try {
      const features = await consume(consumer, join(folder, String(index)), tarball, fixtures)
      if (features) results.set(consumer.name, features)
      const missing = Object.entries(features ?? {}).filter(
        ([feature, result]) => result !== 'ok' && !consumer.without?.includes(feature)
      )
      for (const [feature, result] of missing) console.error(`  ${feature}: ${result}`)
      if (missing.length > 0) failed.push(consumer.name)
      else console.log('  ok')
    } catch (error) {
      console.error(error)
      failed.push(consumer.name)
    }
    rmSync(join(folder, String(index)), { recursive: true, force: true })
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
if (isWorld) writeTable(results)
console.log(`\nconsumers: ${chosen.length - failed.length} passed, ${failed.length} failed`)
if (failed.length > 0) throw new Error(`failed: ${failed.join(', ')}`)
