import { expect, it } from 'vitest'
import { memoryStore } from 'weixin-kit'
import { OfficialAccount } from 'weixin-kit/mp'
import { createSimulator } from 'weixin-kit/simulator'

function setup() {
  const simulator = createSimulator({ seed: 'qr' })
  const clock = { now: 1_700_000_000_000 }
  const store = memoryStore({ clock: () => clock.now })
  const mp = new OfficialAccount({ ...simulator.credentials.officialAccount, ...simulator.clientOptions, store })
  const logins: string[] = []
  const flow = mp.qrCode.loginFlow({
    onLogin: ({ openid }) => {
      logins.push(openid)
      return { headers: { 'set-cookie': 'session=s; HttpOnly' } }
    }
  })
  const begin = async () => {
    const response = await flow.begin(new Request('https://site.example/qr', { method: 'POST' }))
    const cookie = (response.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
    const id = cookie.slice(cookie.indexOf('=') + 1).split('.')[0]
    return { cookie, scene: `wxkit-login-${id}`, body: (await response.json()) as { imageUrl: string } }
  }
  const status = async (cookie: string, wait = 0) => {
    const response = await flow.status(new Request(`https://site.example/qr?wait=${wait}`, { headers: { cookie } }))
    return { ...((await response.json()) as { status: string }), cookies: response.headers.getSetCookie() }
  }
  return { flow, begin, status, logins, clock }
}

it('logs the browser in that asked, once, after its code was scanned', async () => {
  const { flow, begin, status, logins } = setup()
  const { cookie, scene, body } = await begin()
  expect(body.imageUrl).toMatch(/showqrcode\?ticket=/)
  expect(await status(cookie)).toMatchObject({ status: 'waiting' })
  expect(await flow.scanned({ FromUserName: 'o1', EventKey: scene })).toBe(true)
  const results = await Promise.all([status(cookie), status(cookie), status(cookie)])
  expect(results.map((result) => result.status).sort()).toEqual(['done', 'expired', 'expired'])
  expect(results.find((result) => result.status === 'done')?.cookies).toEqual([
    'session=s; HttpOnly',
    expect.stringContaining('Max-Age=0')
  ])
  expect(logins).toEqual(['o1'])
})

it('takes the event of somebody who follows by the scan, and the first scan only', async () => {
  const { flow, begin, status, logins } = setup()
  const { cookie, scene } = await begin()
  expect(await flow.scanned({ FromUserName: 'o1', EventKey: `qrscene_${scene}` })).toBe(true)
  expect(await flow.scanned({ FromUserName: 'o2', EventKey: scene })).toBe(false)
  expect(await flow.scanned({ FromUserName: 'o1', EventKey: scene })).toBe(true)
  expect((await status(cookie, 1)).status).toBe('done')
  expect(logins).toEqual(['o1'])
})

it('logs in nobody else: another browser, a scene without its secret, an expired or a foreign code', async () => {
  const { flow, begin, status, logins, clock } = setup()
  const [mine, theirs] = [await begin(), await begin()]
  await flow.scanned({ FromUserName: 'victim', EventKey: mine.scene })
  const id = mine.scene.slice('wxkit-login-'.length)
  const name = mine.cookie.slice(0, mine.cookie.indexOf('='))
  const secret = theirs.cookie.split('.')[1]
  for (const cookie of ['', `${name}=${id}`, `${name}=${id}.`, `${name}=${id}.${secret}`]) {
    expect((await status(cookie)).status).toBe('expired')
  }
  expect((await status(theirs.cookie)).status).toBe('waiting')
  for (const EventKey of ['', undefined, 'order-42', 'wxkit-login-x', `wxkit-login-${'A'.repeat(32)}`]) {
    expect(await flow.scanned({ FromUserName: 'o', EventKey })).toBe(false)
  }
  clock.now += 301_000
  expect((await status(mine.cookie)).status).toBe('expired')
  expect(await flow.scanned({ FromUserName: 'o', EventKey: theirs.scene })).toBe(false)
  expect(logins).toEqual([])
})

it('begins with POST only, so that no link and no crawler makes codes', async () => {
  const { flow } = setup()
  expect((await flow.begin(new Request('https://site.example/qr'))).status).toBe(405)
  expect((await flow.status(new Request('https://site.example/qr', { method: 'POST' }))).status).toBe(405)
})
