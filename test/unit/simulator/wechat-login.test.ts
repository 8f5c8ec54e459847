import { createDecipheriv, createHash, createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { setUp } from './wechat-client.ts'

const authorizeUrl = (appid: string, scope: string, redirect = 'https://app.example.com/back?a=1', state = 'abc123') =>
  `https://open.weixin.qq.com/connect/oauth2/authorize?appid=${appid}&redirect_uri=${encodeURIComponent(redirect)}&response_type=code&scope=${scope}&state=${state}#wechat_redirect`

describe('web login', () => {
  const exchange = async (mp: ReturnType<typeof setUp>['mp'], code: string, more: Record<string, string> = {}) =>
    (await (
      await mp.fetch('/sns/oauth2/access_token', {
        appid: mp.appId,
        secret: mp.appSecret,
        code,
        grant_type: 'authorization_code',
        ...more
      })
    ).json()) as Record<string, unknown>

  it('gives a code that works once and for five minutes', async () => {
    const { simulator, mp, mini } = setUp()
    const user = simulator.user('ming')
    const back = user.authorize(authorizeUrl(mp.appId, 'snsapi_userinfo'))
    expect(back.origin + back.pathname).toBe('https://app.example.com/back')
    expect(back.searchParams.get('a')).toBe('1')
    expect(back.searchParams.get('state')).toBe('abc123')
    const code = back.searchParams.get('code') ?? ''
    const tokens = await exchange(mp, code)
    expect(tokens).toMatchObject({
      expires_in: 7200,
      openid: user.openid(),
      scope: 'snsapi_userinfo',
      unionid: user.unionid()
    })
    expect(user.openid('miniProgram')).not.toBe(user.openid())
    expect(user.unionid('miniProgram')).toBe(user.unionid())
    expect(await exchange(mp, code)).toMatchObject({ errcode: 40163 })
    expect(await exchange(mp, 'nonsense')).toMatchObject({ errcode: 40029 })
    expect(await exchange(mp, '')).toMatchObject({ errcode: 41008 })
    expect(await exchange(mini, code)).toMatchObject({ errcode: 40029 })
    const late = user.authorize(authorizeUrl(mp.appId, 'snsapi_base')).searchParams.get('code') ?? ''
    await simulator.clock.advance(300_000)
    expect(await exchange(mp, late)).toMatchObject({ errcode: 42003 })
  })

  it('keeps scopes and lives apart', async () => {
    const { simulator, mp } = setUp()
    const user = simulator.user({ nickname: '阿珍' })
    const login = async (scope: string, snapshot = false) =>
      exchange(mp, user.authorize(authorizeUrl(mp.appId, scope), { snapshot }).searchParams.get('code') ?? '')
    const profile = async (tokens: Record<string, unknown>, openid = tokens.openid) =>
      (await (
        await mp.fetch('/sns/userinfo', { access_token: String(tokens.access_token), openid: String(openid) })
      ).json()) as Record<string, unknown>
    const full = await login('snsapi_userinfo')
    expect(await profile(full)).toMatchObject({ nickname: '阿珍', sex: 0, province: '', openid: user.openid() })
    expect(await profile(full, simulator.user().openid())).toMatchObject({ errcode: 40003 })
    expect(await profile(await login('snsapi_base'))).toMatchObject({ errcode: 48001 })
    const visitor = await login('snsapi_userinfo', true)
    expect(visitor).toMatchObject({ is_snapshotuser: 1 })
    expect(visitor.openid).not.toBe(user.openid())
    expect(visitor.unionid).toBeUndefined()
    const global = String((await mp.stableToken()).access_token)
    expect(await profile({ access_token: global, openid: user.openid() })).toMatchObject({ errcode: 40001 })
    await simulator.clock.advance(7_200_000)
    expect(await profile(full)).toMatchObject({ errcode: 42001 })
    const refresh = async () =>
      (await (
        await mp.fetch('/sns/oauth2/refresh_token', {
          appid: mp.appId,
          grant_type: 'refresh_token',
          refresh_token: String(full.refresh_token)
        })
      ).json()) as Record<string, unknown>
    const fresh = await refresh()
    expect(
      await (await mp.fetch('/sns/auth', { access_token: String(fresh.access_token), openid: user.openid() })).json()
    ).toMatchObject({ errcode: 0 })
    await simulator.clock.advance(30 * 86_400_000)
    expect(await refresh()).toMatchObject({ errcode: 42002 })
  })

  it('shows a consent page that a browser can click, and error pages', async () => {
    const { simulator, mp } = setUp({ accounts: { wechat: [{ oauthDomains: ['app.example.com'] }] } })
    simulator.user({ id: 'x', nickname: '<b>Eve</b>' })
    const url = authorizeUrl(mp.appId, 'snsapi_userinfo')
    const page = await simulator.fetch(url)
    const html = await page.text()
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(html).toContain('&lt;b&gt;Eve')
    expect(html).not.toMatch(/<b>Eve|src="http|href="http|<script/)
    const body = new URLSearchParams({ simulator_user: 'x', simulator_decision: 'allow' })
    const answer = await simulator.fetch(url, { method: 'POST', body })
    expect(answer.status).toBe(302)
    expect(answer.headers.get('location')).toMatch(/^https:\/\/app\.example\.com\/back\?a=1&code=\w{32}&state=abc123$/)
    const refused = await simulator.fetch(url, {
      method: 'POST',
      body: new URLSearchParams({ simulator_decision: 'refuse' })
    })
    expect(refused.headers.get('location')).not.toContain('code=')
    for (const [bad, code] of [
      [authorizeUrl('wx1', 'snsapi_base'), '10013'],
      [authorizeUrl(mp.appId, 'snsapi_login'), '10005'],
      [authorizeUrl(mp.appId, 'snsapi_base', 'https://www.app.example.com/'), '10003'],
      [authorizeUrl(mp.appId, 'snsapi_base', 'javascript:alert(1)'), '10003'],
      [authorizeUrl(mp.appId, 'snsapi_base', 'https://app.example.com/', 'a-b'), '10010']
    ] as const) {
      expect(await (await simulator.fetch(bad)).text()).toContain(`<code>${code}</code>`)
    }
  })

  it('sends a silent visitor back at once', async () => {
    const { simulator, mp } = setUp()
    const answer = await simulator.fetch(authorizeUrl(mp.appId, 'snsapi_base'))
    expect(answer.status).toBe(302)
    expect(answer.headers.get('location')).toContain('code=')
  })

  it('logs a website in by QR code', async () => {
    const { simulator } = setUp()
    const { appId, appSecret } = simulator.credentials.website
    const url = authorizeUrl(appId, 'snsapi_login').replace('/oauth2/authorize', '/qrconnect')
    const code = simulator.user('ming').authorize(url).searchParams.get('code')
    const answer = await simulator.fetch(
      `https://api.weixin.qq.com/sns/oauth2/access_token?appid=${appId}&secret=${appSecret}&code=${code}&grant_type=authorization_code`
    )
    expect(await answer.json()).toMatchObject({ scope: 'snsapi_login', unionid: simulator.user('ming').unionid() })
  })
})

describe('mini program login', () => {
  const session = async (mini: ReturnType<typeof setUp>['mini'], js_code: string) =>
    (await (
      await mini.fetch('/sns/jscode2session', {
        appid: mini.appId,
        secret: mini.appSecret,
        js_code,
        grant_type: 'authorization_code'
      })
    ).json()) as Record<string, unknown>

  it('gives a session whose open data really decrypts', async () => {
    const { simulator, mini, mp } = setUp()
    const user = simulator.user({ id: 'ming', nickname: '小明' })
    const code = user.login()
    const { session_key, openid, unionid } = await session(mini, code)
    expect([openid, unionid]).toEqual([user.openid('miniProgram'), user.unionid()])
    expect(await session(mini, code)).toMatchObject({ errcode: 40163 })
    expect(await session(mp, user.login())).toMatchObject({ errcode: 40013 })
    const again = String((await session(mini, user.login())).session_key)
    expect(again).not.toBe(session_key)
    const { encryptedData, iv, rawData, signature } = user.encryptedData()
    const decrypt = (key: string) => {
      const decipher = createDecipheriv('aes-128-cbc', Buffer.from(key, 'base64'), Buffer.from(iv, 'base64'))
      return JSON.parse(
        Buffer.concat([decipher.update(encryptedData, 'base64'), decipher.final()]).toString()
      ) as Record<string, unknown>
    }
    expect(decrypt(again)).toMatchObject({ nickName: '小明', openId: openid, watermark: { appid: mini.appId } })
    expect(() => decrypt(String(session_key))).toThrow()
    expect(
      createHash('sha1')
        .update(rawData + again)
        .digest('hex')
    ).toBe(signature)
    const hash = createHash('sha256').update(encryptedData).digest('hex')
    expect(await mini.post('/wxa/business/checkencryptedmsg', { encrypted_msg_hash: hash })).toMatchObject({
      vaild: true
    })
  })

  it('checks and replaces the session key', async () => {
    const { simulator, mini } = setUp()
    const user = simulator.user()
    const { session_key, openid } = await session(mini, user.login())
    const signed = (key: unknown) => ({
      openid: String(openid),
      sig_method: 'hmac_sha256',
      signature: createHmac('sha256', String(key)).update('').digest('hex')
    })
    expect((await mini.get('/wxa/checksession', signed(session_key))).errcode).toBe(0)
    const reset = await mini.get('/wxa/resetusersessionkey', signed(session_key))
    expect(reset.openid).toBe(openid)
    expect((await mini.get('/wxa/checksession', signed(session_key))).errcode).toBe(87009)
    expect((await mini.get('/wxa/checksession', signed(reset.session_key))).errcode).toBe(0)
  })

  it('gives phone numbers once, and limits logins per minute', async () => {
    const { simulator, mini } = setUp()
    const user = simulator.user({ phone: '13800138000' })
    const code = user.phoneCode()
    const answer = await mini.post('/wxa/business/getuserphonenumber', { code })
    expect(answer.phone_info).toMatchObject({
      phoneNumber: '13800138000',
      countryCode: '86',
      watermark: { appid: mini.appId }
    })
    expect((await mini.post('/wxa/business/getuserphonenumber', { code })).errcode).toBe(40029)
    expect((await mini.post('/wxa/business/getuserphonenumber', { code: user.phoneCode(), openid: 'o' })).errcode).toBe(
      40003
    )
    for (let i = 0; i < 100; i++) await session(mini, user.login())
    expect(await session(mini, user.login())).toMatchObject({ errcode: 45011 })
    simulator.wechat.setRiskRank(user.openid('miniProgram'), 4)
    await simulator.clock.advance(60_000)
    expect(await session(mini, user.login())).toMatchObject({ errcode: 40226 })
  })
})
