import { describe, expect, it } from 'vitest'
import { isWeixinKitError, WeChatApiError } from 'weixin-kit'
import { MiniProgram } from 'weixin-kit/miniapp'
import { OfficialAccount } from 'weixin-kit/mp'
import { describeErrcode } from '../../../src/wechat-api/errcodes/describe-errcode.ts'
import { json, stubFetch } from '../../support/stub-fetch.ts'

/** Every code of the return-code pages that this library documents; `a-b` is a range. */
const DOCUMENTED = `
-1 40001 40014 42001 41001 40002 40013 40125 40164 40243 40226 40029 40163 42003 40030 42002 42007 41002 41003 41004 41008
41009 40003 43004 50005 43101 45015 45047 45009 45011 45029 48001 48002 48004 48006 50001 50002 50004 61024 87009 87014
89501-89507 40004-40012 40015-40028 40031 40032 40033 40035-40039 40048 40050 40051 40053 40054 40055 40060 40066 40090
40097 40102 40117-40121 40129 40131 40132 40133 40137 40141 40155 40159 40165 40166 40169 40185 41005 41006 41007 41010 41011
41018 41021 41028-41035 42004 42005 42006 42009 43001 43002 43003 43005-43008 43016 43019 43100 43102 43104 43106 43107 43302
44001-44004 45001-45008 45010 45012-45014 45016-45018 45026-45028 45034 45035 45040 45056 45058 45059 45064-45067 45072 45080
45081 45083 45084 45087 45102 45103 45157-45159 45168 46001-46004 47001 47002 47003 47501-47504 48003 48005 48007-48009 48011
48012 50003 50006 50007 61000-61017 61023 61450-61457 61500 61501 61503 63001 63002 65301-65314 65316 65317 76001-76004 76021
76022 85096 85001 86001 87007 87008 87013 87015-87019 89002 89300 89401-89405 89408-89432 91001-91017 9001001-9001036
`

function documentedCodes(): number[] {
  return DOCUMENTED.trim()
    .split(/\s+/)
    .flatMap((item) => {
      const [, from, to = from] = /^(-?\d+)(?:-(\d+))?$/.exec(item) ?? []
      const length = Number(to) - Number(from) + 1
      return Array.from({ length }, (_, index) => Number(from) + index)
    })
}

const LOCAL = [
  ...Array.from({ length: 12 }, (_, index) => -40001 - index),
  ...Array.from({ length: 4 }, (_, index) => -41001 - index)
]

async function failWith(errcode: unknown, errmsg: string, call: (mp: OfficialAccount) => Promise<unknown>) {
  const mp = new OfficialAccount({
    appId: 'wx0123456789abcdef',
    appSecret: 'not-a-real-secret',
    maxRetries: 0,
    accessTokenProvider: { get: async () => 'TOKEN' },
    fetch: stubFetch(() => json({ errcode, errmsg }))
  })
  try {
    await call(mp)
  } catch (error) {
    if (error instanceof WeChatApiError) return error
    throw error
  }
  throw new Error('resolved')
}

describe('the table', () => {
  it.each([...documentedCodes(), ...LOCAL])('%i has a kind and a hint in both languages', (errcode) => {
    const { kind, hint, retryable } = describeErrcode(errcode)
    expect(kind).not.toBe('unknown')
    expect(hint.en).toMatch(/^[A-Za-z].{8,}[.]$/)
    expect(hint.zh).toMatch(/\p{Script=Han}.*[。]$/u)
    expect(retryable).toBe(['token', 'busy', 'rate_limit'].includes(kind))
  })

  it.each([
    [-1, 'busy'],
    [40001, 'token'],
    [40014, 'token'],
    [42001, 'token'],
    [41001, 'request'],
    [40125, 'config'],
    [40163, 'user'],
    [43101, 'user'],
    [45009, 'quota'],
    [45011, 'rate_limit'],
    [48001, 'config'],
    [48004, 'restricted'],
    [45065, 'state'],
    [46003, 'state'],
    [85096, 'request'],
    [9001002, 'busy']
  ])('%i is of the kind %s', (errcode, kind) => {
    expect(describeErrcode(errcode).kind).toBe(kind)
  })

  it('makes an unknown code usable', () => {
    for (const errcode of [123456, 0.5, Number.NaN, -99]) {
      const { kind, retryable, hint } = describeErrcode(errcode)
      expect({ kind, retryable }).toEqual({ kind: 'unknown', retryable: false })
      expect(hint.en).toContain('return codes')
      expect(hint.zh).toContain('全局返回码')
    }
  })
})

