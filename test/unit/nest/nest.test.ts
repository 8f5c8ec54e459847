import {
  Body,
  type CanActivate,
  Controller,
  type ExceptionFilter,
  type INestApplication,
  Inject,
  Injectable,
  Logger,
  Module,
  Post,
  Scope,
  UseGuards
} from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { ExpressAdapter } from '@nestjs/platform-express'
import { FastifyAdapter } from '@nestjs/platform-fastify'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { MessageGateway, type TextMessage } from 'weixin-kit/gateway'
import {
  getWeixinToken,
  InjectWeixin,
  WeChatMessage,
  WeChatPayNotification,
  WeChatPayV2Notification,
  WeixinModule
} from 'weixin-kit/nest'
import { type PaidTransaction, WeChatPay } from 'weixin-kit/pay'
import { type PaymentNotification, WeChatPayV2 } from 'weixin-kit/pay/v2'
import {
  createSimulator,
  signedGatewayMessage,
  signedPayNotification,
  signedPayV3Notification,
  signedRefundNotification
} from 'weixin-kit/simulator'

const simulator = createSimulator()
const { credentials } = simulator
const open: INestApplication[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((app) => app.close()))
})

const silent = { error: () => undefined }
const gatewayOf = () => new MessageGateway({ ...credentials.gateway, logger: silent })
const clients = () => ({
  gateway: gatewayOf(),
  pay: new WeChatPay({ ...credentials.payV3, ...simulator.clientOptions }),
  payV2: new WeChatPayV2({ ...credentials.payV2, signType: 'MD5', ...simulator.clientOptions })
})
const routes = { gateway: 'wechat', pay: 'notify/pay', payV2: 'notify/v2', payV2Refund: 'notify/v2-refund' }

@Injectable()
class Handlers {
  readonly seen: unknown[] = []
  constructor(@InjectWeixin('gateway') readonly gateway: MessageGateway) {}

  @WeChatMessage('text')
  text(message: TextMessage) {
    return `You said: ${message.Content}`
  }

  @WeChatMessage('event.subscribe')
  welcome() {
    return 'Welcome!'
  }

  @WeChatPayNotification()
  async book(transaction: PaidTransaction) {
    this.seen.push(transaction.out_trade_no)
  }

  @WeChatPayNotification('onRefund')
  @WeChatPayNotification('COMPLAINT.CREATE')
  other() {
    this.seen.push('other')
  }

  @WeChatPayV2Notification('onPaid')
  bookV2(notification: PaymentNotification) {
    this.seen.push(notification.out_trade_no)
  }

  @WeChatPayV2Notification('onRefund')
  refunded() {
    this.seen.push('refunded')
  }
}

@Controller()
class Other {
  @Post('orders')
  order(@Body() received: unknown) {
    return { received }
  }
}

const platforms = {
  express: () => new ExpressAdapter(),
  fastify: () => new FastifyAdapter()
}
type Platform = keyof typeof platforms

async function start(
  platform: Platform,
  module: unknown,
  options: { rawBody?: boolean; prefix?: string; prepare?: (app: INestApplication) => void } = {}
) {
  const { rawBody = true, prefix, prepare } = options
  const app = await NestFactory.create(module as never, platforms[platform](), {
    rawBody,
    logger: false,
    abortOnError: false
  })
  open.push(app)
  if (prefix) app.setGlobalPrefix(prefix)
  prepare?.(app)
  await app.listen(0, '127.0.0.1')
  const origin = (await app.getUrl()).replace('[::1]', '127.0.0.1')
  const send = async (request: Request, path: string) =>
    fetch(`${origin}/${path}${new URL(request.url).search}`, {
      method: request.method,
      headers: request.headers,
      body: request.method === 'GET' ? null : await request.text()
    })
  return { app, origin, send }
}

const { payV3, payV2: merchant } = credentials
const text = (Content: string) =>
  signedGatewayMessage({ ...credentials.gateway, message: { MsgType: 'text', Content } }) as Promise<Request> | Request
