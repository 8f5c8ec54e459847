import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type INestApplication, Logger } from '@nestjs/common'
import ts from 'typescript'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createSimulator, SimulatorClock } from 'weixin-kit/simulator'
import { unknownMembers } from '../support/migration/clients.ts'
import { PAGES, readPage, readPairs } from '../support/migration/page.ts'
import { runSteps } from '../support/migration/run-steps.ts'
import { accountVariables, type Handler, type Shop } from '../support/migration/shop.ts'

const COMPILED = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022, experimentalDecorators: true }
const folder = fileURLToPath(new URL('../../.tmp/migration/', import.meta.url))

/** The code under "After" as it is, in this process. */
async function load(name: string, code: string): Promise<Shop> {
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `${name}.js`)
  // Vite leaves decorators of parameters alone.
  writeFileSync(file, ts.transpileModule(code, { compilerOptions: COMPILED }).outputText)
  const module = (await import(file)) as Record<string, (...args: unknown[]) => unknown>
  return {
    exports: Object.keys(module),
    call: async (name, ...args) => module[name]?.(...args),
    target: async (name) => {
      if (name !== 'nestApp') return module[name] as Handler
      const app = (await module[name]?.()) as INestApplication
      apps.push(app)
      await app.listen(0, '127.0.0.1')
      return app.getUrl()
    }
  }
}

const apps: INestApplication[] = []
Logger.overrideLogger(false)

afterEach(async () => {
  for (const app of apps.splice(0)) await app.close()
  vi.unstubAllGlobals()
  vi.unstubAllEnvs()
  vi.useRealTimers()
})

describe.each(PAGES)('%s', (page) => {
  const pairs = readPairs('en', page)

  it('has the same code in both languages', () => {
    expect(readPairs('zh', page)).toEqual(pairs)
    expect(pairs.length).toBeGreaterThan(0)
  })

  it.each(['en', 'zh'] as const)('names only methods that exist (%s)', (language) => {
    expect(unknownMembers(readPage(language, page))).toEqual([])
  })

  it.each(pairs.map((pair, index) => ({ ...pair, index })))(
    'runs on the simulator ($index)',
    async ({ after, index }) => {
      vi.useFakeTimers({ toFake: ['Date'] })
      const clock = new SimulatorClock({ startAt: Date.now() })
      const simulator = createSimulator({ clock, paySettings: { refundDelayMs: 0 } })
      for (const [name, value] of Object.entries(accountVariables(simulator))) vi.stubEnv(name, value)
      vi.stubGlobal('fetch', simulator.fetch)
      vi.spyOn(console, 'log').mockImplementation(() => {})
      const shop = await load(`${page.replace(/\W/g, '-')}-${index}`, after)
      const ran = await runSteps(shop, {
        simulator,
        user: simulator.user('ming'),
        prefix: 'M00',
        advance: async (ms) => {
          await simulator.clock.advance(ms)
          vi.setSystemTime(simulator.clock.now())
        }
      })
      expect(ran.sort()).toEqual([...shop.exports].sort())
      await simulator.close()
    }
  )
})
