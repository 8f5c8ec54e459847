import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readGatewayReply } from '../../../src/simulator/wechat/gateway-reply.ts'
import { fcParameters } from '../../support/fc-parameters.ts'
import { setUp } from './wechat-client.ts'

const POSTS = [
  '/cgi-bin/clear_quota',
  '/cgi-bin/openapi/quota/get',
  '/cgi-bin/openapi/rid/get',
  '/cgi-bin/callback/check',
  '/cgi-bin/user/info/batchget',
  '/cgi-bin/user/info/updateremark',
  '/cgi-bin/tags/create',
  '/cgi-bin/tags/update',
  '/cgi-bin/tags/members/batchtagging',
  '/cgi-bin/tags/members/getblacklist',
  '/cgi-bin/user/tag/get',
  '/cgi-bin/message/template/send',
  '/cgi-bin/message/template/subscribe',
  '/cgi-bin/template/api_set_industry',
  '/cgi-bin/template/api_add_template',
  '/cgi-bin/message/subscribe/bizsend',
  '/wxaapi/newtmpl/addtemplate',
  '/cgi-bin/message/custom/send',
  '/cgi-bin/message/custom/typing',
  '/cgi-bin/menu/create',
  '/cgi-bin/menu/addconditional',
  '/cgi-bin/menu/trymatch',
  '/cgi-bin/qrcode/create',
  '/cgi-bin/material/get_material',
  '/cgi-bin/material/batchget_material',
  '/cgi-bin/draft/add',
  '/cgi-bin/draft/batchget',
  '/customservice/kfaccount/add',
  '/cgi-bin/shorten/gen'
]
const MINI_POSTS = [
  '/cgi-bin/message/subscribe/send',
  '/wxa/business/getuserphonenumber',
  '/wxa/business/checkencryptedmsg',
  '/wxa/getwxacode',
  '/wxa/getwxacodeunlimit',
  '/cgi-bin/wxaapp/createwxaqrcode',
  '/wxa/generatescheme',
  '/wxa/generate_urllink',
  '/wxa/genwxashortlink',
  '/wxa/queryscheme',
  '/wxa/msg_sec_check',
  '/wxa/media_check_async',
  '/wxa/getuserriskrank'
]
const FIELDS = [
  'touser',
  'template_id',
  'data',
  'msgtype',
  'text',
  'button',
  'matchrule',
  'action_name',
  'action_info',
  'openid',
  'tag',
  'tagid',
  'type',
  'offset',
  'count',
  'scene',
  'page',
  'path',
  'is_hyaline',
  'line_color',
  'jump_wxa',
  'articles',
  'constructor',
  'version',
  'content',
  'is_expire',
  'expire_type',
  'miniprogram',
  'user_list',
  'openid_list',
  'kf_account',
  'long_data',
  'kidList',
  'tid'
]

describe('whatever is sent', () => {
  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    fc.constantFrom('constructor', '__proto__', 'QR_SCENE', 'toString', -1, 1e308, true)
  )
  const body = fc.dictionary(fc.constantFrom(...FIELDS), value)

  it('is answered in the shape of the platform, never with a failure of the simulator', async () => {
    const { simulator, mp, mini } = setUp()
    const user = simulator.user()
    await user.follow()
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.boolean(), body, async (index, isMini, fields) => {
        const paths = isMini ? MINI_POSTS : POSTS
        const response = await (isMini ? mini : mp).raw(paths[index % paths.length] ?? '', fields)
        expect(response.status).toBe(200)
        if (response.headers.get('content-type')?.startsWith('application/json'))
          expect(await response.json()).toBeTypeOf('object')
      }),
      fcParameters(300)
    )
  })

  it('names of object properties are no kinds of anything', async () => {
    const { simulator, mp } = setUp()
    const user = simulator.user()
    await user.send('x')
    const send = (msgtype: string) =>
      mp.post('/cgi-bin/message/custom/send', { touser: user.openid(), msgtype, [msgtype]: {} })
    for (const name of ['constructor', 'toString', '__proto__']) {
      expect((await send(name)).errcode).toBe(40008)
      expect((await mp.upload('/cgi-bin/media/upload', { type: name }, Buffer.from('x'), 'a.png')).errcode).toBe(40004)
      const page = `https://open.weixin.qq.com/connect/oauth2/authorize?appid=${mp.appId}&redirect_uri=https%3A%2F%2Fa.example.com&response_type=code&scope=${name}&state=s`
      expect(await (await simulator.fetch(page)).text()).toContain('10005')
    }
  })

  it('as a response to a message never throws', () => {
    const { simulator } = setUp()
    const account = simulator.context.accounts.first('officialAccount')
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.string().map((text) => `<xml><Encrypt>${text}</Encrypt></xml>`)
        ),
        fc.boolean(),
        (text, isEncrypted) => {
          const reply = readGatewayReply(account, text, isEncrypted, 'o')
          expect(reply.kind).toBe(text === '' || text === 'success' ? 'none' : 'wrong')
        }
      ),
      fcParameters(500)
    )
  })

  it('one account cannot use what is of another', async () => {
    const { simulator, mp, mini } = setUp()
    const user = simulator.user()
    const PNG = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(9)])
    const { media_id } = await mp.upload('/cgi-bin/media/upload', { type: 'image' }, PNG, 'a.png')
    expect((await mini.get('/cgi-bin/media/get', { media_id: String(media_id) })).errcode).toBe(40007)
    const template_id = simulator.wechat.addSubscribeTemplate({ keys: [], account: 'officialAccount' })
    await user.subscribe(template_id, { account: 'officialAccount' })
    expect(
      (
        await mini.post('/cgi-bin/message/subscribe/send', {
          touser: user.openid('miniProgram'),
          template_id,
          data: {}
        })
      ).errcode
    ).toBe(40037)
    const { ticket } = await mp.get('/cgi-bin/ticket/getticket', { type: 'jsapi' })
    expect(String(ticket)).not.toBe('')
    expect(
      (await mini.get('/wxa/checksession', { openid: user.openid(), signature: 'x', sig_method: 'hmac_sha256' }))
        .errcode
    ).toBe(40003)
  })

  it('stays inside the limits', async () => {
    const { simulator, mp } = setUp({ limits: { records: 10, logEntries: 10, users: 10 } })
    for (let i = 0; i < 30; i++) {
      simulator.user()
      await mp.post('/cgi-bin/qrcode/create', {
        action_name: 'QR_LIMIT_SCENE',
        action_info: { scene: { scene_id: i + 1 } }
      })
    }
    expect(simulator.log.entries).toHaveLength(10)
    expect(simulator.context.users.all()).toHaveLength(10)
    const state = simulator.snapshot().services.wechat as {
      accounts: Record<string, { sceneCodes: { $map: unknown[] } }>
    }
    expect(state.accounts[mp.appId]?.sceneCodes.$map).toHaveLength(10)
    expect((await mp.post('/cgi-bin/clear_quota', `{"x":"${'x'.repeat(3_000_000)}"}`)).errcode).toBe(45002)
  })
})
