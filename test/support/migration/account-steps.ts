import assert from 'node:assert/strict'
import { mentions } from './mentions.ts'
import type { Step, World } from './shop.ts'

const PAGE = 'https://shop.example.com/orders/1'

/** The names of the exports that the pages use for accounts and messages, in the order in which they run. */
export const ACCOUNT_STEPS: Readonly<Record<string, Step>> = {
  gateway: async (shop, world) => {
    world.simulator.deliveries.target('gateway', await shop.target('gateway'))
    await talk(world)
  },
  accessToken: async (shop) => {
    assert.match(String(await shop.call('accessToken')), /^\d+_\S{100,}$/)
  },
  userInfo: async (shop, { user }) => {
    await user.follow()
    mentions(await shop.call('userInfo', user.openid()), user.openid())
  },
  batchUsers: async (shop, { user }) => {
    mentions(await shop.call('batchUsers', [user.openid()]), user.openid())
  },
  followers: async (shop, { user }) => {
    mentions(await shop.call('followers'), user.openid())
  },
  remark: async (shop, { simulator, user }) => {
    await shop.call('remark', user.openid(), 'VIP')
    mentions(lastCall(simulator, '/user/info/updateremark'), 'VIP')
  },
  tagUsers: async (shop, { simulator, user }) => {
    await shop.call('tagUsers', 'tea', [user.openid()])
    mentions(lastCall(simulator, '/tags/members/batchtagging'), user.openid())
  },
  sendTemplate: async (shop, { simulator, user }) => {
    await user.follow()
    const id = simulator.wechat.addTemplate({ content: '{{thing1.DATA}}' })
    await shop.call('sendTemplate', user.openid(), id)
    mentions(
      user.messages().filter(({ kind }) => kind === 'template'),
      'Tea'
    )
  },
  sendText: async (shop, { user }) => {
    await user.follow()
    await shop.call('sendText', user.openid(), 'Shipped')
    mentions(
      user.messages().filter(({ kind }) => kind === 'custom'),
      'Shipped'
    )
  },
  createMenu: async (shop, { simulator }) => {
    await shop.call('createMenu')
    mentions(lastCall(simulator, '/menu/create'), 'Orders')
  },
  getMenu: async (shop) => {
    mentions(await shop.call('getMenu'), 'Orders')
  },
  removeMenu: async (shop, { simulator }) => {
    await shop.call('removeMenu')
    assert.equal(simulator.log.find('/menu/delete').length > 0, true)
  },
  qrCode: async (shop) => {
    assert.match(
      String(await shop.call('qrCode', 'table-7')),
      /^https:\/\/mp\.weixin\.qq\.com\/cgi-bin\/showqrcode\?ticket=/
    )
  },
  uploadImage: async (shop) => {
    assert.ok(String(await shop.call('uploadImage')).length > 20)
  },
  download: async (shop) => {
    const bytes = await shop.call('download', await shop.call('uploadImage'))
    assert.ok(bytes instanceof Uint8Array && bytes.length > 10)
  },
  jssdkConfig: async (shop, { simulator }) => {
    const config = await shop.call('jssdkConfig', PAGE)
    assert.equal(simulator.wechat.checkJssdkConfig(config as never, PAGE), 'config:ok')
  },
  loginUrl: async (shop, { user }) => {
    const back = user.authorize(String(await shop.call('loginUrl', 'https://shop.example.com/callback', 'abc')))
    assert.equal(back.searchParams.get('state'), 'abc')
    assert.ok(back.searchParams.get('code'))
  },
  login: async (shop, { user }) => {
    const back = user.authorize(String(await shop.call('loginUrl', 'https://shop.example.com/callback', 'abc')))
    mentions(await shop.call('login', back.searchParams.get('code')), user.profile.nickname)
  },
  websiteUrl: async (shop, { user }) => {
    const back = user.authorize(String(await shop.call('websiteUrl', 'https://shop.example.com/callback', 'abc')))
    assert.ok(back.searchParams.get('code'))
  },
  miniLogin: async (shop, { user }) => {
    mentions(await shop.call('miniLogin', user.login()), user.openid('miniProgram'))
  },
  decrypt: async (shop, { user }) => {
    const session = (await shop.call('miniLogin', user.login())) as { session_key: string }
    const { encryptedData, iv } = user.encryptedData()
    mentions(await shop.call('decrypt', session.session_key, iv, encryptedData), user.openid('miniProgram'))
  },
  checkRawData: async (shop, { user }) => {
    const session = (await shop.call('miniLogin', user.login())) as { session_key: string }
    const { rawData, signature } = user.encryptedData()
    assert.equal(await shop.call('checkRawData', session.session_key, rawData, signature), true)
    assert.equal(await shop.call('checkRawData', session.session_key, `${rawData} `, signature), false)
  },
  phone: async (shop, { user }) => {
    mentions(await shop.call('phone', user.phoneCode()), user.profile.phone)
  },
  miniCode: async (shop) => {
    const picture = await shop.call('miniCode', 'table=7')
    assert.ok(picture instanceof Uint8Array && picture.length > 100)
  },
  urlLink: async (shop) => {
    mentions(await shop.call('urlLink'), 'https://')
  },
  scheme: async (shop) => {
    mentions(await shop.call('scheme'), 'weixin://')
  },
  sendSubscribe: async (shop, { simulator, user }) => {
    const id = simulator.wechat.addSubscribeTemplate({ keys: ['thing1'], account: 'miniProgram' })
    await user.subscribe(id, { account: 'miniProgram' })
    await shop.call('sendSubscribe', user.openid('miniProgram'), id)
    mentions(user.messages({ account: 'miniProgram' }), 'Tea')
  }
}

const lastCall = (simulator: { log: { find(text: string): { requestBody: string }[] } }, path: string) =>
  simulator.log.find(path).at(-1)?.requestBody

const articlesOf = (reply: Readonly<Record<string, unknown>> | undefined): unknown[] => {
  const { item } = (reply?.Articles ?? {}) as { item?: { Title: unknown } | { Title: unknown }[] }
  return (Array.isArray(item) ? item : [item]).map((one) => one?.Title)
}

/** What the receivers of all pages reply. */
export async function talk({ simulator, user }: World): Promise<void> {
  assert.equal((await simulator.wechat.verifyServer()).state, 'delivered')
  assert.equal((await user.send('hello')).reply?.Content, 'You said hello')
  assert.deepEqual(articlesOf((await user.send('news')).reply), ['Tea'])
  assert.equal((await user.follow()).reply?.Content, 'Welcome')
  assert.equal((await user.send({ MsgType: 'location', Location_X: '1', Location_Y: '2' })).reply, undefined)
}
