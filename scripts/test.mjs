// `npm test`: unit, vector, integration and app suites; then says what was left out and why.
import { spawnSync } from 'node:child_process'
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

const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url))
const isCi = process.env.CI !== undefined && process.env.CI !== 'false'
const env = isCi ? { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' } : process.env
const reporter = isCi ? ['--reporter=dot'] : []
const { status } = spawnSync(process.execPath, [vitest, 'run', ...reporter, ...process.argv.slice(2)], {
  stdio: 'inherit',
  env
})

console.log(
  skipped.length === 0 ? '\nNothing was skipped.' : `\nSkipped:\n${skipped.map((what) => `  - ${what}`).join('\n')}`
)
process.exitCode = status === 0 ? 0 : 1
