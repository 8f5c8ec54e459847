import { describe, expect, it, vi } from 'vitest'
import { OfficialAccount } from 'weixin-kit/mp'
import { json, stubFetch } from '../../support/stub-fetch.ts'

function setup(answer: object = {}) {
  const fetch = stubFetch(() => json({ errcode: 0, errmsg: 'ok', ...answer }))
  const mp = new OfficialAccount({
    appId: 'wx0123456789abcdef',
    appSecret: 'not-a-real-secret',
    accessTokenProvider: { get: async () => 'TOKEN' },
    fetch
  })
  return { mp, fetch }
}
const refusal = (option: string) => expect.objectContaining({ code: 'ERR_INVALID_PARAM', option })
const view = (name: string) => ({ type: 'view', name, url: 'https://example.com/' }) as const

describe('menu', () => {
  it.each<[string, unknown, string]>([
    ['no buttons', [], 'button'],
    ['four buttons', [view('a'), view('b'), view('c'), view('d')], 'button'],
    ['six below one', [{ name: 'p', sub_button: Array.from({ length: 6 }, () => view('x')) }], 'button[0].sub_button'],
    ['a long name', [view('六个汉字的名')], 'name'],
    ['a long name below', [{ name: 'p', sub_button: [view('字'.repeat(21))] }], 'name'],
    ['no name', [{ type: 'click', key: 'k' }], 'name'],
    ['no type', [{ name: 'a', url: 'https://example.com' }], 'button[0].type'],
    ['a click without key', [{ type: 'click', name: 'a' }], 'key'],
    ['a long key', [{ type: 'click', name: 'a', key: 'k'.repeat(129) }], 'key'],
    ['a view without url', [{ type: 'view', name: 'a' }], 'url'],
    ['a long url', [{ type: 'view', name: 'a', url: `https://e.com/${'a'.repeat(1024)}` }], 'url'],
    [
      'a mini program without appid',
      [{ type: 'miniprogram', name: 'a', url: 'https://e.com', pagepath: 'p' }],
      'appid'
    ],
    ['media without id', [{ type: 'media_id', name: 'a' }], 'media_id'],
    [
      'a third level',
      [{ name: 'p', sub_button: [{ name: 'q', sub_button: [view('r')] }] }],
      'button[0].sub_button[0].sub_button'
    ],
    ['no object', [null], 'button[0]']
  ])('refuses %s before anything is sent', async (_, button, option) => {
    const { mp, fetch } = setup()
    await expect(mp.menu.create({ button } as never)).rejects.toThrow(refusal(option))
    expect(fetch.seen).toHaveLength(0)
  })

  it('sends what is within the limits as raw UTF-8, and types that it does not know', async () => {
    const { mp, fetch } = setup()
    const button = [
      { name: '五个汉字名', sub_button: [{ type: 'click', name: '字'.repeat(20), key: 'k'.repeat(128) }] },
      { type: 'brand_new', name: 'b' }
    ]
    await mp.menu.create({ button } as never)
    expect(JSON.parse(fetch.seen[0]?.body ?? '')).toEqual({ button })
    expect(fetch.seen[0]?.body).not.toContain('\\u')
  })

  it('needs a rule for a conditional menu', async () => {
    const { mp } = setup()
    const call = (matchrule: object) => mp.menu.addConditional({ button: [view('a')], matchrule })
    await expect(call({})).rejects.toThrow(refusal('matchrule'))
    await expect(call({ tag_id: '' })).rejects.toThrow(refusal('matchrule'))
  })

  it('says undefined when there is no menu', async () => {
    expect(await setup({ errcode: 46003, errmsg: 'menu no exist' }).mp.menu.get()).toBeUndefined()
  })
})

