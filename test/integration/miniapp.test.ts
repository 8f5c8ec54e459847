import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { memoryStore } from 'weixin-kit'
import { MiniProgram } from 'weixin-kit/miniapp'
import { createSimulator } from 'weixin-kit/simulator'

function setup() {
  const simulator = createSimulator({ seed: 'miniapp' })
  const store = memoryStore()
  const mini = new MiniProgram({ ...simulator.credentials.miniProgram, ...simulator.clientOptions, store })
  return { simulator, store, mini, user: simulator.user() }
}
const refusal = (errcode: number) => expect.objectContaining({ code: 'ERR_WECHAT_API', errcode })

describe('auth', () => {
  it('exchanges a code once', async () => {
    const { mini, user } = setup()
    const code = user.login()
    const session = await mini.auth.code2Session(code)
    expect(session.openid).toBe(user.openid(mini.appId))
    expect(Buffer.from(session.session_key, 'base64')).toHaveLength(16)
    await expect(mini.auth.code2Session(code)).rejects.toThrow(refusal(40163))
    await expect(mini.auth.code2Session('0'.repeat(32))).rejects.toThrow(refusal(40029))
    await expect(mini.auth.code2Session('')).rejects.toThrow(expect.objectContaining({ code: 'ERR_INVALID_PARAM' }))
  })

  it('checks and resets sessions', async () => {
    const { mini, user } = setup()
    const old = await mini.auth.code2Session(user.login())
    expect(await mini.auth.checkSession(old)).toBe(true)
    const reset = await mini.auth.resetSession(old)
    expect(reset.session_key).not.toBe(old.session_key)
    expect(await mini.auth.checkSession(old)).toBe(false)
    await expect(mini.auth.resetSession(old)).rejects.toThrow(refusal(87009))
    expect(await mini.auth.encryptKeys({ openid: old.openid, session_key: reset.session_key })).not.toHaveLength(0)
  })
})

describe('session', () => {
  it('keeps session_key on the server and hides the token from the store', async () => {
    const { mini, user, store } = setup()
    const keys: string[] = []
    const spied = new MiniProgram({
      appId: mini.appId,
      appSecret: 'not-a-real-secret',
      fetch: async () => new Response(JSON.stringify({ openid: 'o1', session_key: 'AAECAwQFBgcICQoLDA0ODw==' })),
      store: {
        ...store,
        set: (key, value, ttl) => {
          keys.push(key)
          return store.set(key, value, ttl)
        }
      }
    })
    const started = await spied.session.start('code')
    expect(Object.keys(started).sort()).toEqual(['openid', 'token'])
    expect(keys.join()).not.toContain(started.token)
    expect(await spied.session.find(started.token)).toMatchObject({ openid: 'o1' })
    for (const token of [undefined, null, '', 'x', `${started.token}x`, '__proto__'])
      expect(await spied.session.find(token)).toBeUndefined()
    await spied.session.end(started.token)
    expect(await spied.session.find(started.token)).toBeUndefined()
    expect(user.openid(mini.appId)).not.toBe('')
  })

  it('decrypts for its own user only', async () => {
    const { mini, user, simulator } = setup()
    const { token, openid } = await mini.session.start(user.login())
    const { encryptedData, iv } = user.encryptedData()
    expect(await mini.session.decrypt(token, { encryptedData, iv })).toMatchObject({ openId: openid })
    expect(await mini.session.decrypt('unknown', { encryptedData, iv })).toBeUndefined()
    const foreign = user.encryptedData({ nickName: 'x', openId: simulator.user().openid(mini.appId) })
    await expect(mini.session.decrypt(token, foreign)).rejects.toThrow(
      expect.objectContaining({ code: 'ERR_DECRYPT_KEY' })
    )
    user.login()
    const stale = user.encryptedData()
    await expect(mini.session.decrypt(token, stale)).rejects.toThrow(expect.objectContaining({ product: 'miniapp' }))
  })

  it('does not confuse two mini programs on one store', async () => {
    const { mini, user, store, simulator } = setup()
    const other = new MiniProgram({
      appId: 'wx9999999999999999',
      appSecret: 'not-a-real-secret',
      store,
      fetch: simulator.fetch
    })
    const { token } = await mini.session.start(user.login())
    expect(await other.session.find(token)).toBeUndefined()
  })
})

