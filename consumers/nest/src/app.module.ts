import {
  type ArgumentsHost,
  Body,
  type CanActivate,
  Catch,
  Controller,
  type ExceptionFilter,
  type ExecutionContext,
  Get,
  HttpException,
  Inject,
  Injectable,
  Module,
  Param,
  Post,
  SetMetadata
} from '@nestjs/common'
import { APP_FILTER, APP_GUARD, HttpAdapterHost, Reflector } from '@nestjs/core'
import { MessageGateway, type TextMessage } from 'weixin-kit/gateway'
import { InjectWeixin, WeChatMessage, WeChatPayNotification, WeixinModule } from 'weixin-kit/nest'
import { type PaidTransaction, WeChatPay } from 'weixin-kit/pay'

const variable = (name: string) => process.env[name] ?? ''
const PUBLIC = 'public'

@Injectable()
class Shop {
  readonly paid = new Map<string, number>()

  constructor(@InjectWeixin('pay') private readonly pay: WeChatPay) {}

  async order(number: string, openid: string) {
    return this.pay.transactions.jsapi({
      description: 'Tea',
      out_trade_no: number,
      amount: { total: 100 },
      payer: { openid }
    })
  }

  @WeChatMessage('event.subscribe')
  welcome() {
    return 'Welcome!'
  }

  @WeChatMessage('text')
  echo(message: TextMessage) {
    return `You said: ${message.Content}`
  }

  @WeChatPayNotification('onPaid')
  book(transaction: PaidTransaction) {
    this.paid.set(transaction.out_trade_no, transaction.amount.total)
  }
}

@Controller()
class Orders {
  constructor(private readonly shop: Shop) {}

  @SetMetadata(PUBLIC, true)
  @Post('orders')
  create(@Body() received: unknown) {
    return { received }
  }

  @Post('pay/orders')
  place(@Body() order: { number: string; openid: string }) {
    return this.shop.order(order.number, order.openid)
  }

  @Get('pay/orders/:number')
  state(@Param('number') number: string) {
    return { paid: this.shop.paid.get(number) }
  }
}

/** Lets in who has a key, and what is public. It holds for methods with decorators of the library, too. */
@Injectable()
class KeyGuard implements CanActivate {
  constructor(@Inject(Reflector) private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext) {
    if (context.getType<string>() !== 'http') return true
    const isPublic = this.reflector.getAllAndOverride<boolean>(PUBLIC, [context.getHandler(), context.getClass()])
    return isPublic || context.switchToHttp().getRequest().headers.authorization === 'shop'
  }
}

@Catch()
class StatusFilter implements ExceptionFilter {
  constructor(@Inject(HttpAdapterHost) private readonly host: HttpAdapterHost) {}

  catch(error: unknown, context: ArgumentsHost) {
    const status = error instanceof HttpException ? error.getStatus() : 500
    this.host.httpAdapter.reply(context.switchToHttp().getResponse(), { filtered: status }, status)
  }
}

const account = {
  appId: variable('WEIXIN_MP_APP_ID'),
  token: variable('WEIXIN_GATEWAY_TOKEN'),
  encodingAESKey: variable('WEIXIN_GATEWAY_AES_KEY')
}

@Module({
  imports: [
    WeixinModule.forRoot({
      gateway: new MessageGateway(account),
      routes: { gateway: 'wechat' },
      decorators: [SetMetadata(PUBLIC, true)]
    }),
    WeixinModule.forRootAsync({
      products: ['pay'],
      routes: { pay: 'pay/notify' },
      decorators: [SetMetadata(PUBLIC, true)],
      useFactory: () => ({
        pay: new WeChatPay({
          appId: variable('WEIXIN_MP_APP_ID'),
          mchId: variable('WEIXIN_PAY_MCH_ID'),
          apiV3Key: variable('WEIXIN_PAY_API_V3_KEY'),
          privateKey: variable('WEIXIN_PAY_PRIVATE_KEY'),
          certSerial: variable('WEIXIN_PAY_CERT_SERIAL'),
          platformKeys: { [variable('WEIXIN_PAY_PUBLIC_KEY_ID')]: variable('WEIXIN_PAY_PUBLIC_KEY') },
          notifyUrl: variable('WEIXIN_PAY_NOTIFY_URL'),
          baseUrl: variable('WEIXIN_PAY_BASE_URL')
        })
      })
    }),
    WeixinModule.forRoot({ name: 'closed', gateway: new MessageGateway(account), routes: { gateway: 'closed' } })
  ],
  controllers: [Orders],
  providers: [Shop, { provide: APP_GUARD, useClass: KeyGuard }, { provide: APP_FILTER, useClass: StatusFilter }]
})
export class AppModule {}
