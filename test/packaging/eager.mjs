// What an import of each entry point reads and compiles at once. What only calls need belongs into a part that is loaded later:
// a file more costs a cold start about a millisecond, and so do 20 to 30 KiB.
import { readFileSync } from 'node:fs'

const MOST_FILES = 2
const MOST_KIB = { './pay': 140, default: 65, all: 215 }

const root = new URL('../../', import.meta.url)
const { exports } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'))
const IMPORT = /(?:^|[;}])\s*(?:import|export)\b[^'"();]*?["'](\.\/[^"']+)["']/g

function eagerFiles(file, seen = new Map()) {
  if (seen.has(file)) return seen
  const source = readFileSync(new URL(`dist/${file}`, root), 'utf8')
  seen.set(file, source.length / 1024)
  for (const [, target] of source.matchAll(IMPORT)) eagerFiles(target.slice(2), seen)
  return seen
}

const all = new Map()
let missed = 0

function report(name, files, most, mostFiles) {
  const size = [...files.values()].reduce((sum, each) => sum + each, 0)
  const isKept = size <= most && files.size <= mostFiles
  if (!isKept) missed++
  const list = [...files].map(([file, kib]) => `${file} ${kib.toFixed(1)}`).join(', ')
  const figures = `${size.toFixed(1).padStart(6)} KiB (at most ${most}) in ${files.size} files (at most ${mostFiles})`
  console.log(`${isKept ? 'ok  ' : 'MISS'} ${name.padEnd(12)} ${figures}: ${list}`)
}

const entries = Object.keys(exports).filter((name) => !/package\.json|simulator/.test(name))
/** With the shared file; the four converters are one. */
const MOST_FILES_OF_ALL = entries.length - 3 + 1
for (const entry of entries) {
  const files = eagerFiles(exports[entry].import.default.slice('./dist/'.length))
  for (const [file, kib] of files) all.set(file, kib)
  report(entry, files, MOST_KIB[entry] ?? MOST_KIB.default, MOST_FILES)
}
report('all', all, MOST_KIB.all, MOST_FILES_OF_ALL)
process.exitCode = missed > 0 ? 1 : 0
