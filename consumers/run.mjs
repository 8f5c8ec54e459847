// Packs the library as npm would publish it, installs the tarball into an empty folder and uses it from there:
// plain ESM and CJS, TypeScript in both, and one bundled file. Also counts what an installation weighs.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const MAX_BYTES = 12 * 1024 * 1024
const MAX_PACKAGES = 12

const root = new URL('..', import.meta.url).pathname
const folder = mkdtempSync(join(tmpdir(), 'weixin-kit-consumers-'))
const run = (command, args, cwd = folder) =>
  execFileSync(command, args, { cwd, stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8' })

try {
  const [{ filename }] = JSON.parse(
    run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], root)
  )
  writeFileSync(join(folder, 'package.json'), '{"private":true}')
  run('npm', ['install', '--no-audit', '--no-fund', '--omit=peer', join(folder, filename)])
  weigh()
  for (const name of ['esm', 'cjs', 'esm-ts', 'cjs-ts', 'bundler'])
    cpSync(join(root, 'consumers', name), join(folder, name), { recursive: true })
  cpSync(join(root, 'consumers/tsconfig.json'), join(folder, 'tsconfig.json'))
  for (const name of ['esm-ts', 'esm', 'bundler'])
    writeFileSync(join(folder, name, 'package.json'), '{"type":"module"}')

  process.stdout.write(run(process.execPath, ['esm/index.mjs']))
  process.stdout.write(run(process.execPath, ['cjs/index.cjs']))
  const typeRoots = join(root, 'node_modules/@types')
  run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', '.', '--typeRoots', typeRoots])
  writeFileSync(join(folder, 'built/esm-ts/package.json'), '{"type":"module"}')
  process.stdout.write(run(process.execPath, ['built/esm-ts/index.js']))
  process.stdout.write(run(process.execPath, ['built/cjs-ts/index.cjs']))
  const { build } = await import('esbuild')
  const { metafile } = await build({
    absWorkingDir: folder,
    entryPoints: ['bundler/index.mjs'],
    bundle: true,
    platform: 'node',
    format: 'esm',
    minify: true,
    outfile: 'bundler/out.mjs',
    metafile: true,
    external: ['undici', 'node-forge', 'fast-xml-parser']
  })
  process.stdout.write(run(process.execPath, ['bundler/out.mjs']))
  console.log(`bundle of two products: ${Math.round(metafile.outputs['bundler/out.mjs'].bytes / 1024)} KiB minified`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function weigh() {
  const modules = join(folder, 'node_modules')
  const packages = Object.keys(JSON.parse(readFileSync(join(modules, '.package-lock.json'), 'utf8')).packages)
  const bytes = sizeOf(modules)
  console.log(`installed: ${packages.length} packages, ${(bytes / 1024 / 1024).toFixed(1)} MiB`)
  if (packages.length > MAX_PACKAGES || bytes > MAX_BYTES)
    throw new Error(`more than ${MAX_PACKAGES} packages or 12 MiB: ${packages.join(', ')}`)
}

function sizeOf(path) {
  const entry = statSync(path)
  return entry.isDirectory() ? readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0) : entry.size
}