describe('qrCode', () => {
  it.each([
    [{}, 'scene_id'],
    [{ scene_id: 1, scene_str: 'a' }, 'scene_id'],
    [{ scene_id: 0 }, 'scene_id'],
    [{ scene_id: 100_001 }, 'scene_id'],
    [{ scene_id: 1.5 }, 'scene_id'],
    [{ scene_str: '' }, 'scene_str'],
    [{ scene_str: 'x'.repeat(65) }, 'scene_str']
  ])('refuses the permanent scene %j', async (params, option) => {
    await expect(setup().mp.qrCode.createPermanent(params as never)).rejects.toThrow(refusal(option))
  })

  it.each([
    [{ scene_id: 4_294_967_295 }, 'QR_SCENE', { scene_id: 4_294_967_295 }],
    [{ scene_str: '场景', expire_seconds: 2_592_000 }, 'QR_STR_SCENE', { scene_str: '场景' }]
  ])('sends the temporary scene %j', async (params, action_name, scene) => {
    const { mp, fetch } = setup({ ticket: 'T', url: 'u' })
    await mp.qrCode.createTemporary(params as never)
    expect(JSON.parse(fetch.seen[0]?.body ?? '')).toMatchObject({ action_name, action_info: { scene } })
  })

  it('gives the address of the picture with the ticket encoded', () => {
    expect(setup().mp.qrCode.imageUrl('a/b+c==').href).toBe(
      'https://mp.weixin.qq.com/cgi-bin/showqrcode?ticket=a%2Fb%2Bc%3D%3D'
    )
  })
})

describe('messages', () => {
  it('repeats a template message with client_msg_id after a lost response, and never without', async () => {
    const counting = (body: object) => {
      let calls = 0
      const mp = new OfficialAccount({
        appId: 'wx0123456789abcdef',
        appSecret: 'not-a-real-secret',
        accessTokenProvider: { get: async () => 'TOKEN' },
        fetch: async () => {
          if (++calls === 1) throw Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNRESET' } })
          return json({ errcode: 0, msgid: 1 })
        }
      })
      const message = { touser: 'o', template_id: 't', data: {}, ...body }
      return mp.templateMessages.send(message).then(
        () => calls,
        (error: { code: string }) => `${error.code} after ${calls}`
      )
    }
    expect(await counting({ client_msg_id: 'once' })).toBe(2)
    expect(await counting({})).toBe('ERR_CONNECTION after 1')
  })

  it.each([
    [{ msgtype: 'text', text: { content: 'x' } }, 'touser'],
    [{ touser: 'o', msgtype: 'telegram', telegram: {} }, 'msgtype'],
    [{ touser: 'o', msgtype: 'text' }, 'text'],
    [{ touser: 'o', msgtype: 'text', text: { content: '' } }, 'text.content'],
    [{ touser: 'o', msgtype: 'video', video: { media_id: 'm' } }, 'video.thumb_media_id'],
    [{ touser: 'o', msgtype: 'news', news: { articles: [{}, {}] } }, 'articles'],
    [{ touser: 'o', msgtype: 'link', link: {} }, 'msgtype']
  ])('refuses the customer-service message %j', async (message, option) => {
    const { mp, fetch } = setup()
    await expect(mp.customerService.send(message as never)).rejects.toThrow(refusal(option))
    expect(fetch.seen).toHaveLength(0)
  })

  it.each([
    ['thing1', '二十个字'.repeat(5)],
    ['number2', '12.50'],
    ['letter3', 'abc'],
    ['symbol4', '!?'],
    ['character_string5', 'A-1/2'],
    ['time6', '2026年1月2日 15:01~16:00'],
    ['date7', '2026-01-02'],
    ['amount8', '¥12.50元'],
    ['phone_number9', '+86-0755-12345678'],
    ['car_number10', '粤A8Z888挂'],
    ['name11', '张三'],
    ['name12', 'Maximilian Smith'],
    ['phrase13', '已发货'],
    ['enum14', '任意'],
    ['brand_new15', 'x'.repeat(500)]
  ])('accepts %s = %j', async (name, value) => {
    const { mp, fetch } = setup()
    await mp.subscribeMessages.send({ touser: 'o', template_id: 't', data: { [name]: { value } } })
    expect(fetch.seen).toHaveLength(1)
  })

  it.each([
    ['thing1', 'x'.repeat(21)],
    ['thing1', ''],
    ['thing1', '   '],
    ['thing1', 'a\nb'],
    ['thing1', 7],
    ['number2', 'twelve'],
    ['number2', '1'.repeat(33)],
    ['letter3', '字'],
    ['symbol4', 'abc'],
    ['character_string5', '汉字'],
    ['time6', 'noon'],
    ['date7', 'tomorrow'],
    ['amount8', '12345678901'],
    ['phone_number9', '1'.repeat(18)],
    ['car_number10', '123456789'],
    ['name11', '十一个字的名字真的很长'],
    ['phrase13', '六个字的短语']
  ])('refuses %s = %j', async (name, value) => {
    const { mp, fetch } = setup()
    const message = { touser: 'o', template_id: 't', data: { [name]: { value } } } as never
    await expect(mp.subscribeMessages.send(message)).rejects.toThrow(refusal(`data.${name}.value`))
    expect(fetch.seen).toHaveLength(0)
  })

  it('makes the page of a one-time subscription', () => {
    const url = setup().mp.templateMessages.oneTimePageUrl({
      scene: 1000,
      template_id: 'T',
      redirect_url: 'https://example.com/back',
      reserved: 'abc'
    })
    expect(url.href).toBe(
      'https://mp.weixin.qq.com/mp/subscribemsg?action=get_confirm&appid=wx0123456789abcdef&scene=1000&template_id=T' +
        '&redirect_url=https%3A%2F%2Fexample.com%2Fback&reserved=abc#wechat_redirect'
    )
  })
})

