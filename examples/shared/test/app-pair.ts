import { Redis } from 'ioredis'
import { createSimulator, type Simulator } from 'weixin-kit/simulator'
import { hasRedisServer, REDIS_SKIP_REASON, startRedis } from '../../../test/support/redis-server.ts'
import { freePort } from '../free-port.ts'
import { type AppProcess, startProcess } from './app-process.ts'
import { hasPostgres, POSTGRES_SKIP_REASON, startPostgres } from './postgres.ts'

/** Whether two processes can share a PostgreSQL and a Redis here; prints why not. */
export function canRunPair(app: string): boolean {
  if (!hasPostgres) console.warn(`SKIPPED: two processes of ${app}: ${POSTGRES_SKIP_REASON}`)
  if (!hasRedisServer) console.warn(`SKIPPED: two processes of ${app}: ${REDIS_SKIP_REASON}`)
  return hasPostgres && hasRedisServer
}

export interface AppPair {
  simulator: Simulator
  urls: readonly [string, string]
  databaseUrl: string
  /** Ends one of the two as a power cut would. */
  kill(index: 0 | 1): Promise<void>
  /** Ends one as a process manager does; answers its exit code. */
  end(index: 0 | 1): Promise<number | null>
  restart(index: 0 | 1): Promise<void>
  /** Empties Redis, as an eviction or a failover does. */
  forgetStore(): Promise<void>
  /** What both have written, before and after restarts. */
  output(): string
  stop(): Promise<void>
}

/** Two processes of an app behind one PostgreSQL and one Redis, with one simulator. */
export async function startPair(main: string, environment: NodeJS.ProcessEnv): Promise<AppPair> {
  const [first, second, redis, postgres] = await Promise.all([freePort(), freePort(), startRedis(), startPostgres()])
  const ports = [first, second] as const
  const urls = [`http://127.0.0.1:${first}`, `http://127.0.0.1:${second}`] as const
  const simulator = createSimulator()
  const server = await simulator.listen()
  const startOne = (index: 0 | 1) =>
    startProcess(main, {
      PORT: String(ports[index]),
      PUBLIC_URL: urls[index],
      SIMULATOR_URL: server.url,
      DATABASE_URL: postgres.url,
      REDIS_URL: redis.url,
      ...environment
    })
  const started: AppProcess[] = []
  const running: [AppProcess, AppProcess] = await Promise.all([startOne(0), startOne(1)])
  started.push(...running)
  return {
    simulator,
    urls,
    databaseUrl: postgres.url,
    kill: (index) => running[index].kill(),
    end: (index) => running[index].stop(),
    restart: async (index) => {
      running[index] = await startOne(index)
      started.push(running[index])
    },
    forgetStore: async () => {
      const client = new Redis(redis.url)
      await client.flushall()
      client.disconnect()
    },
    output: () => started.map((app) => app.output()).join('\n'),
    stop: async () => {
      await Promise.all(running.map((app) => app.kill()))
      await Promise.all([server.close(), redis.stop(), postgres.stop()])
    }
  }
}
