import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { signedGatewayMessage } from 'weixin-kit/simulator'
import { type AppPair, canRunPair, startPair } from '../../shared/test/app-pair.ts'
import { call, cookiesOf, logIn } from '../../shared/test/client.ts'
import { secretsIn } from '../../shared/test/secrets.ts'

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const API = '/boilerplate/wechat/api/v1'
const GATEWAY = '/boilerplate/api/v1/wechat-mp/gateway'
const INDEX = '/boilerplate/wechat/mp/index'
const ORIGINAL_ID = 'gh_0123456789ab'

describe.skipIf(!canRunPair('boilerplate'))('two processes behind one PostgreSQL and one Redis', () => {
  let pair: AppPair
  let database: pg.Client

  beforeAll(async () => {
    pair = await startPair(main, { WEIXIN_MP_ORIGINAL_ID: ORIGINAL_ID })
    database = new pg.Client({ connectionString: pair.databaseUrl })
    await database.connect()
  }, 120_000)
  afterAll(async () => {
    await database.end()
    await pair.stop()
  })

  let seconds = Math.floor(Date.now() / 1000)
  /** A signed and encrypted event of WeChat; each call of the result delivers the same message to a process. */
  const event = (openid: string, Event: string, more: Record<string, string | number> = {}) => {
    const message = {
      ToUserName: ORIGINAL_ID,
      FromUserName: openid,
      CreateTime: seconds++,
      MsgType: 'event',
      Event,
      EventKey: '',
      ...more
    }
    return async (index: 0 | 1) => {
      const url = pair.urls[index] + GATEWAY
      return fetch(signedGatewayMessage({ ...pair.simulator.credentials.gateway, url, message }))
    }
  }
  const eventsOf = async (openid: string) => {
    const query = 'select kind from gateway_events where openid = $1 order by sent_at'
    return (await database.query<{ kind: string }>(query, [openid])).rows.map(({ kind }) => kind)
  }
  const isFollowing = async (openid: string) => {
    const query = 'select is_following from wechat_users where openid = $1'
    return (await database.query<{ is_following: boolean }>(query, [openid])).rows[0]?.is_following
  }

  it('share web sessions and mini-program tokens', { timeout: 60_000 }, async () => {
    const [a, b] = pair.urls
    const user = pair.simulator.user({ nickname: '小明' })
    const cookie = cookiesOf(await logIn(a, `${API}/wechat-mp/authorize`, user))
    expect((await call(b, 'GET', INDEX, { headers: { cookie } })).text).toContain('你好，小明')

    const { body } = await call(a, 'POST', `${API}/wechat-miniapp/user`, { body: { code: user.login() } })
    const { encryptedData, iv } = user.encryptedData()
    const updated = await call(b, 'PUT', `${API}/wechat-miniapp/user`, {
      headers: { authorization: `wechat ${String(body.token)}` },
      body: { iv, encrypted_data: encryptedData }
    })
    expect(updated.body).toMatchObject({ error_code: 0, user: { nickname: '小明' } })
  })

  it('store an event once, however often and wherever it comes', { timeout: 60_000 }, async () => {
    const deliver = event('o-often', 'subscribe')
    const answers = await Promise.all([0, 1, 0, 1, 0, 1].map((index) => deliver(index === 0 ? 0 : 1)))
    const texts = await Promise.all(answers.map((answer) => answer.text()))
    expect(answers.every((answer) => answer.status === 200)).toBe(true)
    // Each delivery in time carries the welcome, which was made once.
    expect(texts.every((text) => text.includes('<Encrypt>'))).toBe(true)
    expect(await eventsOf('o-often')).toEqual(['subscribe'])
    expect(await isFollowing('o-often')).toBe(true)
  })

  it('store it once when the first of them dies before its response arrives', { timeout: 60_000 }, async () => {
    const deliver = event('o-killed', 'subscribe')
    // Nobody reads what the first answers: WeChat has to come again, and finds the other.
    await deliver(0)
    await pair.kill(0)
    await expect(deliver(0)).rejects.toThrow()
    expect((await deliver(1)).status).toBe(200)
    expect(await eventsOf('o-killed')).toEqual(['subscribe'])
    await pair.restart(0)
    expect((await deliver(0)).status).toBe(200)
    expect(await eventsOf('o-killed')).toEqual(['subscribe'])
  })

  it('store it once even when the marks in Redis are gone', { timeout: 60_000 }, async () => {
    const deliver = event('o-forgotten', 'subscribe')
    await deliver(0)
    await pair.forgetStore()
    expect((await deliver(1)).status).toBe(200)
    expect(await eventsOf('o-forgotten')).toEqual(['subscribe'])
  })

  it('know who follows, whatever the order in which they are told', { timeout: 60_000 }, async () => {
    const [follow, unfollow, again] = ['subscribe', 'unsubscribe', 'subscribe'].map((name) => event('o-order', name))
    await again?.(1)
    await unfollow?.(0)
    await follow?.(1)
    expect(await isFollowing('o-order')).toBe(true)
    expect(await eventsOf('o-order')).toEqual(['subscribe', 'unsubscribe', 'subscribe'])
    await event('o-order', 'unsubscribe')(0)
    expect(await isFollowing('o-order')).toBe(false)
  })

  it('refuse messages for another account', { timeout: 60_000 }, async () => {
    const answer = await event('o-other', 'subscribe', { ToUserName: 'gh_another' })(0)
    expect(await answer.text()).not.toContain('<Encrypt>')
    expect(await eventsOf('o-other')).toEqual([])
    expect(pair.output()).toContain('The message is for another account')
  })

  it('write no secret into their logs', () => {
    expect(secretsIn(pair.output(), pair.simulator)).toEqual([])
  })
})
