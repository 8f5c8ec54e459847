import { describe, expect, it, vi } from 'vitest'
import { route } from 'weixin-kit'
import { MessageGateway } from 'weixin-kit/gateway'
import { type LambdaEvent, toLambdaHandler } from 'weixin-kit/lambda'
import { WeChatPay } from 'weixin-kit/pay'
import { createSimulator, signedGatewayMessage, signedPayV3Notification } from 'weixin-kit/simulator'

const simulator = createSimulator()
const { gateway: account, payV3 } = simulator.credentials

type Shape = (request: Request, body: Buffer) => LambdaEvent
const encoded = (body: Buffer) => ({ body: body.toString('base64'), isBase64Encoded: true })
const plain = (body: Buffer) => ({ body: body.toString('utf8'), isBase64Encoded: false })
const headersOf = (request: Request) => Object.fromEntries(request.headers)
const listsOf = (pairs: Iterable<[string, string]>) =>
  Object.fromEntries([...pairs].map(([name, value]) => [name, [value]]))

/** One request as each platform gives it. */
const shapes: Record<string, Shape> = {
  'API Gateway, version 2': (request, body) => ({
    version: '2.0',
    rawPath: new URL(request.url).pathname,
    rawQueryString: new URL(request.url).search.slice(1),
    headers: headersOf(request),
    requestContext: { http: { method: request.method, path: new URL(request.url).pathname } },
    ...encoded(body)
  }),
  'API Gateway, version 1': (request, body) => ({
    httpMethod: request.method,
    path: new URL(request.url).pathname,
    queryStringParameters: Object.fromEntries(new URL(request.url).searchParams),
    multiValueQueryStringParameters: listsOf(new URL(request.url).searchParams),
    headers: headersOf(request),
    multiValueHeaders: listsOf(request.headers),
    requestContext: {},
    ...plain(body)
  }),
  'a load balancer': (request, body) => ({
    httpMethod: request.method,
    path: new URL(request.url).pathname,
    // As they were sent.
    queryStringParameters: Object.fromEntries(
      new URL(request.url).search
        .slice(1)
        .split('&')
        .map((pair) => pair.split(/=(.*)/s).slice(0, 2))
    ),
    headers: headersOf(request),
    requestContext: { elb: {} },
    ...encoded(body)
  }),
  'Function Compute': (request, body) => ({
    version: 'v1',
    rawPath: new URL(request.url).pathname,
    queryParameters: Object.fromEntries(new URL(request.url).searchParams),
    headers: headersOf(request),
    requestContext: { http: { method: request.method } },
    ...plain(body)
  })
}

