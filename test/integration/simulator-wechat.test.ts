import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MessageGateway } from 'weixin-kit/gateway'
import { MiniProgram } from 'weixin-kit/miniapp'
import { OfficialAccount } from 'weixin-kit/mp'
import { createSimulator, type Simulator } from 'weixin-kit/simulator'

const PNG = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(100)])

/** The clients of the library against the simulator, over the injected fetch and over real HTTP. */
describe.each(['fetch', 'http'] as const)('clients over %s', (skin) => {
  let simulator: Simulator
  let mp: OfficialAccount
  let mini: MiniProgram
  const gateways: { mp?: MessageGateway; mini?: MessageGateway } = {}

  beforeAll(async () => {
    simulator = createSimulator({
      deliver: {
        gateway: (request) => gateways.mp?.handler()(request) ?? new Response(null, { status: 503 })
      }
    })
    const { officialAccount, miniProgram, gateway } = simulator.credentials
    const server = skin === 'http' ? await simulator.listen() : undefined
    const options = server ? { baseUrl: server.baseUrl('api.weixin.qq.com') } : simulator.clientOptions
    mp = new OfficialAccount({ ...officialAccount, ...options })
    mini = new MiniProgram({ ...miniProgram, ...options })
    gateways.mp = new MessageGateway(gateway)
  })

  afterAll(() => simulator.close())

  it('log people in on the web', async () => {
    const user = simulator.user('ming')
    const { state, cookie } = mp.oauth.createState({ returnTo: '/' })
    expect(cookie).toBeTruthy()
    const page = mp.oauth.authorizeUrl({ redirectUri: 'https://app.example.com/back', scope: 'snsapi_userinfo', state })
    const code = user.authorize(page).searchParams.get('code') ?? ''
    const token = await mp.oauth.exchangeCode(code, { login: state })
    expect(token.openid).toBe(user.openid())
    expect((await mp.oauth.userInfo(token)).nickname).toBe(user.profile.nickname)
    await expect(mp.oauth.exchangeCode(code, { login: state })).resolves.toMatchObject({ openid: user.openid() })
    await expect(mp.oauth.exchangeCode(code)).rejects.toMatchObject({ errcode: 40163 })
    await expect(mp.oauth.exchangeCode('nonsense')).rejects.toMatchObject({ code: 'ERR_WECHAT_API', errcode: 40029 })
  })

  it('sign pages for the JS-SDK', async () => {
    const url = 'https://app.example.com/page?x=1'
    const config = await mp.jssdk.config({ url, jsApiList: [] })
    expect(simulator.wechat.checkJssdkConfig(config, url)).toBe('config:ok')
  })

  it('recover from a token that another process replaced', async () => {
    await mp.users.list()
    simulator.wechat.invalidateTokens()
    expect((await mp.users.list()).total).toBeTypeOf('number')
  })

  it('log people into the mini program', async () => {
    const user = simulator.user('ming')
    const session = await mini.auth.code2Session(user.login())
    expect(session.openid).toBe(user.openid('miniProgram'))
    const { encryptedData, iv, rawData, signature } = user.encryptedData()
    expect(mini.decrypt({ encryptedData, iv, sessionKey: session.session_key })).toMatchObject({
      nickName: user.profile.nickname
    })
    expect(mini.verifyRawData({ rawData, signature, sessionKey: session.session_key })).toMatchObject({ gender: 0 })
    expect(await mini.auth.checkSession(session)).toBe(true)
    expect((await mini.phone.get(user.phoneCode())).purePhoneNumber).toBe(user.profile.phone)
    user.login()
    const stale = user.encryptedData()
    expect(() => mini.decrypt({ ...stale, sessionKey: session.session_key })).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/^ERR_DECRYPT_/) })
    )
  })

  it('move files', async () => {
    const { media_id } = await mp.media.upload({ type: 'image', data: PNG, fileName: 'a.png' })
    const file = await mp.media.get(media_id ?? '')
    expect(file.kind).toBe('file')
    if (file.kind === 'file') expect(Buffer.from(await file.file.bytes())).toEqual(PNG)
    await expect(mp.media.get('gone')).rejects.toMatchObject({ errcode: 40007 })
  })

  it('send messages', async () => {
    const user = simulator.user('zhen')
    const template_id = simulator.wechat.addTemplate({ content: '{{first.DATA}}' })
    await expect(
      mp.templateMessages.send({ touser: user.openid(), template_id, data: { first: { value: 'x' } } })
    ).rejects.toMatchObject({ errcode: 43004 })
    await user.follow()
    const { msgid } = await mp.templateMessages.send({
      touser: user.openid(),
      template_id,
      data: { first: { value: '你好' } }
    })
    expect(String(msgid)).toMatch(/^\d{19}$/)
    const subscribed = simulator.wechat.addSubscribeTemplate({ keys: ['thing1'] })
    const message = { touser: user.openid('miniProgram'), template_id: subscribed, data: { thing1: { value: '到货' } } }
    await expect(mini.subscribeMessages.send(message)).rejects.toMatchObject({ errcode: 43101 })
    await user.subscribe(subscribed)
    await mini.subscribeMessages.send(message)
    expect(user.messages().map(({ kind }) => kind)).toEqual(['template', 'subscribe'])
  })

  it('make codes and menus', async () => {
    const code = await mini.wxacode.unlimited({ scene: 'id=7' })
    expect(Buffer.from(code.bytes).subarray(0, 3).toString('hex')).toBe('ffd8ff')
    await expect(mini.wxacode.unlimited({ scene: 'id=7', page: 'pages/x', width: 280 })).resolves.toBeTruthy()
    expect(await mp.menu.get()).toBeUndefined()
    await mp.menu.create({ button: [{ type: 'click', name: '今日', key: 'TODAY' }] })
    expect((await mp.menu.get())?.menu.button).toHaveLength(1)
  })

  it('answer messages', async () => {
    const user = simulator.user('ming')
    gateways.mp?.on('text', ({ Content }) => `你说：${Content}`)
    expect((await user.send('早')).reply).toMatchObject({ MsgType: 'text', Content: '你说：早' })
    expect((await simulator.wechat.verifyServer()).state).toBe('delivered')
    simulator.deliveries.duplicate('gateway', 1)
    const { delivery } = await user.send('再见')
    expect(delivery.attempts.map(({ delivered }) => delivered)).toEqual([true, true])
    simulator.deliveries.duplicate('gateway', 0)
  })

  it('retry what is safe to retry', async () => {
    for (const fault of ['reset', 'html', 'truncated'] as const) {
      simulator.fail('/cgi-bin/user/get', fault)
      expect((await mp.users.list()).total).toBeTypeOf('number')
    }
    simulator.fail('/cgi-bin/user/get', { errcode: -1 })
    expect((await mp.users.list()).total).toBeTypeOf('number')
  })
})
