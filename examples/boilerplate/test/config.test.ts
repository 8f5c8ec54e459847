import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { expect, it } from 'vitest'
import { readConfig } from '../src/config.ts'

const ALL = {
  PUBLIC_URL: 'https://example.com/',
  DATABASE_URL: 'postgres://x',
  REDIS_URL: 'redis://x',
  SIMULATOR_URL: 'http://127.0.0.1:8787',
  MINIAPP_APP_ID: 'wx1',
  MINIAPP_APP_SECRET: 'secret',
  WEIXIN_APP_ID: 'wx2',
  WEIXIN_APP_SECRET: 'secret',
  WEIXIN_TOKEN: 'token',
  WEIXIN_AES_KEY: 'key',
  WEIXIN_ID: 'gh_0123456789ab'
}

it.each([
  [{ PORT: 'x' }, /PORT/],
  [{ PORT: '70000' }, /PORT.+65535/],
  [{ PUBLIC_URL: 'example.com' }, /PUBLIC_URL/],
  [{ DATABASE_URL: 'mysql://user:hidden@db/name' }, /DATABASE_URL.+postgres/],
  [{ REDIS_URL: 'cache:6379' }, /REDIS_URL.+redis/],
  [{ WEIXIN_ID: 'my account' }, /WEIXIN_ID.+gh_/],
  [{ WEIXIN_TOKEN: 'alone' }, /half configured; missing: MINIAPP_APP_ID/]
])('refuses %o and names the variable', (environment, message) => {
  expect(() => readConfig(environment)).toThrow(message)
})

it('has an example of every variable, which may stay as it is', () => {
  const example = parseEnv(readFileSync(new URL('../.env.example', import.meta.url), 'utf8'))
  expect(readConfig(example)).toEqual(readConfig({}))
  const known = Object.keys(readConfig(ALL)).filter((name) => name !== 'isReal')
  expect(Object.keys(example).sort()).toEqual(known.sort())
  expect(readConfig(ALL)).toMatchObject({ isReal: true, PUBLIC_URL: 'https://example.com' })
})