describe.each(Object.entries(shapes))('%s', (_, shape) => {
  const eventOf = async (request: Request) => shape(request, Buffer.from(await request.arrayBuffer()))

  it('answers a message, and refuses one that was changed', async () => {
    const gateway = new MessageGateway({ ...account, logger: { error: () => undefined } })
    gateway.on('text', (message) => `You said: ${message.Content}`)
    const handler = toLambdaHandler(gateway.handler())
    const event = await eventOf(
      await signedGatewayMessage({ ...account, message: { MsgType: 'text', Content: '你好 & <b> +%' } })
    )
    const result = await handler(event)
    expect(result).toMatchObject({ statusCode: 200, isBase64Encoded: false })
    expect(result.body).toContain('<Encrypt>')
    const body = event.isBase64Encoded ? Buffer.from(event.body ?? '', 'base64').toString() : (event.body ?? '')
    const changed = body.replace(/(<Encrypt>(?:<!\[CDATA\[)?.{8})./, '$1!')
    expect((await handler({ ...event, body: changed, isBase64Encoded: false })).statusCode).toBe(401)
  })

  it('acknowledges a payment', async () => {
    const seen: unknown[] = []
    const pay = new WeChatPay({ ...payV3, ...simulator.clientOptions })
    const handler = toLambdaHandler(pay.notifyHandler({ onPaid: ({ out_trade_no }) => void seen.push(out_trade_no) }))
    const resource = {
      mchid: payV3.mchId,
      appid: payV3.appId,
      transaction_id: '4200000001',
      out_trade_no: 'T1',
      trade_state: 'SUCCESS',
      attach: '中文',
      amount: { total: 100 }
    }
    const event = await eventOf(await signedPayV3Notification({ apiV3Key: payV3.apiV3Key, resource }))
    expect((await handler(event)).statusCode).toBe(204)
    expect(seen).toEqual(['T1'])
  })

  it('gives path, query, cookies and bytes to a route', async () => {
    const received: unknown[] = []
    const handler = toLambdaHandler(
      route({
        '/a/b': async (request) => {
          const { pathname, searchParams, host } = new URL(request.url)
          const cookie = request.headers.get('cookie')
          received.push(
            pathname,
            searchParams.get('q'),
            host,
            cookie,
            Buffer.from(await request.arrayBuffer()).toString()
          )
          const headers = new Headers({ 'content-type': 'image/png' })
          headers.append('set-cookie', 'a=1')
          headers.append('set-cookie', 'b=2')
          return new Response(Uint8Array.of(0xff, 0xd8, 0), { headers })
        }
      })
    )
    const request = new Request('https://a.example/a/b?q=%E4%B8%AD+%2B%26', {
      method: 'POST',
      headers: { host: 'shop.example.com', cookie: 's=1' },
      body: '中文'
    })
    const event = await eventOf(request)
    const headers = { ...event.headers, host: 'shop.example.com', cookie: 's=1' }
    const multi = event.multiValueHeaders && {
      multiValueHeaders: { ...event.multiValueHeaders, host: ['shop.example.com'], cookie: ['s=1'] }
    }
    const result = await handler({ ...event, headers, ...multi })
    expect(received).toEqual(['/a/b', '中 +&', 'shop.example.com', 's=1', '中文'])
    expect(result).toMatchObject({ statusCode: 200, isBase64Encoded: true, body: '/9gA' })
    const cookies = result.cookies ?? result.multiValueHeaders?.['set-cookie'] ?? [result.headers?.['set-cookie']]
    expect(cookies[0]).toBe('a=1')
    if (event.version === '2.0' || event.multiValueHeaders) expect(cookies).toEqual(['a=1', 'b=2'])
    expect((await handler({ ...event, path: '/x', rawPath: '/x' })).statusCode).toBe(404)
  })
})

describe('mistakes', () => {
  const get: LambdaEvent = { httpMethod: 'GET', path: '/' }

  it('an event that is none of HTTP', async () => {
    const handler = toLambdaHandler(async () => new Response())
    await expect(handler({ Records: [] } as LambdaEvent)).rejects.toMatchObject({
      code: 'ERR_INVALID_PARAM',
      option: 'event'
    })
    expect(() => toLambdaHandler(undefined as never)).toThrow(expect.objectContaining({ code: 'ERR_CONFIG' }))
  })

  it('reads headers that are not Latin as the bytes that were sent', async () => {
    let agent = ''
    const handler = toLambdaHandler(async ({ headers }) => {
      agent = headers.get('user-agent') ?? ''
      return new Response('ok')
    })
    const event = { httpMethod: 'POST', path: '/', headers: { 'user-agent': '微信' } }
    expect((await handler(event)).statusCode).toBe(200)
    expect(Buffer.from(agent, 'latin1').toString()).toBe('微信')
    await handler({ ...event, multiValueHeaders: { 'user-agent': ['微信', 'é'] } })
    expect(Buffer.from(agent, 'latin1').toString()).toBe('微信, é')
  })

  it.each<[string, number, LambdaEvent]>([
    ['a host that is none', 400, { httpMethod: 'POST', path: '/', headers: { host: 'a b' } }],
    ['a method that Request refuses', 405, { httpMethod: 'TRACE', path: '/' }],
    ['a header with a line break', 400, { httpMethod: 'POST', path: '/', headers: { a: '1\r\nb' } }]
  ])(
    'refuses %s as the other adapters do: anybody can send it, it is no failure of the function',
    async (_, status, event) => {
      const seen: unknown[] = []
      const handler = toLambdaHandler(async () => new Response('ok'), { onError: (error) => seen.push(error) })
      expect((await handler(event)).statusCode).toBe(status)
      expect(seen).toEqual([])
    }
  )

  it('an error reaches onError, or the platform', async () => {
    const failure = new Error('down')
    const seen: unknown[] = []
    const fail = () => Promise.reject(failure)
    const handler = toLambdaHandler(fail, { onError: (error, { event }) => seen.push(error, event) })
    expect(await handler(get)).toEqual({ statusCode: 500, headers: {}, body: '', isBase64Encoded: false })
    expect(seen).toEqual([failure, get])
    await expect(toLambdaHandler(fail)(get)).rejects.toBe(failure)
  })

  it.each([
    [
      'throws',
      () => {
        throw new Error('the reporter is down')
      }
    ],
    ['rejects', () => Promise.reject(new Error('the reporter is down'))]
  ])('an onError that %s changes nothing for the client', async (_, onError) => {
    const logged = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const handler = toLambdaHandler(() => Promise.reject(new Error('down')), { onError })
    expect(await handler(get)).toMatchObject({ statusCode: 500, body: '' })
    expect(logged).toHaveBeenCalledWith(expect.objectContaining({ message: 'the reporter is down' }))
    logged.mockRestore()
  })
})
