import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Simulator, signedGatewayMessage } from 'weixin-kit/simulator'
import { call, cookiesOf, logIn } from '../../shared/test/client.ts'
import { type Harness, startHarness } from './harness.ts'

const USER = '/boilerplate/wechat/api/v1/wechat-miniapp/user'
const AUTHORIZE = '/boilerplate/wechat/api/v1/wechat-mp/authorize'
const INDEX = '/boilerplate/wechat/mp/index'
const GATEWAY = '/boilerplate/api/v1/wechat-mp/gateway'

let harness: Harness
let simulator: Simulator
beforeAll(async () => {
  harness = await startHarness()
  simulator = harness.simulator
})
afterAll(() => harness.close())

const login = async (user: ReturnType<Simulator['user']>) => {
  const { body } = await harness.call('POST', USER, { body: { code: user.login() } })
  return { authorization: `wechat ${String(body.token)}` }
}
const update = (data: { iv: string; encryptedData: string }, headers: Record<string, string>) =>
  harness.call('PUT', USER, { headers, body: { iv: data.iv, encrypted_data: data.encryptedData } })

describe('mini program', () => {
  it('logs in and updates the profile', async () => {
    const user = simulator.user({ nickname: '小红', headimgurl: 'https://thirdwx.qlogo.cn/mmopen/1/132' })
    const headers = await login(user)
    const { body } = await update(user.encryptedData(), headers)
    expect(body).toEqual({
      error_code: 0,
      user: { id: expect.any(Number), nickname: '小红', avatar: expect.stringMatching(/^https?:/), gender: 0 }
    })
    const again = await login(user)
    const second = await update(user.encryptedData(), again)
    expect(second.body.user).toEqual(body.user)
  })

  it('takes a name that PostgreSQL cannot keep as it is', async () => {
    const user = simulator.user({ nickname: '小\u0000明🍵' })
    const headers = await login(user)
    const { body } = await update(user.encryptedData(), headers)
    expect(body).toMatchObject({ error_code: 0, user: { nickname: '小明🍵' } })
  })

  it('never sends session_key to the client', async () => {
    const { body } = await harness.call('POST', USER, { body: { code: simulator.user().login() } })
    expect(Object.keys(body)).toEqual(['error_code', 'token'])
  })

  it('refuses a used code and a made-up code with 2001', async () => {
    const code = simulator.user().login()
    await harness.call('POST', USER, { body: { code } })
    for (const wrong of [code, 'x'.repeat(32)]) {
      const answer = await harness.call('POST', USER, { body: { code: wrong } })
      expect(answer.status).toBe(400)
      expect(answer.body).toEqual({ error_code: 2001 })
    }
  })

  it('refuses data of another session, or with a forged letter, with 2002', async () => {
    const [a, b] = [simulator.user(), simulator.user()]
    const headers = await login(a)
    await login(b)
    const foreign = await update(b.encryptedData(), headers)
    expect(foreign.body).toEqual({ error_code: 2002 })
    const own = a.encryptedData()
    const forged = await update({ ...own, encryptedData: ` ${own.encryptedData.slice(1)}` }, headers)
    expect(forged.body).toEqual({ error_code: 2002 })
  })

  it('says 2003 when WeChat cannot be asked', async () => {
    simulator.fail('/sns/jscode2session', { status: 502, times: 1 })
    const answer = await harness.call('POST', USER, { body: { code: simulator.user().login() } })
    expect(answer.status).toBe(502)
    expect(answer.body).toEqual({ error_code: 2003 })
  })
})

