import Koa from 'koa'
import koaBody from 'koa-body'
import { route } from 'weixin-kit'
import { MessageGateway } from 'weixin-kit/gateway'
import { toKoaMiddleware } from 'weixin-kit/koa'

const gateway = new MessageGateway({
  appId: process.env.WEIXIN_MP_APP_ID ?? '',
  token: process.env.WEIXIN_GATEWAY_TOKEN ?? '',
  encodingAESKey: process.env.WEIXIN_GATEWAY_AES_KEY ?? ''
})
gateway.on('event.subscribe', () => 'Welcome!')
gateway.on('text', (message) => `You said: ${message.Content}`)

const app = new Koa()
// Above the parser: the signature covers the raw bytes. What is not in the route goes on to the next middleware.
app.use(toKoaMiddleware(route({ '/wechat': gateway.handler() })))
app.use(koaBody())
app.use((context) => {
  context.body = { received: context.request.body }
})

export const server = app.listen(Number(process.env.PORT ?? 3000))
