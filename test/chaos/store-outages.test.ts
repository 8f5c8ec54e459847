import { type ChildProcess, fork } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSimulator, signedGatewayMessage, signedPayV3Notification } from 'weixin-kit/simulator'
import { hasPostgres, POSTGRES_SKIP_REASON, startPostgres } from '../../examples/shared/test/postgres.ts'
import { bundleProgram } from '../support/bundle-program.ts'
import { hasRedisServer, REDIS_SKIP_REASON, startRedis } from '../support/redis-server.ts'
import { pausableProxy } from './pausable-proxy.ts'

if (!hasRedisServer) console.warn(`SKIPPED: chaos on Redis: ${REDIS_SKIP_REASON}`)
if (!hasPostgres) console.warn(`SKIPPED: chaos on PostgreSQL: ${POSTGRES_SKIP_REASON}`)

const account = {
  appId: 'wx0123456789abcdef',
  token: 'AAAAA',
  encodingAESKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG'
}
const simulator = createSimulator()
const { privateKey, platformKeys, ...pay } = simulator.credentials.payV3
const folder = mkdtempSync(join(tmpdir(), 'chaos-'))
let workerFile: string
const COUNT = 12
/** WeChat delivers a message 0, 5 and 10 s after the first attempt began, and a payment after 15, 30 … s. */
const MESSAGE_AT = [0, 5_000, 10_000]
const PAYMENT_AT = [0, 15_000, 30_000]
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)))

beforeAll(async () => {
  workerFile = await bundleProgram(join(import.meta.dirname, 'worker.ts'))
})
afterAll(async () => {
  await simulator.close()
  rmSync(folder, { recursive: true, force: true })
})

interface Pair {
  /** Origins of the two processes. */
  urls: string[]
  /** How often each message and payment was handled. */
  handled(): Map<string, number>
  stop(): void
}

let pairs = 0
async function startPair(url: string, mayDie = false): Promise<Pair> {
  const handledFile = join(folder, `handled-${++pairs}`)
  const setting = JSON.stringify({ url, handledFile, account, pay: { ...pay, privateKey, platformKeys } })
  const workers: ChildProcess[] = []
  const start = (env: object) => {
    const worker = fork(workerFile, [setting], { env: { ...process.env, ...env }, execArgv: [] })
    workers.push(worker)
    return new Promise<string>((resolve, reject) => {
      worker.once('exit', (code) => reject(new Error(`a worker ended with ${code}`)))
      worker.once('message', (message) => resolve(`http://127.0.0.1:${(message as { port: number }).port}`))
    })
  }
  const urls = await Promise.all([start(mayDie ? { MAY_DIE: '1' } : {}), start({})])
  return {
    urls,
    handled: () => {
      const counts = new Map<string, number>()
      const lines = existsSync(handledFile) ? readFileSync(handledFile, 'utf8').split('\n').filter(Boolean) : []
      for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1)
      return counts
    },
    stop: () => {
      for (const worker of workers) worker.kill('SIGKILL')
    }
  }
}

/** Delivers as WeChat does until a 2xx; every attempt goes to the other process. */
async function deliver(urls: readonly string[], at: readonly number[], make: (url: string) => Request, first: number) {
  const startedAt = performance.now()
  for (const [attempt, due] of at.entries()) {
    await sleep(startedAt + due - performance.now())
    let response: Response | undefined
    for (let turn = 0; turn < urls.length; turn++) {
      try {
        response = await fetch(make(urls[(first + attempt + turn) % urls.length] ?? ''), {
          signal: AbortSignal.timeout(5_000)
        })
        await response.arrayBuffer()
        break
      } catch (error) {
        // A load balancer asks the next one where nobody listens, and nobody where a response broke off.
        if ((error as { cause?: { code?: string } }).cause?.code !== 'ECONNREFUSED') break
      }
    }
    if (response?.ok) return true
  }
  return false
}

interface Batch {
  acknowledged: string[]
  refused: string[]
}

let serial = 0
/** Messages and payments of one moment; half of them begin at each process. */
async function send(pair: Pair, tasks: readonly string[]): Promise<Batch> {
  const batch: Batch = { acknowledged: [], refused: [] }
  const CreateTime = Math.floor(Date.now() / 1000)
  const note = (id: string) => (isDone: boolean) => void (isDone ? batch.acknowledged : batch.refused).push(id)
  const all = tasks.flatMap((task, index) => {
    const id = String(1_000 + ++serial)
    const message = { FromUserName: `o${id}`, CreateTime, MsgType: 'text', Content: task, MsgId: id }
    const sealed = signedGatewayMessage({ ...account, message, timestamp: CreateTime, url: 'http://127.0.0.1/wechat' })
    const body = sealed.clone().text()
    const payment = `P${CreateTime}${id}`
    const resource = {
      mchid: pay.mchId,
      appid: pay.appId,
      out_trade_no: payment,
      transaction_id: `42000${id}`,
      trade_type: 'JSAPI',
      trade_state: 'SUCCESS',
      attach: task,
      success_time: new Date().toISOString(),
      payer: { openid: 'o1' },
      amount: { total: 1, payer_total: 1, currency: 'CNY', payer_currency: 'CNY' }
    }
    return [
      body.then((text) =>
        deliver(
          pair.urls,
          MESSAGE_AT,
          (url) => new Request(`${url}/wechat${new URL(sealed.url).search}`, { method: 'POST', body: text }),
          index
        ).then(note(id))
      ),
      deliver(
        pair.urls,
        PAYMENT_AT,
        (url) => signedPayV3Notification({ apiV3Key: pay.apiV3Key, resource, url: `${url}/pay` }),
        index
      ).then(note(payment))
    ]
  })
  await Promise.all(all)
  return batch
}

