import { Injectable, Module } from '@nestjs/common'
import { ModuleRef, NestFactory } from '@nestjs/core'
import { expect, it } from 'vitest'
import { MessageGateway } from 'weixin-kit/gateway'
import { Geetest } from 'weixin-kit/geetest'
import { MiniProgram } from 'weixin-kit/miniapp'
import { OfficialAccount } from 'weixin-kit/mp'
import { getWeixinToken, InjectWeixin, type WeixinClients, WeixinModule, type WeixinProduct } from 'weixin-kit/nest'
import { WeChatPay } from 'weixin-kit/pay'
import { WeChatPayV2 } from 'weixin-kit/pay/v2'
import { Qiniu } from 'weixin-kit/qiniu'
import { createSimulator } from 'weixin-kit/simulator'
import { Yunpian } from 'weixin-kit/yunpian'

const { credentials, clientOptions } = createSimulator()

/** One client of every product. */
const everything = (): WeixinClients => ({
  mp: new OfficialAccount({ ...credentials.officialAccount, ...clientOptions }),
  miniapp: new MiniProgram({ ...credentials.miniProgram, ...clientOptions }),
  gateway: new MessageGateway(credentials.gateway),
  pay: new WeChatPay({ ...credentials.payV3, ...clientOptions }),
  payV2: new WeChatPayV2({ ...credentials.payV2, ...clientOptions }),
  qiniu: new Qiniu({ ...credentials.qiniu, ...clientOptions }),
  yunpian: new Yunpian({ ...credentials.yunpian, ...clientOptions }),
  geetest: new Geetest({ ...credentials.geetest, ...clientOptions })
})
const PRODUCTS = Object.keys(everything()) as WeixinProduct[]
const accounts = { first: everything(), second: everything(), third: everything() }

it.each(PRODUCTS)('injects %s of three accounts, made at once and by factories', async (product) => {
  @Injectable()
  class Holder {
    constructor(
      @InjectWeixin(product, 'first') readonly first: unknown,
      @InjectWeixin(product, 'second') readonly second: unknown,
      @InjectWeixin(product) readonly third: unknown
    ) {}
  }
  @Module({
    imports: [
      WeixinModule.forRoot({ name: 'first', [product]: accounts.first[product] }),
      WeixinModule.forRootAsync({ name: 'second', products: [product], useFactory: async () => accounts.second }),
      WeixinModule.forRoot({ [product]: accounts.third[product] })
    ],
    providers: [Holder]
  })
  class App {}
  const app = await NestFactory.createApplicationContext(App, { logger: false, abortOnError: false })
  const holder = app.get(Holder)
  expect(holder.first).toBe(accounts.first[product])
  expect(holder.second).toBe(accounts.second[product])
  expect(holder.third).toBe(accounts.third[product])
  expect(app.get(ModuleRef).get(getWeixinToken(product, 'second'), { strict: false })).toBe(accounts.second[product])
  await app.close()
})
