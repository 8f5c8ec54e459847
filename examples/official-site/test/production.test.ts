import { expect, it } from 'vitest'
import { readConfig } from '../src/config.ts'
import { startHarness } from './harness.ts'

it('has no test login in production', async () => {
  const harness = await startHarness({
    FLASK_CONFIG: 'production',
    AES_KEY_SEED: 'seed',
    WEIXIN_APP_ID: 'wx0123456789abcdef'
  })
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

it('names the variable that is wrong', () => {
  expect(() => readConfig({ FLASK_CONFIG: 'live' })).toThrow(/FLASK_CONFIG/)
  expect(() => readConfig({ PORT: 'x' })).toThrow(/PORT/)
  expect(() => readConfig({ FLASK_CONFIG: 'production' })).toThrow(/AES_KEY_SEED/)
  expect(readConfig({ REDIS_HOST: 'r', REDIS_DB: '2' }).REDIS_URL).toBe('redis://r:6379/2')
})
