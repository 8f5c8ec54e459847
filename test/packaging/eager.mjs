// What an import of each entry point reads and compiles at once: code that only calls need belongs into a part that is loaded later.
import { readFileSync } from 'node:fs'

const root = new URL('../../', import.meta.url)
const { exports } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'))
const IMPORT = /(?:^|[;}])\s*(?:import|export)\b[^'"();]*?["'](\.\/[^"']+)["']/g

function eagerFiles(file, seen = new Map()) {
  if (seen.has(file)) return seen
  const source = readFileSync(new URL(`dist/${file}`, root), 'utf8')
  seen.set(file, source.length)
  for (const [, target] of source.matchAll(IMPORT)) eagerFiles(target.slice(2), seen)
  return seen
}

const all = new Map()
for (const entry of Object.keys(exports)) {
  if (['./package.json', './simulator', './simulator/msw'].includes(entry)) continue
  const files = eagerFiles(entry === '.' ? 'index.js' : `${entry.slice(2)}.js`)
  for (const [file, size] of files) all.set(file, size)
  const size = [...files.values()].reduce((sum, each) => sum + each, 0)
  const list = [...files].map(([file, bytes]) => `${file} ${(bytes / 1024).toFixed(1)}`)
  console.log(
    `${entry.padEnd(12)} ${(size / 1024).toFixed(1).padStart(6)} KiB in ${files.size} files: ${list.join(', ')}`
  )
}
const total = [...all.values()].reduce((sum, each) => sum + each, 0)
console.log(`${'all'.padEnd(12)} ${(total / 1024).toFixed(1).padStart(6)} KiB in ${all.size} files`)
