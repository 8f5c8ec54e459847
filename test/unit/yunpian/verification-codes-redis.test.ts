import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { createClient } from 'redis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { redisStore } from 'weixin-kit/redis'
import { type VerificationCodes, Yunpian } from 'weixin-kit/yunpian'
import { hasRedisServer, REDIS_SKIP_REASON, type RedisServer, startRedis } from '../../support/redis-server.ts'

const API_KEY = '0123456789abcdef0123456789abcdef'
const PROCESSES = 4
const CHECKS = 10_000
const MAX_ATTEMPTS = 5

if (!hasRedisServer) console.log(`verification codes on Redis: skipped, ${REDIS_SKIP_REASON}`)

describe.skipIf(!hasRedisServer)('10 000 checks at once in 4 processes on Redis', () => {
  const workers: ChildProcess[] = []
  let redis: RedisServer
  let client: ReturnType<typeof createClient>
  let codes: VerificationCodes

  beforeAll(async () => {
    redis = await startRedis()
    client = createClient({ url: redis.url })
    await client.connect()
    const store = redisStore(client, { timeoutMs: 60_000 })
    codes = new Yunpian({ apiKey: API_KEY }).verificationCode({ store, maxAttempts: MAX_ATTEMPTS })
    const file = fileURLToPath(new URL('./check-worker.ts', import.meta.url))
    for (let i = 0; i < PROCESSES; i++)
      workers.push(fork(file, [redis.url, API_KEY], { execArgv: ['--import', 'tsx'] }))
    await Promise.all(workers.map((worker) => once(worker, 'message')))
  }, 60_000)

  afterAll(async () => {
    for (const worker of workers) worker.kill()
    client?.destroy()
    await redis?.stop()
  })

  /** Issues a code, lets all processes check it at once, and counts over all of them. */
  async function run(mobile: string, guess: (right: string, wrong: string) => string[]) {
    const issued = await codes.issue(mobile)
    if (!issued.issued) expect.fail(issued.reason)
    const wrong = issued.code === '000000' ? '000001' : '000000'
    const before = (await client.keys('*')).length
    const answers = workers.map((worker) => once(worker, 'message'))
    const guesses = guess(issued.code, wrong)
    for (const worker of workers) worker.send({ mobile, guesses, count: CHECKS / PROCESSES })
    const results = (await Promise.all(answers)).map(([result]) => result as { succeeded: number; wrong: number })
    const sum = (name: 'succeeded' | 'wrong') => results.reduce((total, result) => total + result[name], 0)
    expect((await codes.check(mobile, issued.code)).ok).toBe(false)
    const keys = await client.keys('*')
    expect(keys.join(' ')).not.toContain(mobile)
    // One key per try that looked at the code; a success removed the code itself.
    const tries = keys.length - before + sum('succeeded')
    return { succeeded: sum('succeeded'), wrong: sum('wrong'), tries }
  }

  it('all right: one succeeds', async () => {
    const { succeeded, wrong, tries } = await run('13800138000', (right) => [right])
    expect({ succeeded, wrong }).toEqual({ succeeded: 1, wrong: 0 })
    expect(tries).toBeLessThanOrEqual(MAX_ATTEMPTS)
  }, 60_000)

  it('all wrong: as many tries as allowed, and not one more', async () => {
    expect(await run('13800138001', (_, wrong) => [wrong])).toEqual({
      succeeded: 0,
      wrong: MAX_ATTEMPTS,
      tries: MAX_ATTEMPTS
    })
  }, 60_000)

  it('mixed: never more than one, never more tries', async () => {
    const { succeeded, wrong, tries } = await run('13800138002', (right, other) => [right, other])
    expect(succeeded).toBeLessThanOrEqual(1)
    expect(succeeded + wrong).toBeLessThanOrEqual(MAX_ATTEMPTS)
    expect(tries).toBeLessThanOrEqual(MAX_ATTEMPTS)
  }, 60_000)
})
