import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ADMIN_PASSWORD, type Harness, startHarness } from './harness.ts'

let harness: Harness
beforeAll(async () => {
  harness = await startHarness()
})
afterAll(() => harness.close())

describe('web authorization', () => {
  it('logs in through the consent page and returns to the path in state', async () => {
    const user = harness.simulator.user({ nickname: '小明' })
    const { cookie, location } = await harness.login(user, '/orders?page=2')
    expect(location).toBe('/orders?page=2')
    const { body } = await harness.call('GET', '/api/current_user/', { headers: { cookie } })
    expect(body).toMatchObject({ code: 0, message: 'Success', data: { wx_user: { nickname: '小明' } } })
    const shop = await harness.login(user, '/商店?q=奶茶')
    expect(shop.location).toBe(encodeURI('/商店?q=奶茶'))
    const { body: few } = await harness.call('GET', '/api/current_user/?fields=nickname,openid', {
      headers: { cookie }
    })
    expect(Object.keys(few.data.wx_user as object).sort()).toEqual(['nickname', 'openid'])
  })

  it.each([
    '//evil.example',
    'https://evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    '/%09/evil',
    '\\/evil.example'
  ])('does not return to %s', async (state) => {
    const answer = await harness.call('GET', `/extensions/wx/user/authorize/?state=${encodeURIComponent(state)}`)
    const isRefused = answer.status >= 400
    expect(isRefused || new URL(answer.headers.get('location') ?? '', harness.app.url).host !== 'evil.example').toBe(
      true
    )
    if (!isRefused) {
      const back = harness.simulator.user().authorize(answer.headers.get('location') ?? '')
      const cookie = answer.headers
        .getSetCookie()
        .map((line) => line.split(';')[0])
        .join('; ')
      const landed = await harness.call('GET', back.pathname + back.search, { headers: { cookie } })
      expect(new URL(landed.headers.get('location') ?? '', harness.app.url).host).toBe(new URL(harness.app.url).host)
    }
  })

  it('refuses a callback of another browser, a refusal of the user, and a code WeChat refuses', async () => {
    const first = await harness.call('GET', '/extensions/wx/user/authorize/')
    const back = harness.simulator.user().authorize(first.headers.get('location') ?? '')
    expect((await harness.call('GET', back.pathname + back.search)).body.code).toBe(1103)
    expect((await harness.call('GET', '/extensions/wx/user/authorize/callback/')).body.code).toBe(1103)
    const cookie = first.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ')
    back.searchParams.set('code', '0'.repeat(32))
    expect((await harness.call('GET', back.pathname + back.search, { headers: { cookie } })).body).toEqual({
      code: 1800,
      message: '微信公众平台接口调用失败',
      data: {}
    })
  })

  it('answers 1101 without a session, with a made-up one, and after logout', async () => {
    expect((await harness.call('GET', '/api/current_user/')).body.code).toBe(1101)
    const made = { cookie: `wx_session=${'A'.repeat(43)}` }
    expect((await harness.call('GET', '/api/current_user/', { headers: made })).body.code).toBe(1101)
    const { cookie } = await harness.login(harness.simulator.user())
    expect(
      (
        await harness.call('GET', '/extensions/testing/wx/user/logout/?state=%2Fbye', { headers: { cookie } })
      ).headers.get('location')
    ).toBe('/bye')
    expect((await harness.call('GET', '/api/current_user/', { headers: { cookie } })).body.code).toBe(1101)
  })
})

describe('test login', () => {
  it('logs a known user in and refuses unknown ones and foreign targets', async () => {
    const { cookie } = await harness.login(harness.simulator.user())
    const { body } = await harness.call('GET', '/api/current_user/', { headers: { cookie } })
    const { uuid } = body.data.wx_user as { uuid: string }
    const answer = await harness.call('GET', `/extensions/testing/wx/user/${uuid}/login/?state=%2Fa`)
    expect(answer.status).toBe(302)
    expect(answer.headers.get('location')).toBe('/a')
    expect(answer.headers.get('set-cookie')).toMatch(/^wx_session=[\w-]{43};/)
    const chinese = await harness.call(
      'GET',
      `/extensions/testing/wx/user/logout/?state=${encodeURIComponent('/商店')}`
    )
    expect(chinese.headers.get('location')).toBe(encodeURI('/商店'))
    for (const bad of ['nobody', '00000000-0000-4000-8000-000000000000', "' OR 1=1 --"]) {
      const path = `/extensions/testing/wx/user/${encodeURIComponent(bad)}/login/`
      expect((await harness.call('GET', path)).body.code).toBe(1104)
    }
    expect(
      (await harness.call('GET', `/extensions/testing/wx/user/${uuid}/login/?state=%2F%2Fevil.example`)).body.code
    ).toBe(1202)
  })
})