describe('lists', () => {
  it('walk page by page, to the end and no further', async () => {
    const pages = [
      { total: 3, count: 2, data: { openid: ['a', 'b'] }, next_openid: 'b' },
      { total: 3, count: 1, data: { openid: ['c'] }, next_openid: 'c' },
      { total: 3, count: 0, next_openid: '' }
    ]
    const fetch = stubFetch((_, index) => json(pages[index] ?? { errcode: -1 }))
    const mp = new OfficialAccount({
      appId: 'wx0123456789abcdef',
      appSecret: 'not-a-real-secret',
      accessTokenProvider: { get: async () => 'TOKEN' },
      fetch
    })
    const openids: string[] = []
    for await (const openid of mp.users.each()) openids.push(openid)
    expect(openids).toEqual(['a', 'b', 'c'])
    expect(fetch.seen.map(({ url }) => url.searchParams.get('next_openid'))).toEqual([null, 'b', 'c'])
  })

  it('end when the upstream repeats itself', async () => {
    const { mp, fetch } = setup({ total: 9, count: 1, data: { openid: ['a'] }, next_openid: 'a' })
    for await (const openid of mp.blacklist.each()) expect(openid).toBe('a')
    expect(fetch.seen).toHaveLength(2)
  })

  it.each([
    ['101 openids', (mp: OfficialAccount) => mp.users.batchInfo(Array(101).fill('o')), 'openids'],
    ['no openids', (mp: OfficialAccount) => mp.users.batchInfo([]), 'openids'],
    [
      '51 to tag',
      (mp: OfficialAccount) => mp.tags.tagUsers({ tagid: 1, openid_list: Array(51).fill('o') }),
      'openid_list'
    ],
    ['21 to block', (mp: OfficialAccount) => mp.blacklist.add(Array(21).fill('o')), 'openid_list'],
    ['a long remark', (mp: OfficialAccount) => mp.users.setRemark({ openid: 'o', remark: 'x'.repeat(30) }), 'remark'],
    ['a long tag', (mp: OfficialAccount) => mp.tags.create('十一个字的标签名称太长'), 'name'],
    ['a path with a query', (mp: OfficialAccount) => mp.quota.get('/cgi-bin/user/get?a=1'), 'cgi_path'],
    ['4 KB and more', (mp: OfficialAccount) => mp.shortKey.create({ long_data: 'x'.repeat(4097) }), 'long_data']
  ])('refuse %s', async (_, call, option) => {
    await expect(call(setup().mp)).rejects.toThrow(refusal(option))
  })
})

describe('repeating', () => {
  it('waits at least a second after -1, and does not repeat a minute limit', async () => {
    vi.useFakeTimers()
    try {
      const answers = [{ errcode: -1, errmsg: 'busy' }, { ip_list: ['203.0.113.1'] }]
      const fetch = stubFetch((_, index) => json(answers[index] ?? {}))
      const options = { appId: 'wx0123456789abcdef', appSecret: 'not-a-real-secret', fetch }
      const mp = new OfficialAccount({ ...options, accessTokenProvider: { get: async () => 'TOKEN' } })
      const call = mp.network.callbackIps()
      await vi.advanceTimersByTimeAsync(990)
      expect(fetch.seen).toHaveLength(1)
      await vi.advanceTimersByTimeAsync(20)
      expect(await call).toEqual(['203.0.113.1'])
    } finally {
      vi.useRealTimers()
    }
    const { mp, fetch } = setup({ errcode: 45011, errmsg: 'frequency limit' })
    await expect(mp.network.callbackIps()).rejects.toMatchObject({ kind: 'rate_limit', retryable: true })
    expect(fetch.seen).toHaveLength(1)
  })
})
