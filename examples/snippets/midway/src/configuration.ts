import { CommonJSFileDetector, Configuration, Inject } from '@midwayjs/core'
import * as koa from '@midwayjs/koa'
import { route } from 'weixin-kit'
import { MessageGateway } from 'weixin-kit/gateway'
import { toKoaMiddleware } from 'weixin-kit/koa'

const settings = { keys: process.env.MIDWAY_KEYS ?? 'change me', koa: { port: Number(process.env.PORT ?? 7001) } }

@Configuration({
  imports: [koa],
  importConfigs: [{ default: settings }],
  detector: new CommonJSFileDetector() // Midway 4; version 3 finds controllers without it
})
export class MainConfiguration {
  @Inject()
  framework!: koa.Framework

  async onReady() {
    const gateway = new MessageGateway({
      appId: process.env.WEIXIN_MP_APP_ID ?? '',
      token: process.env.WEIXIN_GATEWAY_TOKEN ?? '',
      encodingAESKey: process.env.WEIXIN_GATEWAY_AES_KEY ?? ''
    })
    gateway.on('event.subscribe', () => 'Welcome!')
    gateway.on('text', (message) => `You said: ${message.Content}`)
    // In front of the body parser: signatures cover the raw bytes. What is not in the route goes on to the controllers.
    this.framework.getMiddleware().insertFirst(toKoaMiddleware(route({ '/wechat': gateway.handler() })))
  }
}
