import { Body, Controller, Injectable, Module, Post } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { MessageGateway, type TextMessage } from 'weixin-kit/gateway'
import { WeChatMessage, WeixinModule } from 'weixin-kit/nest'

const gateway = new MessageGateway({
  appId: process.env.WEIXIN_MP_APP_ID ?? '',
  token: process.env.WEIXIN_GATEWAY_TOKEN ?? '',
  encodingAESKey: process.env.WEIXIN_GATEWAY_AES_KEY ?? ''
})

@Injectable()
class Greeter {
  @WeChatMessage('event.subscribe')
  welcome() {
    return 'Welcome!'
  }

  @WeChatMessage('text')
  echo(message: TextMessage) {
    return `You said: ${message.Content}`
  }
}

@Controller('orders')
class Orders {
  @Post()
  create(@Body() received: unknown) {
    return { received }
  }
}

@Module({
  imports: [WeixinModule.forRoot({ gateway, routes: { gateway: 'wechat' } })],
  providers: [Greeter],
  controllers: [Orders]
})
class AppModule {}

// rawBody keeps the bytes that signatures cover; the rest of the application keeps its parsers.
const app = await NestFactory.create(AppModule, { rawBody: true, logger: false })
await app.listen(Number(process.env.PORT ?? 3000))
export const server = app.getHttpServer()
