import { createCipheriv } from 'node:crypto'
import { MiniProgram } from 'weixin-kit/miniapp'
import { OfficialAccount } from 'weixin-kit/mp'
import { createSimulator } from 'weixin-kit/simulator'
import { json, stubFetch } from '../support/stub-fetch.ts'
import { type Mistake, Reported } from './mistake.ts'

const OPTIONS = { appId: 'wx0123456789abcdef', appSecret: 'not-a-real-secret', maxRetries: 0 }
/** An account whose calls are answered with an errcode. */
const answered = (errcode: number, errmsg = 'x') =>
  new OfficialAccount({
    ...OPTIONS,
    fetch: stubFetch(({ url }) =>
      url.pathname === '/cgi-bin/stable_token' && ![40125, 40164, 40013].includes(errcode)
        ? json({ access_token: 'TOKEN', expires_in: 7200 })
        : json({ errcode, errmsg })
    )
  })
const mp = answered(0)

const config = (name: string, options: object, cure: RegExp): Mistake => ({
  name,
  make: () => new OfficialAccount({ ...OPTIONS, ...options }),
  code: 'ERR_CONFIG',
  cure
})
const call = (name: string, make: () => unknown, cure: RegExp): Mistake => ({
  name,
  make,
  code: 'ERR_INVALID_PARAM',
  cure
})
const refused = (name: string, errcode: number, cure: RegExp, errmsg?: string): Mistake => ({
  name,
  make: () => answered(errcode, errmsg).users.info('oUpF8uMuAJO_M2pxb1Q9zNjWeS6o'),
  code: 'ERR_WECHAT_API',
  cure
})

function world() {
  const simulator = createSimulator()
  const { credentials, clientOptions } = simulator
  return {
    simulator,
    user: simulator.user('ming'),
    mp: new OfficialAccount({ ...credentials.officialAccount, ...clientOptions, maxRetries: 0 }),
    mini: new MiniProgram({ ...credentials.miniProgram, ...clientOptions, maxRetries: 0 })
  }
}

/** What the handler of JS-SDK signatures tells a page that asks like this. */
async function signFor(query: string): Promise<string> {
  const handler = world().mp.jssdk.handler({ allowedHosts: ['shop.example.com'], jsApiList: ['scanQRCode'] })
  return (await handler(new Request(`https://shop.example.com/sign?${query}`))).text()
}

/** What the callback of a login reports. */
async function loginWith(query: string, options: object = {}): Promise<string> {
  const reported = new Reported()
  const { callback } = world().mp.oauth.loginHandlers({
    redirectUri: 'https://shop.example.com/wechat/callback',
    scope: 'snsapi_base',
    onLogin: () => undefined,
    onError: (error) => {
      reported.onError(error)
      return new Response()
    },
    ...options
  })
  return reported.after(callback(new Request(`https://shop.example.com/wechat/callback?${query}`)))
}

