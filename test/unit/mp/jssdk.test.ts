import { createHash } from 'node:crypto'
import { describe, expect, it, vi } from 'vitest'
import { memoryStore } from 'weixin-kit'
import { type JsSdkHandlerOptions, OfficialAccount } from 'weixin-kit/mp'
import { json, stubFetch } from '../../support/stub-fetch.ts'

const APP_ID = 'wx0123456789abcdef'
const TICKET = 'sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3'
const sha1 = (text: string) => createHash('sha1').update(text).digest('hex')
const code = (expected: string) => expect.objectContaining({ code: expected })

function setup() {
  const clock = { now: 1_700_000_000_123 }
  const fetch = stubFetch(({ url }) => {
    if (url.pathname === '/cgi-bin/stable_token') return json({ access_token: 'TOKEN', expires_in: 7200 })
    const ticket = `${TICKET}-${url.searchParams.get('type')}`
    return json({ errcode: 0, errmsg: 'ok', ticket, expires_in: 7200 })
  })
  const options = { appId: APP_ID, appSecret: 'not-a-real-secret', clock: () => clock.now, nonce: () => 'NONCE' }
  const store = memoryStore({ clock: () => clock.now })
  return { clock, fetch, store, mp: new OfficialAccount({ ...options, store, fetch }), options }
}

describe('config', () => {
  it('signs the address without its fragment, with one ticket for all calls', async () => {
    const { mp, fetch } = setup()
    const url = 'https://m.example.com/shop?id=42&x=%E4%B8%AD#/detail'
    const params = { url, jsApiList: ['chooseImage'], openTagList: ['wx-open-launch-weapp'], debug: true }
    const configs = await Promise.all(Array.from({ length: 100 }, () => mp.jssdk.config(params)))
    const text = `jsapi_ticket=${TICKET}-jsapi&noncestr=NONCE&timestamp=1700000000&url=https://m.example.com/shop?id=42&x=%E4%B8%AD`
    expect(configs[0]).toEqual({
      debug: true,
      appId: APP_ID,
      timestamp: 1_700_000_000,
      nonceStr: 'NONCE',
      signature: sha1(text),
      jsApiList: ['chooseImage'],
      openTagList: ['wx-open-launch-weapp']
    })
    expect(fetch.seen.map(({ url }) => url.pathname)).toEqual(['/cgi-bin/stable_token', '/cgi-bin/ticket/getticket'])
  })

  it('shares the ticket through the store and renews it in time', async () => {
    const { mp, fetch, store, clock, options } = setup()
    await mp.jssdk.ticket()
    await new OfficialAccount({ ...options, store, fetch }).jssdk.ticket()
    expect(fetch.seen).toHaveLength(2)
    clock.now += 7200_000
    await mp.jssdk.ticket()
    expect(fetch.seen.filter(({ url }) => url.pathname.endsWith('getticket'))).toHaveLength(2)
  })

  it('copies the lists', async () => {
    const { mp } = setup()
    const jsApiList = ['chooseImage']
    const config = await mp.jssdk.config({ url: 'https://m.example.com/', jsApiList })
    config.jsApiList.push('scanQRCode')
    expect(jsApiList).toEqual(['chooseImage'])
  })

  it.each([{ url: '/page' }, { url: 'file:///etc' }, { url: undefined }, { jsApiList: 'chooseImage' }])(
    'refuses %j',
    async (change) => {
      const { mp, fetch } = setup()
      const params = { url: 'https://m.example.com/', jsApiList: [], ...change }
      await expect(mp.jssdk.config(params as never)).rejects.toThrow(code('ERR_INVALID_PARAM'))
      expect(fetch.seen).toHaveLength(0)
    }
  )
})

describe('explain', () => {
  it('shows what was signed with the ticket masked', async () => {
    const { mp } = setup()
    const explained = await mp.jssdk.explain({ url: 'https://m.example.com/a?b=1#c', jsApiList: ['scanQRCode'] })
    expect(explained.signedUrl).toBe('https://m.example.com/a?b=1')
    expect(explained.signedText).toMatch(
      /^jsapi_ticket=\[redacted, \d+ characters\]&noncestr=NONCE&timestamp=1700000000&url=https:\/\/m\.example\.com\/a\?b=1$/
    )
    expect(JSON.stringify(explained)).not.toContain(TICKET)
    expect(explained.warnings).toEqual([])
  })

  it.each([
    ['http://m.example.com/', /http: a proxy/],
    ['https://localhost/', /host is local/],
    ['https://m.example.com/中', /differently/],
    ['https://m.example.com/?a=%253D', /encoded twice/]
  ])('warns about %s', async (url, warning) => {
    const { mp } = setup()
    const { warnings } = await mp.jssdk.explain({ url, jsApiList: [] })
    expect(warnings.join()).toMatch(warning)
  })
})

describe('cards', () => {
  it('signs cardExt over the sorted values', async () => {
    const { mp } = setup()
    const ext = await mp.jssdk.cardExt({ card_id: 'CARD', code: '1234', openid: 'OPENID' })
    const values = [`${TICKET}-wx_card`, '1700000000', 'NONCE', 'CARD', '1234', 'OPENID'].sort()
    expect(ext).toEqual({
      code: '1234',
      openid: 'OPENID',
      timestamp: '1700000000',
      nonce_str: 'NONCE',
      signature: sha1(values.join(''))
    })
  })

  it('signs chooseCard over the sorted values, empty ones left out', async () => {
    const { mp } = setup()
    const chosen = await mp.jssdk.chooseCard({ cardId: 'CARD' })
    const values = [`${TICKET}-wx_card`, APP_ID, '1700000000', 'NONCE', 'CARD'].sort()
    expect(chosen).toMatchObject({ signType: 'SHA1', shopId: '', cardSign: sha1(values.join('')) })
  })
})

