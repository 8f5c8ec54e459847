import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { bundleProgram } from '../support/bundle-program.ts'
import { listen } from '../support/loopback.ts'
import { hasRedisServer, REDIS_SKIP_REASON, startRedis } from '../support/redis-server.ts'

if (!hasRedisServer) console.warn(`SKIPPED: four processes on one Redis: ${REDIS_SKIP_REASON}`)

it.skipIf(!hasRedisServer)(
  '4 processes × 250 cold calls on one Redis make one upstream request',
  { timeout: 60_000 },
  async () => {
    const worker = await bundleProgram(fileURLToPath(new URL('../support/token-worker.ts', import.meta.url)))
    const redis = await startRedis()
    let requests = 0
    const upstream = await listen((_, response) => {
      requests++
      setTimeout(() => response.end(JSON.stringify({ value: `token-${requests}`, expiresInSeconds: 7200 })), 100)
    })
    const run = promisify(execFile)
    const outputs = await Promise.all(
      Array.from({ length: 4 }, () => run(process.execPath, [worker, redis.url, upstream.url]))
    )
    expect(outputs.map((output) => JSON.parse(output.stdout))).toEqual(Array.from({ length: 4 }, () => ['token-1']))
    expect(requests).toBe(1)
    await Promise.all([redis.stop(), upstream.close()])
  }
)