describe('administrators', () => {
  it('logs in, reads itself, changes its password', async () => {
    const token = await harness.adminLogin()
    const { body } = await harness.call('GET', '/api/current_admin/?fields=name', { headers: token })
    expect(body).toEqual({ code: 0, message: 'Success', data: { admin: { name: 'admin' } } })
    const change = (password_old: unknown, password_new: unknown, headers = token) =>
      harness.call('PUT', '/api/current_admin/password/', { headers, body: { password_old, password_new } })
    expect((await change('wrong', 'long enough')).body.code).toBe(1404)
    expect((await change(ADMIN_PASSWORD, 'short')).body.code).toBe(1405)
    expect((await change(ADMIN_PASSWORD, 'x'.repeat(65))).body.code).toBe(1405)
    expect((await change(ADMIN_PASSWORD, '🔑🔑🔑')).body.code).toBe(1405)
    expect((await change(ADMIN_PASSWORD, 7)).body.code).toBe(1402)
    expect((await change(ADMIN_PASSWORD, undefined)).body.code).toBe(1401)
    expect((await change(ADMIN_PASSWORD, 'long enough', { authorization: 'Bearer none' })).body.code).toBe(1101)
    expect((await change(ADMIN_PASSWORD, 'long enough')).body.code).toBe(0)
    expect((await harness.call('GET', '/api/current_admin/', { headers: token })).body.code).toBe(1101)
    const again = await harness.call('PUT', '/api/admin/login/', { body: { name: 'admin', password: 'long enough' } })
    await harness.call('PUT', '/api/current_admin/password/', {
      headers: { authorization: `Bearer ${String(again.body.data.token)}` },
      body: { password_old: 'long enough', password_new: ADMIN_PASSWORD }
    })
  })

  it.each([
    [{ name: 'admin' }, 1401],
    [{ password: 'x' }, 1401],
    [{ name: 7, password: 'x' }, 1402],
    [{ name: 'nobody', password: 'x' }, 1403],
    [{ name: 'admin', password: 'wrong' }, 1404],
    [{ name: "admin'; DROP TABLE admins; --", password: 'x' }, 1403],
    [{ name: "' OR '1'='1", password: "' OR '1'='1" }, 1403],
    [[], 1100],
    ['{', 1100],
    ['"text"', 1100]
  ])('answers %j with %i', async (body, code) => {
    const answer = await harness.call('PUT', '/api/admin/login/', { body })
    expect(answer.body.code).toBe(code)
    expect(answer.body.data).toEqual({})
  })

  it('shuts the door after ten tries for a name', async () => {
    const codes: number[] = []
    for (let index = 0; index < 12; index++) {
      codes.push(
        (await harness.call('PUT', '/api/admin/login/', { body: { name: 'guessed', password: 'x' } })).body.code
      )
    }
    expect(codes).toEqual([...Array(10).fill(1403), 1103, 1103])
  })

  it('lets nobody try names without end from one address', async () => {
    const own = await startHarness()
    const codes: number[] = []
    for (let index = 0; index < 61; index++) {
      const body = { name: `name-${index}`, password: 'x' }
      codes.push((await own.call('PUT', '/api/admin/login/', { body })).body.code)
    }
    await own.close()
    expect(codes).toEqual([...Array(60).fill(1403), 1103])
  })
})

describe('general', () => {
  it('answers 1104 for unknown paths and 1100 for bodies that are too large or broken', async () => {
    expect((await harness.call('GET', '/nowhere/')).body).toEqual({ code: 1104, message: 'Not Found', data: {} })
    expect((await harness.call('POST', '/api/wx/pay/orders/', { body: { body: 'x'.repeat(200_000) } })).body.code).toBe(
      1100
    )
  })

  it.each([
    ['page=0', 1202],
    ['page=-1', 1202],
    ['page=x', 1202],
    ['per_page=101', 1202],
    ['page=1&page=2', 1202],
    ['page=1e3', 1202],
    ['page=1%20OR%201=1', 1202],
    ['fields=', 1202],
    ['fields=a;b', 1202],
    ['page=1&per_page=100', 0]
  ])('pages by %s: %i', async (query, code) => {
    const { cookie } = await harness.login(harness.simulator.user())
    expect((await harness.call('GET', `/api/wx/pay/orders/?${query}`, { headers: { cookie } })).body.code).toBe(code)
  })
})
