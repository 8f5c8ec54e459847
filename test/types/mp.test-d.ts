import { describe, expectTypeOf, it } from 'vitest'
import type { FetchHandler } from 'weixin-kit'
import { type DownloadedFile, type Login, type OAuthUserInfo, OfficialAccount, type WireId } from 'weixin-kit/mp'

declare const mp: OfficialAccount

describe('OfficialAccount', () => {
  it('needs appId and appSecret and knows its options', () => {
    // @ts-expect-error appSecret is missing
    new OfficialAccount({ appId: 'wx1' })
    // @ts-expect-error a misspelt option
    new OfficialAccount({ appId: 'wx1', appSecret: 's', timeout: 1 })
    // @ts-expect-error an unknown kind
    new OfficialAccount({ appId: 'wx1', appSecret: 's', tokenKind: 'fast' })
  })

  it('gives data and no envelope', () => {
    expectTypeOf(mp.users.info('o')).resolves.toHaveProperty('subscribe').toEqualTypeOf<number>()
    expectTypeOf(mp.users.batchInfo(['o'])).resolves.items.toHaveProperty('openid')
    expectTypeOf(mp.users.each()).toEqualTypeOf<AsyncGenerator<string>>()
    expectTypeOf(mp.network.callbackIps()).resolves.toEqualTypeOf<string[]>()
    expectTypeOf(mp.menu.delete()).resolves.toBeVoid()
    expectTypeOf(mp.templateMessages.send).returns.resolves.toEqualTypeOf<{ msgid: WireId }>()
    // @ts-expect-error there is no envelope
    mp.users.info('o').then((user) => user.errcode)
  })

  it('knows scopes, URLs and handlers of the web login', () => {
    const redirectUri = 'https://example.com/'
    expectTypeOf(mp.oauth.authorizeUrl({ redirectUri, scope: 'snsapi_base', state: 'a' })).toEqualTypeOf<URL>()
    // @ts-expect-error snsapi_login has a page of its own
    mp.oauth.authorizeUrl({ redirectUri, scope: 'snsapi_login', state: 'a' })
    // @ts-expect-error a state is needed
    mp.oauth.authorizeUrl({ redirectUri, scope: 'snsapi_base' })
    const handlers = mp.oauth.loginHandlers({
      redirectUri,
      scope: 'snsapi_userinfo',
      onLogin: (login) => {
        expectTypeOf(login).toEqualTypeOf<Login>()
        expectTypeOf(login.user).toEqualTypeOf<OAuthUserInfo | undefined>()
        return { headers: { 'set-cookie': 'a=b' } }
      }
    })
    expectTypeOf(handlers).toEqualTypeOf<{ authorize: FetchHandler; callback: FetchHandler }>()
    mp.oauth.loginHandlers({ redirectUri, scope: 'snsapi_base', onLogin: () => undefined })
    mp.oauth.loginHandlers({ redirectUri, scope: 'snsapi_base', onLogin: async () => undefined })
    // @ts-expect-error no response of this shape
    mp.oauth.loginHandlers({ redirectUri, scope: 'snsapi_base', onLogin: () => 'done' })
  })

  it('narrows what was downloaded', async () => {
    const material = await mp.media.get('m')
    if (material.kind === 'file') expectTypeOf(material.file).toEqualTypeOf<DownloadedFile>()
    else expectTypeOf(material.video_url).toBeString()
    // @ts-expect-error not narrowed yet
    material.file
  })

  it('ties the payload of a message to its type', () => {
    const touser = 'o'
    mp.customerService.send({ touser, msgtype: 'image', image: { media_id: 'm' } })
    // @ts-expect-error the payload of another type
    mp.customerService.send({ touser, msgtype: 'image', text: { content: 'x' } })
    // @ts-expect-error only mini programs send links
    mp.customerService.send({ touser, msgtype: 'link', link: { title: '', description: '', url: '', thumb_url: '' } })
    const article = { title: 't', description: 'd', url: 'u', picurl: 'p' }
    // @ts-expect-error exactly one article
    mp.customerService.send({ touser, msgtype: 'news', news: { articles: [article, article] } })
  })

  it('ties the fields of a button to its type', () => {
    mp.menu.create({ button: [{ type: 'click', name: 'a', key: 'k' }] })
    mp.menu.create({ button: [{ name: 'a', sub_button: [{ type: 'view', name: 'b', url: 'u' }] }] })
    // @ts-expect-error a view needs an address
    mp.menu.create({ button: [{ type: 'view', name: 'a', key: 'k' }] })
    // @ts-expect-error there is no third level
    mp.menu.create({ button: [{ name: 'a', sub_button: [{ name: 'b', sub_button: [] }] }] })
  })

  it('takes one scene and not two', () => {
    mp.qrCode.createPermanent({ scene_id: 1 })
    mp.qrCode.createTemporary({ scene_str: 'a', expire_seconds: 60 })
    // @ts-expect-error both
    mp.qrCode.createPermanent({ scene_id: 1, scene_str: 'a' })
    // @ts-expect-error neither
    mp.qrCode.createTemporary({ expire_seconds: 60 })
  })

  it('needs title and introduction for a permanent video only', () => {
    const file = { data: new Uint8Array(1), fileName: 'a' }
    mp.materials.add({ type: 'image', ...file })
    mp.materials.add({ type: 'video', ...file, title: 't', introduction: 'i' })
    // @ts-expect-error a video without them
    mp.materials.add({ type: 'video', ...file })
  })

  it('leaves the type of request() to the caller', () => {
    expectTypeOf(mp.request({ method: 'GET', path: '/x' })).resolves.toBeUnknown()
    expectTypeOf(mp.request<{ a: 1 }>({ method: 'GET', path: '/x' })).resolves.toEqualTypeOf<{ a: 1 }>()
  })
})
