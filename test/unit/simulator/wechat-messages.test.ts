import { describe, expect, it } from 'vitest'
import { setUp } from './wechat-client.ts'

const DAY = 86_400_000

describe('template messages', () => {
  const send = (mp: ReturnType<typeof setUp>['mp'], body: Record<string, unknown>) =>
    mp.post('/cgi-bin/message/template/send', body)

  it('reach followers only and must fill the template', async () => {
    const { simulator, mp, mini } = setUp()
    const template_id = simulator.wechat.addTemplate({ content: '{{first.DATA}}\n金额：{{amount.DATA}}' })
    const user = simulator.user()
    const data = { first: { value: '你好' }, amount: { value: '1.00' } }
    const message = { touser: user.openid(), template_id, data }
    expect((await send(mp, message)).errcode).toBe(43004)
    await user.follow()
    const response = await mp.raw('/cgi-bin/message/template/send', message)
    expect(await response.text()).toMatch(/"msgid":\d{19}\D/)
    expect(user.messages().at(-1)).toMatchObject({ kind: 'template', content: { text: '你好\n金额：1.00' } })
    expect((await send(mp, { ...message, touser: 'nobody' })).errcode).toBe(40003)
    expect((await send(mp, { ...message, touser: user.openid('miniProgram') })).errcode).toBe(40003)
    expect((await send(mp, { ...message, template_id: 'x' })).errcode).toBe(40037)
    const missing = await send(mp, { ...message, data: { first: { value: 'x' } } })
    expect(missing).toMatchObject({ errcode: 47003, errmsg: expect.stringContaining('data.amount.value') })
    expect((await send(mp, { ...message, miniprogram: { appid: 'wx1' } })).errcode).toBe(40166)
    expect((await send(mp, { ...message, miniprogram: { appid: mini.appId, pagepath: 'p' } })).errcode).toBe(0)
    expect((await mini.post('/cgi-bin/message/template/send', message)).errcode).toBe(48001)
    await mp.post('/cgi-bin/tags/members/batchblacklist', { openid_list: [user.openid()] })
    expect((await send(mp, message)).errcode).toBe(43019)
  })

  it('with the same client_msg_id go out once in ten minutes', async () => {
    const { simulator, mp } = setUp()
    const user = simulator.user()
    await user.follow()
    const message = {
      touser: user.openid(),
      template_id: simulator.wechat.addTemplate({ content: 'x' }),
      data: {},
      client_msg_id: 'a'
    }
    for (let i = 0; i < 3; i++) expect((await send(mp, message)).errcode).toBe(0)
    expect(user.messages().filter(({ kind }) => kind === 'template')).toHaveLength(1)
    await simulator.clock.advance(600_000)
    await send(mp, message)
    expect(user.messages().filter(({ kind }) => kind === 'template')).toHaveLength(2)
  })

  it('are managed, and the industry changes once a month', async () => {
    const { simulator, mp } = setUp()
    const { template_id } = await mp.post('/cgi-bin/template/api_add_template', {
      template_id_short: 'TM1',
      keyword_name_list: ['金额']
    })
    const list = (await mp.get('/cgi-bin/template/get_all_private_template')).template_list as { content: string }[]
    expect(list[0]?.content).toBe('金额：{{keyword1.DATA}}')
    expect((await mp.post('/cgi-bin/template/del_private_template', { template_id })).errcode).toBe(0)
    expect((await mp.post('/cgi-bin/template/del_private_template', { template_id })).errcode).toBe(40037)
    const set = () => mp.post('/cgi-bin/template/api_set_industry', { industry_id1: '1', industry_id2: '4' })
    expect((await set()).errcode).toBe(0)
    expect((await set()).errcode).toBe(43100)
    expect((await mp.get('/cgi-bin/template/get_industry')).primary_industry).toMatchObject({ first_class: 'IT科技' })
    await simulator.clock.advance(31 * DAY)
    expect((await set()).errcode).toBe(0)
  })

  it('for one-time subscriptions need a consent each', async () => {
    const { simulator, mp } = setUp()
    const user = simulator.user()
    const page = `https://mp.weixin.qq.com/mp/subscribemsg?action=get_confirm&appid=${mp.appId}&scene=7&template_id=T&redirect_url=${encodeURIComponent('https://a.example.com/x')}&reserved=r1#wechat_redirect`
    const message = {
      touser: user.openid(),
      template_id: 'T',
      scene: 7,
      title: '标题',
      data: { content: { value: '内容' } }
    }
    const post = () => mp.post('/cgi-bin/message/template/subscribe', message)
    expect((await post()).errcode).toBe(43101)
    expect(user.subscribeOnce(page, { accept: false }).searchParams.get('openid')).toBeNull()
    user.subscribeOnce(page)
    expect(user.subscribeOnce(page).searchParams.get('openid')).toBe(user.openid())
    expect([(await post()).errcode, (await post()).errcode]).toEqual([0, 43101])
    expect(await (await simulator.fetch(page)).text()).toContain('订阅一条消息')
  })
})

