import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSimulator, type Simulator, type SimulatorServer, signedGatewayMessage } from 'weixin-kit/simulator'
import { freePort } from '../../shared/test/free-port.ts'
import { type RunningApp, start } from '../src/server.ts'

const API = '/boilerplate/wechat/api/v1'
let simulator: Simulator
let server: SimulatorServer
let app: RunningApp

beforeAll(async () => {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  simulator = createSimulator({ deliver: { gateway: `${url}/boilerplate/api/v1/wechat-mp/gateway` } })
  server = await simulator.listen()
  const upstream = {
    optionsFor: (host: string) => ({ baseUrl: server.baseUrl(host) }),
    credentials: simulator.credentials,
    simulator,
    close: async () => undefined
  }
  app = await start({ PORT: String(port), PUBLIC_URL: url, DATA_FOLDER: 'memory://' }, upstream)
})
afterAll(async () => {
  await app.close()
  await server.close()
})

async function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(app.url + path, {
    method,
    redirect: 'manual',
    headers: { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) })
  })
  const text = await response.text()
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: (text.startsWith('{') ? JSON.parse(text) : {}) as Record<string, unknown>
  }
}

describe('mini program', () => {
  const login = async (user: ReturnType<Simulator['user']>) => {
    const { body } = await call('POST', `${API}/wechat-miniapp/user`, { code: user.login() })
    return { authorization: `wechat ${String(body.token)}` }
  }
  const update = (data: { iv: string; encryptedData: string }, headers: Record<string, string>) =>
    call('PUT', `${API}/wechat-miniapp/user`, { iv: data.iv, encrypted_data: data.encryptedData }, headers)

  it('logs in and updates the profile', async () => {
    const user = simulator.user({ nickname: '小红', headimgurl: 'https://thirdwx.qlogo.cn/mmopen/1/132' })
    const headers = await login(user)
    const { body } = await update(user.encryptedData(), headers)
    expect(body).toMatchObject({ error_code: 0, user: { nickname: '小红', gender: 0 } })
    expect(body.user).toHaveProperty('id', expect.any(Number))
    expect(body.user).toHaveProperty('avatar', expect.stringMatching(/^https?:/))
    const again = await login(user)
    const second = await update(user.encryptedData(), again)
    expect(second.body.user).toEqual(body.user)
  })

  it('never sends session_key to the client', async () => {
    const { text } = await call('POST', `${API}/wechat-miniapp/user`, { code: simulator.user().login() })
    expect(Object.keys(JSON.parse(text) as object)).toEqual(['error_code', 'token'])
  })

  it('refuses a used code, a made-up code and wrong bodies', async () => {
    const code = simulator.user().login()
    await call('POST', `${API}/wechat-miniapp/user`, { code })
    expect((await call('POST', `${API}/wechat-miniapp/user`, { code })).body).toEqual({ error_code: 2001 })
    expect((await call('POST', `${API}/wechat-miniapp/user`, { code: 'x'.repeat(32) })).body).toEqual({
      error_code: 2001
    })
    for (const body of ['{', '[]', '7', {}, { code: 7 }, { code: '' }, { code: 'x'.repeat(20_000) }]) {
      expect((await call('POST', `${API}/wechat-miniapp/user`, body)).body).toEqual({ error_code: 1001 })
    }
    const flood = await call('POST', `${API}/wechat-miniapp/user`, { code: 'x'.repeat(1_000_000) })
    expect(flood.status).toBe(413)
  })

  it('refuses missing, foreign and made-up tokens, and data of another session', async () => {
    const [a, b] = [simulator.user(), simulator.user()]
    const headers = await login(a)
    await login(b)
    expect((await update(a.encryptedData(), {})).body).toEqual({ error_code: 1002 })
    expect(
      (await update(a.encryptedData(), { authorization: `Bearer ${headers.authorization.slice(7)}` })).body
    ).toEqual({ error_code: 1002 })
    expect((await update(a.encryptedData(), { authorization: `wechat ${'A'.repeat(43)}` })).body).toEqual({
      error_code: 1002
    })
    expect((await update(b.encryptedData(), headers)).body).toEqual({ error_code: 2002 })
    const spaced = a.encryptedData()
    expect((await update({ ...spaced, encryptedData: ` ${spaced.encryptedData.slice(1)}` }, headers)).body).toEqual({
      error_code: 2002
    })
  })

  it('says 2003 when WeChat cannot be asked', async () => {
    simulator.fail('/sns/jscode2session', { status: 502, times: 1 })
    expect((await call('POST', `${API}/wechat-miniapp/user`, { code: simulator.user().login() })).body).toEqual({
      error_code: 2003
    })
  })
})

