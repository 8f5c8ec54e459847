import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sign } from '../src/signature.ts'
import { type CardHarness, type Person, Q, signed, startCards, X } from './harness.ts'

describe('signatures', { timeout: 90_000 }, () => {
  let h: CardHarness
  beforeAll(async () => {
    h = await startCards()
  }, 60_000)
  afterAll(() => h.close())

  const praised = () => h.number('select praise_num from staff where id = 1')
  const age = (person: Person, seconds: number) =>
    h.app.database.query(
      `update customers set token_changed_at = now() - interval '${seconds} seconds' where id = ${person.id}`
    )
  const newClass = "insert into goods_classes (company_id, name) values (1, '多余') returning id"
  const isSigned = async (id: number, token: string) =>
    (await h.call('GET', `${X}/mingpian/all?${signed(id, token)}`)).body.code === 200

  it('are MD5 of the digits of the time and the token', () => {
    // md5sum of the two, one after the other.
    expect(sign('1528871213546', 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ')).toBe(
      '3f8dd0f1d48e96ee0b0b320b2bd179e8'
    )
  })

  it('count a like once, however often the request comes, also at once and after the store was emptied', async () => {
    const { id, token } = await h.customer()
    const path = `${X}/mingpian/praise?${signed(id, token)}&uid=1`
    const before = await praised()
    const answers = await Promise.all(Array.from({ length: 8 }, () => h.call('GET', path)))
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
    for (const same of ['praise/', 'prais%65', '%70raise/']) {
      expect((await h.call('GET', path.replace('praise', same))).text).toBe(answers[0]?.text)
      expect([same, await praised()]).toEqual([same, before + 1])
    }
    // Another path with the same signature is another request, as in the document.
    expect((await h.call('GET', path.replace('praise', 'forward'))).body.code).toBe(200)
    // The same interface with a signature of its own takes the like back.
    await h.call('GET', `${X}/mingpian/praise?${signed(id, token)}&uid=1`)
    expect(await praised()).toBe(before)
  })

  it('write a message once, whatever number stands at the end of the path', async () => {
    const { id, token } = await h.customer()
    const query = signed(id, token)
    const body = { customer_id: id, user_id: 1, send_type: 2, content: { info_type: 1, msg: '一次' } }
    for (const number of ['0', '1', '00', '%30'])
      expect((await h.call('POST', `${Q}/chat/send_msg/${number}?${query}`, { body })).body.code).toBe(200)
    expect(await h.number(`select count(*) from messages where customer_id = ${id}`)).toBe(1)
    const other = { ...body, content: { info_type: 1, msg: '另一句' } }
    expect((await h.call('POST', `${Q}/chat/send_msg/2?${query}`, { body: other })).body.code).toBe(404)
    // What the path does name is part of the request.
    const admin = await h.staff('zhangju')
    const classes = [await h.number(newClass), await h.number(newClass)]
    const both = signed(admin.id, admin.token)
    const codes: unknown[] = []
    for (const o_id of classes)
      codes.push((await h.call('POST', `${X}/goodsClassOper/delete/${o_id}?${both}`, { body: { o_id } })).body.code)
    expect(codes).toEqual([200, 200])
  })

  it('are limited when they are wrong, and right ones pass all the same', async () => {
    const person = await h.customer()
    const wrong = () => h.call('GET', `${X}/mingpian/all?${signed(person.id, 'x'.repeat(43))}`)
    const codes: unknown[] = []
    for (let i = 0; i < 1000; i += 100)
      codes.push(...(await Promise.all(Array.from({ length: 100 }, wrong))).map(({ body }) => body.code))
    // Up to sixty where a new window begins meanwhile.
    const wrongs = codes.filter((code) => code === 404).length
    expect(wrongs).toBeGreaterThanOrEqual(30)
    expect(wrongs).toBeLessThanOrEqual(60)
    expect(codes.filter((code) => code === 429).length).toBe(1000 - wrongs)
    expect(await isSigned(person.id, person.token)).toBe(true)
  })

  it('live on for a minute after the next login, and thirty days without one', async () => {
    const first = await h.customer()
    const second = await h.customer({ user: first.user })
    expect(second.id).toBe(first.id)
    expect([await isSigned(first.id, first.token), await isSigned(first.id, second.token)]).toEqual([true, true])
    await age(first, 61)
    expect([await isSigned(first.id, first.token), await isSigned(first.id, second.token)]).toEqual([false, true])
    await age(first, 31 * 24 * 3600)
    expect(await isSigned(first.id, second.token)).toBe(false)
  })

  it('two logins at once make one customer', async () => {
    const user = h.simulator.user()
    const people = await Promise.all([h.customer({ user, staff: [] }), h.customer({ user, staff: [] })])
    expect(new Set(people.map(({ id }) => id)).size).toBe(1)
    expect(await h.number(`select count(*) from customers where id = ${people[0]?.id}`)).toBe(1)
  })

  it('bind once: no circle, not to oneself, and no parent of somebody else', async () => {
    const [a, b, c] = [
      await h.customer({ staff: [] }),
      await h.customer({ staff: [] }),
      await h.customer({ staff: [2] })
    ]
    const bind = (who: Person, pid: number) => who.get(`${X}/login/binding`, { user_type: 2, source: 2, uid: 1, pid })
    await Promise.all([bind(a, b.id), bind(b, a.id)])
    const circles = await h.number(
      'select count(*) from bindings x join bindings y on x.pid = y.customer_id and y.pid = x.customer_id and x.staff_id = y.staff_id'
    )
    expect(circles).toBe(0)
    const pidOf = async (who: Person) =>
      (
        await h.app.database.query<{ pid: number | null }>(
          `select pid from bindings where customer_id = ${who.id} and staff_id = 1`
        )
      )[0]?.pid
    await bind(c, a.id)
    expect(await pidOf(c)).toBe(a.id)
    await bind(c, b.id)
    expect(await pidOf(c)).toBe(a.id)
    for (const pid of ['self', 999_999, 'foreign'] as const) {
      const d = await h.customer({ staff: [] })
      const foreign = await h.customer({ staff: [3], mini: h.secondMini })
      const given = pid === 'self' ? d.id : pid === 'foreign' ? foreign.id : pid
      expect((await bind(d, given)).body.code).toBe(200)
      expect(await pidOf(d)).toBe(null)
    }
    expect(h.logged()).toMatch(/binding: customer \d+ named/)
  })

  it('of the staff need the right password, and wrong ones are limited', async () => {
    const login = (name: string, password: string) => h.call('POST', `${Q}/login`, { body: { name, password } })
    expect((await login('zhangju', 'wrong')).body).toEqual({ code: 401, msg: '账号密码错误', data: {} })
    expect((await login('nobody', 'wrong')).body).toEqual({ code: 401, msg: '账号密码错误', data: {} })
    expect((await login('', 'x')).body.code).toBe(303)
    for (let i = 0; i < 10; i++) await login('linyuan', 'wrong')
    expect((await login('linyuan', 'wrong')).status).toBe(429)
  })
})