/** Official Account: token, calls, JS-SDK, login. */
export const ACCOUNTS: readonly Mistake[] = [
  config('no secret in the environment', { appSecret: undefined }, /appSecret/),
  config('a secret with a line break', { appSecret: 'not-a-real-secret\n' }, /paste it without them/),
  config('secret, as in other libraries', { secret: 'x' }, /did you mean "appSecret"/),
  config('the merchant id as appid', { appId: '1900009191' }, /AppID/),
  config('a path in baseUrl with a query', { baseUrl: 'https://a.example.com?x=1' }, /must not have a query/),
  config('a proxy without scheme', { proxy: '127.0.0.1:7890' }, /write http:\/\//),
  config('a function that is called as accessTokenProvider', { accessTokenProvider: Promise.resolve('TOKEN') }, /get/),
  refused('the secret was reset', 40125, /copy the current one into appSecret/),
  refused(
    'the IP is not on the list',
    40164,
    /API IP list.*203\.0\.113\.7|203\.0\.113\.7.*API IP list/,
    'invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist'
  ),
  refused('a token that another server replaced', 40001, /another|same store|one store|stable/i),
  refused('the openid of another account', 40003, /openid.*(this|same) (account|app)|other|another/i),
  refused('too many calls of a day', 45009, /quota/),
  refused('an account without the permission', 48001, /permission|certif/i),
  refused('a user who does not follow', 43004, /follow/i),
  refused('an appid that does not exist', 40013, /case-sensitive/),
  {
    name: 'accessTokenProvider that returns the whole response',
    make: () =>
      new OfficialAccount({
        appId: OPTIONS.appId,
        accessTokenProvider: { get: () => Promise.resolve({ access_token: 'TOKEN' }) } as never,
        fetch: stubFetch(() => json({}))
      }).users.info('oUpF8uMuAJO_M2pxb1Q9zNjWeS6o'),
    code: 'ERR_CONFIG',
    cure: /must resolve to the token itself/
  },
  call('the await before the openid forgotten', () => mp.users.info(Promise.resolve('o') as never), /await/),
  call('a picture by its path', () => mp.media.uploadImage('./a.png' as never), /fs\.openAsBlob\(path\)/),
  call(
    'a template message without its user',
    () => mp.templateMessages.send({ template_id: 'T', data: {} } as never),
    /touser/
  ),
  call(
    'values of a template without { value }',
    () => mp.templateMessages.send({ touser: 'o', template_id: 'T', data: { first: 'hi' } } as never),
    /\{ value/
  ),
  call(
    'four buttons in a menu',
    () =>
      mp.menu.create({ button: Array.from({ length: 4 }, () => ({ type: 'click', name: 'a', key: 'k' })) } as never),
    /3/
  ),
  call('a button without its key', () => mp.menu.create({ button: [{ type: 'click', name: 'a' }] } as never), /key/),
  call('no address of the page', () => mp.jssdk.config({ url: '', jsApiList: ['scanQRCode'] }), /location\.href/),
  call(
    'only the path of the page',
    () => mp.jssdk.config({ url: '/page?a=1', jsApiList: ['scanQRCode'] }),
    /location\.href/
  ),
  call(
    'an address of the page that is still encoded',
    () => mp.jssdk.config({ url: 'https%3A%2F%2Fshop.example.com%2F', jsApiList: ['scanQRCode'] }),
    /decode|encoded/
  ),
  call(
    'an address with &amp;',
    () => mp.jssdk.config({ url: 'https://shop.example.com/?a=1&amp;b=2', jsApiList: ['scanQRCode'] }),
    /HTML-escaped/
  ),
  call('no list of interfaces', () => mp.jssdk.config({ url: 'https://shop.example.com/' } as never), /jsApiList/),
  {
    name: 'an empty list of interfaces',
    make: async () =>
      (await world().mp.jssdk.explain({ url: 'https://shop.example.com/', jsApiList: [] })).warnings.join(),
    code: 'text',
    cure: /List the APIs that it calls/
  },
  {
    name: 'an address that was not encoded for the handler',
    make: () => signFor('url=https://shop.example.com/?a=1&b=2'),
    code: 'text',
    cure: /encodeURIComponent\(location\.href\)/
  },
  {
    name: 'the page of another host',
    make: () => signFor('url=https%3A%2F%2Fother.example.com%2F'),
    code: 'text',
    cure: /allowedHosts/
  },
  {
    name: 'the handler without url',
    make: () => signFor(''),
    code: 'text',
    cure: /location\.href of the page, encoded with encodeURIComponent/
  },
  {
    name: 'allowedHosts with scheme',
    make: () => mp.jssdk.handler({ allowedHosts: ['https://shop.example.com'], jsApiList: [] }),
    code: 'ERR_CONFIG',
    cure: /without scheme/
  },
  call(
    'a scope that does not exist',
    () => mp.oauth.authorizeUrl({ redirectUri: 'https://a.example.com/cb', scope: 'userinfo' as never, state: 'S' }),
    /snsapi_base/
  ),
  call(
    'a login without state',
    () => mp.oauth.authorizeUrl({ redirectUri: 'https://a.example.com/cb', scope: 'snsapi_base' } as never),
    /createState|loginHandlers/
  ),
  call(
    'a path as redirectUri',
    () => mp.oauth.authorizeUrl({ redirectUri: '/cb', scope: 'snsapi_base', state: 'S' }),
    /absolute/
  ),
  {
    name: 'the callback opened by hand',
    make: () => loginWith(''),
    code: 'ERR_SIGNATURE_MISSING',
    cure: /starts at the authorize handler/
  },
  {
    name: 'a state of another browser',
    make: () => loginWith('code=C&state=abc'),
    code: 'ERR_SIGNATURE_MISMATCH',
    cure: /authorize|browser/
  },
  {
    name: 'the code of a login used twice',
    make: async () => {
      const { mp: account, user } = world()
      const url = account.oauth.authorizeUrl({
        redirectUri: 'https://a.example.com/cb',
        scope: 'snsapi_base',
        state: 'S'
      })
      const code = new URL(String(user.authorize(url))).searchParams.get('code') ?? ''
      await account.oauth.exchangeCode(code)
      const other = new OfficialAccount({
        ...OPTIONS,
        fetch: stubFetch(() => json({ errcode: 40163, errmsg: 'code been used' }))
      })
      return other.oauth.exchangeCode(code)
    },
    code: 'ERR_WECHAT_API',
    cure: /once|again/
  },
  {
    name: 'the login code of a mini program at the official account',
    make: () => {
      const { mp: account, user } = world()
      return account.oauth.exchangeCode(user.login())
    },
    code: 'ERR_WECHAT_API',
    cure: /appid|mini program|code2Session/i
  }
]

const SESSION = '0123456789abcdef'
const open = (
  name: string,
  code: Mistake['code'],
  change: (data: { sessionKey: string; encryptedData: string; iv: string }) => object,
  cure: RegExp
): Mistake => ({
  name,
  make: async () => {
    const { mini, user } = world()
    const { session_key: sessionKey } = await mini.auth.code2Session(user.login())
    const { encryptedData, iv } = user.encryptedData()
    const data = { sessionKey, encryptedData, iv }
    return mini.decrypt({ ...data, ...change(data) })
  },
  code,
  cure
})

/** Mini programs. */
export const MINI_PROGRAMS: readonly Mistake[] = [
  {
    name: 'a login code used twice',
    make: async () => {
      const { mini, user } = world()
      const code = user.login()
      await mini.auth.code2Session(code)
      return mini.auth.code2Session(code)
    },
    code: 'ERR_WECHAT_API',
    cure: /once|wx\.login/
  },
  {
    name: 'the code of the developer tools with another appid',
    make: () => world().mini.auth.code2Session('the code is a mock one'),
    code: 'ERR_WECHAT_API',
    cure: /appid|wx\.login/i
  },
  {
    name: 'the object of wx.login',
    make: () => world().mini.auth.code2Session({ code: 'C' } as never),
    code: 'ERR_INVALID_PARAM',
    cure: /string|text/
  },
  {
    name: 'the code of wx.login as phone code',
    make: () => {
      const { mini, user } = world()
      return mini.phone.get(user.login())
    },
    code: 'ERR_WECHAT_API',
    cure: /phone|getPhoneNumber/i
  },
  open('the AppSecret as sessionKey', 'ERR_DECRYPT_KEY', () => ({ sessionKey: SESSION }), /session_key|sessionKey/),
  open(
    'spaces in place of +',
    'ERR_DECRYPT_SPACES',
    ({ encryptedData }) => ({ encryptedData: `${encryptedData.slice(0, 8)} ${encryptedData.slice(9)}` }),
    /form|encodeURIComponent|\+/
  ),
  open(
    'the session key of an earlier login',
    'ERR_DECRYPT_PADDING',
    () => ({ sessionKey: Buffer.alloc(16, 7).toString('base64') }),
    /Call wx\.login first/
  ),
  open(
    'data that was cut short',
    'ERR_DECRYPT_MALFORMED',
    ({ encryptedData }) => ({ encryptedData: encryptedData.slice(0, -8) }),
    /truncated/
  ),
  open('data of another mini program', 'ERR_DECRYPT_APPID', ({ sessionKey }) => foreign(sessionKey), /appid|appId/),
  open('iv left out', 'ERR_DECRYPT_MALFORMED', () => ({ iv: undefined }), /iv/),
  {
    name: 'rawData parsed before it is verified',
    make: () => world().mini.verifyRawData({ rawData: {} as never, signature: 's', sessionKey: 'k' }),
    code: 'ERR_SIGNATURE_MISSING',
    cure: /rawData.*non-empty strings/
  },
  {
    name: 'a page with a slash in front',
    make: () => world().mini.wxacode.unlimited({ scene: 'a=1', page: '/pages/index' }),
    code: 'ERR_INVALID_PARAM',
    cure: /without.*slash|slash/
  },
  {
    name: 'a scene that is too long',
    make: () => world().mini.wxacode.unlimited({ scene: 'x'.repeat(33) }),
    code: 'ERR_INVALID_PARAM',
    cure: /32/
  },
  {
    name: 'a scene with Chinese',
    make: () => world().mini.wxacode.unlimited({ scene: '商品=1' }),
    code: 'ERR_INVALID_PARAM',
    cure: /short id/
  },
  {
    name: 'a page that is not published',
    make: () => {
      const { mini, simulator } = world()
      simulator.fail('/wxa/getwxacodeunlimit', { errcode: 41030, times: 1 })
      return mini.wxacode.unlimited({ scene: 'a=1', page: 'pages/nowhere' })
    },
    code: 'ERR_WECHAT_API',
    cure: /check_path|published|released/i
  },
  {
    name: 'a subscribe message without { value }',
    make: () => world().mini.subscribeMessages.send({ touser: 'o', template_id: 'T', data: { thing1: 'x' } } as never),
    code: 'ERR_INVALID_PARAM',
    cure: /value/
  },
  {
    name: 'a subscribe message that is too long',
    make: () =>
      world().mini.subscribeMessages.send({
        touser: 'o',
        template_id: 'T',
        data: { thing1: { value: 'x'.repeat(21) } }
      }),
    code: 'ERR_INVALID_PARAM',
    cure: /20/
  },
  {
    name: 'a user who did not subscribe',
    make: () => {
      const { mini, user, simulator } = world()
      simulator.fail('/cgi-bin/message/subscribe/send', { errcode: 43101, times: 1 })
      return mini.subscribeMessages.send({
        touser: user.openid(simulator.credentials.miniProgram.appId),
        template_id: 'T',
        data: { thing1: { value: 'x' } }
      })
    },
    code: 'ERR_WECHAT_API',
    cure: /requestSubscribeMessage|subscri/i
  }
]

/** The same session key, another appid in the watermark. */
function foreign(sessionKey: string): { encryptedData: string; iv: string } {
  const iv = Buffer.alloc(16)
  const cipher = createCipheriv('aes-128-cbc', Buffer.from(sessionKey, 'base64'), iv)
  const text = JSON.stringify({ openId: 'o', watermark: { appid: 'wxffffffffffffffff', timestamp: 1 } })
  const encryptedData = Buffer.concat([cipher.update(text), cipher.final()]).toString('base64')
  return { encryptedData, iv: iv.toString('base64') }
}
