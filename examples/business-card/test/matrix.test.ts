import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CardHarness, type Party, startCards } from './harness.ts'
import { type Cast, TABLE } from './table.ts'

const KINDS = ['nobody', 'customer', 'foreign customer', 'other customer', 'staff', 'admin', 'foreign admin'] as const

/** By the number of the interface: what each kind of caller gets for the call that is right for one of them. */
const OWN = [404, 200, 200, 200, 404, 404, 404]
const PAIR = [404, 200, 302, 302, 404, 404, 404]
const ADMIN = [404, 404, 404, 404, 404, 200, 200]
const ADMIN_OF_ROW = [404, 404, 404, 404, 404, 200, 302]
const EXPECTED: Readonly<Record<number, number[]>> = {
  2: [404, 200, 302, 200, 404, 404, 404],
  3: OWN,
  4: OWN,
  8: [404, 404, 404, 404, 302, 200, 302],
  11: OWN,
  24: ADMIN,
  25: ADMIN_OF_ROW,
  26: ADMIN_OF_ROW,
  27: [404, 200, 200, 200, 200, 200, 200],
  28: ADMIN,
  29: [404, 200, 404, 404, 404, 404, 404]
}

describe('who may call what', { timeout: 60_000 }, () => {
  let h: CardHarness
  let cast: Cast
  let callers: (Party | undefined)[]

  beforeAll(async () => {
    h = await startCards()
    const admin = await h.staff('zhangju')
    // Numbers of customers and of the staff meet: a signature must not count for the other one.
    const others = [await h.customer({ staff: [3], mini: h.secondMini }), await h.customer({ staff: [2] })] as const
    const customer = await h.customer()
    cast = { customer, admin }
    callers = [undefined, customer, ...others, await h.staff('zhangcong'), admin, await h.staff('linyuan')]
  }, 60_000)
  afterAll(() => h.close())

  // Who binds themselves (2) may do more afterwards.
  it.each([...TABLE.slice(1), ...TABLE.slice(0, 1)].map((row) => [`${row.no} ${row.path}`, row] as const))(
    '%s',
    async (_name, row) => {
      const spare = await h.number("insert into goods_classes (company_id, name) values (1, '多余') returning id")
      const path = row.path.replace('{spare}', String(spare))
      // The right one comes last: what others must not delete is there for all of them.
      const order = KINDS.map((_kind, index) => index).sort(
        (a, b) => Number(callers[a] === cast[row.by]) - Number(callers[b] === cast[row.by])
      )
      const got: number[] = []
      for (const index of order) {
        const caller = callers[index]
        const given = row.fields(cast, h)
        const fields = given.o_id === '{spare}' ? { ...given, o_id: spare } : given
        const answer =
          caller === undefined
            ? await h.call(
                row.method,
                `${path}?${new URLSearchParams(row.method === 'GET' ? (fields as Record<string, string>) : {})}`,
                row.method === 'POST' ? { body: fields } : {}
              )
            : row.method === 'GET'
              ? await caller.get(path, fields as Record<string, string>)
              : await caller.post(path, fields)
        got[index] = Number(answer.body.code)
      }
      const named = (codes: number[]) => Object.fromEntries(KINDS.map((kind, index) => [kind, codes[index]]))
      expect(named(got)).toEqual(named(EXPECTED[row.no] ?? PAIR))
    }
  )

  it('a disabled customer and a disabled member of the staff get 306', async () => {
    const [gone, staff] = [await h.customer(), await h.staff('zhangcong')]
    await h.app.database.query(`update customers set is_enabled = false where id = ${gone.id}`)
    await h.app.database.query(`update staff set is_enabled = false where id = ${staff.id}`)
    const body = { code: 306, msg: '账户未启用', data: {} }
    expect((await gone.get('/zhugeleida/xiaochengxu/mingpian/all')).body).toEqual(body)
    expect((await staff.get('/zhugeleida/qiyeweixin/customers')).body).toEqual(body)
  })
})
