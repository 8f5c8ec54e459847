import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseEnv } from 'node:util'
import { expect, it } from 'vitest'
import { readConfig } from '../src/config.ts'
import { startHarness } from './harness.ts'

/** Any file: only the clients look into it. */
const PEM = fileURLToPath(import.meta.url)
const ACCOUNTS = {
  QINIU_ACCESS_KEY: 'ak',
  QINIU_SECRET_KEY: 'sk',
  QINIU_BUCKET: 'bucket',
  QINIU_DOMAIN: 'cdn.example.com',
  YUNPIAN_API_KEY: 'key',
  WEIXIN_APP_ID: 'wx0123456789abcdef',
  WEIXIN_APP_SECRET: 'secret',
  WEIXIN_TOKEN: 'token',
  WEIXIN_AES_KEY: 'aes',
  WEIXIN_MCH_ID: '1900000109',
  WEIXIN_PAY_KEY: 'pay',
  WEIXIN_CERT_PATH: PEM,
  WEIXIN_KEY_PATH: PEM
}
const PRODUCTION = { ...ACCOUNTS, FLASK_CONFIG: 'production', AES_KEY_SEED: 'seed', PUBLIC_URL: 'https://example.com/' }

const OPTIONAL = {
  ADMIN_PASSWORD: 'long enough',
  CA_CERTS_PATH: 'ca.pem',
  DATABASE_URL: 'postgres://x',
  SIMULATOR_URL: 'http://127.0.0.1:8787',
  WEIXIN_ID: 'gh_0123456789ab'
}

it('has no test login in production', async () => {
  const harness = await startHarness({ ...ACCOUNTS, FLASK_CONFIG: 'production', AES_KEY_SEED: 'seed' })
  try {
    const { cookie } = await harness.login(harness.simulator.user())
    const { body } = await harness.call('GET', '/api/current_user/', { headers: { cookie } })
    const { uuid } = body.data.wx_user as { uuid: string }
    expect((await harness.call('GET', `/extensions/testing/wx/user/${uuid}/login/`)).body.code).toBe(1104)
    expect((await harness.call('GET', '/extensions/testing/wx/user/logout/')).body.code).toBe(1104)
  } finally {
    await harness.close()
  }
})

it.each([
  [{ FLASK_CONFIG: 'live' }, /FLASK_CONFIG/],
  [{ PORT: 'x' }, /PORT/],
  [{ PORT: '70000' }, /PORT.+65535/],
  [{ PUBLIC_URL: 'localhost:3001' }, /PUBLIC_URL.+http/],
  [{ SIMULATOR_URL: 'localhost:8787' }, /SIMULATOR_URL.+http/],
  [{ DATABASE_URL: 'mysql://user:hidden@db/name' }, /DATABASE_URL.+postgres/],
  [{ REDIS_URL: 'cache:6379' }, /REDIS_URL.+redis/],
  [{ TRUST_PROXY: 'yes' }, /TRUST_PROXY/],
  [{ ADMIN_PASSWORD: 'short' }, /ADMIN_PASSWORD.+6 to 64/],
  [{ WEIXIN_ID: 'my account' }, /WEIXIN_MP_ORIGINAL_ID.+gh_/],
  [{ WEIXIN_CERT_PATH: '/nowhere/cert.pem' }, /WEIXIN_PAY_CERT_FILE.+cannot be read/],
  [{ WEIXIN_TOKEN: 'one', WEIXIN_GATEWAY_TOKEN: 'two' }, /WEIXIN_TOKEN and WEIXIN_GATEWAY_TOKEN are one/],
  [{ YUNPIAN_CODE_TEXT: 'no place for it' }, /YUNPIAN_CODE_TEXT/],
  [{ WEIXIN_APP_SECRET: 'alone' }, /half configured; missing: QINIU_ACCESS_KEY.+WEIXIN_MP_APP_ID/],
  [{ FLASK_CONFIG: 'production' }, /needs PUBLIC_URL, AES_KEY_SEED, QINIU_ACCESS_KEY/],
  [{ ...PRODUCTION, PUBLIC_URL: 'http://example.com' }, /https PUBLIC_URL/]
])('refuses %o and names the variable', (environment, message) => {
  expect(() => readConfig(environment)).toThrow(message)
})

it('reads the variables of the document', () => {
  expect(readConfig(PRODUCTION)).toMatchObject({ isReal: true, PUBLIC_URL: 'https://example.com' })
  expect(readConfig({})).toMatchObject({ isReal: false, PUBLIC_URL: 'http://127.0.0.1:3001', REDIS_URL: undefined })
  expect(readConfig({ TRUST_PROXY: '2' }).TRUST_PROXY).toBe(2)
  expect(readConfig({ TRUST_PROXY: 'loopback, 10.0.0.0/8' }).TRUST_PROXY).toBe('loopback, 10.0.0.0/8')
  expect(readConfig({ WEIXIN_APP_ID: '', REDIS_URL: '' }).isReal).toBe(false)
  expect(readConfig({ REDIS_HOST: 'r', REDIS_DB: '2' }).REDIS_URL).toBe('redis://r:6379/2')
  expect(readConfig({ REDIS_HOST: 'r', REDIS_URL: 'redis://other' }).REDIS_URL).toBe('redis://other')
  expect(readConfig({ FLASK_MYSQL_HOST: 'db', CELERY_BROKER_HOST: 'mq', FLASK_CONFIG: 'testing' }).unused).toEqual([
    'FLASK_MYSQL_HOST',
    'CELERY_BROKER_HOST'
  ])
})

it('has an example of every variable, which may stay as it is', () => {
  const example = parseEnv(readFileSync(new URL('../.env.example', import.meta.url), 'utf8'))
  expect(readConfig(example)).toEqual(readConfig({}))
  const parts = ['REDIS_URL', 'REDIS_HOST', 'REDIS_PORT', 'REDIS_DB', 'PUBLIC_URL']
  const optional = Object.keys(readConfig({ ...PRODUCTION, ...OPTIONAL, FLASK_CONFIG: 'testing' })).filter(
    (name) => name !== 'isReal' && name !== 'unused' && name !== 'accounts'
  )
  const accounts = [
    ...['MP_APP_ID', 'MP_APP_SECRET', 'GATEWAY_TOKEN', 'GATEWAY_AES_KEY', 'PAY_MCH_ID', 'PAY_API_KEY'].map(
      (name) => `WEIXIN_${name}`
    ),
    ...['WEIXIN_PAY_CERT_FILE', 'WEIXIN_PAY_PRIVATE_KEY_FILE'],
    ...Object.keys(ACCOUNTS).filter((name) => !name.startsWith('WEIXIN'))
  ]
  expect(Object.keys(example).sort()).toEqual([...new Set([...optional, ...parts, ...accounts])].sort())
})
