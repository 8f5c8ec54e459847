import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { MiniProgram } from 'weixin-kit/miniapp'
import { OfficialAccount } from 'weixin-kit/mp'

const ACCOUNT = { appId: 'wx0123456789abcdef', appSecret: 'not-a-real-secret' }
const fetch = async (input: string | URL | Request) => {
  const { pathname } = new URL(String(input))
  if (pathname.endsWith('stable_token')) return Response.json({ access_token: 'T', expires_in: 7200 })
  if (pathname.endsWith('getticket')) return Response.json({ errcode: 0, ticket: 'TICKET', expires_in: 7200 })
  return Response.json({ openid: 'o1', subscribe: 1, session_key: 'S' })
}
const page = { url: 'https://m.example.com/', jsApiList: [] }

/** Under every faked timer, microtasks and `nextTick` included, nothing but promises goes on by itself. */
describe('a first call on a mocked fetch, under fake timers', () => {
  beforeEach(
    () => void vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'setImmediate', 'Date', 'performance'] })
  )
  afterEach(() => void vi.useRealTimers())

  it('returns, with the access token fetched before it', async () => {
    expect(await new OfficialAccount({ ...ACCOUNT, fetch }).users.info('o1')).toMatchObject({ openid: 'o1' })
    expect(await new MiniProgram({ ...ACCOUNT, fetch }).auth.code2Session('C')).toMatchObject({ openid: 'o1' })
    expect((await new OfficialAccount({ ...ACCOUNT, fetch }).jssdk.config(page)).signature).toHaveLength(40)
  })
})

it('signs for a page in one microtask once the ticket is at hand', async () => {
  const mp = new OfficialAccount({ ...ACCOUNT, fetch })
  await mp.jssdk.config(page)
  let isDone = false
  void mp.jssdk.config(page).then(() => {
    isDone = true
  })
  await Promise.resolve()
  expect(isDone).toBe(true)
})

it('returns under the mock timers of node:test', async () => {
  const script = fileURLToPath(new URL('../../support/node-test-timers.mjs', import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', '--test', script]).catch(
    (error: { stdout: string }) => error
  )
  expect(stdout).toMatch(/\bpass 1\b/)
})
