import { randomBytes } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { createSimulator } from 'weixin-kit/simulator'
import { start as startBoilerplate } from '../boilerplate/src/server.ts'
import { start as startOfficialSite } from '../official-site/src/server.ts'
import type { Upstream } from '../shared/upstream.ts'
import { Printer } from './printer.ts'
import { tell } from './story.ts'

const print = new Printer()
const started = performance.now()
const keep = process.argv.includes('--keep')
const adminPassword = process.env.ADMIN_PASSWORD ?? randomBytes(9).toString('base64url')

const [sitePort, boilerplatePort] = await Promise.all([freePort(), freePort()])
const officialSite = `http://127.0.0.1:${sitePort}`
const boilerplate = `http://127.0.0.1:${boilerplatePort}`

print.chapter('starting')
const simulator = createSimulator({ deliver: { gateway: `${boilerplate}/boilerplate/api/v1/wechat-mp/gateway` } })
const server = await simulator.listen({ control: true })
print.line(`simulator      ${server.url}  WeChat, WeChat Pay, Qiniu, Yunpian, Geetest`)
const upstream: Upstream = {
  optionsFor: (host) => ({ baseUrl: server.baseUrl(host) }),
  credentials: simulator.credentials,
  simulator,
  close: async () => undefined
}
const apps = await Promise.all([
  startOfficialSite(
    { PORT: String(sitePort), PUBLIC_URL: officialSite, DATA_FOLDER: 'memory://', ADMIN_PASSWORD: adminPassword },
    upstream
  ),
  startBoilerplate({ PORT: String(boilerplatePort), PUBLIC_URL: boilerplate, DATA_FOLDER: 'memory://' }, upstream)
])
print.line(`official-site  ${officialSite}`)
print.line(`boilerplate    ${boilerplate}`)

try {
  await tell({ simulator, officialSite, boilerplate, adminPassword, print })
  print.chapter(`done: ${print.passed} results verified in ${((performance.now() - started) / 1000).toFixed(1)} s`)
  if (keep) await stayUp()
} catch (error) {
  console.error(error)
  process.exitCode = 1
} finally {
  await Promise.all(apps.map((app) => app.close()))
  await server.close()
}
process.exit()

async function stayUp(): Promise<void> {
  print.chapter('still running; open in a browser')
  print.line(`${boilerplate}/boilerplate/wechat/mp/index  log in with WeChat: the consent page is the simulator's`)
  print.line(`${officialSite}/extensions/wx/user/authorize/?state=%2Fapi%2Fcurrent_user%2F  log in and see yourself`)
  print.line(`${server.url}/  people, messages, payments: act as a WeChat user, make calls fail`)
  print.line(`administrator of official-site: admin / ${adminPassword}`)
  print.line('Ctrl+C ends it')
  await new Promise((resolve) => process.once('SIGINT', resolve))
}

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address() as AddressInfo
  await new Promise((resolve) => probe.close(resolve))
  return port
}
