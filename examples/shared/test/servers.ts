import { startRedis } from '../../../test/support/redis-server.ts'
import { startPostgres } from './postgres.ts'

export interface Servers {
  /** Variables of an app that uses them. */
  environment: NodeJS.ProcessEnv
  stop(): Promise<void>
}

/** With `APPS_ON=servers` a PostgreSQL and a Redis for one app under test, which otherwise has PGlite and memory. */
export async function openServers(): Promise<Servers> {
  if (process.env.APPS_ON !== 'servers')
    return { environment: { DATA_FOLDER: 'memory://' }, stop: async () => undefined }
  const [postgres, redis] = await Promise.all([startPostgres(), startRedis()])
  return {
    environment: { DATABASE_URL: postgres.url, REDIS_URL: redis.url },
    stop: async () => void (await Promise.all([postgres.stop(), redis.stop()]))
  }
}