describe('subscribe messages', () => {
  it('use up one consent each, and check values by the kind of their name', async () => {
    const { simulator, mini } = setUp()
    const keys = [
      'thing1',
      'amount2',
      'time3',
      'phrase4',
      'character_string5',
      'date6',
      'name7',
      'phone_number8',
      'number9',
      'car_number10',
      'letter11',
      'symbol12'
    ]
    const template_id = simulator.wechat.addSubscribeTemplate({ keys })
    const user = simulator.user()
    const good = {
      thing1: '一二三四五六七八九十一二三四五六七八九十',
      amount2: '¥1234567890.12元',
      time3: '2025年1月2日 10:00~11:00',
      phrase4: '已付款',
      character_string5: 'A-1',
      date6: '2025-01-02',
      name7: '张三',
      phone_number8: '+86-138 0013 8000',
      number9: '12.5',
      car_number10: '粤A8888挂',
      letter11: 'abc',
      symbol12: '!?'
    }
    const send = (values: Record<string, string> = {}, more: Record<string, unknown> = {}) =>
      mini.post('/cgi-bin/message/subscribe/send', {
        touser: user.openid('miniProgram'),
        template_id,
        data: Object.fromEntries(Object.entries({ ...good, ...values }).map(([key, value]) => [key, { value }])),
        ...more
      })
    expect((await send()).errcode).toBe(43101)
    await user.subscribe(template_id)
    expect([(await send()).errcode, (await send()).errcode]).toEqual([0, 43101])
    await user.subscribe(template_id, { times: Number.POSITIVE_INFINITY })
    for (const [key, value] of Object.entries({
      thing1: 'x'.repeat(21),
      amount2: '1元2',
      time3: 'noon',
      phrase4: 'paid',
      character_string5: '中',
      date6: '1/2',
      name7: '张三丰丰丰丰丰丰丰丰丰',
      phone_number8: '1'.repeat(18),
      number9: '1e5',
      car_number10: '123456789',
      letter11: 'a1',
      symbol12: 'a'
    })) {
      expect(await send({ [key]: value }), key).toMatchObject({
        errcode: 47003,
        errmsg: expect.stringContaining(`data.${key}.value`)
      })
    }
    expect((await send({ thing1: 'a\nb' })).errcode).toBe(47003)
    simulator.wechat.setPages(['pages/index'])
    expect((await send({}, { page: 'pages/index?id=1' })).errcode).toBe(0)
    expect((await send({}, { page: 'pages/gone' })).errcode).toBe(41030)
    expect((await send({}, { lang: 'fr' })).errcode).toBe(40097)
    await user.unsubscribe(template_id)
    expect((await send()).errcode).toBe(43101)
  })

  it('have templates to choose from', async () => {
    const { mini } = setUp()
    const titles = await mini.get('/wxaapi/newtmpl/getpubtemplatetitles', { ids: '616', start: '0', limit: '10' })
    expect(titles.count).toBe(4)
    const words = await mini.get('/wxaapi/newtmpl/getpubtemplatekeywords', { tid: '99' })
    expect(words.count).toBe(4)
    const { priTmplId } = await mini.post('/wxaapi/newtmpl/addtemplate', { tid: '99', kidList: [1, 2], sceneDesc: 'x' })
    expect((await mini.get('/wxaapi/newtmpl/gettemplate')).data).toMatchObject([{ priTmplId, type: 2 }])
    expect((await mini.post('/wxaapi/newtmpl/deltemplate', { priTmplId })).errcode).toBe(0)
  })
})

