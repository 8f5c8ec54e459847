import { Injectable, Module } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { expect, it } from 'vitest'
import { InjectWeixin, WeChatPayNotification, WeixinModule } from 'weixin-kit/nest'
import { type PaidTransaction, WeChatPay } from 'weixin-kit/pay'
import { createSimulator } from 'weixin-kit/simulator'

@Injectable()
class Orders {
  readonly paid = new Map<string, number>()

  constructor(@InjectWeixin('pay') private readonly pay: WeChatPay) {}

  place(number: string, openid: string) {
    const amount = { total: 100 } // fen
    return this.pay.transactions.jsapi({ description: 'Tea', out_trade_no: number, amount, payer: { openid } })
  }

  @WeChatPayNotification('onPaid')
  book(transaction: PaidTransaction) {
    this.paid.set(transaction.out_trade_no, transaction.amount.total)
  }
}

it('books a payment', async () => {
  const simulator = createSimulator()
  const { credentials, clientOptions } = simulator
  const pay = new WeChatPay({
    ...credentials.payV3,
    ...clientOptions,
    notifyUrl: 'https://shop.example.com/pay/notify'
  })

  @Module({ imports: [WeixinModule.forRoot({ pay, routes: { pay: 'pay/notify' } })], providers: [Orders] })
  class AppModule {}

  const app = await NestFactory.create(AppModule, { rawBody: true, logger: false })
  await app.listen(0, '127.0.0.1')
  // Notifications go to the running application, with the path of notifyUrl.
  simulator.deliveries.target('pay', await app.getUrl())

  const orders = app.get(Orders)
  const user = simulator.user('ming')
  const { prepay_id } = await orders.place('T202601010001', user.openid())
  await user.pay(prepay_id)
  expect(orders.paid.get('T202601010001')).toBe(100)
  await app.close()
})
