import { memoryStore, type Store } from 'weixin-kit'
import { redisStore } from 'weixin-kit/redis'

export interface OpenStore {
  store: Store
  kind: 'redis' | 'memory'
  close(): Promise<void>
}

/** Tokens, tickets, dedupe marks and sessions: in memory, or with `REDIS_URL` in Redis for several processes. */
export async function openStore(redisUrl: string | undefined, prefix: string): Promise<OpenStore> {
  if (!redisUrl) return { store: memoryStore(), kind: 'memory', close: async () => undefined }
  const { Redis } = await import('ioredis')
  // Commands fail at once while Redis is away: a queued one would be executed after its caller was told that it failed.
  const client = new Redis(redisUrl, { enableOfflineQueue: false, lazyConnect: true, maxRetriesPerRequest: 1 })
  let reason: unknown
  client.on('error', (error) => {
    reason = error
  })
  await client.connect().catch((error: unknown) => {
    client.disconnect()
    // Its own error says only that the connection was closed.
    throw new Error('REDIS_URL: Redis cannot be used', { cause: reason ?? error })
  })
  return { store: redisStore(client, { prefix }), kind: 'redis', close: async () => void (await client.quit()) }
}
