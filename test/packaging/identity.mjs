// Every pair of entry points in every mix of formats: errors thrown by one must be recognised by the classes of the other.
// Run after `npm run build`; run it again with --no-experimental-require-module, where require() gets the CJS files.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
const { exports } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
const entryPoints = Object.keys(exports).filter((name) => !['./package.json', './simulator/redirect'].includes(name))
const nameOf = (entry) => `weixin-kit${entry.slice(1)}`

/** How each entry point is made to throw a ConfigError of its own copy of the classes. */
const PROVOKE = {
  '.': (m) => m.memoryStore({ unknown: 1 }),
  './mp': (m) => new m.OfficialAccount({}),
  './miniapp': (m) => new m.MiniProgram({}),
  './gateway': (m) => new m.MessageGateway({}),
  './pay': (m) => new m.WeChatPay({}),
  './pay/v2': (m) => new m.WeChatPayV2({}),
  './qiniu': (m) => new m.Qiniu({}),
  './yunpian': (m) => new m.Yunpian({}),
  './geetest': (m) => new m.Geetest({}),
  './node': (m) => m.toNodeHandler(async () => new Response(), { unknown: 1 }),
  './express': (m) => m.toExpressHandler(async () => new Response(), { unknown: 1 }),
  './koa': (m) => m.toKoaMiddleware(async () => new Response(), { unknown: 1 }),
  './lambda': (m) => m.toLambdaHandler(async () => new Response(), { unknown: 1 }),
  './nest': (m) => m.WeixinModule.forRoot({ unknown: 1 }),
  './fastify': (m) => m.toFastifyHandler(async () => new Response(), { unknown: 1 }),
  './otel': (m) => m.instrumentWeixinKit({ unknown: 1 }),
  './redis': (m) => m.redisStore({}),
  './simulator': (m) => m.createSimulator({ unknown: 1 }),
  './simulator/msw': (m) => m.simulatorHandlers(undefined)
}

function thrownBy(entry, module) {
  const provoke = PROVOKE[entry]
  assert.ok(provoke, `no way is known to make ${entry} throw: add one to PROVOKE`)
  try {
    provoke(module)
  } catch (error) {
    return error
  }
  throw new Error(`${entry} did not throw`)
}

// msw 2 itself cannot be required where require() of ESM is switched off: nothing of ours can change that.
const requiresEsm = (name) => {
  try {
    require(name)
    return false
  } catch (error) {
    if (error.code !== 'ERR_REQUIRE_ESM') throw error
    return true
  }
}
const unloadable = new Set(requiresEsm('msw') ? ['require ./simulator/msw'] : [])
for (const pair of unloadable) console.log(`identity: skipped ${pair}: msw cannot be required here`)

const loaders = { import: (name) => import(name), require: async (name) => require(name) }
let pairs = 0
let identical = 0
for (const [wayA, loadA] of Object.entries(loaders)) {
  for (const [wayB, loadB] of Object.entries(loaders)) {
    for (const a of entryPoints) {
      if (unloadable.has(`${wayA} ${a}`)) continue
      const error = thrownBy(a, await loadA(nameOf(a)))
      for (const b of entryPoints) {
        if (unloadable.has(`${wayB} ${b}`)) continue
        const other = thrownBy(b, await loadB(nameOf(b)))
        const root = await loadB('weixin-kit')
        assert.ok(
          error instanceof root.ConfigError,
          `${a} (${wayA}): ${error?.stack} is no ConfigError of weixin-kit (${wayB})`
        )
        assert.ok(error instanceof root.WeixinKitError && root.isWeixinKitError(error))
        assert.ok(error instanceof other.constructor, `${a} (${wayA}) against ${b} (${wayB})`)
        assert.ok(!(error instanceof root.TimeoutError))
        if (wayA === wayB)
          assert.equal(error.constructor, other.constructor, `${a} and ${b} (${wayA}) have two copies of one class`)
        if (error.constructor === other.constructor) identical++
        pairs++
      }
    }
  }
}
console.log(`identity: ${pairs} pairs of entry points and formats hold, ${identical} of them with one class object`)
