import { expect, it } from 'vitest'
import { OfficialAccount } from 'weixin-kit/mp'
import { createSimulator, SimulatorClock } from 'weixin-kit/simulator'

// WeChat's browser on Android at times asks for two codes at once: two callbacks with one state and a code each.

function setup() {
  const clock = new SimulatorClock({ startAt: Date.UTC(2026, 2, 1) })
  const simulator = createSimulator({ clock })
  const exchanges: string[] = []
  const mp = new OfficialAccount({
    ...simulator.credentials.officialAccount,
    ...simulator.clientOptions,
    middleware: [
      (request, next) => {
        const url = new URL(request.url)
        if (url.pathname === '/sns/oauth2/access_token') exchanges.push(url.searchParams.get('code') ?? '')
        return next(request)
      }
    ]
  })
  const openids: string[] = []
  const failures: unknown[] = []
  const { authorize, callback } = mp.oauth.loginHandlers({
    redirectUri: 'https://app.example.com/callback',
    scope: 'snsapi_base',
    onLogin: ({ token }) => {
      openids.push(token.openid)
      return undefined
    },
    onError: (error, { failure }) => {
      failures.push([failure, (error as { code?: string }).code])
      return new Response('failed', { status: 400 })
    }
  })
  const start = async () => {
    const response = await authorize(new Request('https://app.example.com/login?return_to=/orders'))
    const cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    return { page: response.headers.get('location') ?? '', cookie }
  }
  const back = (url: URL, cookie: string) => callback(new Request(url, { headers: { cookie } }))
  return { simulator, clock, mp, exchanges, openids, failures, start, back }
}

it('logs in once, and sends both callbacks on', async () => {
  const { simulator, mp, exchanges, openids, failures, start, back } = setup()
  const person = simulator.user('ming')
  const { page, cookie } = await start()
  const [first, second] = [person.authorize(page), person.authorize(page)]
  expect(first.searchParams.get('state')).toBe(second.searchParams.get('state'))
  expect(first.searchParams.get('code')).not.toBe(second.searchParams.get('code'))
  const responses = await Promise.all([back(first, cookie), back(second, cookie)])
  expect(responses.map(({ status, headers }) => [status, headers.get('location')])).toEqual([
    [302, '/orders'],
    [302, '/orders']
  ])
  expect(failures).toEqual([])
  expect(openids).toEqual([person.openid(mp.appId), person.openid(mp.appId)])
  expect(exchanges).toHaveLength(1)
})

it('does not look at the second code: a code of somebody else logs nobody else in', async () => {
  const { simulator, mp, openids, start, back } = setup()
  const { page, cookie } = await start()
  await back(simulator.user('ming').authorize(page), cookie)
  await back(simulator.user('hong').authorize(page), cookie)
  expect(openids).toEqual([simulator.user('ming').openid(mp.appId), simulator.user('ming').openid(mp.appId)])
})

it('takes the second code when the first was refused', async () => {
  const { simulator, mp, openids, failures, start, back } = setup()
  const person = simulator.user('ming')
  const { page, cookie } = await start()
  const response = await back(person.authorize(page, { expired: true }), cookie)
  expect([response.status, failures]).toEqual([400, [['exchange', 'ERR_WECHAT_API']]])
  expect((await back(person.authorize(page), cookie)).status).toBe(302)
  expect(openids).toEqual([person.openid(mp.appId)])
})

it('refuses another code later, and at any time without the cookie', async () => {
  const { simulator, clock, failures, start, back } = setup()
  const person = simulator.user('ming')
  const { page, cookie } = await start()
  await back(person.authorize(page), cookie)
  await back(person.authorize(page), '')
  await clock.advance(30_000)
  await back(person.authorize(page), cookie)
  expect(failures).toEqual([
    ['state', 'ERR_SIGNATURE_MISSING'],
    ['state', 'ERR_SIGNATURE_REPLAYED']
  ])
})
