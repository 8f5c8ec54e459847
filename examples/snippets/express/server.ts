import express from 'express'
import { toExpressHandler } from 'weixin-kit/express'
import { MessageGateway } from 'weixin-kit/gateway'

const gateway = new MessageGateway({
  appId: process.env.WEIXIN_MP_APP_ID ?? '',
  token: process.env.WEIXIN_GATEWAY_TOKEN ?? '',
  encodingAESKey: process.env.WEIXIN_GATEWAY_AES_KEY ?? ''
})
gateway.on('event.subscribe', () => 'Welcome!')
gateway.on('text', (message) => `You said: ${message.Content}`)

const app = express()
// Above the parsers: the signature covers the raw bytes.
app.use('/wechat', toExpressHandler(gateway.handler()))
app.use(express.json())
app.post('/orders', (req, res) => void res.json({ received: req.body }))

export const server = app.listen(Number(process.env.PORT ?? 3000))
