const { route } = require('weixin-kit')
const { MessageGateway } = require('weixin-kit/gateway')
const { toKoaMiddleware } = require('weixin-kit/koa')

module.exports = () => {
  const gateway = new MessageGateway({
    appId: process.env.WEIXIN_MP_APP_ID ?? '',
    token: process.env.WEIXIN_GATEWAY_TOKEN ?? '',
    encodingAESKey: process.env.WEIXIN_GATEWAY_AES_KEY ?? ''
  })
  gateway.on('event.subscribe', () => 'Welcome!')
  gateway.on('text', (message) => `You said: ${message.Content}`)
  // What is not in the route goes on to the controllers.
  return toKoaMiddleware(route({ '/wechat': gateway.handler() }))
}
