// Refuses a package that is not complete: `prepack` calls it after the build, for `npm pack` and `npm publish`.
// With `--publish` (`prepublishOnly`) it refuses while package.json has no `repository`, to which the registry links.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Tools and people find these without the repository. */
const DOCUMENTS = [
  'README.md',
  'README.zh-CN.md',
  'CHANGELOG.md',
  'LICENSE',
  'docs/llms.txt',
  'docs/errors.md',
  'docs/errors.zh-CN.md',
  'docs/en/gateway.md',
  'docs/zh/gateway.md'
]

/** Files that package.json names, and documents that must be there, which the packed files lack. */
export function missingFiles(manifest, packed) {
  const { exports, imports, bin, main, module, types, typesVersions } = manifest
  const named = [...textsOf([exports, imports, bin, main, module, types, typesVersions])]
  const expected = new Set([...named.map((path) => path.replace(/^\.\//, '')), ...DOCUMENTS])
  return [...expected].filter((path) => !packed.includes(path))
}

/** What has to be set before the package is published. */
export function publishProblems(manifest) {
  return manifest.repository
    ? []
    : ['package.json has no "repository": set it to the address of the sources before publishing']
}

/** What npm would pack. */
export function packedFiles(root, ...args) {
  const output = execFileSync('npm', ['pack', '--json', '--ignore-scripts', ...args], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
    // `npm publish --dry-run` hands this setting on to its scripts.
    env: { ...process.env, npm_config_dry_run: String(args.includes('--dry-run')) }
  })
  const [{ filename, files }] = JSON.parse(output)
  return { filename, files: files.map(({ path }) => path) }
}

/** Problems of what would be packed in a folder. */
export function packageProblems(root, packed) {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const missing = missingFiles(manifest, packed)
  return missing.length === 0 ? [] : [`the tarball lacks ${missing.join(', ')}: run "npm run build"`]
}

function* textsOf(value) {
  if (typeof value === 'string') yield value
  else if (typeof value === 'object' && value !== null) for (const each of Object.values(value)) yield* textsOf(each)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = fileURLToPath(new URL('..', import.meta.url))
  const problems = process.argv.includes('--publish')
    ? publishProblems(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')))
    : packageProblems(root, packedFiles(root, '--dry-run').files)
  for (const problem of problems) console.error(problem)
  if (problems.length > 0) process.exitCode = 1
}
