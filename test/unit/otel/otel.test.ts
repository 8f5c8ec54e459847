import { SpanKind, SpanStatusCode } from '@opentelemetry/api'
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { memoryStore, route } from 'weixin-kit'
import { MessageGateway } from 'weixin-kit/gateway'
import { OfficialAccount } from 'weixin-kit/mp'
import { type Instrumentation, instrumentWeixinKit, traceHandler } from 'weixin-kit/otel'
import { WeChatPay } from 'weixin-kit/pay'
import { createSimulator, signedGatewayMessage, signedPayV3Notification } from 'weixin-kit/simulator'
import { Yunpian } from 'weixin-kit/yunpian'
import { json, stubFetch } from '../../support/stub-fetch.ts'
import { keepTelemetry } from '../../support/telemetry.ts'

let kept: ReturnType<typeof keepTelemetry>
let spans: typeof kept.spans
let providers: typeof kept.providers
let instrumentation: Instrumentation

beforeEach(() => {
  kept = keepTelemetry()
  ;({ spans, providers } = kept)
  instrumentation = instrumentWeixinKit(providers)
})
afterEach(() => instrumentation.disable())

const named = (name: string) => spans.getFinishedSpans().filter((span) => span.name === name)
const only = (name: string): ReadableSpan =>
  named(name)[0] ?? expect.fail(`${name} in ${spans.getFinishedSpans().map((span) => span.name)}`)
const points = (name: string) => kept.points(name)

const simulator = createSimulator()
const mpOf = () =>
  new OfficialAccount({ ...simulator.credentials.officialAccount, ...simulator.clientOptions, store: memoryStore() })

describe('calls', () => {
  it('have a span, and so has the refresh of the token before them', async () => {
    const mp = mpOf()
    await mp.users.info(simulator.user().openid(mp.appId))
    const call =
      spans.getFinishedSpans().find(({ attributes }) => attributes['weixin.operation'] === 'users.info') ??
      expect.fail()
    const token = only('weixin accessToken.get')
    expect(call).toMatchObject({ name: 'weixin users.info', kind: SpanKind.CLIENT })
    expect(call.attributes).toMatchObject({
      'weixin.product': 'mp',
      'weixin.operation': 'users.info',
      'server.address': 'api.weixin.qq.com'
    })
    expect(token.attributes).toMatchObject({ 'http.response.status_code': 200, 'weixin.attempts': 1 })
    expect(await points('weixin.token.refreshes')).toMatchObject([{ value: 1 }])
    expect((await points('weixin.client.duration')).length).toBeGreaterThanOrEqual(2)
  })

  it('count retries, and say why they failed', async () => {
    const fetch = stubFetch((_, index) =>
      index < 2 ? json({ code: -51, msg: 'busy' }, 500) : json({ code: 3, msg: 'no money' }, 400)
    )
    const yunpian = new Yunpian({ apiKey: '0123456789abcdef0123456789abcdef', fetch })
    await expect(yunpian.user.get()).rejects.toMatchObject({ upstreamCode: '3' })
    const span = only('weixin user.get')
    expect(span.status).toEqual({ code: SpanStatusCode.ERROR })
    expect(span.attributes).toMatchObject({
      'weixin.attempts': 3,
      'http.response.status_code': 400,
      'error.type': 'ERR_YUNPIAN',
      'weixin.upstream_code': '3'
    })
    expect(await points('weixin.client.retries')).toMatchObject([
      { value: 2, attributes: { 'weixin.operation': 'user.get' } }
    ])
  })

  it('are children of the handler that makes them, and of one another', async () => {
    const yunpian = new Yunpian({ apiKey: 'x'.repeat(32), fetch: stubFetch(() => json({ nick: 'a' })) })
    const handler = traceHandler(
      route({
        '/a': async () => {
          await yunpian.user.get()
          return new Response('ok')
        }
      }),
      { name: 'app', ...providers }
    )
    expect((await handler(new Request('https://a.example/a'))).status).toBe(200)
    const parent = only('weixin app')
    expect(parent.kind).toBe(SpanKind.SERVER)
    expect(only('weixin user.get').parentSpanContext?.spanId).toBe(parent.spanContext().spanId)
    expect((await handler(new Request('https://a.example/unknown'))).status).toBe(404)
  })

  it('name no path of a request', async () => {
    const yunpian = new Yunpian({ apiKey: 'x'.repeat(32), fetch: stubFetch(() => json({})) })
    await yunpian.request({ path: '/v2/orders/4200000001.json' })
    expect(only('weixin request').attributes['weixin.operation']).toBe('request')
  })

  it('leave no trace once it is disabled', async () => {
    instrumentation.disable()
    await new Yunpian({ apiKey: 'x'.repeat(32), fetch: stubFetch(() => json({})) }).user.get()
    expect(spans.getFinishedSpans()).toEqual([])
  })
})

