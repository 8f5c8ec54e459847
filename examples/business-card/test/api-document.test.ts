import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readApiDocument } from '../../shared/test/api-document.ts'
import { readConfig } from '../src/config.ts'
import { ERRORS } from '../src/error-codes.ts'
import { type CardHarness, startCards } from './harness.ts'
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
    [{ MINIAPP_APP_ID: 'wx1' }, /half configured; missing: MINIAPP_APP_SECRET/],
    [{ MINIAPP_APP_ID: 'wx1', MINIAPP_APP_SECRET: 's' }, /AES_KEY_SEED/]
  ])('refuses %o and names the variable', (environment, message) => {
    expect(() => readConfig(environment)).toThrow(message)
  })
})