describe('customer-service messages', () => {
  it('need a window and are counted in it', async () => {
    const { simulator, mp } = setUp()
    const user = simulator.user()
    const send = () =>
      mp.post('/cgi-bin/message/custom/send', { touser: user.openid(), msgtype: 'text', text: { content: '你好' } })
    expect((await send()).errcode).toBe(45015)
    await user.follow()
    for (let i = 0; i < 3; i++) expect((await send()).errcode).toBe(0)
    expect((await send()).errcode).toBe(45047)
    await user.send('hello')
    for (let i = 0; i < 5; i++) expect((await send()).errcode).toBe(0)
    expect((await send()).errcode).toBe(45047)
    await simulator.clock.advance(2 * DAY)
    expect((await send()).errcode).toBe(45015)
  })

  it('are checked by kind', async () => {
    const { simulator, mp, mini } = setUp()
    const user = simulator.user()
    await user.send('hello')
    await user.send('hello', { account: 'miniProgram' })
    const code = async (body: Record<string, unknown>, account = mp) =>
      (await account.post('/cgi-bin/message/custom/send', { touser: user.openid(account.appId), ...body })).errcode
    expect(await code({ msgtype: 'text', text: {} })).toBe(44004)
    expect(await code({ msgtype: 'text', text: { content: 'x'.repeat(2049) } })).toBe(45002)
    expect(await code({ msgtype: 'image', image: { media_id: 'x' } })).toBe(40007)
    expect(await code({ msgtype: 'news', news: { articles: [{ title: 'a' }, { title: 'b' }] } })).toBe(45008)
    expect(await code({ msgtype: 'hologram', hologram: {} })).toBe(40008)
    expect(await code({ msgtype: 'link', link: { title: 'a', url: 'b' } })).toBe(40008)
    expect(await code({ msgtype: 'link', link: { title: 'a', url: 'b' } }, mini)).toBe(0)
    expect(await code({ msgtype: 'voice', voice: { media_id: 'x' } }, mini)).toBe(40008)
    const typing = async (command: string) =>
      (await mp.post('/cgi-bin/message/custom/typing', { touser: user.openid(), command })).errcode
    expect([await typing('Typing'), await typing('Typing'), await typing('CancelTyping'), await typing('x')]).toEqual([
      0, 45081, 0, 45072
    ])
    await simulator.clock.advance(31_000)
    expect(await typing('Typing')).toBe(45080)
  })

  it('may be sent for 48 hours after a payment', async () => {
    const { simulator, mp } = setUp()
    const openid = simulator.user().openid()
    simulator.context.payments.call({
      appId: mp.appId,
      openid,
      mchId: '1',
      outTradeNo: 'n',
      transactionId: 't',
      description: 'd',
      amount: 1
    })
    for (let i = 0; i < 10; i++) {
      expect(
        (await mp.post('/cgi-bin/message/custom/send', { touser: openid, msgtype: 'text', text: { content: 'x' } }))
          .errcode
      ).toBe(0)
    }
  })
})