describe('hints that depend on the response', () => {
  it.each([
    ['invalid ip 203.0.113.9 ipv6 ::ffff:203.0.113.9, not in whitelist rid: 6172-aa', '203.0.113.9'],
    ['invalid ip 2001:db8::7, not in whitelist', '2001:db8::7']
  ])('40164 names the IP of %s', async (errmsg, ip) => {
    const error = await failWith(40164, errmsg, (mp) => mp.menu.current())
    expect(error.hint?.en).toContain(ip)
    expect(error.hint?.zh).toContain(ip)
    expect(error.kind).toBe('config')
  })

  it('40164 without an IP keeps the general hint', async () => {
    const error = await failWith(40164, 'not in whitelist', (mp) => mp.menu.current())
    expect(error.hint?.en).toContain('The IP of this machine')
  })

  it('45009 names the call that resets the quota', async () => {
    const error = await failWith(45009, 'reach max api daily quota limit', (mp) => mp.menu.current())
    expect(error.hint?.en).toContain('quota.clear()')
  })

  it('47003 names the field', async () => {
    const send = (mp: OfficialAccount) => mp.templateMessages.send({ touser: 'o', template_id: 't', data: {} })
    const error = await failWith(47003, 'argument invalid! data.thing12.value is empty', send)
    expect(error.hint?.en).toContain('thing12')
  })

  it('explains the order of calls for codes, by the call', async () => {
    const web = await failWith(40163, 'code been used', (mp) => mp.oauth.exchangeCode('c'))
    expect(web.hint?.en).toContain('authorization')
    const mini = new MiniProgram({
      appId: 'wx0123456789abcdef',
      appSecret: 'not-a-real-secret',
      accessTokenProvider: { get: async () => 'T' },
      fetch: stubFetch(() => json({ errcode: 40029, errmsg: 'invalid code' }))
    })
    await expect(mini.auth.code2Session('c')).rejects.toMatchObject({
      kind: 'user',
      hint: { en: expect.stringContaining('wx.login'), zh: expect.stringContaining('wx.login') }
    })
    await expect(mini.phone.get('c')).rejects.toMatchObject({ hint: { en: expect.stringContaining('getPhoneNumber') } })
  })

  it('tells the web token from the global one', async () => {
    const error = await failWith(42001, 'access_token expired', (mp) =>
      mp.oauth.userInfo({ access_token: 'a', openid: 'o' })
    )
    expect(error.kind).toBe('user')
    expect(error.retryable).toBe(false)
    expect(error.hint?.en).toContain('refreshToken')
    const base = await failWith(48001, 'api unauthorized', (mp) =>
      mp.oauth.userInfo({ access_token: 'a', openid: 'o' })
    )
    expect(base.hint?.en).toContain('snsapi_userinfo')
  })

  it('calls a refused AppSecret what it is', async () => {
    const mp = new OfficialAccount({
      appId: 'wx0123456789abcdef',
      appSecret: 'not-a-real-secret',
      fetch: stubFetch(() => json({ errcode: 40001, errmsg: 'invalid credential' }))
    })
    await expect(mp.accessToken.get()).rejects.toMatchObject({
      errcode: 40001,
      kind: 'config',
      retryable: false,
      hint: { en: expect.stringContaining('AppSecret') }
    })
  })
})

describe('reading a response', () => {
  it('keeps the rid and the upstream message', async () => {
    const error = await failWith(48001, 'api unauthorized rid: 61725984-6126f6f9-040f19c4', (mp) => mp.menu.current())
    expect(error).toMatchObject({
      code: 'ERR_WECHAT_API',
      errcode: 48001,
      upstreamCode: '48001',
      requestId: '61725984-6126f6f9-040f19c4',
      status: 200,
      product: 'mp'
    })
  })

  it('accepts a numeric string', async () => {
    expect((await failWith('40003', 'invalid openid', (mp) => mp.users.info('o'))).errcode).toBe(40003)
  })

  it('treats an errcode that is no number as a failure', async () => {
    for (const errcode of ['x', {}, [0], true]) {
      const error = await failWith(errcode, '', (mp) => mp.users.info('o'))
      expect(error.kind).toBe('unknown')
    }
  })

  it.each([
    ['<html>502 Bad Gateway</html>', 502],
    ['<html>ok</html>', 200],
    ['', 200],
    ['[]', 200],
    ['null', 200],
    ['{"openid":"o"}', 500],
    ['{"subscribe":1}', 200]
  ])('refuses the response %j with status %i', async (body, status) => {
    const mp = new OfficialAccount({
      appId: 'wx0123456789abcdef',
      appSecret: 'not-a-real-secret',
      maxRetries: 0,
      accessTokenProvider: { get: async () => 'TOKEN' },
      fetch: stubFetch(() => new Response(body, { status }))
    })
    const error: unknown = await mp.users.info('o').catch((thrown: unknown) => thrown)
    expect(isWeixinKitError(error) && error.code).toBe('ERR_UNEXPECTED_RESPONSE')
  })

  it('gives the data without the envelope, unknown fields and long ids whole', async () => {
    const body = '{"errcode":0,"errmsg":"ok","msgid":9007199254740993123,"new_field":{"id":18446744073709551615}}'
    const mp = new OfficialAccount({
      appId: 'wx0123456789abcdef',
      appSecret: 'not-a-real-secret',
      accessTokenProvider: { get: async () => 'TOKEN' },
      fetch: stubFetch(() => new Response(body, { headers: { 'content-type': 'text/plain' } }))
    })
    expect(await mp.templateMessages.send({ touser: 'o', template_id: 't', data: {} })).toEqual({
      msgid: '9007199254740993123',
      new_field: { id: '18446744073709551615' }
    })
  })

  it('shows no secret in an error', async () => {
    const error = await failWith(40001, 'invalid credential, access_token=SECRETTOKEN secret=SECRETSECRET', (mp) =>
      mp.menu.current()
    )
    const shown = `${error.message}${JSON.stringify(error)}${error.stack}`
    expect(shown).not.toContain('SECRET')
  })
})
