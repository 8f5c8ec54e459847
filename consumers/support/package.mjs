// Packs the library as npm would publish it, checks the tarball, and installs it.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { packageProblems, packedFiles } from '../../scripts/check-package.mjs'

const MAX_BYTES = 13 * 1024 * 1024
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
  const { filename, files } = packedFiles(root, '--pack-destination', folder)
  const problems = packageProblems(root, files)
  if (problems.length > 0) throw new Error(problems.join('\n'))
  console.log(`packed: ${files.length} files, all that package.json names`)
  return join(folder, filename)
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
    throw new Error(`more than ${MAX_PACKAGES} packages or 13 MiB: ${packages.join(', ')}`)
}

/** As `du` counts: in whole blocks. */
function sizeOf(path) {
  const entry = statSync(path)
  return entry.isDirectory()
    ? readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 4096)
    : Math.ceil(entry.size / 4096) * 4096
}