describe('phone', () => {
  it('exchanges the code of the button and checks for whom the response is', async () => {
    const { mini, user } = setup()
    const code = user.phoneCode()
    const phone = await mini.phone.get(code)
    expect(phone.purePhoneNumber).toMatch(/^1\d{10}$/)
    await expect(mini.phone.get(code)).rejects.toThrow(expect.objectContaining({ code: 'ERR_WECHAT_API' }))
    const foreign = new MiniProgram({
      appId: 'wx9999999999999999',
      appSecret: 'not-a-real-secret',
      accessTokenProvider: { get: async () => 't' },
      fetch: async () => new Response(JSON.stringify({ errcode: 0, phone_info: phone }))
    })
    await expect(foreign.phone.get('x')).rejects.toThrow(expect.objectContaining({ code: 'ERR_DECRYPT_APPID' }))
  })
})

describe('codes and links', () => {
  it('gives pictures or typed errors', async () => {
    const { mini, simulator } = setup()
    expect((await mini.wxacode.unlimited({ scene: 'id=42' })).contentType).toMatch(/^image\//)
    expect((await mini.wxacode.unlimited({ scene: 'a', is_hyaline: true })).contentType).toBe('image/png')
    expect((await mini.wxacode.limited({ path: 'pages/a?x=1' })).bytes.length).toBeGreaterThan(100)
    expect((await mini.wxacode.qrcode({ path: 'pages/a' })).bytes.length).toBeGreaterThan(100)
    simulator.wechat.setPages(['pages/index/index'], mini.appId)
    await expect(mini.wxacode.unlimited({ scene: 'a', page: 'pages/none/none' })).rejects.toThrow(refusal(41030))
  })

  it.each([
    { scene: '' },
    { scene: 'x'.repeat(33) },
    { scene: '100%' },
    { scene: 'a', page: '/pages/a' },
    { scene: 'a', page: 'p?x=1' },
    { scene: 'a', width: 1.5 }
  ])('refuses %j before sending', async (params) => {
    const { mini } = setup()
    await expect(mini.wxacode.unlimited(params)).rejects.toThrow(expect.objectContaining({ code: 'ERR_INVALID_PARAM' }))
  })

  it('makes and reads links', async () => {
    const { mini } = setup()
    const scheme = await mini.urlLinks.generateScheme({ jump_wxa: { path: 'pages/a', query: 'x=1' } })
    expect(scheme).toMatch(/^weixin:\/\//)
    expect(await mini.urlLinks.queryScheme(scheme)).toBeTypeOf('object')
    const link = await mini.urlLinks.generateUrlLink({
      path: 'pages/a',
      is_expire: true,
      expire_type: 1,
      expire_interval: 3
    })
    expect(link).toMatch(/^https:\/\//)
    expect(await mini.urlLinks.queryUrlLink(link)).toBeTypeOf('object')
    expect(await mini.urlLinks.generateShortLink({ page_url: 'pages/a', page_title: 'A' })).toMatch(/\w/)
  })
})

describe('messages and security', () => {
  it('sends a subscription message once per consent', async () => {
    const { mini, user, simulator } = setup()
    const template_id = simulator.wechat.addSubscribeTemplate({ keys: ['thing1', 'date2'] })
    const message = {
      touser: user.openid(mini.appId),
      template_id,
      data: { thing1: { value: '奶茶' }, date2: { value: '2026年1月2日' } }
    }
    await expect(mini.subscribeMessages.send(message)).rejects.toThrow(refusal(43101))
    await user.subscribe(template_id)
    await mini.subscribeMessages.send(message)
    await expect(mini.subscribeMessages.send(message)).rejects.toThrow(refusal(43101))
    const tooLong = { ...message, data: { ...message.data, thing1: { value: 'x'.repeat(21) } } }
    await expect(mini.subscribeMessages.send(tooLong)).rejects.toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_PARAM', option: 'data.thing1.value' })
    )
    expect((await mini.subscribeMessages.templates.list()).map((template) => template.priTmplId)).toContain(template_id)
  })

  it('sends customer-service messages within the window', async () => {
    const { mini, user } = setup()
    const touser = user.openid(mini.appId)
    await expect(mini.customerService.send({ touser, msgtype: 'text', text: { content: 'hi' } })).rejects.toThrow(
      refusal(45015)
    )
  })

  it('checks texts and ranks risk', async () => {
    const { mini, user } = setup()
    user.openMiniProgram()
    const openid = user.openid(mini.appId)
    expect((await mini.security.msgSecCheck({ content: 'hello', scene: 2, openid })).result.suggest).toBe('pass')
    expect((await mini.security.riskRank({ openid, scene: 0, client_ip: '203.0.113.7' })).risk_rank).toBeTypeOf(
      'number'
    )
    const task = await mini.security.mediaCheckAsync({
      media_url: 'https://a.test/x.jpg',
      media_type: 2,
      scene: 1,
      openid
    })
    expect(task.trace_id).toMatch(/\w/)
  })
})

it('answers every customer-service message and the typing state within the window', async () => {
  const { mini, user } = setup()
  const touser = user.openid(mini.appId)
  const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')
  const { media_id = '' } = await mini.media.upload({ type: 'image', data: png, fileName: 'a.png' })
  const picture = await mini.media.get(media_id)
  expect(picture.kind === 'file' && png.equals(await picture.file.bytes())).toBe(true)
  await user.send('hello', { account: 'miniProgram' }).catch(() => undefined)
  const link = { title: 't', description: 'd', url: 'https://a.test', thumb_url: 'https://a.test/x.jpg' }
  await mini.customerService.send({ touser, msgtype: 'text', text: { content: '你好' } })
  await mini.customerService.send({ touser, msgtype: 'image', image: { media_id } })
  await mini.customerService.send({ touser, msgtype: 'link', link })
  const page = { title: 't', pagepath: 'pages/a', thumb_media_id: media_id }
  await mini.customerService.send({ touser, msgtype: 'miniprogrampage', miniprogrampage: page })
  await mini.customerService.typing({ touser, command: 'Typing' })
  expect(user.messages({ account: 'miniProgram' })).toHaveLength(4)
})

it('asks whether an encryptedData is genuine, and for a payment that is not there', async () => {
  const { mini, user } = setup()
  user.login()
  const { encryptedData } = user.encryptedData()
  const hash = (text: string) => createHash('sha256').update(text).digest('hex')
  expect((await mini.auth.checkEncryptedData(hash(encryptedData))).vaild).toBe(true)
  expect((await mini.auth.checkEncryptedData(hash('made up'))).vaild).toBe(false)
  const openid = user.openid(mini.appId)
  await expect(mini.auth.paidUnionid({ openid, transaction_id: '420000' })).rejects.toThrow(refusal(89300))
})

it('shows addresses and quotas of the account', async () => {
  const { mini } = setup()
  expect(await mini.network.callbackIps()).not.toHaveLength(0)
  expect((await mini.quota.get('/wxa/getwxacodeunlimit')).quota).toBeTypeOf('object')
  expect(await mini.subscribeMessages.templates.categories()).not.toHaveLength(0)
})

it('reaches a new API through request(), with its own access token', async () => {
  const { mini } = setup()
  expect(await mini.request({ method: 'GET', path: '/wxaapi/newtmpl/getcategory' })).toBeTypeOf('object')
})
