import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSimulator } from 'weixin-kit/simulator'
import { startApp } from '../../shared/app.ts'
import { freePort } from '../../shared/free-port.ts'
import { readApiDocument } from '../../shared/test/api-document.ts'
import { call } from '../../shared/test/client.ts'
import { businessCard } from '../src/business-card.ts'
import { readConfig } from '../src/config.ts'
import { ERRORS } from '../src/error-codes.ts'
import { type CardHarness, Q, startCards, X } from './harness.ts'
import { TABLE } from './table.ts'

const document = readApiDocument(new URL('../', import.meta.url))

describe('API.md', () => {
  let harness: CardHarness
  beforeAll(async () => {
    harness = await startCards()
  }, 60_000)
  afterAll(() => harness.close())

  it.each(document.endpoints.filter(([, path]) => path.startsWith('/zhugeleida')))(
    'does not invent %s %s',
    async (method, path) => {
      const bare = path.replace(/\{\w+\}/, '1')
      for (const form of [bare, `${bare}/`]) {
        const answer = await harness.call(method, form, method === 'POST' ? { body: {} } : {})
        expect(answer.status).not.toBe(405)
        expect(answer.status === 404 && answer.body.code === 404).toBe(false)
        expect(answer.status).toBeLessThan(500)
      }
    }
  )

  it('lists the interfaces, the errors and all variables', () => {
    const listed = new Set(document.endpoints.map((endpoint) => endpoint.join(' ').replace(/\/$/, '')))
    const row = ({ method, path }: (typeof TABLE)[0]) =>
      `${method} ${path.replace(/\/$/, '').replace(/\{spare\}|\d+$/, (tail) => (tail === '0' ? '0' : '{o_id}'))}`
    expect(TABLE.map(row).filter((one) => !listed.has(one))).toEqual([])
    expect(document.errorCodes.filter(([code]) => code > 300)).toEqual(
      Object.entries(ERRORS).map(([code, { status, msg }]) => [Number(code), status, msg])
    )
    expect(document.variables.filter((name) => !document.text.includes(`\`${name}\``))).toEqual([])
  })
})

describe('the configuration', () => {
  it('has an example of every variable, which may stay as it is', () => {
    const example = parseEnv(readFileSync(new URL('../.env.example', import.meta.url), 'utf8'))
    expect(readConfig(example)).toEqual(readConfig({}))
    expect(readConfig({}).isReal).toBe(false)
  })

  it.each([
    [{ PORT: 'x' }, /PORT/],
    [{ SIGN_WINDOW_SECONDS: '5' }, /SIGN_WINDOW_SECONDS/],
    [{ CONTENT_CHECK: 'yes' }, /CONTENT_CHECK/],
    [{ AES_KEY_SEED: 'short' }, /AES_KEY_SEED/],
    [{ WEIXIN_MINIAPP_APP_ID: 'wx1' }, /half configured; missing: WEIXIN_MINIAPP_APP_SECRET/],
    [{ WEIXIN_MINIAPP_APP_ID: 'wx1', WEIXIN_MINIAPP_APP_SECRET: 's' }, /AES_KEY_SEED/]
  ])('refuses %o and names the variable', (environment, message) => {
    expect(() => readConfig(environment)).toThrow(message)
  })
})

describe('a start', () => {
  it('with the accounts of the environment, on an empty folder and again', { timeout: 60_000 }, async () => {
    const simulator = createSimulator()
    const server = await simulator.listen({ control: true })
    const folder = mkdtempSync(join(tmpdir(), 'business-card-'))
    const { appId, appSecret } = simulator.credentials.miniProgram
    for (const round of [1, 2]) {
      const port = await freePort()
      const app = await startApp(businessCard, {
        PORT: String(port),
        DATA_FOLDER: join(folder, 'data'),
        SIMULATOR_URL: server.url,
        WEIXIN_MINIAPP_APP_ID: appId,
        WEIXIN_MINIAPP_APP_SECRET: appSecret,
        AES_KEY_SEED: 'a seed of sixteen characters',
        ADMIN_PASSWORD: 'long enough'
      })
      const login = await call(app.url, 'POST', `${Q}/login`, { body: { name: 'admin', password: 'long enough' } })
      expect([round, login.body.msg]).toEqual([round, '登录成功'])
      const path = `${X}/login?code=${simulator.user({ id: 'ming' }).login()}&user_type=2&source=1`
      expect((await call(app.url, 'GET', path)).body.data).toMatchObject({ ret_data: { user_id: 1 } })
      expect(await app.database.query('select count(*)::int as n from companies')).toEqual([{ n: 1 }])
      await app.close()
    }
    await server.close()
    rmSync(folder, { recursive: true })
  })
})
