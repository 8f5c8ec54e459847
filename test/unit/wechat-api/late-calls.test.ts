import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { gate, settledTurns } from '../../support/gate.ts'
import { json, stubFetch } from '../../support/stub-fetch.ts'

const MP_PART = '../../../src/mp/calls.ts'
const MINI_PART = '../../../src/miniapp/calls.ts'
const ACCOUNT = { appId: 'wx0123456789abcdef', appSecret: '0123456789abcdef0123456789abcdef' }
const TICKET = 'sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg'

const upstream = () =>
  stubFetch(({ url }) =>
    url.pathname.includes('token')
      ? json({ access_token: 'TOKEN', expires_in: 7200 })
      : url.pathname.includes('ticket')
        ? json({ errcode: 0, ticket: TICKET, expires_in: 7200 })
        : url.pathname.includes('qrcode')
          ? json({ ticket: 'T', url: 'http://weixin.qq.com/q/x' })
          : json({ openid: 'OPENID', session_key: 'HyVFkGl5F5OQWJZZaNzBBg==', access_token: 'WEB', subscribe: 1 })
  )

let mpPart: ReturnType<typeof gate>
let miniPart: ReturnType<typeof gate>
let kit: typeof import('../../../src/mp/index.ts') & typeof import('../../../src/miniapp/index.ts')

beforeEach(async () => {
  vi.resetModules()
  mpPart = gate()
  miniPart = gate()
  vi.doMock(MP_PART, mpPart.load)
  vi.doMock(MINI_PART, miniPart.load)
  kit = { ...(await import('../../../src/mp/index.ts')), ...(await import('../../../src/miniapp/index.ts')) }
})
afterEach(() => {
  vi.doUnmock(MP_PART)
  vi.doUnmock(MINI_PART)
})

