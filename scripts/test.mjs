// `npm test`: unit, vector, integration and app suites; then says what was left out and why.
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const has = (command, ...args) => spawnSync(command, args, { stdio: 'ignore' }).status === 0
const skipped = [
  [
    has('redis-server', '--version'),
    'tests on a real Redis: no redis-server on this machine (Debian: apt-get install redis-server)'
  ],
  [
    has('sh', '-c', 'command -v initdb || ls /usr/lib/postgresql/*/bin/initdb'),
    'tests on a real PostgreSQL: no initdb on this machine (Debian: apt-get install postgresql); PGlite is used instead'
  ],
  [
    ['chromium', 'chromium-browser', 'google-chrome'].some((command) => has(command, '--version')),
    'browser tests: no chromium on this machine (Debian: apt-get install chromium); the same pages are tested over HTTP'
  ],
  [has('openssl', 'version'), 'comparisons with the openssl command: it is not on this machine'],
  [has('curl', '--version'), 'programs that curl stands for: it is not on this machine']
].flatMap(([isPresent, what]) => (isPresent ? [] : [what]))

const root = new URL('../', import.meta.url)
const vitest = fileURLToPath(new URL('node_modules/vitest/vitest.mjs', root))
const isCi = process.env.CI !== undefined && process.env.CI !== 'false'
const env = isCi ? { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' } : process.env

/** Whether all is well. */
function run(...options) {
  const reporter = isCi ? ['--reporter=dot'] : []
  return spawnSync(process.execPath, [vitest, 'run', ...reporter, ...options], { stdio: 'inherit', env }).status === 0
}

/** The files of these folders that replace no module: they share what is loaded, which takes longer than their tests. */
function sharing(...folders) {
  return folders
    .flatMap((folder) => testsOf(folder))
    .filter(
      (path) => !/vi\.(?:doM|m)ock\(|vi\.(?:resetModules|stubGlobal)\(/.test(readFileSync(new URL(path, root), 'utf8'))
    )
}

const testsOf = (folder) =>
  readdirSync(new URL(`test/${folder}/`, root), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.test.ts'))
    .map((path) => `test/${folder}/${path.replaceAll('\\', '/')}`)

const given = process.argv.slice(2)
const shared = given.length > 0 ? [] : sharing('unit', 'vectors', 'mistakes', 'issues')
const results =
  given.length > 0
    ? [run(...given)]
    : [run('--no-isolate', ...shared), run(...shared.flatMap((path) => ['--exclude', path]))]

console.log(
  skipped.length === 0 ? '\nNothing was skipped.' : `\nSkipped:\n${skipped.map((what) => `  - ${what}`).join('\n')}`
)
process.exitCode = results.every(Boolean) ? 0 : 1
