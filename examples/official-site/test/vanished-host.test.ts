import { connect, createServer, type Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasRedisServer, REDIS_SKIP_REASON, startRedis } from '../../../test/support/redis-server.ts'
import { freePort } from '../../shared/free-port.ts'
import { type AppProcess, startProcess } from '../../shared/test/app-process.ts'
import { call } from '../../shared/test/client.ts'
import { hasPostgres, POSTGRES_SKIP_REASON, type PostgresServer, startPostgres } from '../../shared/test/postgres.ts'

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const LOGIN = '/api/admin/login/'
const JS_SDK = `/api/wx/js_sdk_config/?url=${encodeURIComponent('https://shop.example.com/')}`
const OUTAGE = { code: 1000, message: 'Internal Server Error', data: {} }

if (!hasPostgres) console.warn(`SKIPPED: a database host that vanishes: ${POSTGRES_SKIP_REASON}`)
if (!hasRedisServer) console.warn(`SKIPPED: a Redis that goes away: ${REDIS_SKIP_REASON}`)

/** A way to a server that can be made to swallow everything, as a host that lost its power does: nothing is closed. */
async function openWay(port: number) {
  let isGone = false
  const way = createServer((inner: Socket) => {
    const outer = connect(port, '127.0.0.1')
    const wasOpenedAfter = !isGone
    for (const [from, to] of [
      [inner, outer],
      [outer, inner]
    ] as const) {
      from.on('data', (chunk) => {
        if (wasOpenedAfter && !swallowed.has(inner)) to.write(chunk)
      })
      from.on('close', () => to.destroy())
      from.on('error', () => undefined)
    }
    sockets.add(inner)
  })
  const sockets = new Set<Socket>()
  const swallowed = new Set<Socket>()
  const own = await freePort()
  await new Promise<void>((resolve) => way.listen(own, '127.0.0.1', resolve))
  return {
    port: own,
    vanish: () => {
      isGone = true
      for (const socket of sockets) swallowed.add(socket)
    },
    /** Connections of before stay dead. */
    comeBack: () => {
      isGone = false
    },
    close: () => {
      way.close()
      for (const socket of sockets) socket.destroy()
    }
  }
}

describe.skipIf(!hasPostgres)('a database host that vanishes', () => {
  let postgres: PostgresServer
  let way: Awaited<ReturnType<typeof openWay>>
  let app: AppProcess
  let url: string
  beforeAll(async () => {
    postgres = await startPostgres()
    const address = new URL(postgres.url)
    way = await openWay(Number(address.port))
    address.port = String(way.port)
    const port = await freePort()
    url = `http://127.0.0.1:${port}`
    app = await startProcess(main, { PORT: String(port), DATABASE_URL: address.href })
  }, 60_000)
  afterAll(async () => {
    await app.kill()
    way.close()
    await postgres.stop()
  })

  it('is answered 1000 with 503, and the app recovers when it is back', { timeout: 90_000 }, async () => {
    const login = () => call(url, 'PUT', LOGIN, { body: { name: 'nobody', password: 'x' } })
    // More than the pool has connections.
    const logins = () => Promise.all(Array.from({ length: 9 }, login))
    for (const { body } of await logins()) expect(body.code).toBe(1403)
    way.vanish()
    const answers = await Promise.all([call(url, 'PUT', LOGIN, { body: { name: 'other', password: 'x' } })])
    expect(answers.map(({ status, body }) => [status, body])).toEqual([[503, OUTAGE]])
    way.comeBack()
    await expect
      .poll(async () => (await call(url, 'PUT', LOGIN, { body: { name: 'third', password: 'x' } })).status, {
        timeout: 60_000,
        interval: 100
      })
      .toBe(404)
  })
})

it.skipIf(!hasRedisServer)(
  'a Redis that goes away is 1000 with 503, and never a code of WeChat',
  { timeout: 60_000 },
  async () => {
    const redis = await startRedis()
    const port = await freePort()
    const url = `http://127.0.0.1:${port}`
    const app = await startProcess(main, { PORT: String(port), DATA_FOLDER: 'memory://', REDIS_URL: redis.url })
    try {
      await redis.stop()
      const answer = await call(url, 'GET', JS_SDK)
      expect([answer.status, answer.body]).toEqual([503, OUTAGE])
    } finally {
      await app.kill()
    }
  }
)
