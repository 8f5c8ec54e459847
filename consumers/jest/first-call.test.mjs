import { expect, jest, test } from '@jest/globals'
import { OfficialAccount } from 'weixin-kit/mp'

const account = { appId: 'wx0123456789abcdef', appSecret: '0123456789abcdef0123456789abcdef' }
const answers = {
  '/cgi-bin/stable_token': { access_token: 'T'.repeat(64), expires_in: 7200 },
  '/cgi-bin/user/info': { subscribe: 1, openid: 'o1' }
}
const fetch = async (url) => Response.json(answers[new URL(url.url ?? url).pathname])
test('a first call needs no timer', async () => {
  jest.useFakeTimers()
  const mp = new OfficialAccount({ ...account, fetch })
  expect((await mp.users.info('o1')).openid).toBe('o1')
})
