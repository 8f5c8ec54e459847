// One of the processes of verification-codes-redis.test.ts: runs many checks at once on codes that another process issued.
import { createClient } from 'redis'
import { redisStore } from '../../../src/redis/index.ts'
import { Yunpian } from '../../../src/yunpian/index.ts'

interface Round {
  mobile: string
  guesses: string[]
  count: number
}

const [url = '', apiKey = ''] = process.argv.slice(2)
const client = createClient({ url })
await client.connect()
const store = redisStore(client, { timeoutMs: 120_000 })
const codes = new Yunpian({ apiKey }).verificationCode({ store, maxAttempts: 5 })

process.on('message', async ({ mobile, guesses, count }: Round) => {
  const results = await Promise.all(
    Array.from({ length: count }, (_, index) => codes.check(mobile, guesses[index % guesses.length] ?? ''))
  )
  process.send?.({
    succeeded: results.filter(({ ok }) => ok).length,
    wrong: results.filter((result) => !result.ok && result.reason === 'wrong').length
  })
})
process.on('disconnect', () => client.destroy())
process.send?.('ready')
