import { createServer } from 'node:http'
import { Hono } from 'hono'
import { MessageGateway } from 'weixin-kit/gateway'
import { toNodeHandler } from 'weixin-kit/node'

const gateway = new MessageGateway({
  appId: process.env.WEIXIN_MP_APP_ID ?? '',
  token: process.env.WEIXIN_GATEWAY_TOKEN ?? '',
  encodingAESKey: process.env.WEIXIN_GATEWAY_AES_KEY ?? ''
})
gateway.on('event.subscribe', () => 'Welcome!')
gateway.on('text', (message) => `You said: ${message.Content}`)

export const app = new Hono()
// No adapter: the handler takes the Request itself.
const wechat = gateway.handler()
app.all('/wechat', (context) => wechat(context.req.raw))
app.post('/orders', async (context) => context.json({ received: await context.req.json() }))

// On Bun, Deno and Workers `export default app` takes the place of these lines.
export const server = createServer(toNodeHandler(async (request) => app.fetch(request)))
server.listen(Number(process.env.PORT ?? 3000))
