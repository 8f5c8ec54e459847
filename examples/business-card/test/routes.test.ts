import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CardHarness, type Party, Q, randStr, signed, startCards, X } from './harness.ts'
import { type Cast, type Row, TABLE } from './table.ts'

describe('the 29 interfaces of the document', { timeout: 60_000 }, () => {
  let h: CardHarness
  let cast: Cast

  beforeAll(async () => {
    h = await startCards()
    cast = { customer: await h.customer(), admin: await h.staff('zhangju') }
    await cast.customer.post(`${Q}/chat/send_msg/0`, {
      customer_id: cast.customer.id,
      user_id: 1,
      send_type: 2,
      content: { info_type: 1, msg: '第一句' }
    })
  }, 60_000)
  afterAll(() => h.close())

  /** A class to delete, for the row that needs one. */
  const resolve = async (row: Row) => {
    const fields = row.fields(cast, h)
    if (!row.path.includes('{spare}')) return { path: row.path, fields }
    const spare = await h.number("insert into goods_classes (company_id, name) values (1, '多余') returning id")
    return { path: row.path.replace('{spare}', String(spare)), fields: { ...fields, o_id: spare } }
  }
  const ask = (party: Party, row: Row, path: string, fields: Record<string, unknown>) =>
    row.method === 'GET' ? party.get(path, fields as Record<string, string>) : party.post(path, fields)
  const send = async (
    row: Row,
    change: (fields: Record<string, unknown>) => Record<string, unknown> = (fields) => fields
  ) => {
    const { path, fields } = await resolve(row)
    return ask(cast[row.by], row, path, change(fields))
  }
  const named = TABLE.map((row) => [`${row.no} ${row.path}`, row] as const)
  const error = (code: number) => ({ code, msg: expect.any(String), data: {} })

  it('are 29, with the login', () => expect(new Set(TABLE.map(({ no }) => no)).size + 1).toBe(29))

  it.each(named)('%s answers what it says, with and without a slash', async (_name, row) => {
    for (const slash of [false, true]) {
      const { path, fields } = await resolve(row)
      const bare = path.replace(/\/$/, '')
      const answer = await ask(cast[row.by], row, slash ? `${bare}/` : bare, fields)
      expect([answer.status, Object.keys(answer.body), answer.body.msg]).toEqual([
        200,
        ['code', 'msg', 'data'],
        row.msg
      ])
      if (!row.keys) continue
      const at = row.at as ((data: unknown) => object | undefined) | undefined
      const object = at ? at(answer.body.data) : (answer.body.data as object)
      expect(Object.keys(object ?? {}).sort()).toEqual([...row.keys].sort())
    }
  })

  it('a broken address is refused like a broken body, without an echo of its query', async () => {
    const { text, body, status, headers } = await h.call('POST', `${X}/goodsClassOper/delete/%zz?user_id=secret`)
    expect([status, body, headers.get('cache-control')]).toEqual([
      400,
      { code: 301, msg: '数据类型验证失败', data: {} },
      'no-store'
    ])
    expect(text).not.toContain('secret')
  })

  it.each(named)('%s refuses other methods before anything else', async (_name, row) => {
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'].filter(
      (one) => one !== row.method
    )) {
      const body = method === 'GET' || method === 'HEAD' ? {} : { body: '{"broken' }
      const answer = await h.call(method, row.path.replace('{spare}', '1'), body)
      expect([method, answer.status, answer.headers.get('allow')]).toEqual([method, 405, row.method])
      if (method !== 'HEAD') expect(answer.body).toEqual({ code: 402, msg: '请求方式异常', data: {} })
    }
  })

  it.each(named)(
    '%s names what is missing (303) or wrong (301), and knows no other company (302)',
    async (_name, row) => {
      for (const name of row.required) {
        const gone = await send(row, ({ [name]: _, ...rest }) => rest)
        expect([name, gone.body.code]).toEqual([name, 303])
      }
      for (const [name, value] of Object.entries(row.wrong ?? {})) {
        if (row.method === 'GET' && typeof value === 'object') continue
        const wrong = await send(row, (fields) => ({ ...fields, [name]: value }))
        expect([name, wrong.body]).toEqual([name, error(301)])
      }
      const [name, value] = row.foreign ?? []
      if (name === undefined) return
      const foreign = await send(row, (fields) => ({ ...fields, [name]: value }))
      expect([name, foreign.status, foreign.body]).toEqual([name, 404, error(302)])
    }
  )

  it.each(named)('%s takes nothing that is unsigned, forged, old, of the future or of another', async (_name, row) => {
    const { path, fields } = await resolve(row)
    const { id, token } = cast[row.by]
    const now = String(Date.now() - 1000)
    const stale = (ms: number) => signed(id, token, String(Date.now() + ms))
    const other = await h.customer()
    const queries = {
      unsigned: '',
      forged: `rand_str=${'0'.repeat(32)}&timestamp=${now}&user_id=${id}`,
      old: stale(-601_000),
      future: stale(601_000),
      'twelve digits': signed(id, token, now.slice(1)),
      other: signed(id, other.token),
      nobody: signed(2_147_483_647, token),
      'beyond the numbers': signed(9_999_999_999, token),
      'upper case': signed(id, token, now).replace(/rand_str=\w+/, `rand_str=${randStr(now, token).toUpperCase()}`)
    }
    for (const [name, query] of Object.entries(queries)) {
      const more = row.method === 'GET' ? `&${new URLSearchParams(fields as Record<string, string>)}` : ''
      // From an address of its own: wrong signatures are limited.
      const headers = { 'x-forwarded-for': `203.0.113.${row.no}` }
      const body = row.method === 'POST' ? { body: fields } : {}
      const answer = await h.call(row.method, `${path}?${query}${more}`, { headers, ...body })
      expect([name, answer.status, answer.body]).toEqual([name, 401, { code: 404, msg: '非法请求', data: {} }])
    }
    const twice = await h.call(row.method, `${path}?${signed(id, token)}&user_id=${id}`)
    expect(twice.body).toEqual(error(301))
  })

  it.each(named)('%s answers a repeat, and refuses the same signature with other content', async (_name, row) => {
    const { path, fields } = await resolve(row)
    const { id, token } = cast[row.by]
    const query = signed(id, token)
    const call = (given: Record<string, unknown>) =>
      row.method === 'GET'
        ? h.call('GET', `${path}?${query}&${new URLSearchParams(given as Record<string, string>)}`)
        : h.call('POST', `${path}?${query}`, { body: given })
    const answers = [await call(fields), await call(fields)]
    expect(answers.map(({ status }) => status)).toEqual([200, 200])
    if (row.by === 'customer' && ![5, 10, 17].includes(row.no)) expect(answers[1]?.text).toBe(answers[0]?.text)
    expect((await call({ ...fields, more: '1' })).body).toEqual(error(404))
  })

  it('takes forms, content as JSON text, a bearer token, and the quotes of the example', async () => {
    const { customer } = cast
    const form = new URLSearchParams({
      customer_id: String(customer.id),
      user_id: '1',
      send_type: '2',
      content: JSON.stringify({ info_type: 1, msg: '表单' })
    })
    const type = { 'content-type': 'application/x-www-form-urlencoded' }
    const path = `${Q}/chat/send_msg/0`
    const sent = await h.call('POST', `${path}?${signed(customer.id, customer.token)}`, {
      headers: type,
      body: String(form)
    })
    expect(sent.body).toEqual({ code: 200, msg: 'send msg successful', data: {} })
    const twice = await h.call('POST', `${path}?${signed(customer.id, customer.token)}`, {
      headers: type,
      body: `${form}&customer_id=2`
    })
    expect(twice.body.code).toBe(301)
    const bearer = (token: string, query = '') =>
      h.call('GET', `${X}/mingpian?uid=1${query}`, { headers: { authorization: `Bearer ${token}` } })
    expect((await bearer(customer.token)).body.code).toBe(200)
    expect((await bearer(customer.token, `&user_id=${customer.id + 1}`)).body.code).toBe(404)
    expect((await bearer('a'.repeat(43))).body.code).toBe(404)
    const code = encodeURIComponent(`'${customer.user.login()}'`)
    const login = await h.call('GET', `${X}/login?code=${code}&user_type=2&source=1&xiaochengxu_id=1`)
    expect(login.body).toEqual({
      code: 200,
      msg: '登录成功',
      data: { ret_data: { user_id: customer.id, token: expect.stringMatching(/^[\w-]{43}$/) } }
    })
    cast.customer = {
      ...customer,
      ...h.party(customer.id, (login.body.data as { ret_data: { token: string } }).ret_data.token)
    }
    for (const [query, expected] of [
      ['user_type=2&source=1&xiaochengxu_id=1', 303],
      ['code=x&user_type=1&source=1&xiaochengxu_id=1', 301],
      ['code=x&user_type=2&source=1&xiaochengxu_id=99', 302],
      ['code=x&user_type=2&source=1', 303],
      ['code=wrong-code&user_type=2&source=1&xiaochengxu_id=1', 401]
    ] as const)
      expect([query, (await h.call('GET', `${X}/login?${query}`)).body.code]).toEqual([query, expected])
  })

  it('makes one code and one poster, however many ask at once, and another when the card changes', async () => {
    const customer = await h.customer()
    const paths = async (name: string) => {
      const answers = await Promise.all(
        Array.from({ length: 6 }, () => customer.get(`${X}/mingpian/${name}`, { uid: 1 }))
      )
      return new Set(answers.map(({ text }) => /statics\/zhugeleida[^"]+/.exec(text)?.[0]))
    }
    const [codes, posters] = [await paths('create_poster'), await paths('save_poster')]
    expect([codes.size, posters.size]).toEqual([1, 1])
    const [path] = posters
    const poster = await fetch(`${h.url}/${path}`)
    expect([poster.status, poster.headers.get('content-type')]).toEqual([200, 'image/png'])
    // The size that its header says.
    const png = Buffer.from(await poster.arrayBuffer())
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([750, 1100])
    await h.app.database.query("update staff set position = '总监' where id = 1")
    expect([...(await paths('save_poster'))]).not.toEqual([path])
    expect((await fetch(`${h.url}/${path}`)).status).toBe(404)
  })

  it('binds by a fresh code, as the example has it, and nobody by a number', async () => {
    const user = h.simulator.user()
    const fresh = () => `code=${user.login()}&user_type=2&source=2&xiaochengxu_id=1`
    expect((await h.call('GET', `${X}/login/binding?${fresh()}&uid=1`)).body.code).toBe(302)
    const stranger = await h.customer({ user, staff: [] })
    expect(
      (await h.call('GET', `${X}/login/binding?user_type=2&source=1&uid=1&user_id=${stranger.id}`)).body.code
    ).toBe(404)
    expect((await h.call('GET', `${X}/login/binding?${fresh()}&uid=1&user_id=${cast.customer.id}`)).body.code).toBe(404)
    expect((await h.call('GET', `${X}/login/binding?${fresh()}&uid=1`)).body).toEqual({
      code: 200,
      msg: '绑定成功',
      data: {}
    })
    expect(await h.number(`select source from bindings where customer_id = ${stranger.id}`)).toBe(2)
  })

  it('refuses what is too large, too deep or no JSON, and unknown paths', async () => {
    const { customer } = cast
    const path = `${Q}/chat/send_msg/0?${signed(customer.id, customer.token)}`
    for (const body of ['{"a"', '['.repeat(60_000), `"${'x'.repeat(65 * 1024)}"`])
      expect((await h.call('POST', path, { body })).body).toEqual(error(301))
    const deep = { customer_id: customer.id, user_id: 1, send_type: 2, content: '['.repeat(50_000) }
    expect((await customer.post(`${Q}/chat/send_msg/0`, deep)).body.code).toBe(301)
    for (const path of [
      '/nope',
      '/zhugeleida',
      '/statics/../src/main.ts',
      '/statics/%2e%2e/src/main.ts',
      '/statics/none.svg'
    ]) {
      const answer = await h.call('GET', path)
      expect([path, answer.status, answer.body]).toEqual([path, 404, error(404)])
    }
    const svg = await h.call('GET', '/statics/imgs/zhangju.svg')
    expect([svg.status, svg.headers.get('content-type'), svg.headers.get('x-content-type-options')]).toEqual([
      200,
      'image/svg+xml',
      'nosniff'
    ])
  })

  it('writes no query into the log, and no error of ours happened', () => {
    expect(h.logged()).not.toMatch(/rand_str|→ 500/)
  })
})