describe('an account while its calls are loaded', () => {
  it('does at once what needs no call', () => {
    const mp = new kit.OfficialAccount({ ...ACCOUNT, fetch: upstream() })
    const { state, cookie } = mp.oauth.createState({ returnTo: '/orders' })
    expect(cookie.header).toContain(cookie.name)
    const page = mp.oauth.authorizeUrl({ redirectUri: 'https://example.com/back', scope: 'snsapi_base', state })
    expect(page.searchParams.get('appid')).toBe(ACCOUNT.appId)
    expect(mp.qrCode.imageUrl('T 1').href).toBe('https://mp.weixin.qq.com/cgi-bin/showqrcode?ticket=T+1')
    const signed = {
      ticket: TICKET,
      url: 'http://mp.weixin.qq.com?params=value',
      nonceStr: 'Wm3WZYTPz0wzccnW',
      timestamp: 1414587457
    }
    expect(mp.jssdk.sign(signed)).toBe('0f9de62fce790f9a083d5c99e95740ceb90c27ed')
    expect(() => mp.jssdk.handler({ allowedHosts: [], jsApiList: [] })).toThrow(/allowedHosts/)
    expect(() => mp.oauth.loginHandlers({} as never)).toThrow(/redirectUri/)
    expect(() => new kit.OfficialAccount({ ...ACCOUNT, appSecret: '' })).toThrow(/appSecret/)
    expect(() => new kit.MiniProgram({ ...ACCOUNT, sessionTtlSeconds: 1 })).toThrow(/sessionTtlSeconds/)
    const mini = new kit.MiniProgram(ACCOUNT)
    expect(() => mini.decrypt({ sessionKey: '', encryptedData: '', iv: '' })).toThrow(/sessionKey/)
  })

  it('makes its calls as soon as they are there, with what was given', async () => {
    const fetch = upstream()
    const mp = new kit.OfficialAccount({ ...ACCOUNT, fetch })
    const mini = new kit.MiniProgram({ ...ACCOUNT, fetch })
    const code = { scene_str: 'order-1' }
    const calls = Promise.all([
      mp.users.info('OPENID'),
      mp.qrCode.createTemporary(code),
      mp.jssdk.config({ url: 'https://m.example.com/', jsApiList: [] }),
      mp.accessToken.get(),
      mini.session.start('CODE')
    ])
    code.scene_str = 'order-2'
    await settledTurns()
    expect(fetch.seen).toHaveLength(0)
    mpPart.open()
    miniPart.open()
    const [user, ticket, config, token, session] = await calls
    expect([user.openid, ticket.ticket, config.appId, token, session.openid]).toEqual([
      'OPENID',
      'T',
      ACCOUNT.appId,
      'TOKEN',
      'OPENID'
    ])
    const sent = fetch.seen.find(({ url }) => url.pathname === '/cgi-bin/qrcode/create')
    expect(JSON.parse(sent?.body ?? '{}').action_info.scene.scene_str).toBe('order-1')
    // One token for all of the Official Account.
    expect(fetch.seen.filter(({ url }) => url.pathname === '/cgi-bin/stable_token')).toHaveLength(1)
  })

  it('answers requests of its handlers that come early', async () => {
    const mp = new kit.OfficialAccount({ ...ACCOUNT, fetch: upstream() })
    const { authorize } = mp.oauth.loginHandlers({
      redirectUri: 'https://example.com/back',
      scope: 'snsapi_base',
      onLogin: () => undefined
    })
    const handler = mp.jssdk.handler({ allowedHosts: ['m.example.com'], jsApiList: [] })
    const early = Promise.all([
      authorize(new Request('https://example.com/login')),
      handler(new Request('https://example.com/sign?url=https%3A%2F%2Fm.example.com%2F'))
    ])
    mpPart.open()
    const [page, signature] = await early
    expect(page.headers.get('location')).toContain('open.weixin.qq.com/connect/oauth2/authorize')
    expect(page.headers.get('set-cookie')).toContain('__Host-')
    expect(await signature.json()).toMatchObject({ appId: ACCOUNT.appId })
  })

  it('ends the wait at an abort, and says what is missing', async () => {
    const fetch = upstream()
    const mp = new kit.OfficialAccount({ ...ACCOUNT, fetch })
    const abort = new AbortController()
    const aborted = mp.users.info('OPENID', { signal: abort.signal })
    const tokenless = mp.accessToken.get(abort.signal)
    const failing = mp.menu.get()
    abort.abort(new Error('closed'))
    await expect(aborted).rejects.toThrow('closed')
    await expect(tokenless).rejects.toThrow('closed')
    mpPart.failOnce()
    mpPart.open()
    await expect(failing).rejects.toMatchObject({ code: 'ERR_MISSING_DEPENDENCY' })
    expect(fetch.seen).toHaveLength(0)
    expect(await mp.users.info('OPENID')).toMatchObject({ openid: 'OPENID' })
  })

  it('holds a stream that is to be uploaded: what breaks meanwhile fails the upload, and nothing else', async () => {
    const mp = new kit.OfficialAccount({ ...ACCOUNT, fetch: upstream() })
    const mini = new kit.MiniProgram({ ...ACCOUNT, fetch: upstream() })
    const missing = () => ({ data: createReadStream('/nonexistent/picture.jpg'), fileName: 'a.jpg' })
    const uploads = [
      mp.media.upload({ type: 'image', ...missing() }),
      mp.materials.add({ type: 'image', ...missing() }),
      mini.media.upload({ type: 'image', ...missing() })
    ].map((upload) => expect(upload).rejects.toMatchObject({ code: 'ENOENT' }))
    await new Promise((resolve) => setTimeout(resolve, 50))
    mpPart.open()
    miniPart.open()
    await Promise.all(uploads)
  })

  it('ends a stream whose upload was given up meanwhile, and takes one of any kind', async () => {
    const fetch = stubFetch(({ url }) =>
      url.pathname.includes('token')
        ? json({ access_token: 'TOKEN', expires_in: 7200 })
        : json({ type: 'image', media_id: 'M', created_at: 1 })
    )
    const mp = new kit.OfficialAccount({ ...ACCOUNT, fetch })
    const data = Readable.from([Buffer.from('GIF89a')])
    const abort = new AbortController()
    const aborted = mp.media.upload({ type: 'image', data, fileName: 'a.gif' }, { signal: abort.signal })
    const pieces = {
      async *[Symbol.asyncIterator]() {
        yield Buffer.from('GIF89a')
      }
    }
    const sent = mp.media.upload({ type: 'image', data: pieces, fileName: 'a.gif' })
    abort.abort(new Error('closed'))
    await expect(aborted).rejects.toThrow('closed')
    await settledTurns()
    expect(data.destroyed).toBe(true)
    mpPart.open()
    expect(await sent).toMatchObject({ media_id: 'M' })
  })
})