describe('web pages', () => {
  it('go to WeChat and come back logged in', async () => {
    const first = await harness.call('GET', AUTHORIZE)
    expect(first.status).toBe(302)
    const location = first.headers.get('location') ?? ''
    expect(location).toMatch(
      /\/connect\/oauth2\/authorize\?appid=.+&redirect_uri=.+&response_type=code&scope=.+&state=.+#wechat_redirect$/
    )
    const back = simulator.user({ nickname: '<b>小刚</b>' }).authorize(location)
    const second = await harness.call('GET', back.pathname + back.search, { headers: { cookie: cookiesOf(first) } })
    expect(second.headers.get('location')).toBe(INDEX)
    const page = await harness.call('GET', INDEX, { headers: { cookie: cookiesOf(second) } })
    expect(page.text).toContain('&#60;b&#62;小刚')
    expect(page.text).not.toContain('<b>小刚')
    expect((await harness.call('GET', INDEX)).text).toContain('微信登录')
  })

  it('return to the page from where the login was asked for', async () => {
    const landed = await logIn(
      harness.url,
      `${AUTHORIZE}?next=${encodeURIComponent('/orders?page=2')}`,
      simulator.user()
    )
    expect(landed.headers.get('location')).toBe('/orders?page=2')
  })

  it('say what happened when the person declines, another browser comes back, or WeChat fails', async () => {
    const start = async () => {
      const first = await harness.call('GET', AUTHORIZE)
      return { cookie: cookiesOf(first), location: first.headers.get('location') ?? '' }
    }
    const declined = await start()
    const refusal = simulator.user().authorize(declined.location, { accept: false })
    const denied = await harness.call('GET', refusal.pathname + refusal.search, {
      headers: { cookie: declined.cookie }
    })
    expect([denied.status, denied.text]).toEqual([403, expect.stringContaining('你没有同意授权')])

    const { location } = await start()
    const back = simulator.user().authorize(location)
    const stranger = await harness.call('GET', back.pathname + back.search)
    expect([stranger.status, stranger.text]).toEqual([400, expect.stringContaining('登录已经失效')])

    const unlucky = await start()
    const third = simulator.user().authorize(unlucky.location)
    simulator.fail('/sns/oauth2/access_token', { errcode: -1, times: 1 })
    const failed = await harness.call('GET', third.pathname + third.search, { headers: { cookie: unlucky.cookie } })
    expect([failed.status, failed.text]).toEqual([502, expect.stringContaining('微信没有完成登录')])
    for (const answer of [denied, stranger, failed]) expect(answer.headers.getSetCookie()).toEqual([])
  })
})

describe('gateway', () => {
  it('answers the check of the console, on both paths of the document', async () => {
    expect((await simulator.wechat.verifyServer()).state).toBe('delivered')
    for (const path of [GATEWAY, GATEWAY.replace('/api/', '/wechat/api/')]) {
      const forged = await harness.call('GET', `${path}?signature=0&timestamp=1&nonce=2&echostr=hello`)
      expect(forged.status).toBe(401)
      expect(forged.text).not.toContain('hello')
    }
  })

  it('stores follows and unfollows, welcomes, and answers texts', async () => {
    const user = simulator.user()
    expect((await user.follow()).reply?.Content).toContain('欢迎关注')
    expect((await user.send('你好')).reply?.Content).toBe('你说：你好')
    expect((await user.send('帮助')).reply?.Content).toContain('原样回复')
    expect((await user.unfollow()).delivery.state).toBe('delivered')
  })

  it('refuses forged and plaintext messages', async () => {
    const { gateway } = simulator.credentials
    const url = harness.url + GATEWAY
    const message = { ToUserName: 'gh_1', FromUserName: 'o1', MsgType: 'text', Content: 'x' }
    const forged = await fetch(signedGatewayMessage({ ...gateway, token: 'another token', url, message }))
    expect(forged.status).toBe(401)
    const plain = await fetch(url, { method: 'POST', body: '<xml><ToUserName>a</ToUserName></xml>' })
    expect(plain.status).toBe(401)
    expect(await plain.text()).toBe('')
  })
})

describe('the site', () => {
  it('leads from / to its page, and a login to the host on which it can end', async () => {
    const root = await harness.call('GET', '/')
    expect([root.status, root.headers.get('location')]).toEqual([302, INDEX])
    const local = await call(harness.url.replace('127.0.0.1', 'localhost'), 'GET', `${AUTHORIZE}?next=%2Fa`)
    expect([local.status, local.headers.get('location')]).toEqual([302, `${harness.url}${AUTHORIZE}?next=%2Fa`])
    const other = await fetch(`${harness.url}${AUTHORIZE}`, { redirect: 'manual' })
    expect(other.headers.get('location')).toContain('/connect/oauth2/authorize')
  })

  it('lets no cache keep a response', async () => {
    const answers = [
      await harness.call('POST', USER, { body: { code: simulator.user().login() } }),
      await harness.call('GET', '/nothing'),
      await harness.call('GET', INDEX),
      await harness.call('PUT', USER, { body: { iv: 'a', encrypted_data: 'b' } })
    ]
    for (const { headers } of answers) expect(headers.get('cache-control')).toBe('no-store')
  })
})
