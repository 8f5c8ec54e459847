// Packs the library as npm would publish it, checks the tarball, and installs it.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const MAX_BYTES = 12 * 1024 * 1024
const MAX_PACKAGES = 12

export const root = fileURLToPath(new URL('../..', import.meta.url))

export function run(command, args, options = {}) {
  return execFileSync(command, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
    maxBuffer: 1 << 26,
    ...options
  })
}

/** The path of a tarball that holds every file that package.json names. */
export function pack() {
  const folder = mkdtempSync(join(tmpdir(), 'weixin-kit-pack-'))
  const [{ filename, files }] = JSON.parse(
    run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], { cwd: root })
  )
  refuseIncomplete(new Set(files.map(({ path }) => path)))
  return join(folder, filename)
}

/** Tools and people find these without the repository. */
const DOCUMENTS = [
  'README.md',
  'README.zh-CN.md',
  'CHANGELOG.md',
  'LICENSE',
  'docs/llms.txt',
  'docs/errors.md',
  'docs/en/gateway.md',
  'docs/zh/gateway.md'
]

function refuseIncomplete(packed) {
  const { exports, imports, bin, main, module, types, typesVersions } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8')
  )
  const named = [...textsOf([exports, imports, bin, main, module, types, typesVersions])].map((path) =>
    path.replace(/^\.\//, '')
  )
  const missing = [...named, ...DOCUMENTS].filter((path) => !packed.has(path))
  if (missing.length > 0) throw new Error(`the tarball lacks ${missing.join(', ')}: run "npm run build"`)
  console.log(`packed: ${packed.size} files, all ${named.length} that package.json names`)
}

function* textsOf(value) {
  if (typeof value === 'string') yield value
  else if (typeof value === 'object' && value !== null) for (const each of Object.values(value)) yield* textsOf(each)
}

/** Installs packages into a folder that has nothing of its own; runs no scripts of others. */
export function install(folder, packages, type = 'module') {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type }))
  run(
    'npm',
    ['install', '--no-audit', '--no-fund', '--no-package-lock', '--ignore-scripts', '--loglevel=error', ...packages],
    { cwd: folder }
  )
}

/** What an installation of the library alone weighs. */
export function weigh(folder) {
  const modules = join(folder, 'node_modules')
  const packages = Object.keys(JSON.parse(readFileSync(join(modules, '.package-lock.json'), 'utf8')).packages)
  const bytes = sizeOf(modules)
  console.log(`installed: ${packages.length} packages, ${(bytes / 1024 / 1024).toFixed(1)} MiB`)
  if (packages.length > MAX_PACKAGES || bytes > MAX_BYTES)
    throw new Error(`more than ${MAX_PACKAGES} packages or 12 MiB: ${packages.join(', ')}`)
}

/** As `du` counts: in whole blocks. */
function sizeOf(path) {
  const entry = statSync(path)
  return entry.isDirectory()
    ? readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 4096)
    : Math.ceil(entry.size / 4096) * 4096
}
