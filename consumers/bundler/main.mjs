import { OfficialAccount } from 'weixin-kit/mp'

// Everything is in one file, which waits for a first call at its top level: nothing may be loaded from itself meanwhile.
const answers = {
  '/cgi-bin/stable_token': { access_token: 'T'.repeat(64), expires_in: 7200 },
  '/cgi-bin/user/info': { subscribe: 1, openid: 'o1' }
}
const mp = new OfficialAccount({
  appId: 'wx0123456789abcdef',
  appSecret: '0123456789abcdef0123456789abcdef',
  fetch: async (url) => Response.json(answers[new URL(url.url ?? url).pathname])
})
const { openid } = await mp.users.info('o1')
if (openid !== 'o1') throw new Error('no user')
console.log('a first call at the top level ok')
