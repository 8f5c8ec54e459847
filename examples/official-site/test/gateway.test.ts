import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase } from '../../shared/database.ts'
import { WxUsers } from '../src/models/accounts.ts'
import { type Harness, startHarness } from './harness.ts'

const migrations = fileURLToPath(new URL('../migrations', import.meta.url))

describe('message gateway', () => {
  let harness: Harness
  beforeAll(async () => {
    harness = await startHarness()
  })
  afterAll(() => harness.close())

  it('answers the check of the console, and nothing to anybody else', async () => {
    const path = '/extensions/wx/gateway/'
    expect((await harness.simulator.wechat.verifyServer()).state).toBe('delivered')
    expect((await harness.call('GET', path)).status).toBe(401)
    expect((await harness.call('POST', path, { body: '<xml/>' })).status).toBe(401)
  })

  it('knows who follows', async () => {
    const user = harness.simulator.user()
    const { cookie } = await harness.login(user)
    const follows = async () => {
      const { body } = await harness.call('GET', '/api/current_user/', { headers: { cookie } })
      return (body.data.wx_user as { is_subscribed: boolean }).is_subscribed
    }
    expect(await follows()).toBe(false)
    expect((await user.follow()).reply?.Content).toContain('欢迎关注')
    expect(await follows()).toBe(true)
    expect((await user.unfollow()).delivery.state).toBe('delivered')
    expect(await follows()).toBe(false)
  })
})

it('believes the newest of a follow and an unfollow, in whichever order they come', async () => {
  const database = await openDatabase({ folder: 'memory://', migrations })
  const users = new WxUsers(database.db)
  const read = async () => (await users.upsert({ openid: 'o1' })).is_subscribed
  await users.upsert({ openid: 'o1' })
  await users.setSubscribed('o1', false, new Date(2000))
  await users.setSubscribed('o1', true, new Date(1000))
  expect(await read()).toBe(false)
  await users.setSubscribed('o1', true, new Date(3000))
  expect(await read()).toBe(true)
  await database.close()
})
