import { createServer } from 'node:http'
import { route } from 'weixin-kit'
import { MessageGateway } from 'weixin-kit/gateway'
import { toNodeHandler } from 'weixin-kit/node'

const gateway = new MessageGateway({
  appId: process.env.WEIXIN_MP_APP_ID ?? '',
  token: process.env.WEIXIN_GATEWAY_TOKEN ?? '',
  encodingAESKey: process.env.WEIXIN_GATEWAY_AES_KEY ?? ''
})
gateway.on('event.subscribe', () => 'Welcome!')
gateway.on('text', (message) => `You said: ${message.Content}`)

const handler = route({
  '/wechat': gateway.handler(),
  'POST /orders': async (request) => Response.json({ received: await request.json() })
})

export const server = createServer(toNodeHandler(handler))
server.listen(Number(process.env.PORT ?? 3000))
