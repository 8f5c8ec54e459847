import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readApiDocument } from '../../shared/test/api-document.ts'
import { readConfig } from '../src/config.ts'
import { ENVELOPE, ERRORS, type ErrorCode } from '../src/error-codes.ts'
import { type Harness, startTopUp } from './harness.ts'

const document = readApiDocument(new URL('../', import.meta.url))

describe('API.md', () => {
  let harness: Harness
  beforeAll(async () => {
    harness = await startTopUp()
  }, 60_000)
  afterAll(() => harness.close())

  it.each(document.endpoints)('does not invent %s %s', async (method, path) => {
    for (const form of [path, path === '/' ? path : `${path}/`]) {
      const answer = await harness.call(method, form.replace(/\{\w+\}/, '1'), method === 'POST' ? { body: {} } : {})
      expect(answer.body).not.toEqual(ENVELOPE.bodyOf(13))
      expect(answer.status).toBeLessThan(500)
    }
  })

  it('lists the endpoints, the errors and all variables', () => {
    expect(new Set(document.endpoints.map((endpoint) => endpoint.join(' '))).size).toBe(18)
    const rows = [...document.text.matchAll(/^\| ([^|]+) \| (\d{3}) \| (null|-1|0) \|/gm)].map(
      ([, error, status, result]) => [error, Number(status), JSON.parse(result ?? '')]
    )
    const codes = Object.entries(ERRORS).map(([code, { status, text }]) => [
      text,
      status,
      (ENVELOPE.bodyOf(Number(code) as ErrorCode) as { result: unknown }).result
    ])
    expect(rows).toEqual(codes)
    expect(document.variables.filter((name) => !document.text.includes(`\`${name}\``))).toEqual([])
  })
})

describe('the configuration', () => {
  it('has an example of every variable, which may stay as it is', () => {
    const example = parseEnv(readFileSync(new URL('../.env.example', import.meta.url), 'utf8'))
    expect(readConfig(example)).toEqual(readConfig({}))
    expect(readConfig({}).isReal).toBe(false)
    expect(readConfig({ NODE_ENV: 'production' }).JSSDK_DEBUG).toBe(false)
  })

  it.each([
    [{ PORT: 'x' }, /PORT/],
    [{ PUBLIC_URL: 'localhost:3004' }, /PUBLIC_URL.+http/],
    [{ YUNPIAN_CODE_TEXT: '您的验证码' }, /YUNPIAN_CODE_TEXT/],
    [{ JSSDK_DEBUG: 'yes' }, /JSSDK_DEBUG/],
    [{ TRUST_PROXY: 'true' }, /TRUST_PROXY/],
    [
      { WECHAT_APP_ID: 'wx1' },
      /half configured; missing: WEIXIN_MP_APP_SECRET, WEIXIN_PAY_MCH_ID, WEIXIN_PAY_API_KEY, GEETEST_CAPTCHA_ID/
    ]
  ])('refuses %o and names the variable', (environment, message) => {
    expect(() => readConfig(environment)).toThrow(message)
  })
})