describe('handler', () => {
  const ENDPOINT = 'https://m.example.com/jssdk'
  function handle(over: Partial<JsSdkHandlerOptions> = {}) {
    const account = setup()
    const handler = account.mp.jssdk.handler({
      allowedHosts: ['m.example.com', 'localhost:8080'],
      jsApiList: ['chooseImage'],
      ...over
    })
    const ask = (url: string | undefined, headers: Record<string, string> = {}, method = 'GET') => {
      const query = url === undefined ? '' : `?url=${encodeURIComponent(url)}`
      return handler(new Request(ENDPOINT + query, { headers, method }))
    }
    return { ...account, ask }
  }

  it('answers the argument of wx.config', async () => {
    const { ask } = handle()
    const response = await ask('https://m.example.com/page?a=1#b')
    expect(response.status).toBe(200)
    expect(response.headers.get('cache-control')).toBe('no-store')
    const config = (await response.json()) as Record<string, unknown>
    expect(Object.keys(config).sort()).toEqual(['appId', 'jsApiList', 'nonceStr', 'signature', 'timestamp'])
    expect(config.signature).toBe(
      sha1(`jsapi_ticket=${TICKET}-jsapi&noncestr=NONCE&timestamp=1700000000&url=https://m.example.com/page?a=1`)
    )
  })

  it.each([
    undefined,
    '',
    '/page',
    'https://evil.com/',
    'https://m.example.com.evil.com/',
    'https://m.example.com@evil.com/',
    'https://evil.com#@m.example.com/',
    'https://evil.com\\@m.example.com/',
    'https://user:pass@m.example.com/',
    'https://m.example.com:8443/',
    'javascript:alert(1)//m.example.com',
    'data:text/html,m.example.com'
  ])('refuses the address %j', async (url) => {
    const { ask, fetch } = handle()
    const response = await ask(url)
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error: { code: 'ERR_INVALID_PARAM' } })
    expect(fetch.seen).toHaveLength(0)
  })

  it('lets pages of the allowed hosts read the response from another origin, and no other page', async () => {
    const { ask } = handle()
    const allowed = await ask('https://m.example.com/', { origin: 'http://localhost:8080' })
    expect(allowed.headers.get('access-control-allow-origin')).toBe('http://localhost:8080')
    expect(allowed.headers.get('vary')).toBe('Origin')
    for (const origin of ['https://evil.com', 'null', 'https://m.example.com.evil.com']) {
      const response = await ask('https://m.example.com/', { origin })
      expect(response.headers.get('access-control-allow-origin')).toBeNull()
    }
  })

  it('explains itself in debug mode and warns when the page is elsewhere', async () => {
    const { ask } = handle({ debug: true })
    const response = await ask('http://m.example.com/a', { referer: 'https://www.example.com/a' })
    const text = await response.text()
    expect(text).not.toContain(TICKET)
    const { debug, debugInfo } = JSON.parse(text) as { debug: boolean; debugInfo: { warnings: string[] } }
    expect(debug).toBe(true)
    expect(debugInfo.warnings.join('\n')).toContain('loaded over https:')
    expect(debugInfo.warnings.join('\n')).toContain('loaded from www.example.com')
  })

  it('keeps the errors of WeChat off the page', async () => {
    const fetch = stubFetch(() => json({ errcode: 40164, errmsg: 'invalid ip 203.0.113.9, not in whitelist' }))
    const error = vi.fn()
    const mp = new OfficialAccount({ appId: APP_ID, appSecret: 'not-a-real-secret', fetch, logger: { error } })
    const handler = mp.jssdk.handler({ allowedHosts: ['m.example.com'], jsApiList: [] })
    const response = await handler(new Request(`${ENDPOINT}?url=https%3A%2F%2Fm.example.com%2F`))
    expect(response.status).toBe(502)
    expect(await response.text()).not.toContain('203.0.113.9')
    expect(error).toHaveBeenCalledWith(
      expect.stringContaining('203.0.113.9'),
      expect.objectContaining({ code: 'ERR_WECHAT_API' })
    )
  })

  it('tells the log of a store that failed, and survives a log that fails too', async () => {
    const store = { ...memoryStore(), get: () => Promise.reject(new Error('the store is down')) }
    const error = vi.fn(() => {
      throw new Error('the disk is full')
    })
    const mp = new OfficialAccount({ appId: APP_ID, appSecret: 'not-a-real-secret', store, logger: { error } })
    const handler = mp.jssdk.handler({ allowedHosts: ['m.example.com'], jsApiList: [] })
    const response = await handler(new Request(`${ENDPOINT}?url=https%3A%2F%2Fm.example.com%2F`))
    expect(response.status).toBe(500)
    expect(error).toHaveBeenCalledWith(expect.any(String), expect.objectContaining({ code: 'ERR_STORE' }))
  })

  it('takes GET only and checks its options', async () => {
    const { ask, mp } = handle()
    expect((await ask('https://m.example.com/', {}, 'POST')).status).toBe(405)
    for (const allowedHosts of [[], ['*'], ['*.example.com'], ['https://m.example.com'], ['m.example.com/path'], 'm']) {
      expect(() => mp.jssdk.handler({ allowedHosts, jsApiList: [] } as never)).toThrow(code('ERR_CONFIG'))
    }
  })
})
