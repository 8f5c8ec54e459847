import { describe, expect, it } from 'vitest'
import { MiniProgram } from 'weixin-kit/miniapp'
import { OfficialAccount } from 'weixin-kit/mp'
import { createSimulator } from 'weixin-kit/simulator'
import { json, stubFetch } from '../support/stub-fetch.ts'

// Go writes `&` as `\u0026` in JSON. Menus, codes and links read their bodies as they are written and refuse it.

const view = (url: string) => ({ button: [{ type: 'view' as const, name: 'Shop', url }] })

describe('the simulator', () => {
  const simulator = createSimulator()
  const post = async (account: 'miniProgram' | 'officialAccount', path: string, body: string) => {
    const credentials = simulator.credentials[account]
    const client = new (account === 'miniProgram' ? MiniProgram : OfficialAccount)({
      ...credentials,
      ...simulator.clientOptions
    })
    const url = `https://api.weixin.qq.com${path}?access_token=${await client.accessToken.get()}`
    const response = await simulator.fetch(url, { method: 'POST', body })
    return response.headers.get('content-type')?.startsWith('image/') ? 'a picture' : response.json()
  }

  it.each([
    ['officialAccount', '/cgi-bin/menu/create', JSON.stringify(view('https://shop.example.com/?a=1&b=2')), 40033],
    ['miniProgram', '/wxa/getwxacodeunlimit', JSON.stringify({ scene: 'a=1&b=2' }), 40129],
    ['miniProgram', '/wxa/generate_urllink', JSON.stringify({ path: 'p', query: 'a=1&b=2' }), 40212],
    ['miniProgram', '/wxa/generatescheme', JSON.stringify({ jump_wxa: { path: 'p', query: 'a=1&b=2' } }), 40212]
  ] as const)('takes a plain & of %s at %s, and refuses an escaped one', async (account, path, body, errcode) => {
    const taken = await post(account, path, body)
    if (taken !== 'a picture') expect(taken).toMatchObject({ errcode: 0 })
    expect(await post(account, path, body.replaceAll('&', '\\u0026'))).toMatchObject({ errcode })
    expect(await post(account, path, body.replaceAll('&', '\\\\u0026'))).not.toMatchObject({ errcode: 40033 })
  })

  it.each([{ scene: '' }, { scene: 'x'.repeat(33) }])('finds the length of a scene wrong: %j', async (body) => {
    expect(await post('miniProgram', '/wxa/getwxacodeunlimit', JSON.stringify(body))).toMatchObject({ errcode: 40169 })
  })

  it('refuses a query of a link with other characters than the document lists', async () => {
    const query = JSON.stringify({ path: 'p', query: 'name=张三' })
    expect(await post('miniProgram', '/wxa/generate_urllink', query)).toMatchObject({ errcode: 40212 })
    const encoded = JSON.stringify({ path: 'p', query: `name=${encodeURIComponent('张三')}` })
    expect(await post('miniProgram', '/wxa/generate_urllink', encoded)).toMatchObject({ errcode: 0 })
  })
})

describe('the clients', () => {
  const options = { appId: 'wx4f4bc4dec97d474b', appSecret: 'not-a-real-secret' }

  it('send & and < as they are', async () => {
    const fetch = stubFetch(({ url }) =>
      json(url.pathname.endsWith('stable_token') ? { access_token: 'T', expires_in: 7200 } : { errcode: 0 })
    )
    await new OfficialAccount({ ...options, fetch }).menu.create(view('https://shop.example.com/?a=1&b=<2>'))
    expect(fetch.seen.at(-1)?.body).toContain('"https://shop.example.com/?a=1&b=<2>"')
  })

  it.each(['name=张三', 'a=1 2', 'a="1"', 'a={1}', '😀'])('name a query that no link takes: %s', async (query) => {
    const mini = new MiniProgram({ ...options, fetch: stubFetch(() => expect.fail('it was sent')) })
    const refused = expect.objectContaining({ code: 'ERR_INVALID_PARAM', option: 'query' })
    await expect(mini.urlLinks.generateUrlLink({ query })).rejects.toThrow(refused)
    await expect(mini.urlLinks.generateScheme({ jump_wxa: { query } })).rejects.toThrow(refused)
  })

  it('name a type of button in capital letters, of which WeChat says that the text is not UTF-8', async () => {
    const mp = new OfficialAccount({ ...options, fetch: stubFetch(() => expect.fail('it was sent')) })
    const menu = { button: [{ type: 'VIEW', name: 'Shop', url: 'https://shop.example.com/' }] }
    // @ts-expect-error: a menu that came as JSON
    await expect(mp.menu.create(menu)).rejects.toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_PARAM', option: 'button[0].type' })
    )
  })
})
