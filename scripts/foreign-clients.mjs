// Clients of other authors, installed as they are published, call the real hosts, and the simulator responds: by the forward proxy (by its
// variables, by the package global-agent, by the Debian package proxychains4), by `run`, and by the preload alone. Every step compares a value. Run by .ci/world after a build.
// `node scripts/foreign-clients.mjs [--modules folder] [client …]`: a folder that has the packages already, and the clients that are tried.
import { execFile, spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { CLI, globalAgent, preloadVariables, proxychains, proxyVariables, startSimulator } from './support/ways-in.mjs'

const root = new URL('..', import.meta.url)
const SOURCES = fileURLToPath(new URL('consumers/clients', root))
/** Their own agents read no variables, so nothing of theirs may come by the variables alone. */
const IGNORE_PROXY = ['co-wechat-api', 'qiniu', 'tenpay', 'wechat-oauth', 'wechatpay-node-v3']
/** By way: rows whose client certificate is left out. `request` does so behind a proxy, `global-agent` with an agent that it replaces. */
const WITHOUT_CERTIFICATE = {
  'weixin-pay': { proxy: 'refund', 'global-agent': 'refund', run: 'refund' },
  'wechatpay-axios-plugin': { 'global-agent': 'v2 refund, with the client certificate' }
}
/** Nobody listens there: a connection to a real host that goes past the proxy ends here. */
const NOWHERE = 'http://127.0.0.1:1'

const { values, positionals } = parseArgs({ options: { modules: { type: 'string' } }, allowPositionals: true })
const folder = values.modules ?? mkdtempSync(join(tmpdir(), 'foreign-clients-'))
cpSync(SOURCES, folder, { recursive: true })
if (!values.modules) {
  const args = ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--no-package-lock']
  const { status } = spawnSync('npm', args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] })
  if (status !== 0) throw new Error('the packages could not be installed')
}
const clients = readdirSync(SOURCES)
  .filter((file) => file.endsWith('.cjs') && !['world.cjs', 'program.cjs'].includes(file))
  .map((file) => file.replace('.cjs', ''))

if (spawnSync('proxychains4', ['true']).error) throw new Error('proxychains4 is missing: apt-get install proxychains4')
const simulator = await startSimulator(folder)
const isPast = { ...proxyVariables(simulator), ...preloadVariables(simulator, NOWHERE) }
const chains = proxychains(simulator)
const agent = globalAgent(simulator)
/** By way: the command, and the environment that a developer would set. */
const WAYS = {
  proxy: { command: ['node'], env: { ...simulator.accounts, ...isPast } },
  'global-agent': { command: agent.command, env: { ...simulator.accounts, ...agent.env } },
  proxychains4: { command: [...chains.command, 'node'], env: { ...simulator.accounts, ...chains.env } },
  run: { command: ['node', CLI, 'run', '--', 'node'] },
  'run --no-proxy': { command: ['node', CLI, 'run', '--no-proxy', '--', 'node'] },
  preload: { command: ['node'], env: { ...simulator.accounts, ...preloadVariables(simulator) } }
}

const received = async () => (await simulator.read('exchanges')).filter(({ direction }) => direction === 'in').length
let steps = 0
let failures = 0

/** Counts a step, and says what was wrong with it. */
function judge(isRight, text) {
  steps++
  if (isRight) return
  failures++
  console.log(`FAILED ${text}`)
}

const run = (program, args, env) =>
  new Promise((resolve) => {
    // Where `-r` finds its package.
    execFile(program, args, { cwd: folder, env, timeout: 120_000 }, (error, stdout, stderr) =>
      resolve({ error, stdout, stderr })
    )
  })

/** @returns What the table of the guide says about it. */
async function tryClient(client, way) {
  const { command, env } = WAYS[way]
  const [program, ...args] = [...command, join(folder, 'program.cjs'), client]
  const before = await received()
  const { error, stdout, stderr } = await run(program, args, { ...process.env, ...env })
  if (way === 'proxy' && IGNORE_PROXY.includes(client)) {
    judge((await received()) === before, `${client} by ${way}: its calls arrive`)
    return '–'
  }
  const rows = stdout.split('\n').filter((line) => line.startsWith('{"what"'))
  if (error) judge(false, `${client} by ${way} ends with ${error.code}\n${stderr.slice(-1000)}`)
  const without = WITHOUT_CERTIFICATE[client]?.[way]
  for (const { what, ok, got } of rows.map((line) => JSON.parse(line)))
    judge(ok !== (what === without), `${client} by ${way}: ${what}: ${ok ? 'is not refused' : got}`)
  return without ? '✓*' : '✓'
}

const pages = ['en', 'zh'].map((language) => readFileSync(new URL(`docs/${language}/any-program.md`, root), 'utf8'))
try {
  for (const client of positionals.length > 0 ? positionals : clients) {
    const marks = []
    for (const way of Object.keys(WAYS)) marks.push(await tryClient(client, way))
    const row = `| \`${client}\` | ${marks.join(' | ')} |`
    console.log(row)
    judge(
      pages.every((page) => page.includes(row)),
      `docs/*/any-program.md: no row ${row}`
    )
  }
} finally {
  simulator.stop()
  if (!values.modules) rmSync(folder, { recursive: true, force: true })
}
console.log(`${steps - failures} of ${steps} steps passed.`)
process.exitCode = failures === 0 ? 0 : 1