const paid = (out_trade_no: string) =>
  signedPayV3Notification({
    apiV3Key: payV3.apiV3Key,
    resource: {
      mchid: payV3.mchId,
      appid: payV3.appId,
      transaction_id: '4200000001',
      out_trade_no,
      trade_state: 'SUCCESS',
      amount: { total: 100, payer_total: 100, currency: 'CNY', payer_currency: 'CNY' }
    }
  })
const merchant2 = { appId: merchant.appId, mchId: merchant.mchId, apiKey: merchant.apiKey }
const paidV2 = () => signedPayNotification({ ...merchant2, fields: { out_trade_no: 'T2', total_fee: 100 } })
const refundedV2 = () =>
  signedRefundNotification({
    ...merchant2,
    fields: { out_trade_no: 'T1', out_refund_no: 'R1', refund_fee: 40, total_fee: 100 }
  })

describe.each(Object.keys(platforms) as Platform[])('on %s', (platform) => {
  const root = () => {
    @Module({
      imports: [WeixinModule.forRoot({ ...clients(), routes })],
      providers: [Handlers],
      controllers: [Other]
    })
    class App {}
    return App
  }

  it.each([undefined, 'api'])('calls decorated methods, with the global prefix %s', async (prefix) => {
    const { app, send, origin } = await start(platform, root(), prefix ? { prefix } : {})
    const at = (path: string) => (prefix ? `${prefix}/${path}` : path)
    const handlers = app.get(Handlers)
    const reply = await send(await text('你好 & <b>'), at('wechat'))
    expect(reply.status).toBe(200)
    expect(await reply.text()).toContain('<xml>')
    expect((await send(await paid('T1'), at('notify/pay'))).status).toBe(204)
    expect(await (await send(await paidV2(), at('notify/v2'))).text()).toContain('SUCCESS')
    expect(await (await send(await refundedV2(), at('notify/v2-refund'))).text()).toContain('SUCCESS')
    expect(handlers.seen).toEqual(['T1', 'T2', 'refunded'])
    // The rest of the application keeps its parsers.
    const order = await fetch(`${origin}/${at('orders')}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"tea":1}'
    })
    expect(await order.json()).toEqual({ received: { tea: 1 } })
  })

  it('refuses what is not genuine', async () => {
    const { app, send } = await start(platform, root())
    const forged = new Request('https://a.example/?signature=0&timestamp=1&nonce=2', {
      method: 'POST',
      headers: { 'content-type': 'text/xml' },
      body: '<xml><MsgType>text</MsgType></xml>'
    })
    expect((await send(forged, 'wechat')).status).toBe(401)
    const genuine = await paid('T1')
    const body = (await genuine.text()).replace('TRANSACTION', 'TRANSACTIOM')
    const altered = new Request(genuine.url, { method: 'POST', headers: genuine.headers, body })
    expect((await send(altered, 'notify/pay')).status).toBe(401)
    expect(app.get(Handlers).seen).toEqual([])
  })

  it('reports refused notifications in its log, also when onError is undefined', async () => {
    const report = vi.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined)
    @Module({
      imports: [
        WeixinModule.forRoot({
          ...clients(),
          routes,
          notify: { pay: { onError: undefined }, payV2: { onError: undefined } }
        })
      ],
      providers: [Handlers]
    })
    class App {}
    const { send } = await start(platform, App)
    const forge = async (genuine: Request) =>
      new Request(genuine.url, {
        method: 'POST',
        headers: genuine.headers,
        body: (await genuine.text()).replace('T', 'U')
      })
    await send(await forge(await paid('T1')), 'notify/pay')
    await send(await forge(await paidV2()), 'notify/v2')
    expect(report).toHaveBeenCalledTimes(2)
    report.mockRestore()
  })

  it('names the option that keeps the bytes', async () => {
    const errors: unknown[] = []
    const filter: ExceptionFilter = {
      catch: (error, host) => {
        errors.push(error)
        const response = host.switchToHttp().getResponse()
        response[platform === 'express' ? 'json' : 'send'](response.status(500) && { failed: true })
      }
    }
    const { send } = await start(platform, root(), {
      rawBody: false,
      prepare: (app) => app.useGlobalFilters(filter)
    })
    const response = await send(await paid('T1'), 'notify/pay')
    expect([response.status, await response.json()]).toEqual([500, { failed: true }])
    expect(errors).toMatchObject([
      {
        code: 'ERR_BODY_ALREADY_PARSED',
        message: expect.stringContaining('NestFactory.create(AppModule, { rawBody: true })')
      }
    ])
    // XML is parsed by neither platform: messages need no option.
    expect((await send(await text('a'), 'wechat')).status).toBe(200)
  })

  it('respects guards of the route and of the method', async () => {
    const asked: string[] = []
    class RouteGuard implements CanActivate {
      canActivate() {
        asked.push('route')
        return true
      }
    }
    class MethodGuard implements CanActivate {
      canActivate(context: { getType(): string; getArgs(): unknown[] }) {
        asked.push(`${context.getType()} ${(context.getArgs()[0] as TextMessage).Content}`)
        return (context.getArgs()[0] as TextMessage).Content !== 'no'
      }
    }
    @Injectable()
    class Guarded {
      @UseGuards(MethodGuard)
      @WeChatMessage('text')
      text(message: TextMessage) {
        return message.Content
      }
    }
    const gateway = gatewayOf()
    @Module({
      imports: [WeixinModule.forRoot({ gateway, routes: { gateway: 'wechat' }, decorators: [UseGuards(RouteGuard)] })],
      providers: [Guarded]
    })
    class App {}
    const { send } = await start(platform, App)
    expect((await send(await text('yes'), 'wechat')).status).toBe(200)
    expect(asked).toEqual(['route', 'weixin yes'])
    await send(await text('no'), 'wechat')
    expect(asked).toContain('weixin no')
    const closed = { canActivate: () => false }
    const { send: refused } = await start(platform, App, { prepare: (app) => app.useGlobalGuards(closed) })
    expect((await refused(await text('yes'), 'wechat')).status).toBe(403)
  })

  it('keeps accounts apart, made by factories', async () => {
    const CONFIG = 'config'
    @Module({ providers: [{ provide: CONFIG, useValue: { token: 'token-of-a' } }], exports: [CONFIG] })
    class ConfigModule {}
    @Injectable()
    class Two {
      readonly seen: string[] = []
      constructor(
        @InjectWeixin('gateway', 'a') readonly a: MessageGateway,
        @Inject(getWeixinToken('gateway', 'b')) readonly b: MessageGateway
      ) {}
      @WeChatMessage('text', { account: 'a' })
      first() {
        this.seen.push('first')
      }
      @WeChatMessage('text', { account: 'b' })
      second() {
        this.seen.push('second')
      }
    }
    @Module({
      imports: [
        WeixinModule.forRootAsync({
          name: 'a',
          products: ['gateway'],
          imports: [ConfigModule],
          inject: [CONFIG],
          routes: { gateway: 'a' },
          useFactory: async ({ token }: { token: string }) => ({
            gateway: new MessageGateway({
              appId: 'wxaaaaaaaaaaaaaaaa',
              token,
              encodingAESKey: credentials.gateway.encodingAESKey
            })
          })
        }),
        WeixinModule.forRoot({
          name: 'b',
          gateway: new MessageGateway({
            appId: 'wxbbbbbbbbbbbbbbbb',
            token: 'token-of-b',
            encodingAESKey: credentials.gateway.encodingAESKey
          }),
          routes: { gateway: 'b' }
        })
      ],
      providers: [Two]
    })
    class App {}
    const { app, send } = await start(platform, App)
    const { encodingAESKey } = credentials.gateway
    const message = (appId: string, token: string) =>
      signedGatewayMessage({ appId, token, encodingAESKey, message: { MsgType: 'text', Content: 'x' } })
    const deliver = async (of: 'a' | 'b', path: string) => {
      const request = await message(`wx${of.repeat(16)}`, `token-of-${of}`)
      return (await send(request, path)).status
    }
    expect(await deliver('a', 'a')).toBe(200)
    expect(await deliver('b', 'b')).toBe(200)
    expect(await deliver('b', 'a')).toBe(401)
    expect(app.get(Two).seen).toEqual(['first', 'second'])
  })
})

describe('mistakes are named when the application starts', () => {
  const boot = (imports: unknown[], providers: unknown[] = []) => {
    @Module({ imports: imports as never, providers: providers as never })
    class App {}
    return start('express', App)
  }
  const failure = (message: string) => ({ code: 'ERR_CONFIG', message: expect.stringContaining(message) })

  it('a route without a method', async () => {
    const { pay } = clients()
    await expect(boot([WeixinModule.forRoot({ pay, routes: { pay: 'pay' } })])).rejects.toMatchObject(
      failure('@WeChatPayNotification()')
    )
  })

  it('a method of an account that there is not', async () => {
    @Injectable()
    class Lost {
      @WeChatMessage('text', { account: 'shpo' })
      text() {
        return ''
      }
    }
    await expect(boot([WeixinModule.forRoot({ gateway: gatewayOf() })], [Lost])).rejects.toMatchObject(
      failure('the account "shpo", which has no client "gateway"')
    )
  })

  it('two methods for one notification', async () => {
    class First {
      @WeChatPayNotification()
      one() {}
    }
    class Second {
      @WeChatPayNotification()
      two() {}
    }
    const { pay } = clients()
    await expect(boot([WeixinModule.forRoot({ pay, routes: { pay: 'pay' } })], [First, Second])).rejects.toMatchObject(
      failure('second method for "onPaid"')
    )
  })

  it('a provider that is made for each request', async () => {
    @Injectable({ scope: Scope.REQUEST })
    class Scoped {
      @WeChatMessage('text')
      text() {
        return ''
      }
    }
    await expect(boot([WeixinModule.forRoot({ gateway: gatewayOf() })], [Scoped])).rejects.toMatchObject(
      failure('request-scoped')
    )
  })

  it('two clients of one name', async () => {
    const second = new WeChatPay({ ...credentials.payV3, mchId: '1900000100', ...simulator.clientOptions })
    const both = [WeixinModule.forRoot({ pay: clients().pay }), WeixinModule.forRoot({ pay: second })]
    await expect(boot(both)).rejects.toMatchObject(failure('two modules have a client "pay" of the account "default"'))
    const apart = [WeixinModule.forRoot({ pay: clients().pay }), WeixinModule.forRoot({ payV2: clients().payV2 })]
    await expect(boot(apart)).resolves.toBeDefined()
    const named = [WeixinModule.forRoot({ pay: clients().pay }), WeixinModule.forRoot({ name: 'b', pay: second })]
    await expect(boot(named)).resolves.toBeDefined()
  })

  it('wrong options', async () => {
    const { gateway } = clients()
    expect(() => WeixinModule.forRoot({ gatewya: gateway } as never)).toThrow(/did you mean "gateway"/)
    expect(() => WeixinModule.forRoot({ routes: { gateway: 'wechat' } })).toThrow(/no client "gateway"/)
    expect(() => WeixinModule.forRoot({ gateway, routes: { payments: 'x' } as never })).toThrow(/unknown option/)
    const none = WeixinModule.forRootAsync({ products: ['mp'], useFactory: () => ({}) as never })
    await expect(boot([none])).rejects.toMatchObject(failure('returned no "mp"'))
    expect(() => WeixinModule.forRootAsync({ products: ['wx' as never], useFactory: () => ({}) as never })).toThrow(
      /has "wx"/
    )
  })
})
