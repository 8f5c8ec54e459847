import { appendFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { Redis } from 'ioredis'
import { Pool } from 'pg'
import { toNodeHandler } from '../../src/adapters/node.ts'
import { route, type Store } from '../../src/core/index.ts'
import { MessageGateway } from '../../src/gateway/index.ts'
import { WeChatPay } from '../../src/pay/index.ts'
import { redisStore } from '../../src/redis/index.ts'
import { postgresStore } from './postgres-store.ts'

// One of two processes behind a load balancer. What it handled goes to a file, which survives it.
interface Setting {
  url: string
  handledFile: string
  account: { appId: string; token: string; encodingAESKey: string }
  pay: ConstructorParameters<typeof WeChatPay>[0]
}
const { url, handledFile, account, pay } = JSON.parse(process.argv[2] ?? '{}') as Setting
const note = (what: string) => appendFileSync(handledFile, `${what}\n`)
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** `slow 3000` takes so long; `die` ends the process inside the handler. */
async function work(task: string): Promise<void> {
  if (task.startsWith('slow')) await pause(Number(task.split(' ')[1]))
  if (task === 'die' && process.env.MAY_DIE === '1') {
    await pause(500)
    process.exit(9)
  }
}

function openStore(): Store {
  if (url.startsWith('redis:')) {
    const client = new Redis(url)
    client.on('error', () => undefined)
    return redisStore(client, { prefix: 'chaos:' })
  }
  const pool = new Pool({ connectionString: url, max: 20, connectionTimeoutMillis: 2_000, query_timeout: 2_000 })
  pool.on('error', () => undefined)
  return postgresStore(pool)
}

const store = openStore()
const gateway = new MessageGateway({ ...account, store, logger: {} })
gateway.on('text', async ({ Content, MsgId }) => {
  await work(Content)
  note(MsgId)
  return 'thanks'
})
const shop = new WeChatPay({ ...pay, store, logger: {} })
const handler = route({
  '/wechat': gateway.handler(),
  '/pay': shop.notifyHandler({
    onPaid: async ({ out_trade_no, attach }) => {
      await work(attach ?? '')
      note(out_trade_no)
    }
  })
})
const server = createServer(toNodeHandler(handler, { onError: () => undefined })).listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (typeof address === 'object') process.send?.({ port: address?.port })
})
