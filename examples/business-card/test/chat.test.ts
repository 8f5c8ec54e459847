import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { writeMessage } from '../src/models/chat.ts'
import { type CardHarness, type Party, type Person, Q, signed, startCards, X } from './harness.ts'

interface Shown {
  id: number
  msg: string
  send_type: 1 | 2
  name: string
  src: string
  content: Record<string, unknown>
}

describe('chat, likes and classes', { timeout: 60_000 }, () => {
  let h: CardHarness
  let staff: Party
  beforeAll(async () => {
    h = await startCards({ environment: { MEDIA_HOSTS: 'media.example.com', CONTENT_CHECK: 'true' } })
    staff = await h.staff('zhangju')
  }, 60_000)
  afterAll(() => h.close())
  /** Counters are their rows, and two levels are two. */
  afterEach(async () => {
    for (const [number, table] of [
      ['praise_num', 'praises'],
      ['sign_num', 'sign_praises']
    ])
      expect(
        await h.number(
          `select count(*) from staff s where ${number} <> (select count(*) from ${table} p where p.staff_id = s.id)`
        )
      ).toBe(0)
    const third =
      'select count(*) from goods_classes a join goods_classes b on a.parent_id = b.id where b.parent_id is not null'
    expect(await h.number(third)).toBe(0)
  })

  const write = (who: Party, customer: number, send_type: 1 | 2, content: unknown, user_id = 1) =>
    who.post(`${Q}/chat/send_msg/0`, { customer_id: customer, user_id, send_type, content })
  const text = (msg: string) => ({ info_type: 1, msg })
  const shownTo = async (who: Party, query: Record<string, number>, path = `${Q}/chat/getmsg/0`) =>
    (await who.get(path, query)).body.data as Shown[]

  it('gives each of 200 messages once to each side, in order, with two pollers on each', async () => {
    const [customer, more] = [await h.customer(), await h.customer()]
    let isOver = false
    /** A connection that breaks is what networks do: the same request comes again, and gets the same messages. */
    const pollOnce = async (who: Party, query: Record<string, number>) => {
      const path = `${Q}/chat/getmsg/0?${signed(who.id, who.token)}&${new URLSearchParams(JSON.parse(JSON.stringify(query)) as Record<string, string>)}`
      const once = () => h.call('GET', path)
      return (await once().catch(once)).body.data as Shown[]
    }
    const poll = async (who: Party, query: Record<string, number>) => {
      const got: number[] = []
      for (;;) {
        const last = isOver
        const rows = await pollOnce(who, query)
        got.push(...rows.map(({ id }) => id).reverse())
        if (last && rows.length === 0) return got
      }
    }
    const ofCustomer = { u_id: 1 }
    const ofStaff = { customer_id: customer.id }
    const pollers = [poll(customer, ofCustomer), poll(customer, ofCustomer), poll(staff, ofStaff), poll(staff, ofStaff)]
    const content = (n: number) => JSON.stringify({ info_type: 1, msg: `第 ${n} 句` })
    // More than the limit of sixty a minute lets pass: the rest is written as the route writes it.
    const { db } = h.app.database
    const pair = { customer_id: customer.id, staff_id: 1 }
    await Promise.all([
      ...Array.from({ length: 50 }, (_, n) => write(customer, customer.id, 2, content(n))),
      ...Array.from({ length: 50 }, (_, n) => write(staff, customer.id, 1, content(50 + n))),
      ...Array.from({ length: 100 }, (_, n) =>
        db.transaction((tx) => writeMessage(tx, pair, n % 2 === 0 ? 1 : 2, { info_type: 1, msg: `第 ${100 + n} 句` }))
      )
    ])
    isOver = true
    const got = await Promise.all(pollers)
    const all = (
      await h.app.database.query<{ id: number }>(
        `select id from messages where customer_id = ${customer.id} order by id`
      )
    ).map(({ id }) => Number(id))
    expect(all).toHaveLength(200)
    for (const [one = [], two = []] of [got.slice(0, 2), got.slice(2)]) {
      expect([...one, ...two].sort((a, b) => a - b)).toEqual(all)
      expect(one).toEqual([...one].sort((a, b) => a - b))
    }
    expect(await shownTo(more, { u_id: 1 })).toEqual([])
  }, 60_000)

  it('pages stay where they were, and what was listed is read', async () => {
    const customer = await h.customer()
    for (let n = 1; n <= 5; n++) await write(staff, customer.id, 1, text(`${n}`))
    const unread = async () =>
      ((await customer.get(`${X}/chat/query_num/0`, { u_id: 1 })).body.data as { chatinfo_count: number })
        .chatinfo_count
    expect(await unread()).toBe(5)
    const list = (query: Record<string, number>) => shownTo(customer, { u_id: 1, length: 2, ...query }, `${Q}/chat`)
    const first = await list({})
    expect(first.map(({ msg }) => msg)).toEqual(['5', '4'])
    expect((await fetch(first[0]?.src ?? '')).headers.get('content-type')).toBe('image/svg+xml')
    expect(await unread()).toBe(0)
    await write(staff, customer.id, 1, text('6'))
    const max_id = first[0]?.id ?? 0
    expect((await list({ current_page: 2, max_id })).map(({ msg }) => msg)).toEqual(['3', '2'])
    expect(await unread()).toBe(1)
    for (const msg of ['a', 'b']) await write(customer, customer.id, 2, text(msg))
    const ofStaff = async () => {
      const { ret_data } = (await staff.get(`${Q}/customers`)).body.data as { ret_data: Record<string, number>[] }
      return ret_data.find(({ customer_id }) => customer_id === customer.id)?.chatinfo_count
    }
    expect(await ofStaff()).toBe(2)
    await shownTo(staff, { customer_id: customer.id }, `${Q}/chat`)
    expect(await ofStaff()).toBe(0)
  })

  it('a long poll hears of a message at once', async () => {
    const customer = await h.customer()
    const waiting = shownTo(customer, { u_id: 1, wait: 20 })
    const began = Date.now()
    await write(staff, customer.id, 1, text('在吗'))
    expect((await waiting).map(({ msg, name }) => [msg, name])).toEqual([['在吗', '张炬']])
    expect(Date.now() - began).toBeLessThan(10_000)
    const { id, token } = customer
    await write(staff, customer.id, 1, text('再来'))
    // The response was lost on the way: the same request gets the same messages.
    const path = `${Q}/chat/getmsg/0?${signed(id, token)}&u_id=1`
    const answers = [await h.call('GET', path), await h.call('GET', path)]
    expect(answers[1]?.text).toBe(answers[0]?.text)
    expect(answers[0]?.body.data).toHaveLength(1)
  })

  it('takes every kind of content, and nothing else', async () => {
    const customer = await h.customer()
    const own = 'statics/zhugeleida/imgs/chat/a.png'
    const right = [
      text('<script>alert(1)</script> 😀\n第二行'),
      { info_type: 2, product_cover_url: own, product_name: '名片', product_price: '99', other: 'dropped' },
      { info_type: '3', msg: '您好,请问能否告诉我您的手机号?|您好,请问能否加下您的微信?' },
      { info_type: 4, url: 'https://media.example.com/a.png' },
      { info_type: 5, url: own }
    ]
    for (const content of right) expect((await write(customer, customer.id, 2, content)).body.code).toBe(200)
    const rows = await shownTo(customer, { u_id: 1 })
    expect(rows.map(({ msg }) => msg)).toEqual(['', '', right[2]?.msg, '名片', right[0]?.msg])
    expect(rows[3]?.content).not.toHaveProperty('other')
    for (const [content, code] of [
      [{ info_type: 6, msg: 'x' }, 301],
      [{ msg: 'x' }, 303],
      [text(''), 303],
      [text('x'.repeat(2001)), 303],
      [text('a\u0000b'), 301],
      [{ info_type: 4 }, 303],
      [{ info_type: 4, url: 'https://other.example/a.png' }, 301],
      [{ info_type: 4, url: 'javascript:alert(1)' }, 301],
      [{ info_type: 4, url: 'statics/../../etc/passwd' }, 301],
      [[1], 301],
      ['[1]', 301]
    ] as const)
      expect([content, (await write(customer, customer.id, 2, content)).body.code]).toEqual([content, code])
  })

  it('takes nobody for somebody else', async () => {
    const [one, two] = [await h.customer(), await h.customer()]
    // Numbers that only nearly are 2: whoever signs as the staff does not write as the customer.
    for (const send_type of ['2.0', '02', ' 2', '2e0', 2.5])
      expect((await write(staff, one.id, send_type as 2, text('as my customer'))).body.code).toBe(301)
    expect((await write(one, one.id, 1, text('as the staff'))).body.code).toBe(404)
    expect((await write(one, two.id, 2, text('as another'))).body.code).toBe(302)
    expect((await write(one, one.id, 2, text('to whom I do not know'), 2)).body.code).toBe(302)
    expect((await write(staff, one.id, 1, text('as a colleague'), 2)).body.code).toBe(302)
    expect((await write(staff, 999_999, 1, text('to nobody'))).body.code).toBe(302)
    expect(await shownTo(one, { u_id: 1 })).toEqual([])
  })

  it('is limited to sixty messages a minute', async () => {
    const customer = await h.customer()
    const codes: unknown[] = []
    for (let n = 0; n < 130; n++) codes.push((await write(customer, customer.id, 2, text(`${n}`))).body.code)
    expect(codes).toContain(429)
    expect(codes.filter((code) => code === 200).length).toBeLessThanOrEqual(120)
  })

  it('keeps 100 likes of 50 customers at once', async () => {
    const people: Person[] = []
    for (let n = 0; n < 50; n++) people.push(await h.customer({ staff: [2] }))
    const likes = () =>
      people
        .map((person) => person.get(`${X}/mingpian/praise`, { uid: 2 }))
        .concat(people.map((person) => person.get(`${X}/mingpian/up_sign`, { uid: 2 })))
    expect((await Promise.all(likes())).every(({ body }) => body.code === 200)).toBe(true)
    expect([
      await h.number('select praise_num from staff where id = 2'),
      await h.number('select sign_num from staff where id = 2')
    ]).toEqual([50, 50])
    // A hundred more: each twice, which takes the like back and gives it again.
    await Promise.all([...people, ...people].map((person) => person.get(`${X}/mingpian/praise`, { uid: 2 })))
    expect(await h.number('select praise_num from staff where id = 2')).toBe(50)
  }, 60_000)

  it('counts one visit a minute, and consults once an hour', async () => {
    const customer = await h.customer({ staff: [2] })
    await Promise.all(Array.from({ length: 10 }, () => customer.get(`${X}/mingpian`, { uid: 2 })))
    expect(await h.number('select popularity_num from staff where id = 2')).toBe(1)
    await Promise.all(
      Array.from({ length: 5 }, () => customer.get(`${X}/product/consult_product`, { uid: 2, product_id: 1 }))
    )
    expect((await shownTo(customer, { u_id: 2 })).map(({ content }) => content.product_name)).toEqual([
      '智能名片企业版'
    ])
  })

  it('keeps two levels of classes, whoever is first', async () => {
    const add = (name: string, parent?: number) =>
      staff.post(`${X}/goodsClassOper/add/0`, {
        classificationName: name,
        goodsNum: 0,
        ...(parent ? { parentClassification: parent } : {})
      })
    const update = (id: number, parent?: number) =>
      staff.post(`${X}/goodsClassOper/update/${id}`, {
        o_id: id,
        classificationName: 'x',
        goodsNum: 1,
        ...(parent ? { parentClassification: parent } : {})
      })
    const remove = (id: number) => staff.post(`${X}/goodsClassOper/delete/${id}`, { o_id: id })
    const fresh = () => h.number("insert into goods_classes (company_id, name) values (1, '新') returning id")
    for (let round = 0; round < 10; round++) {
      const [a, b] = [await fresh(), await fresh()]
      // A child of `a`, while `a` becomes a child of `b`.
      const race = await Promise.all([add('子', a), update(a, b)])
      expect(race.map(({ body }) => body.code).sort()).toEqual([200, 301])
      const c = await fresh()
      const deleted = await Promise.all([remove(c), add('子', c)])
      expect(['200,302', '304,200']).toContain(deleted.map(({ body }) => body.code).join())
    }
    expect((await update(1, 1)).body.code).toBe(301)
    expect((await update(1, 2)).body.code).toBe(301)
    expect((await add('孙', 2)).body.code).toBe(301)
    expect((await remove(1)).body.code).toBe(304)
    expect((await remove(4)).body.code).toBe(304)
  })

  it('tells a customer who agreed, once for each consent and at most once in ten minutes', async () => {
    // Another member of the staff: what was written above counts for the limit.
    const [customer, colleague] = [await h.customer({ staff: [2] }), await h.staff('zhangcong')]
    const template_id = h.app.config.SUBSCRIBE_TEMPLATE ?? ''
    const received = () => customer.user.messages({ account: 'miniProgram' }).length
    await customer.user.subscribe(template_id)
    expect((await customer.post(`${X}/login/subscribed`, { template_id: 'another' })).body.code).toBe(302)
    await customer.post(`${X}/login/subscribed`, { template_id, times: 3 })
    await write(colleague, customer.id, 1, text('第一条'), 2)
    await expect.poll(received).toBe(1)
    await write(colleague, customer.id, 1, text('第二条'), 2)
    expect(await h.number(`select "left" from subscriptions where customer_id = ${customer.id}`)).toBe(2)
    // WeChat knows of one consent only: its refusal ends the others.
    await h.app.database.query(`update subscriptions set sent_at = now() - interval '11 minutes'`)
    await write(colleague, customer.id, 1, text('第三条'), 2)
    await expect.poll(() => h.number(`select "left" from subscriptions where customer_id = ${customer.id}`)).toBe(0)
    expect(received()).toBe(1)
  })

  it('keeps form ids, once each, and forgets them', async () => {
    const customer = await h.customer()
    for (const formId of ['form-1', 'form-1', 'the formId is a mock one'])
      expect((await customer.post(`${X}/login/send_form_id`, { formId })).body).toEqual({
        code: 200,
        msg: '保存成功',
        data: {}
      })
    expect(await h.number('select count(*) from form_ids')).toBe(1)
    await h.app.database.query(`update form_ids set expires_at = now() - interval '1 second'`)
    await h.app.sweep('forget')
    expect(await h.number('select count(*) from form_ids')).toBe(0)
    expect(h.simulator.log.entries.some(({ url }) => url.includes('message/wxopen/template'))).toBe(false)
  })
})
