import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { expect, it } from 'vitest'
import { readConfig } from '../src/config.ts'

const ALL = {
  PUBLIC_URL: 'https://example.com/',
  DATABASE_URL: 'postgres://x',
  REDIS_URL: 'redis://x',
  SIMULATOR_URL: 'http://127.0.0.1:8787',
  WEIXIN_MP_ORIGINAL_ID: 'gh_0123456789ab'
}
const ACCOUNTS = {
  WEIXIN_MINIAPP_APP_ID: 'wx1',
  WEIXIN_MINIAPP_APP_SECRET: 'secret',
  WEIXIN_MP_APP_ID: 'wx2',
  WEIXIN_MP_APP_SECRET: 'secret',
  WEIXIN_GATEWAY_TOKEN: 'token',
  WEIXIN_GATEWAY_AES_KEY: 'key'
}

it.each([
  [{ PORT: 'x' }, /PORT/],
  [{ PORT: '70000' }, /PORT.+65535/],
  [{ PUBLIC_URL: 'example.com' }, /PUBLIC_URL/],
  [{ DATABASE_URL: 'mysql://user:hidden@db/name' }, /DATABASE_URL.+postgres/],
  [{ REDIS_URL: 'cache:6379' }, /REDIS_URL.+redis/],
  [{ WEIXIN_MP_ORIGINAL_ID: 'my account' }, /WEIXIN_MP_ORIGINAL_ID.+gh_/],
  [{ WEIXIN_GATEWAY_TOKEN: 'alone' }, /half configured; missing: WEIXIN_MINIAPP_APP_ID/],
  [{ WEIXIN_GATEWAY_AES_KEY: 'alone' }, /half configured; missing: .+WEIXIN_GATEWAY_TOKEN/]
])('refuses %o and names the variable', (environment, message) => {
  expect(() => readConfig(environment)).toThrow(message)
})

it('has an example of every variable, which may stay as it is', () => {
  const example = parseEnv(readFileSync(new URL('../.env.example', import.meta.url), 'utf8'))
  expect(readConfig(example)).toEqual(readConfig({}))
  const all = readConfig({ ...ALL, ...ACCOUNTS })
  const known = Object.keys(all).filter((name) => name !== 'isReal' && name !== 'accounts')
  expect(Object.keys(example).sort()).toEqual([...known, ...Object.keys(ACCOUNTS)].sort())
  expect(all).toMatchObject({ isReal: true, PUBLIC_URL: 'https://example.com' })
})