describe('menus', () => {
  it('are checked, replaced and matched', async () => {
    const { simulator, mp, mini } = setUp()
    const create = async (button: unknown) => (await mp.post('/cgi-bin/menu/create', { button })).errcode
    expect((await mp.get('/cgi-bin/menu/get')).errcode).toBe(46003)
    expect(await create([])).toBe(40016)
    expect(await create([{ type: 'click', name: '一二三四五六', key: 'k' }])).toBe(40018)
    expect(await create([{ type: 'click', name: 'a', key: '' }])).toBe(40019)
    expect(await create([{ type: 'view', name: 'a', url: 'ftp://x' }])).toBe(40020)
    expect(await create([{ type: 'jump', name: 'a' }])).toBe(40017)
    expect(
      await create([
        { name: 'a', sub_button: Array.from({ length: 6 }, () => ({ type: 'click', name: 'b', key: 'c' })) }
      ])
    ).toBe(40023)
    expect(await create([{ name: 'a', sub_button: [{ type: 'click', name: 'b' }] }])).toBe(40026)
    const menu = [
      { type: 'click', name: '今日', key: 'TODAY' },
      {
        name: '更多',
        sub_button: [
          { type: 'miniprogram', name: 'app', url: 'https://a.example.com', appid: mini.appId, pagepath: 'p' }
        ]
      }
    ]
    expect(await create(menu)).toBe(0)
    expect((await mp.get('/cgi-bin/menu/get')).menu).toMatchObject({
      button: [{ key: 'TODAY', sub_button: [] }, { name: '更多' }]
    })
    expect((await mp.get('/cgi-bin/get_current_selfmenu_info')).is_menu_open).toBe(1)
    const user = simulator.user()
    await user.follow()
    const { tag } = await mp.post('/cgi-bin/tags/create', { tag: { name: 'vip' } })
    const { id } = tag as { id: number }
    const special = [{ type: 'click', name: 'VIP', key: 'VIP' }]
    expect((await mp.post('/cgi-bin/menu/addconditional', { button: special, matchrule: {} })).errcode).toBe(65304)
    const { menuid } = await mp.post('/cgi-bin/menu/addconditional', {
      button: special,
      matchrule: { tag_id: String(id) }
    })
    const match = async () => (await mp.post('/cgi-bin/menu/trymatch', { user_id: user.openid() })).button
    expect(await match()).toMatchObject([{ key: 'TODAY' }, {}])
    await mp.post('/cgi-bin/tags/members/batchtagging', { tagid: id, openid_list: [user.openid()] })
    expect(await match()).toMatchObject([{ key: 'VIP' }])
    expect((await mp.post('/cgi-bin/menu/delconditional', { menuid })).errcode).toBe(0)
    expect((await mp.post('/cgi-bin/menu/delconditional', { menuid })).errcode).toBe(65301)
    await expect(user.click('GONE')).rejects.toThrow(/no button/)
    expect((await mp.get('/cgi-bin/menu/delete')).errcode).toBe(0)
    expect((await mp.get('/cgi-bin/menu/get')).errcode).toBe(46003)
  })
})

describe('followers', () => {
  it('are listed, described, tagged and blocked', async () => {
    const { simulator, mp } = setUp()
    expect(await mp.get('/cgi-bin/user/get')).toEqual({ total: 0, count: 0, next_openid: '' })
    const users = [simulator.user(), simulator.user(), simulator.user()]
    for (const user of users) await user.follow()
    const [first, second] = users.map((user) => user.openid())
    const list = await mp.get('/cgi-bin/user/get', { next_openid: String(first) })
    expect(list).toMatchObject({ total: 3, count: 2 })
    expect(await mp.get('/cgi-bin/user/info', { openid: String(first) })).toMatchObject({
      subscribe: 1,
      nickname: '',
      unionid: users[0]?.unionid()
    })
    await users[1]?.unfollow()
    expect(await mp.get('/cgi-bin/user/info', { openid: String(second) })).toEqual({
      subscribe: 0,
      openid: second,
      unionid: users[1]?.unionid()
    })
    expect((await mp.get('/cgi-bin/user/info', { openid: 'nobody' })).errcode).toBe(40003)
    expect(
      (await mp.post('/cgi-bin/user/info/batchget', { user_list: [{ openid: first }, { openid: second }] }))
        .user_info_list
    ).toHaveLength(2)
    expect(
      (await mp.post('/cgi-bin/user/info/batchget', { user_list: Array(101).fill({ openid: first }) })).errcode
    ).toBe(40032)
    expect((await mp.post('/cgi-bin/user/info/updateremark', { openid: first, remark: '老客户' })).errcode).toBe(0)
    expect((await mp.post('/cgi-bin/user/info/updateremark', { openid: first, remark: 'x'.repeat(30) })).errcode).toBe(
      40035
    )
    const { tag } = await mp.post('/cgi-bin/tags/create', { tag: { name: 'a' } })
    const { id } = tag as { id: number }
    expect((await mp.post('/cgi-bin/tags/create', { tag: { name: 'a' } })).errcode).toBe(45157)
    await mp.post('/cgi-bin/tags/members/batchtagging', { tagid: id, openid_list: [first] })
    expect(await mp.get('/cgi-bin/user/info', { openid: String(first) })).toMatchObject({
      remark: '老客户',
      tagid_list: [id]
    })
    expect((await mp.post('/cgi-bin/user/tag/get', { tagid: id })).count).toBe(1)
    expect((await mp.post('/cgi-bin/tags/update', { tag: { id: 2, name: 'b' } })).errcode).toBe(45058)
    expect((await mp.post('/cgi-bin/tags/delete', { tag: { id } })).errcode).toBe(0)
    expect((await mp.post('/cgi-bin/tags/getidlist', { openid: first })).tagid_list).toEqual([])
  })
})
