// Tries the code that the migration pages show under "Before" with the real packages, on the simulator, and looks whether each page
// names every method of its package. Run by .ci/world after a build.
// `tsx scripts/migration-before.ts [--modules folder] [page …]`: a folder that has the packages already, and the pages that are tried.
import { type ChildProcess, execFileSync, fork, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import ts from 'typescript'
import { createSimulator } from 'weixin-kit/simulator'
import { PAGES, readPage, readPairs } from '../test/support/migration/page.ts'
import { runSteps } from '../test/support/migration/run-steps.ts'
import { accountVariables, type Shop } from '../test/support/migration/shop.ts'

const PACKAGES = [
  '@nestjs/common@11.2.10',
  '@nestjs/core@11.2.10',
  '@nestjs/platform-express@11.2.10',
  'co-wechat@2.4.0',
  'co-wechat-api@3.11.0',
  'co-wechat-oauth@2.0.1',
  'express@5.3.0',
  'koa@3.3.0',
  'nest-wechat@0.2.50',
  'node-easywechat@3.6.2',
  // Its range takes 1.5, with which it does not load.
  'node-socialite@1.4.1',
  'reflect-metadata@0.2.2',
  'request@2.88.2',
  'rxjs@7.8.2',
  'tenpay@2.1.18',
  'wechat-jssdk@5.1.0',
  'wechatpay-axios-plugin@0.9.6',
  'wechatpay-node-v3@2.2.1',
  'weixin-pay@1.1.7',
  'weixinpay@1.0.12',
  'xml2js@0.6.2'
]
/** For the decorators of NestJS; other code stays as it is. */
const COMPILED = {
  module: ts.ModuleKind.CommonJS,
  target: ts.ScriptTarget.ES2022,
  experimentalDecorators: true,
  useDefineForClassFields: false
}
const PRELOAD = new URL('../dist/simulator-redirect.js', import.meta.url).href
const METHODS = fileURLToPath(new URL('support/package-methods.cjs', import.meta.url))
const PROGRAM = fileURLToPath(new URL('support/before-program.cjs', import.meta.url))

const { values, positionals } = parseArgs({ options: { modules: { type: 'string' } }, allowPositionals: true })
const folder = values.modules ?? mkdtempSync(join(tmpdir(), 'migration-before-'))
if (!values.modules) {
  writeFileSync(join(folder, 'package.json'), '{"private":true}')
  const args = ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--save-exact', ...PACKAGES]
  const { status } = spawnSync('npm', args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] })
  if (status !== 0) throw new Error('the packages could not be installed')
}

const methods = JSON.parse(
  execFileSync('node', [METHODS], { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
) as Record<string, string[]>
let failures = 0
for (const page of positionals.length > 0 ? positionals : PAGES) {
  for (const [name, offered] of Object.entries(methods)) {
    const text = readPage('en', page)
    if (!new RegExp(`['"]${name}['"]`).test(text)) continue
    const unnamed = offered.filter((method) => !new RegExp(`\\b${method}\\b`).test(text))
    if (unnamed.length > 0) failures++
    console.log(
      `${page}: ${offered.length - unnamed.length} of ${offered.length} methods of ${name} ${unnamed.join(' ')}`
    )
  }
  for (const [index, { before }] of readPairs('en', page).entries()) {
    try {
      console.log(`${page} ${index}: ${(await tryBlock(before, `${page.replace(/\W/g, '-')}-${index}`)).join(', ')}`)
    } catch (error) {
      failures++
      console.error(`FAILED ${page} ${index}: ${error instanceof Error ? error.message : error}`)
    }
  }
}
if (!values.modules) rmSync(folder, { recursive: true, force: true })
if (failures > 0) process.exitCode = 1

async function tryBlock(code: string, name: string): Promise<string[]> {
  const simulator = createSimulator({
    // It cannot verify with the public key.
    accounts: { merchants: [{ platformKey: code.includes("'wechatpay-node-v3'") ? 'certificate' : 'publicKey' }] },
    // `weixin-pay` and `weixinpay` send <root>, which the platform took at their time.
    paySettings: { refundDelayMs: 0, acceptOtherRoots: true }
  })
  const server = await simulator.listen()
  const file = join(folder, `${name}.cjs`)
  writeFileSync(file, ts.transpileModule(code, { compilerOptions: COMPILED }).outputText)
  const ca = join(folder, 'ca.pem')
  writeFileSync(ca, simulator.certificateAuthority)
  const env = {
    ...process.env,
    ...accountVariables(simulator),
    NODE_EXTRA_CA_CERTS: ca,
    NODE_OPTIONS: `--import ${PRELOAD}`,
    WEIXIN_SIMULATOR: server.url,
    WEIXIN_SIMULATOR_HOSTS: simulator.servedHosts.join(',')
  }
  const child = fork(PROGRAM, [file], {
    cwd: mkdtempSync(join(folder, 'run-')),
    env,
    execArgv: [],
    serialization: 'advanced',
    silent: true
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (said += chunk))
  try {
    const shop = await connect(child)
    const advance = (ms: number) => simulator.clock.advance(ms)
    return await runSteps(shop, { simulator, user: simulator.user('ming'), prefix: 'B00', advance })
  } catch (error) {
    const calls = simulator.log.entries
      .slice(-3)
      .map(({ url, status, responseBody }) => `  ${status} ${url} ${responseBody}`)
    throw new Error(`${error instanceof Error ? error.message : error}\n${calls.join('\n')}\n${said.slice(-2000)}`)
  } finally {
    child.kill()
    await simulator.close()
  }
}

interface Message {
  readonly id?: number
  readonly exports?: string[]
  readonly value?: unknown
  readonly error?: string
}

function connect(child: ChildProcess): Promise<Shop> {
  const waiting = new Map<number, (message: Message) => void>()
  let id = 0
  const ask = (name: string, args?: unknown[]) =>
    new Promise<unknown>((resolve, reject) => {
      waiting.set(++id, ({ error, value }) => (error === undefined ? resolve(value) : reject(new Error(error))))
      child.send({ id, name, args })
    })
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => {
      reject(new Error(`the program ended with ${code}`))
      for (const end of waiting.values()) end({ error: `the program ended with ${code}` })
    })
    child.on('message', (message: Message) => {
      if (message.exports) {
        const call: Shop['call'] = (name, ...args) => ask(name, args)
        resolve({ exports: message.exports, call, target: async (name) => String(await ask(name)) })
      } else waiting.get(message.id ?? 0)?.(message)
    })
  })
}
