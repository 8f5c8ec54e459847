import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readApiDocument } from '../../shared/test/api-document.ts'
import { readConfig } from '../src/config.ts'
import { ERROR_CODES } from '../src/error-codes.ts'
import { type Harness, startHarness } from './harness.ts'

const document = readApiDocument(new URL('../', import.meta.url))
const NOT_THERE = { code: 10002, data: null }

describe('API.md', () => {
  let harness: Harness
  beforeAll(async () => {
    harness = await startHarness()
  }, 60_000)
  afterAll(() => harness.close())

  it.each(document.endpoints)('does not invent %s %s', async (method, path) => {
    for (const form of [path, path === '/' ? path : `${path}/`]) {
      const answer = await harness.call(method, form.replace(/\{\w+\}/, '1'))
      expect(answer.body).not.toEqual(NOT_THERE)
      expect(answer.status).toBeLessThan(500)
    }
  })

  it('lists the endpoints, the error codes and all variables', () => {
    expect(new Set(document.endpoints.map((endpoint) => endpoint.join(' '))).size).toBe(26)
    const codes = Object.entries(ERROR_CODES).map(([code, { status, name }]) => [Number(code), status, name])
    expect(document.errorCodes).toEqual([[0, 200, 'SUCCESS'], ...codes])
    expect(document.variables.filter((name) => !document.text.includes(`\`${name}\``))).toEqual([])
  })
})

describe('the configuration', () => {
  const REAL = {
    WEIXIN_MOBILE_APP_ID: 'wx0123456789abcdef',
    WEIXIN_MOBILE_APP_SECRET: 'secret',
    WEIXIN_PAY_MCH_ID: '1900000109',
    WEIXIN_PAY_API_KEY: 'key'
  }

  it('has an example of every variable, which may stay as it is', () => {
    const example = parseEnv(readFileSync(new URL('../.env.example', import.meta.url), 'utf8'))
    expect(readConfig(example)).toEqual(readConfig({}))
    expect(readConfig({}).isReal).toBe(false)
    const { WEIXIN_PAY_MCH_ID, ...rest } = REAL
    expect(readConfig({ ...rest, WX_MCH_ID: WEIXIN_PAY_MCH_ID })).toEqual(readConfig(REAL))
    expect(readConfig(REAL).accounts?.payV2).toEqual({ mchId: '1900000109', apiKey: 'key' })
  })

  it.each([
    [{ PORT: 'x' }, /PORT/],
    [{ PUBLIC_URL: 'localhost:3003' }, /PUBLIC_URL.+http/],
    [{ DATABASE_URL: 'mysql://user:hidden@db/name' }, /DATABASE_URL.+postgres/],
    [
      { WEIXIN_MOBILE_APP_ID: 'wx1' },
      /half configured; missing: WEIXIN_MOBILE_APP_SECRET, WEIXIN_PAY_MCH_ID, WEIXIN_PAY_API_KEY/
    ],
    [{ ...REAL, WX_MCH_ID: '1900000108' }, /WX_MCH_ID and WEIXIN_PAY_MCH_ID/],
    [{ ...REAL, WEIXIN_MP_APP_ID: 'wx2' }, /half configured; missing: WEIXIN_MP_APP_SECRET/],
    [{ WEIXIN_MP_APP_ID: 'wx2', WEIXIN_MP_APP_SECRET: 's' }, /half configured; missing: WEIXIN_MOBILE_APP_ID/]
  ])('refuses %o and names the variable', (environment, message) => {
    expect(() => readConfig(environment)).toThrow(message)
  })
})
