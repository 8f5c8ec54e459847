import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { memoryStore, WeChatApiError } from 'weixin-kit'
import { MiniProgram } from 'weixin-kit/miniapp'
import { OfficialAccount } from 'weixin-kit/mp'
import { createSimulator } from 'weixin-kit/simulator'

function setup() {
  const simulator = createSimulator({ seed: 'mp' })
  const mp = new OfficialAccount({ ...simulator.credentials.officialAccount, ...simulator.clientOptions })
  return { simulator, mp, user: simulator.user() }
}
const refusal = (errcode: number) => expect.objectContaining({ code: 'ERR_WECHAT_API', errcode })
const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')
const JPEG = Buffer.from('ffd8ffe000104a46494600010101', 'hex')
const MP4 = Buffer.from('00000018667479706d703432', 'hex')

describe('oauth', () => {
  it('logs in by the handlers, twice for the same callback', async () => {
    const { mp, user, simulator } = setup()
    const logins: { nickname: string | undefined; isRepeat: boolean }[] = []
    const { authorize, callback } = mp.oauth.loginHandlers({
      redirectUri: 'https://site.example/callback',
      scope: 'snsapi_userinfo',
      onLogin: ({ user: profile, isRepeat }) => void logins.push({ nickname: profile?.nickname, isRepeat }) as undefined
    })
    const started = await authorize(new Request('https://site.example/login?return_to=/orders'))
    const cookie = (started.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
    const back = user.authorize(started.headers.get('location') ?? '')
    for (let round = 0; round < 2; round++) {
      const finished = await callback(new Request(back, { headers: { cookie } }))
      expect([finished.status, finished.headers.get('location')]).toEqual([302, '/orders'])
    }
    const { nickname } = user.profile
    expect(logins).toEqual([
      { nickname, isRepeat: false },
      { nickname, isRepeat: true }
    ])
    expect(simulator.log.find('/sns/oauth2/access_token')).toHaveLength(1)
  })

  it('reports a snapshot visitor, a refusal, and a code of somebody else', async () => {
    const { mp, user } = setup()
    const url = mp.oauth.authorizeUrl({ redirectUri: 'https://site.example/cb', scope: 'snsapi_userinfo', state: 'a' })
    const snapshot = user.authorize(url, { snapshot: true }).searchParams.get('code') ?? ''
    expect((await mp.oauth.exchangeCode(snapshot)).is_snapshotuser).toBe(1)
    expect(user.authorize(url, { accept: false }).searchParams.get('code')).toBeNull()
    await expect(mp.oauth.exchangeCode('0'.repeat(32))).rejects.toThrow(refusal(40029))
  })

  it('makes no account for the visitor of a snapshot page, unless allowed', async () => {
    const { mp, user } = setup()
    const failures: string[] = []
    let logins = 0
    const options = {
      redirectUri: 'https://site.example/cb',
      scope: 'snsapi_base' as const,
      onLogin: () => void logins++ as undefined
    }
    const visit = async (handlers: ReturnType<typeof mp.oauth.loginHandlers>) => {
      const started = await handlers.authorize(new Request('https://site.example/login'))
      const cookie = (started.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
      const back = user.authorize(started.headers.get('location') ?? '', { snapshot: true })
      return handlers.callback(new Request(back, { headers: { cookie } }))
    }
    const refused = await visit(mp.oauth.loginHandlers(options))
    expect([refused.status, logins]).toEqual([403, 0])
    expect(await refused.text()).toContain('使用完整服务')
    await visit(
      mp.oauth.loginHandlers({
        ...options,
        onError: (error, { failure }) => {
          failures.push(failure, (error as { code: string }).code)
          return new Response()
        }
      })
    )
    expect(failures).toEqual(['snapshot', 'ERR_LOGIN_SNAPSHOT'])
    expect((await visit(mp.oauth.loginHandlers({ ...options, allowSnapshotUsers: true }))).status).toBe(302)
    expect(logins).toBe(1)
  })

  it('logs nobody in with a code that somebody else used', async () => {
    const { simulator, user } = setup()
    const logged: string[] = []
    const logger = { error: (line: string) => void logged.push(line) }
    const mp = new OfficialAccount({
      ...simulator.credentials.officialAccount,
      ...simulator.clientOptions,
      logger
    })
    const logins: string[] = []
    const { authorize, callback } = mp.oauth.loginHandlers({
      redirectUri: 'https://site.example/cb',
      scope: 'snsapi_base',
      onLogin: ({ token }) => void logins.push(token.openid) as undefined
    })
    const begin = async () => {
      const started = await authorize(new Request('https://site.example/login'))
      const cookie = (started.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
      const page = new URL(started.headers.get('location') ?? '')
      return { cookie, page, state: page.searchParams.get('state') ?? '' }
    }
    const victim = await begin()
    const back = user.authorize(victim.page)
    expect((await callback(new Request(back, { headers: { cookie: victim.cookie } }))).status).toBe(302)
    const thief = await begin()
    const stolen = new URL(back)
    stolen.searchParams.set('state', thief.state)
    const refused = await callback(new Request(stolen, { headers: { cookie: thief.cookie } }))
    expect(refused.status).toBe(502)
    expect(logins).toHaveLength(1)
    expect(logged.join()).toContain('40163')
  })

  it('renews, checks and uses web tokens', async () => {
    const { mp, user, simulator } = setup()
    const login = async (scope: 'snsapi_base' | 'snsapi_userinfo') => {
      const url = mp.oauth.authorizeUrl({ redirectUri: 'https://site.example/cb', scope, state: 'a' })
      return mp.oauth.exchangeCode(user.authorize(url).searchParams.get('code') ?? '')
    }
    const base = await login('snsapi_base')
    expect(base.openid).toBe(user.openid(mp.appId))
    await expect(mp.oauth.userInfo(base)).rejects.toMatchObject({ errcode: 48001, kind: 'user' })
    const full = await login('snsapi_userinfo')
    expect(await mp.oauth.checkToken(full)).toBe(true)
    expect(await mp.oauth.checkToken({ ...full, access_token: 'x' })).toBe(false)
    expect((await mp.oauth.userInfo({ ...full, lang: 'en' })).nickname).toBe(user.profile.nickname)
    const renewed = await mp.oauth.refreshToken(full.refresh_token)
    expect(renewed.access_token).not.toBe(full.access_token)
    await expect(mp.oauth.refreshToken('x')).rejects.toThrow(refusal(40030))
    expect(simulator.log.find('stable_token')).toHaveLength(0)
  })
})

describe('jssdk', () => {
  it('is accepted by the JS-SDK of the page, and only there', async () => {
    const { mp, simulator } = setup()
    const url = 'https://m.example.com/shop?id=42#detail'
    const config = await mp.jssdk.config({ url, jsApiList: ['chooseImage'] })
    expect(simulator.wechat.checkJssdkConfig(config, url)).toBe('config:ok')
    expect(simulator.wechat.checkJssdkConfig(config, 'https://m.example.com/other')).toBe('config:invalid signature')
  })
})

describe('cards', () => {
  it('are signed with a ticket of their own', async () => {
    const { mp, simulator } = setup()
    const ticket = await mp.jssdk.ticket('wx_card')
    expect(ticket).not.toBe(await mp.jssdk.ticket())
    const ext = await mp.jssdk.cardExt({ card_id: 'CARD' })
    const values = [ticket, ext.timestamp, ext.nonce_str, 'CARD'].sort()
    expect(ext.signature).toBe(createHash('sha1').update(values.join('')).digest('hex'))
    expect((await mp.jssdk.chooseCard({ cardId: 'CARD' })).cardSign).toMatch(/^[0-9a-f]{40}$/)
    expect(simulator.log.find('type=wx_card')).toHaveLength(1)
  })
})

describe('file names', () => {
  it.each(['会员卡 "1".png', "it's (1)*.png", '😀.png', 'plain name.png'])('%s comes back', async (fileName) => {
    for (const connect of ['fetch', 'loopback']) {
      const { simulator, mp: injected } = setup()
      const server = await simulator.listen()
      const baseUrl = server.baseUrl('api.weixin.qq.com')
      const mp =
        connect === 'fetch' ? injected : new OfficialAccount({ ...simulator.credentials.officialAccount, baseUrl })
      const { media_id = '' } = await mp.media.upload({ type: 'image', data: PNG, fileName })
      const got = await mp.media.get(media_id)
      if (got.kind !== 'file') return expect.unreachable()
      expect(got.file.fileName).toBe(fileName.replaceAll('"', ''))
      expect(Buffer.from(await got.file.bytes())).toEqual(PNG)
      await simulator.close()
    }
  })
})

describe('media and material', () => {
  it('uploads and downloads each kind', async () => {
    const { mp, user } = setup()
    const picture = await mp.media.upload({ type: 'image', data: new Blob([PNG]), fileName: 'cat.png' })
    const got = await mp.media.get(picture.media_id ?? '')
    if (got.kind !== 'file') throw new Error('no file')
    expect(got.file).toMatchObject({ contentType: 'image/png', fileName: 'cat.png' })
    expect(PNG.equals(await got.file.bytes())).toBe(true)
    expect((await mp.media.upload({ type: 'thumb', data: JPEG, fileName: 'a.jpg' })).thumb_media_id).toMatch(/\w/)
    const video = await mp.media.upload({ type: 'video', data: MP4, fileName: 'a.mp4' })
    expect((await mp.media.get(video.media_id ?? '')).kind).toBe('video')
    const voice = await mp.media.getHdVoice(user.recordVoice())
    expect(voice.contentType).toContain('speex')
    await voice.cancel()
    await expect(mp.media.get('none')).rejects.toThrow(refusal(40007))
    await expect(mp.media.upload({ type: 'image', data: Buffer.from('text'), fileName: 'a.png' })).rejects.toThrow(
      refusal(40005)
    )
    expect((await mp.media.uploadImage({ data: JPEG, fileName: 'a.jpg' })).url).toMatch(/^https?:/)
  })

  it('keeps permanent material', async () => {
    const { mp } = setup()
    const { media_id, url } = await mp.materials.add({ type: 'image', data: PNG, fileName: 'a.png' })
    expect(url).toMatch(/^https?:/)
    const description = { title: '标题', introduction: '介绍' }
    const video = await mp.materials.add({ type: 'video', data: MP4, fileName: 'a.mp4', ...description })
    expect(await mp.materials.count()).toMatchObject({ image_count: 1, video_count: 1 })
    expect((await mp.materials.list({ type: 'image', offset: 0, count: 20 })).item[0]?.media_id).toBe(media_id)
    expect(await mp.materials.get(video.media_id)).toMatchObject({ kind: 'video', title: '标题' })
    const picture = await mp.materials.get(media_id)
    expect(picture.kind === 'file' && PNG.equals(await picture.file.bytes())).toBe(true)
    await mp.materials.delete(media_id)
    await expect(mp.materials.get(media_id)).rejects.toThrow(refusal(40007))
  })
})

describe('users, tags, black list', () => {
  it('reads followers one by one, in batches and all', async () => {
    const { mp, simulator, user } = setup()
    const openid = user.openid(mp.appId)
    expect(await mp.users.info(openid)).toEqual(expect.objectContaining({ subscribe: 0, openid }))
    const others = [simulator.user(), simulator.user()]
    for (const person of [user, ...others]) await person.follow().catch(() => undefined)
    expect(await mp.users.info(openid, { lang: 'en' })).toMatchObject({ subscribe: 1 })
    await mp.users.setRemark({ openid, remark: '老客户' })
    expect((await mp.users.batchInfo([openid]))[0]?.remark).toBe('老客户')
    const all: string[] = []
    for await (const one of mp.users.each()) all.push(one)
    expect(all.sort()).toEqual([user, ...others].map((person) => person.openid(mp.appId)).sort())
    expect((await mp.users.list()).total).toBe(3)
  })

  it('changes openids after the migration of an account', async () => {
    const simulator = createSimulator({
      accounts: {
        wechat: [
          { kind: 'officialAccount', appId: 'wx00000000000000a1', originalId: 'gh_old' },
          { kind: 'officialAccount', appId: 'wx00000000000000a2', appSecret: 'new-secret' }
        ]
      }
    })
    const mp = new OfficialAccount({
      appId: 'wx00000000000000a2',
      appSecret: 'new-secret',
      ...simulator.clientOptions
    })
    const [user, stranger] = [simulator.user(), simulator.user()]
    await user.follow({ account: 'wx00000000000000a1' }).catch(() => undefined)
    const [ori_openid, other] = [user.openid('wx00000000000000a1'), stranger.openid('wx00000000000000a1')]
    for (const from_appid of ['gh_old', 'wx00000000000000a1']) {
      expect(await mp.users.changeOpenids({ from_appid, openid_list: [ori_openid, other] })).toEqual([
        { ori_openid, new_openid: user.openid(mp.appId), err_msg: 'ok' },
        { ori_openid: other, err_msg: 'ori_openid error' }
      ])
    }
    const change = (from_appid: string, openid_list: string[]) => mp.users.changeOpenids({ from_appid, openid_list })
    await expect(change(mp.appId, [ori_openid])).rejects.toEqual(refusal(63178))
    await expect(change('gh_old', [])).rejects.toMatchObject({ code: 'ERR_INVALID_PARAM', option: 'openid_list' })
    await expect(change('gh_old', Array(101).fill('o'))).rejects.toMatchObject({ code: 'ERR_INVALID_PARAM' })
  })

  it('tags and blocks', async () => {
    const { mp, user } = setup()
    await user.follow().catch(() => undefined)
    const openid = user.openid(mp.appId)
    const tag = await mp.tags.create('重要')
    await mp.tags.update({ id: tag.id, name: '很重要' })
    await mp.tags.tagUsers({ tagid: tag.id, openid_list: [openid] })
    expect((await mp.tags.list()).find(({ id }) => id === tag.id)).toMatchObject({ name: '很重要', count: 1 })
    expect(await mp.tags.ofUser(openid)).toEqual([tag.id])
    const tagged: string[] = []
    for await (const one of mp.tags.eachUser(tag.id)) tagged.push(one)
    expect(tagged).toEqual([openid])
    expect((await mp.tags.users({ tagid: tag.id })).count).toBe(1)
    await mp.tags.untagUsers({ tagid: tag.id, openid_list: [openid] })
    await mp.tags.delete(tag.id)
    await mp.blacklist.add([openid])
    const blocked: string[] = []
    for await (const one of mp.blacklist.each()) blocked.push(one)
    expect(blocked).toEqual([openid])
    await mp.blacklist.remove([openid])
    expect((await mp.blacklist.list()).count).toBe(0)
  })
})

describe('messages', () => {
  it('sends template messages to followers, with ids that a number cannot hold', async () => {
    const { mp, user, simulator } = setup()
    const template_id = simulator.wechat.addTemplate({ content: '{{thing1.DATA}}' })
    const message = { touser: user.openid(mp.appId), template_id, data: { thing1: { value: '已发货' } } }
    await expect(mp.templateMessages.send(message)).rejects.toThrow(refusal(43004))
    await user.follow().catch(() => undefined)
    const first = await mp.templateMessages.send({ ...message, client_msg_id: 'order-1' })
    const again = await mp.templateMessages.send({ ...message, client_msg_id: 'order-1' })
    expect(String(first.msgid)).toMatch(/^\d+$/)
    expect(String(again.msgid)).toBe(String(first.msgid))
    await expect(mp.templateMessages.send({ ...message, data: {} })).rejects.toMatchObject({
      errcode: 47003,
      hint: { en: expect.stringContaining('thing1') }
    })
  })

  it('manages templates and industries', async () => {
    const { mp } = setup()
    await mp.templateMessages.industry.set({ industry_id1: '1', industry_id2: '4' })
    expect((await mp.templateMessages.industry.get()).primary_industry.first_class).toBe('IT科技')
    const { template_id } = await mp.templateMessages.templates.add({ template_id_short: 'TM00015' })
    expect((await mp.templateMessages.templates.list()).map((one) => one.template_id)).toContain(template_id)
    await mp.templateMessages.templates.delete(template_id)
  })

  it('sends the one message that a user agreed to', async () => {
    const { mp, user } = setup()
    const page = mp.templateMessages.oneTimePageUrl({
      scene: 7,
      template_id: 'ONCE',
      redirect_url: 'https://site.example/back',
      reserved: 'abc'
    })
    const back = user.subscribeOnce(page)
    expect(back.searchParams.get('action')).toBe('confirm')
    const touser = back.searchParams.get('openid') ?? ''
    const message = { touser, template_id: 'ONCE', scene: 7, title: '标题', data: { content: { value: '内容' } } }
    await mp.templateMessages.sendOneTime(message)
    await expect(mp.templateMessages.sendOneTime(message)).rejects.toBeInstanceOf(WeChatApiError)
  })

  it('sends subscription notices to users who agreed, and manages their templates', async () => {
    const { mp, user, simulator } = setup()
    const account = 'officialAccount'
    const template_id = simulator.wechat.addSubscribeTemplate({ keys: ['thing1'], account })
    const message = { touser: user.openid(mp.appId), template_id, data: { thing1: { value: '奶茶' } } }
    await expect(mp.subscribeMessages.send(message)).rejects.toThrow(refusal(43101))
    await user.subscribe(template_id, { account })
    await mp.subscribeMessages.send(message)
    const { templates } = mp.subscribeMessages
    expect(await templates.categories()).not.toHaveLength(0)
    const titles = await templates.publicTitles({ ids: [616], start: 0, limit: 30 })
    const keywords = await templates.publicKeywords(titles.data[0]?.tid ?? 0)
    const kidList = keywords.data.slice(0, 2).map(({ kid }) => kid)
    const { priTmplId } = await templates.add({ tid: titles.data[0]?.tid ?? 0, kidList, sceneDesc: '测试' })
    expect((await templates.list()).map((one) => one.priTmplId)).toContain(priTmplId)
    await templates.delete(priTmplId)
  })

  it('sends every type of customer-service message', async () => {
    const { mp, user } = setup()
    const touser = user.openid(mp.appId)
    await expect(mp.customerService.send({ touser, msgtype: 'text', text: { content: 'hi' } })).rejects.toThrow(
      refusal(45015)
    )
    const { media_id = '' } = await mp.media.upload({ type: 'image', data: PNG, fileName: 'a.png' })
    const { thumb_media_id = '' } = await mp.media.upload({ type: 'thumb', data: JPEG, fileName: 'a.jpg' })
    const voice =
      (await mp.media.upload({ type: 'voice', data: Buffer.from('#!AMR\n0'), fileName: 'a.amr' })).media_id ?? ''
    const video = (await mp.media.upload({ type: 'video', data: MP4, fileName: 'a.mp4' })).media_id ?? ''
    const messages: Parameters<typeof mp.customerService.send>[0][] = [
      { touser, msgtype: 'text', text: { content: '你好' } },
      { touser, msgtype: 'image', image: { media_id } },
      { touser, msgtype: 'voice', voice: { media_id: voice } },
      { touser, msgtype: 'video', video: { media_id: video, thumb_media_id, title: 't' } },
      {
        touser,
        msgtype: 'music',
        music: { musicurl: 'https://a.test/m', hqmusicurl: 'https://a.test/h', thumb_media_id }
      },
      {
        touser,
        msgtype: 'news',
        news: { articles: [{ title: 't', description: 'd', url: 'https://a.test', picurl: '' }] }
      },
      { touser, msgtype: 'mpnewsarticle', mpnewsarticle: { article_id: 'ARTICLE' } },
      {
        touser,
        msgtype: 'msgmenu',
        msgmenu: { head_content: 'h', list: [{ id: '1', content: 'yes' }], tail_content: 't' }
      },
      { touser, msgtype: 'wxcard', wxcard: { card_id: 'CARD' } }
    ]
    const sent: string[] = []
    for (const message of messages) {
      await user.send('hello').catch(() => undefined)
      await mp.customerService.send(message).then(
        () => sent.push(message.msgtype),
        (error: unknown) => sent.push(`${message.msgtype}: ${error instanceof WeChatApiError ? error.errcode : error}`)
      )
    }
    expect(sent).toEqual(messages.map(({ msgtype }) => msgtype))
    await mp.customerService.typing({ touser, command: 'Typing' })
    await expect(mp.customerService.typing({ touser, command: 'Typing' })).rejects.toThrow(refusal(45081))
    await mp.customerService.typing({ touser, command: 'CancelTyping' })
  })

  it('manages customer-service accounts', async () => {
    const { mp } = setup()
    const { accounts } = mp.customerService
    const kf_account = 'test1@gh_1'
    await accounts.add({ kf_account, nickname: '客服一' })
    await expect(accounts.add({ kf_account, nickname: '客服一' })).rejects.toMatchObject({
      errcode: 61453,
      kind: 'state'
    })
    await accounts.update({ kf_account, nickname: '客服二' })
    await accounts.invite({ kf_account, invite_wx: 'somebody' })
    await accounts.uploadHeadImage({ kf_account, data: JPEG, fileName: 'a.jpg' })
    expect(await accounts.list()).toEqual([expect.objectContaining({ kf_account, kf_nick: '客服二' })])
    expect(Array.isArray(await accounts.online())).toBe(true)
    await accounts.delete(kf_account)
    expect(await accounts.list()).toEqual([])
  })
})

describe('menu, codes, keys', () => {
  it('makes, reads, matches and deletes menus', async () => {
    const { mp, user } = setup()
    const button = [
      { type: 'click', name: '点', key: 'K' },
      { name: '更多', sub_button: [{ type: 'view', name: '店', url: 'https://example.com/' }] }
    ] satisfies Parameters<typeof mp.menu.create>[0]['button']
    expect(await mp.menu.get()).toBeUndefined()
    await mp.menu.create({ button })
    expect((await mp.menu.get())?.menu.button).toHaveLength(2)
    expect((await mp.menu.current()).is_menu_open).toBe(1)
    await user.follow().catch(() => undefined)
    const { menuid } = await mp.menu.addConditional({ button, matchrule: { client_platform_type: '1' } })
    expect((await mp.menu.tryMatch(user.openid(mp.appId))).button).not.toHaveLength(0)
    await mp.menu.deleteConditional(menuid)
    await mp.menu.delete()
    expect(await mp.menu.get()).toBeUndefined()
  })

  it('makes codes whose pictures can be fetched and scanned', async () => {
    const { mp, user, simulator } = setup()
    const temporary = await mp.qrCode.createTemporary({ scene_str: 'order-42', expire_seconds: 3600 })
    expect(temporary.expire_seconds).toBe(3600)
    const permanent = await mp.qrCode.createPermanent({ scene_id: 42 })
    for (const { ticket } of [temporary, permanent]) {
      const picture = await simulator.fetch(mp.qrCode.imageUrl(ticket))
      expect(picture.headers.get('content-type')).toMatch(/^image\//)
    }
    await user.scan(temporary.ticket).catch(() => undefined)
    expect((await mp.users.info(user.openid(mp.appId))).qr_scene_str).toBe('order-42')
  })

  it('keeps long texts under short keys', async () => {
    const { mp } = setup()
    const { short_key } = await mp.shortKey.create({ long_data: '很长的信息', expire_seconds: 86_400 })
    expect((await mp.shortKey.fetch(short_key)).long_data).toBe('很长的信息')
  })
})

describe('network and quota', () => {
  it('names addresses and checks the callback', async () => {
    const { mp } = setup()
    expect(await mp.network.callbackIps()).not.toHaveLength(0)
    expect(await mp.network.apiIps()).not.toHaveLength(0)
    expect(await mp.network.checkCallback({ action: 'dns' })).toBeTypeOf('object')
  })

  it('shows, uses up and resets a quota, and explains a failed call', async () => {
    const { mp, simulator } = setup()
    const path = '/cgi-bin/menu/get'
    simulator.wechat.limitCalls(path, { day: 1 })
    await mp.menu.get()
    const error: unknown = await mp.menu.get().catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ errcode: 45009, kind: 'quota' })
    expect((await mp.quota.get(path)).quota.remain).toBe(0)
    await mp.quota.clearApi(path)
    await mp.menu.get()
    await mp.quota.clear()
    await mp.quota.clearWithAppSecret()
    const rid = error instanceof WeChatApiError ? (error.requestId ?? '') : ''
    expect((await mp.quota.rid(rid)).request.request_url).toContain('menu/get')
  })
})

describe('tokens', () => {
  it('survive their replacement elsewhere', async () => {
    const { mp, simulator } = setup()
    await mp.network.apiIps()
    simulator.wechat.invalidateTokens()
    expect(await mp.network.apiIps()).not.toHaveLength(0)
  })

  it('are one for four clients on one store, also of the plain kind', async () => {
    for (const tokenKind of ['stable', 'plain'] as const) {
      const { simulator } = setup()
      const store = memoryStore()
      const options = { ...simulator.credentials.officialAccount, ...simulator.clientOptions, store, tokenKind }
      const clients = Array.from({ length: 4 }, () => new OfficialAccount(options))
      await Promise.all(clients.flatMap((mp) => Array.from({ length: 25 }, () => mp.network.apiIps())))
      expect([...simulator.log.find('/cgi-bin/stable_token'), ...simulator.log.find('/cgi-bin/token')]).toHaveLength(1)
    }
  })

  it('of an account of another kind are refused with a reason', async () => {
    const { simulator } = setup()
    const mini = new MiniProgram({ ...simulator.credentials.officialAccount, ...simulator.clientOptions })
    await expect(mini.wxacode.unlimited({ scene: 'a' })).rejects.toMatchObject({ errcode: 48001, kind: 'config' })
  })

  it('say which IP is missing in the list', async () => {
    const simulator = createSimulator({
      accounts: { wechat: [{ kind: 'officialAccount', ipAllowList: ['198.51.100.1'] }] }
    })
    const mp = new OfficialAccount({ ...simulator.credentials.officialAccount, ...simulator.clientOptions })
    await expect(mp.accessToken.get()).rejects.toMatchObject({
      errcode: 40164,
      kind: 'config',
      hint: { en: expect.stringMatching(/\d+\.\d+\.\d+\.\d+/) }
    })
  })
})

it('reaches any API through request()', async () => {
  const { mp } = setup()
  const { ip_list } = await mp.request<{ ip_list: string[] }>({ method: 'GET', path: '/cgi-bin/getcallbackip' })
  expect(ip_list).not.toHaveLength(0)
  await mp.request({ method: 'POST', path: '/cgi-bin/tags/create', body: { tag: { name: '新' } } })
  await expect(mp.request({ method: 'GET', path: '/cgi-bin/getcallbackip', withAccessToken: false })).rejects.toThrow(
    refusal(41001)
  )
})
