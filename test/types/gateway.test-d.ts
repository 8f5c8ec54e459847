import { describe, expectTypeOf, it } from 'vitest'
import type { FetchHandler } from 'weixin-kit'
import {
  type EventName,
  type GatewayMessage,
  isMessage,
  MessageGateway,
  type MessageOf,
  reply,
  type TextMessage,
  type Topic,
  type VoiceMessage
} from 'weixin-kit/gateway'

declare const gateway: MessageGateway
declare const message: GatewayMessage

describe('MessageGateway', () => {
  it('needs appId and token and knows its options', () => {
    // @ts-expect-error token is missing
    new MessageGateway({ appId: 'wx1' })
    // @ts-expect-error a misspelt option
    new MessageGateway({ appId: 'wx1', token: 't', encodingAesKey: 'x' })
    // @ts-expect-error no option turns the check off
    new MessageGateway({ appId: 'wx1', token: 't', verify: false })
    expectTypeOf(gateway.handler()).toEqualTypeOf<FetchHandler>()
  })

  it('types messages by topic', () => {
    gateway.on('text', (text, context) => {
      expectTypeOf(text).toEqualTypeOf<TextMessage>()
      expectTypeOf(text.MsgId).toEqualTypeOf<string>()
      expectTypeOf(context.signal).toEqualTypeOf<AbortSignal>()
      expectTypeOf(context.message).toEqualTypeOf<GatewayMessage>()
      // @ts-expect-error a text has no picture
      text.PicUrl
    })
    gateway.on('location', (place) => void expectTypeOf(place.Location_X).toEqualTypeOf<number>())
    gateway.on('event.SCAN', (event) => {
      expectTypeOf(event.Event).toEqualTypeOf<'SCAN'>()
      expectTypeOf(event.Ticket).toEqualTypeOf<string>()
    })
    gateway.on('event.subscribe', (event) => void expectTypeOf(event.Event).toEqualTypeOf<'subscribe'>())
    gateway.on('event', (event) => void expectTypeOf(event.Event).toEqualTypeOf<string>())
    gateway.on('*', (any) => void expectTypeOf(any).toEqualTypeOf<GatewayMessage>())
    gateway.onKeyword('hi', (said) => void expectTypeOf(said).toEqualTypeOf<TextMessage | VoiceMessage>())
    gateway.onEvent('brand_new', (event) => void expectTypeOf(event.Event).toEqualTypeOf<string>())
  })

  it('takes a topic that is not a literal', () => {
    const topics = ['text', 'event.CLICK'] as const
    for (const topic of topics)
      gateway.on(topic, (either) => void expectTypeOf(either.FromUserName).toEqualTypeOf<string>())
    const any = 'text' as Topic
    gateway.on(any, () => undefined)
  })

  it('refuses unknown topics', () => {
    // @ts-expect-error no such type
    gateway.on('txt', () => undefined)
    // @ts-expect-error no such event
    gateway.on('event.subscribed', () => undefined)
    // @ts-expect-error the prefix alone
    gateway.on('event.', () => undefined)
    // @ts-expect-error any text
    gateway.on('text' as string, () => undefined)
    expectTypeOf<'event.CLICK'>().toExtend<Topic>()
    expectTypeOf<`event.${EventName}`>().toExtend<Topic>()
  })

  it('takes nothing, a text or a typed reply from a handler, at once or later', () => {
    gateway.on('text', () => undefined)
    gateway.on('text', async () => 'hello')
    gateway.on('text', ({ Content }) => (Content === 'x' ? null : reply.image('MEDIA')))
    gateway.on('text', async () => reply.news([{ Title: 't', Description: 'd', PicUrl: 'p', Url: 'u' }]))
    // @ts-expect-error a number is no reply
    gateway.on('text', () => 1)
    // @ts-expect-error a picture needs its MediaId
    gateway.on('text', () => ({ MsgType: 'image', Image: {} }))
    // @ts-expect-error a Response is made for the handler
    gateway.on('text', () => new Response('hi'))
  })

  it('narrows messages', () => {
    if (isMessage(message, 'event.TEMPLATESENDJOBFINISH')) expectTypeOf(message.Status).toEqualTypeOf<string>()
    if (isMessage(message, 'image')) expectTypeOf(message.PicUrl).toEqualTypeOf<string>()
    expectTypeOf<MessageOf<'text'>>().toEqualTypeOf<TextMessage>()
    expectTypeOf<MessageOf<Topic>>().toHaveProperty('FromUserName')
  })
})

it('events of trade and virtual payment have types of their own', () => {
  const typed = new MessageGateway({ appId: 'wx0123456789abcdef', token: 'token' })
  typed.on('event.trade_manage_order_settlement', ({ transaction_id, settlement_time }) => {
    expectTypeOf(transaction_id).toEqualTypeOf<string>()
    expectTypeOf(settlement_time).toEqualTypeOf<number | undefined>()
  })
  typed.on('event.trade_manage_remind_shipping', ({ merchant_trade_no }) => {
    expectTypeOf(merchant_trade_no).toEqualTypeOf<string>()
  })
  typed.on('event.trade_manage_remind_access_api', ({ msg }) => {
    expectTypeOf(msg).toEqualTypeOf<string>()
  })
  typed.on('event.wxa_trade_controlled', ({ msg }) => {
    expectTypeOf(msg).toEqualTypeOf<string | undefined>()
  })
  typed.on('event.xpay_complaint_notify', ({ WxOrderId }) => {
    expectTypeOf(WxOrderId).toEqualTypeOf<string>()
  })
  typed.on('event.xpay_subscribe_ios_refund_query_notify', ({ pay_order_id }) => {
    expectTypeOf(pay_order_id).toEqualTypeOf<string>()
    return { result_code: 1 as const, evidence: 'delivered' }
  })
})
