import { Redis } from 'ioredis'
import { TokenManager } from '../../src/core/token-manager.ts'
import { redisStore } from '../../src/redis/index.ts'

// Run as a child process: 250 concurrent cold calls against the shared store; prints the distinct tokens.
const [redisUrl = '', upstreamUrl = ''] = process.argv.slice(2)
const client = new Redis(redisUrl)
const tokens = new TokenManager({
  product: 'mp',
  store: redisStore(client),
  key: 'weixin-kit:wx1:stable_token',
  fetchToken: async () => (await fetch(upstreamUrl)).json() as Promise<{ value: string; expiresInSeconds: number }>
})
const values = await Promise.all(Array.from({ length: 250 }, () => tokens.get()))
console.log(JSON.stringify([...new Set(values)]))
client.disconnect()
