// What each runtime under test does: one line of the table in docs/*/runtimes.md per feature.
import { fixtures } from './fixtures-made.mjs'

const { accounts, messages, responses, now } = fixtures
const clock = () => now

/** Gives the recorded responses again. */
const replay = async (input) => {
  const { pathname } = new URL(typeof input === 'object' && 'url' in input ? input.url : input)
  const kept = responses[pathname]
  if (!kept) throw new Error(`no response was recorded for ${pathname}`)
  return new Response(kept.body, { status: kept.status, headers: kept.headers })
}
const request = ({ url, headers, body }) => new Request(url, { method: 'POST', headers, body })
const check = (isTrue, what) => {
  if (!isTrue) throw new Error(what)
}

async function gatewayReplies(message, event) {
  const { MessageGateway } = await import('weixin-kit/gateway')
  const gateway = new MessageGateway({ ...accounts.gateway, clock })
  const seen = []
  gateway.on(event, (received) => {
    seen.push(received)
    return 'pong'
  })
  const response = await gateway.handler()(request(message))
  const body = await response.text()
  check(response.status === 200 && body.includes('<Encrypt>'), `answered ${response.status} ${body}`)
  return seen[0]
}

export const FEATURES = {
  'gateway: encrypted text and reply': async () => {
    check((await gatewayReplies(messages.text, 'text')).Content === '你好', 'another text')
  },
  'gateway: nested event (fast-xml-parser)': async () => {
    check(
      (await gatewayReplies(messages.nested, 'event.scancode_push')).ScanCodeInfo.ScanResult === '1',
      'another event'
    )
  },
  'Official Account: access token, JS-SDK signature': async () => {
    const { OfficialAccount } = await import('weixin-kit/mp')
    const mp = new OfficialAccount({ ...accounts.officialAccount, fetch: replay, clock })
    const { signature } = await mp.jssdk.config({ url: 'https://app.example.com/', jsApiList: [] })
    check(/^[0-9a-f]{40}$/.test(signature), 'no signature')
  },
  'Mini Program: encryptedData': async () => {
    const { MiniProgram } = await import('weixin-kit/miniapp')
    const { phoneNumber } = new MiniProgram({ ...accounts.miniProgram, clock }).decrypt(fixtures.openData)
    check(phoneNumber === '13580006666', 'another number')
  },
  'WeChat Pay v3: order, verified response': async () => {
    const { WeChatPay } = await import('weixin-kit/pay')
    const pay = new WeChatPay({ ...accounts.payV3, fetch: replay, clock })
    check((await pay.transactions.native(fixtures.order)).code_url, 'no code_url')
  },
  'WeChat Pay v3: notification': async () => {
    const { WeChatPay } = await import('weixin-kit/pay')
    const pay = new WeChatPay({ ...accounts.payV3, clock })
    const paid = await pay.parseNotification({
      headers: Object.fromEntries(messages.payment.headers),
      body: messages.payment.body
    })
    check(paid.resource.out_trade_no === 'T1', 'another order')
  },
  'WeChat Pay v2: order, verified response': async () => {
    const { WeChatPayV2 } = await import('weixin-kit/pay/v2')
    const pay = new WeChatPayV2({
      ...accounts.payV2,
      notifyUrl: 'https://app.example.com/notify',
      fetch: replay,
      clock
    })
    check((await pay.orders.unified(fixtures.orderV2)).prepay_id, 'no prepay_id')
  },
  'WeChat Pay v2: legacy .p12 (node-forge)': async () => {
    const { WeChatPayV2 } = await import('weixin-kit/pay/v2')
    const pfx = Uint8Array.from(atob(fixtures.legacyPfx), (letter) => letter.charCodeAt(0))
    new WeChatPayV2({ ...accounts.payV2, clientCert: { pfx: Buffer.from(pfx), passphrase: accounts.payV2.mchId } })
  },
  'serverless event, base64 body (weixin-kit/lambda)': async () => {
    const { MessageGateway } = await import('weixin-kit/gateway')
    const { toLambdaHandler } = await import('weixin-kit/lambda')
    const { url, headers, body } = messages.text
    const gateway = new MessageGateway({ ...accounts.gateway, clock })
    gateway.on('text', () => 'pong')
    const { statusCode } = await toLambdaHandler(gateway.handler())({
      version: '2.0',
      rawPath: new URL(url).pathname,
      rawQueryString: new URL(url).search.slice(1),
      headers: Object.fromEntries(headers),
      requestContext: { http: { method: 'POST' } },
      body: Buffer.from(body).toString('base64'),
      isBase64Encoded: true
    })
    check(statusCode === 200, `responded ${statusCode}`)
  },
  'OpenTelemetry: span of a call (weixin-kit/otel)': async () => {
    const { instrumentWeixinKit } = await import('weixin-kit/otel')
    const { WeChatPay } = await import('weixin-kit/pay')
    const names = []
    const ended = []
    const spanOf = (name) => ({
      spanContext: () => ({ traceId: '0'.repeat(31).concat('1'), spanId: '0'.repeat(15).concat('1'), traceFlags: 1 }),
      setAttributes: () => undefined,
      setStatus: () => undefined,
      end: () => ended.push(name)
    })
    const startSpan = (name) => {
      names.push(name)
      return spanOf(name)
    }
    const instrumentation = instrumentWeixinKit({ tracerProvider: { getTracer: () => ({ startSpan }) } })
    try {
      await new WeChatPay({ ...accounts.payV3, fetch: replay, clock }).transactions.native(fixtures.order)
    } finally {
      instrumentation.disable()
    }
    check(names.join() === 'weixin transactions.native' && ended.length === 1, `spans: ${names}, ended: ${ended}`)
  },
  'mTLS and proxies (undici)': async () => {
    const [{ undiciFetch }, { OfficialAccount }] = await Promise.all([import('weixin-kit'), import('weixin-kit/mp')])
    // Nothing listens there: who tries the proxy says that it cannot be reached, and never asks the platform.
    const options = { proxy: 'http://127.0.0.1:9', fetch: undiciFetch(), maxRetries: 0 }
    const failed = await new OfficialAccount({ ...accounts.officialAccount, ...options }).users
      .info('oUpF8uMuAJO_M2pxb1Q9zNjWeS6o')
      .catch((error) => error)
    check(
      failed.code === 'ERR_CONNECTION' &&
        /ECONNREFUSED|127\.0\.0\.1:9/.test(`${failed.message} ${failed.cause?.message}`),
      failed.message
    )
  },
  'Qiniu: upload token': async () => {
    const { Qiniu } = await import('weixin-kit/qiniu')
    check(new Qiniu({ ...accounts.qiniu, clock }).uploadToken().split(':').length === 3, 'no token')
  }
}

/** The result of each feature: `ok`, or why not. */
export async function runFeatures() {
  const results = {}
  for (const [name, run] of Object.entries(FEATURES)) {
    try {
      await run()
      results[name] = 'ok'
    } catch (error) {
      results[name] = `${error.code ?? error.name}: ${String(error.message).split('\n')[0]}`
    }
  }
  return results
}
