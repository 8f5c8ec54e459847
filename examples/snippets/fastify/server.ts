import fastify from 'fastify'
import { toFastifyPlugin } from 'weixin-kit/fastify'
import { MessageGateway } from 'weixin-kit/gateway'

const gateway = new MessageGateway({
  appId: process.env.WEIXIN_MP_APP_ID ?? '',
  token: process.env.WEIXIN_GATEWAY_TOKEN ?? '',
  encodingAESKey: process.env.WEIXIN_GATEWAY_AES_KEY ?? ''
})
gateway.on('event.subscribe', () => 'Welcome!')
gateway.on('text', (message) => `You said: ${message.Content}`)

const app = fastify()
// A plugin of its own scope, which reads the raw bytes; the rest of the application keeps its parsers.
app.register(toFastifyPlugin(gateway.handler(), { url: '/wechat' }))
app.post('/orders', async (request) => ({ received: request.body }))

await app.listen({ port: Number(process.env.PORT ?? 3000) })
export const { server } = app
