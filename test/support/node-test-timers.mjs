// Run by test/unit/core/fake-timers.test.ts under `node --test`.
import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { OfficialAccount } from '../../src/mp/index.ts'

test('a first call on a mocked fetch needs no timer', async () => {
  mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'setImmediate', 'Date'] })
  try {
    const fetch = async (input) =>
      String(input).includes('stable_token')
        ? Response.json({ access_token: 'T', expires_in: 7200 })
        : Response.json({ openid: 'o1', subscribe: 1 })
    const mp = new OfficialAccount({ appId: 'wx0123456789abcdef', appSecret: 'not-a-real-secret', fetch })
    assert.equal((await mp.users.info('o1')).openid, 'o1')
  } finally {
    mock.timers.reset()
  }
})