describe('web pages', () => {
  it('goes to WeChat and comes back logged in', async () => {
    const first = await call('GET', `${API}/wechat-mp/authorize`)
    expect(first.status).toBe(302)
    const location = first.headers.get('location') ?? ''
    expect(location).toMatch(
      /\/connect\/oauth2\/authorize\?appid=.+&redirect_uri=.+&response_type=code&scope=.+&state=.+#wechat_redirect$/
    )
    const back = simulator.user({ nickname: '<b>小刚</b>' }).authorize(location)
    const cookie = first.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ')
    const second = await call('GET', back.pathname + back.search, undefined, { cookie })
    expect(second.headers.get('location')).toBe('/boilerplate/wechat/mp/index')
    const session = second.headers.getSetCookie().find((line) => line.startsWith('boilerplate_')) ?? ''
    const page = await call('GET', '/boilerplate/wechat/mp/index', undefined, { cookie: session.split(';')[0] ?? '' })
    expect(page.text).toContain('&#60;b&#62;小刚')
    expect(page.text).not.toContain('<b>小刚')
    expect((await call('GET', '/boilerplate/wechat/mp/index')).text).toContain('微信登录')
  })

  it('refuses a callback without its cookie and never leaves the site', async () => {
    const first = await call('GET', `${API}/wechat-mp/authorize?next=${encodeURIComponent('//evil.example')}`)
    expect(first.status).toBe(400)
    const good = await call('GET', `${API}/wechat-mp/authorize`)
    const back = simulator.user().authorize(good.headers.get('location') ?? '')
    expect((await call('GET', back.pathname + back.search)).status).toBe(400)
  })

  it('answers unknown paths with 1003', async () => {
    expect((await call('GET', '/nowhere')).body).toEqual({ error_code: 1003 })
  })
})

describe('gateway', () => {
  it('answers the check of the console', async () => {
    const delivery = await simulator.wechat.verifyServer()
    expect(delivery.state).toBe('delivered')
    const path = '/boilerplate/api/v1/wechat-mp/gateway?signature=0&timestamp=1&nonce=2&echostr=hello'
    const forged = await call('GET', path)
    expect(forged.status).toBeGreaterThanOrEqual(400)
    expect(forged.text).not.toContain('hello')
  })

  it('stores follows and unfollows, welcomes, and answers texts', async () => {
    const user = simulator.user()
    const followed = await user.follow()
    expect(JSON.stringify(followed)).toContain('欢迎关注')
    const answered = await user.send('你好')
    expect(JSON.stringify(answered)).toContain('你说：你好')
    expect(JSON.stringify(await user.send('帮助'))).toContain('原样回复')
    expect((await user.unfollow()).delivery.state).toBe('delivered')
  })

  it('refuses forged, replayed-late and plaintext messages', async () => {
    const { gateway } = simulator.credentials
    const url = `${app.url}/boilerplate/api/v1/wechat-mp/gateway`
    const message = { ToUserName: 'gh_1', FromUserName: 'o1', MsgType: 'text', Content: 'x' }
    const forged = await fetch(signedGatewayMessage({ ...gateway, token: 'another token', url, message }))
    expect(forged.status).toBeGreaterThanOrEqual(400)
    const plain = await fetch(url, { method: 'POST', body: '<xml><ToUserName>a</ToUserName></xml>' })
    expect(plain.status).toBeGreaterThanOrEqual(400)
    expect(await plain.text()).toBe('')
  })
})