/** Nothing that was acknowledged is unhandled, and no payment was booked twice. */
function judge(pair: Pair, batch: Batch): void {
  const handled = pair.handled()
  expect(batch.acknowledged.filter((id) => !handled.has(id))).toEqual([])
  expect([...handled].filter(([id, count]) => id.startsWith('P') && count > 1)).toEqual([])
  expect([...batch.acknowledged, ...batch.refused].filter((id) => id.startsWith('P') && !handled.has(id))).toEqual([])
}

const tasks = (kind: string) => Array.from({ length: COUNT }, (_, index) => (index % 3 === 0 ? kind : 'quick'))

describe.skipIf(!hasRedisServer).concurrent('Redis', () => {
  const outages: [string, number, (redis: Awaited<ReturnType<typeof startRedis>>, ms: number) => Promise<void>][] = [
    ...[1_000, 3_500, 7_000, 15_000].map(
      (ms) =>
        [
          `frozen for ${ms} ms`,
          ms,
          async (redis: Awaited<ReturnType<typeof startRedis>>) => {
            redis.signal('SIGSTOP')
            await sleep(ms)
            redis.signal('SIGCONT')
          }
        ] as [string, number, (redis: Awaited<ReturnType<typeof startRedis>>) => Promise<void>]
    ),
    [
      'read-only for 4 s',
      4_000,
      async (redis, ms) => {
        const control = new Redis(redis.url)
        await control.call('REPLICAOF', '127.0.0.1', '1')
        await sleep(ms)
        await control.call('REPLICAOF', 'NO', 'ONE')
        control.disconnect()
      }
    ],
    [
      'that evicts everything',
      1_000,
      async (redis, ms) => {
        const control = new Redis(redis.url)
        await sleep(ms)
        await control.flushall()
        control.disconnect()
      }
    ]
  ]
  it.each(outages)(
    '%s: nothing acknowledged is lost, no payment doubled',
    { timeout: 90_000 },
    async (_, ms, outage) => {
      const redis = await startRedis()
      const pair = await startPair(redis.url)
      try {
        await send(pair, ['quick'])
        const [batch] = await Promise.all([send(pair, tasks('slow 700')), outage(redis, ms)])
        judge(pair, batch)
        const after = await send(pair, tasks('quick'))
        expect(after.refused).toEqual([])
        judge(pair, after)
      } finally {
        pair.stop()
        await redis.stop()
      }
    }
  )

  it('killed and started again: nothing acknowledged is lost, no payment doubled', { timeout: 90_000 }, async () => {
    const redis = await startRedis()
    const pair = await startPair(redis.url)
    let again: Awaited<ReturnType<typeof startRedis>> | undefined
    try {
      await send(pair, ['quick'])
      const kill = async () => {
        await redis.stop()
        await sleep(3_000)
        again = await startRedis(redis.port)
      }
      const [batch] = await Promise.all([send(pair, tasks('quick')), kill()])
      judge(pair, batch)
    } finally {
      pair.stop()
      await again?.stop()
    }
  })

  it('whose process dies inside a handler: another handles it', { timeout: 90_000 }, async () => {
    const redis = await startRedis()
    const pair = await startPair(redis.url, true)
    try {
      const batch = await send(pair, ['die', 'quick', 'quick', 'quick'])
      judge(pair, batch)
    } finally {
      pair.stop()
      await redis.stop()
    }
  })
})

describe.skipIf(!hasPostgres).concurrent('PostgreSQL', () => {
  it.each([
    ['frozen for 3.5 s', 'pause', 3_500],
    ['frozen for 7 s', 'pause', 7_000],
    ['away for 4 s', 'cut', 4_000]
  ] as const)('%s: nothing acknowledged is lost, no payment doubled', { timeout: 90_000 }, async (_, how, ms) => {
    const server = await startPostgres()
    const proxy = await pausableProxy(Number(new URL(server.url).port))
    const pool = new Pool({ connectionString: server.url })
    await pool.query('create unlogged table chaos (key text primary key, value text not null, expires_at timestamptz)')
    await pool.end()
    const pair = await startPair(server.url.replace(/:\d+\//, `:${proxy.port}/`))
    try {
      await send(pair, ['quick'])
      const outage = async () => {
        proxy[how]()
        await sleep(ms)
        proxy.resume()
      }
      const [batch] = await Promise.all([send(pair, tasks('slow 700')), outage()])
      judge(pair, batch)
      const after = await send(pair, tasks('quick'))
      expect(after.refused).toEqual([])
      judge(pair, after)
    } finally {
      pair.stop()
      proxy.close()
      await server.stop()
    }
  })
})