describe('handlers', () => {
  it('say what was refused and why, and count dedupe hits', async () => {
    const { gateway: account, payV3 } = simulator.credentials
    const pay = new WeChatPay({ ...payV3, ...simulator.clientOptions })
    const notify = traceHandler(pay.notifyHandler({ onPaid: () => undefined }), { name: 'pay.notify', ...providers })
    const resource = {
      mchid: payV3.mchId,
      appid: payV3.appId,
      transaction_id: '4200000001',
      out_trade_no: 'T1',
      trade_state: 'SUCCESS',
      amount: { total: 100 }
    }
    const notification = await signedPayV3Notification({ apiV3Key: payV3.apiV3Key, resource })
    for (let i = 0; i < 2; i++) expect((await notify(notification.clone())).status).toBe(204)
    expect(await points('weixin.dedupe')).toMatchObject([
      { value: 1, attributes: { outcome: 'ran' } },
      { value: 1, attributes: { outcome: 'repeated' } }
    ])
    const gateway = new MessageGateway({ ...account, logger: { error: () => undefined } })
    const handler = traceHandler(gateway.handler(), { name: 'gateway', ...providers })
    const message = await signedGatewayMessage({ ...account, message: { MsgType: 'text', Content: 'x' } })
    const forged = new Request(message.url.replace(/msg_signature=\w/, 'msg_signature=0'), message)
    expect((await handler(forged)).status).toBe(401)
    expect(await points('weixin.handler.refusals')).toMatchObject([
      { value: 1, attributes: { 'weixin.handler': 'gateway', 'weixin.reason': 'signature' } }
    ])
    expect(only('weixin gateway').attributes).toMatchObject({ 'http.response.status_code': 401 })
  })

  it.each([
    ['in the memory of one process', undefined],
    ['in a store', memoryStore()]
  ])('count messages that are deduplicated %s', async (_, store) => {
    const { gateway: account } = simulator.credentials
    const gateway = new MessageGateway({ ...account, store, logger: { error: () => undefined } })
    gateway.on('text', async () => 'pong')
    gateway.on('image', () => Promise.reject(new Error('failed')))
    const text = await signedGatewayMessage({
      ...account,
      message: { MsgType: 'text', Content: 'x', MsgId: '4711' }
    })
    for (let i = 0; i < 3; i++) expect((await gateway.handler()(text.clone())).status).toBe(200)
    const failing = { MsgType: 'image', PicUrl: 'https://a.example/', MediaId: 'm', MsgId: '4712' }
    await gateway.handler()(await signedGatewayMessage({ ...account, message: failing }))
    expect(await points('weixin.dedupe')).toMatchObject([
      { value: 1, attributes: { outcome: 'ran' } },
      { value: 2, attributes: { outcome: 'repeated' } }
    ])
  })

  it('name a method that HTTP does not have _OTHER', async () => {
    const handler = traceHandler(async () => new Response(), { name: 'app', ...providers })
    await handler(new Request('https://a.example', { method: 'SECRET0123' }))
    expect(only('weixin app').attributes['http.request.method']).toBe('_OTHER')
  })

  it('pass errors on', async () => {
    const failure = new Error('secret-of-the-application')
    const handler = traceHandler(() => Promise.reject(failure), { name: 'app', ...providers })
    await expect(handler(new Request('https://a.example'))).rejects.toBe(failure)
    expect(only('weixin app').attributes).toMatchObject({ 'error.type': 'other', 'weixin.reason': 'failed' })
    expect(() => traceHandler(handler, { name: 'a b' })).toThrow(expect.objectContaining({ option: 'name' }))
    expect(() => instrumentWeixinKit({ tracerProvider: {} as never })).toThrow(
      expect.objectContaining({ option: 'tracerProvider' })
    )
  })
})
