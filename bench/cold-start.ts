import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'

const RUNS = 15
const LIMIT_ONE_MS = 10
const LIMIT_ALL_MS = 15
const LIMIT_MEMORY_MIB = 5

const root = new URL('..', import.meta.url)
const { exports } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as {
  exports: Record<string, unknown>
}
const names = Object.keys(exports)
  .filter((entry) => !['./package.json', './simulator', './simulator/msw'].includes(entry))
  .map((entry) => `weixin-kit${entry.slice(1)}`)

const REPORT = 'console.log(JSON.stringify([performance.now() - start, process.memoryUsage().rss]))'

/** What every program does before it comes to us: Node's loader reads its first module. */
const OWN_MODULE = new URL('bench/support/own-module.mjs', root).href

/** A module that imports every entry point, as a program does: Node reads the files side by side. */
function moduleOfAll(): string {
  const file = new URL('.tmp/all-entries.mjs', root)
  mkdirSync(new URL('.', file), { recursive: true })
  writeFileSync(file, names.map((name) => `import ${JSON.stringify(name)}\n`).join(''))
  return file.href
}

/** The same with modules that hold nothing: what Node itself takes to find and read as many files. */
function moduleOfEmptyOnes(): string {
  const folder = new URL('.tmp/node_modules/empty-modules/', root)
  mkdirSync(folder, { recursive: true })
  const paths = names.map((_, index) => `./module-${index}.js`)
  const packageJson = {
    name: 'empty-modules',
    type: 'module',
    exports: Object.fromEntries(paths.map((path) => [path, path]))
  }
  writeFileSync(new URL('package.json', folder), JSON.stringify(packageJson))
  for (const path of paths) writeFileSync(new URL(path, folder), 'export {}\n')
  const file = new URL('.tmp/empty-entries.mjs', root)
  writeFileSync(file, paths.map((path) => `import 'empty-modules${path.slice(1)}'\n`).join(''))
  return file.href
}

/** Loads in a fresh process, one after the other; answers milliseconds and resident bytes, measured inside it. */
function load(modules: readonly string[]): [number, number] {
  const imports = modules.map((name) => `await import(${JSON.stringify(name)});`).join('')
  const script = `await import(${JSON.stringify(OWN_MODULE)});const start = performance.now();${imports}${REPORT}`
  return JSON.parse(
    execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd: root, encoding: 'utf8' })
  )
}

/** Prints what loading costs above a Node with one empty module, interleaved with that one. */
export function run(): number {
  if (!existsSync(new URL('dist/index.js', root))) {
    console.log('  cold start: not measured, run `npm run build` first')
    return 0
  }
  let missed = 0
  for (const [label, modules, limit] of [
    ...names.map((name) => [name, [name], LIMIT_ONE_MS] as const),
    ['all entry points', [moduleOfAll()], LIMIT_ALL_MS] as const,
    ['(as many empty modules)', [moduleOfEmptyOnes()], LIMIT_ALL_MS] as const
  ]) {
    const samples = Array.from({ length: RUNS }, () => ({ empty: load([]), loaded: load(modules) }))
    const ms = median(samples.map(({ empty, loaded }) => loaded[0] - empty[0]))
    const mib = median(samples.map(({ empty, loaded }) => (loaded[1] - empty[1]) / 1024 / 1024))
    const isReached = ms <= limit && mib <= LIMIT_MEMORY_MIB
    if (!isReached) missed++
    console.log(
      `  ${isReached ? 'ok  ' : 'MISS'} ${label.padEnd(30)} +${ms.toFixed(1)} ms (at most ${limit}), +${mib.toFixed(1)} MiB (at most ${LIMIT_MEMORY_MIB})`
    )
  }
  return missed
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}
