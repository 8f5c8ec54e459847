// Invokes the function with events as AWS makes them.
import { createSimulator, signedGatewayMessage, signedPayV3Notification } from 'weixin-kit/simulator'

const { gateway, payV3 } = createSimulator().credentials
Object.assign(process.env, {
  WEIXIN_MP_APP_ID: gateway.appId,
  WEIXIN_GATEWAY_TOKEN: gateway.token,
  WEIXIN_GATEWAY_AES_KEY: gateway.encodingAESKey,
  WEIXIN_PAY_MCH_ID: payV3.mchId,
  WEIXIN_PAY_API_V3_KEY: payV3.apiV3Key,
  WEIXIN_PAY_PRIVATE_KEY: payV3.privateKey,
  WEIXIN_PAY_CERT_SERIAL: payV3.certSerial,
  WEIXIN_PAY_PUBLIC_KEY_ID: Object.keys(payV3.platformKeys)[0],
  WEIXIN_PAY_PUBLIC_KEY: Object.values(payV3.platformKeys)[0]
})
const { restApi, httpApi, loadBalancer, functionUrl, paid } = await import('../dist/handler.js')

const host = 'abc123.execute-api.ap-east-1.amazonaws.com'
/** The parts of a request that every event has. */
async function partsOf(request, path) {
  const bytes = Buffer.from(await request.arrayBuffer())
  const headers = { ...Object.fromEntries(request.headers), host, 'x-forwarded-proto': 'https' }
  const { search } = new URL(request.url)
  return { bytes, headers, path, search: search.slice(1) }
}
const lists = (values) => Object.fromEntries(Object.entries(values).map(([name, value]) => [name, [value]]))
const base64 = (bytes) => ({ body: bytes.toString('base64'), isBase64Encoded: true })
const decoded = (search) => Object.fromEntries(new URLSearchParams(search))

const TRIGGERS = {
  'API Gateway v1 (REST)': [
    restApi,
    ({ bytes, headers, path, search }) => ({
      resource: '/{proxy+}',
      path,
      httpMethod: 'POST',
      headers,
      multiValueHeaders: lists(headers),
      queryStringParameters: search ? decoded(search) : null,
      multiValueQueryStringParameters: search ? lists(decoded(search)) : null,
      pathParameters: { proxy: path.slice(1) },
      stageVariables: null,
      requestContext: { stage: 'prod', path: `/prod${path}`, httpMethod: 'POST', protocol: 'HTTP/1.1' },
      ...base64(bytes)
    })
  ],
  'API Gateway v2 (HTTP)': [
    httpApi,
    ({ bytes, headers, path, search }) => ({
      version: '2.0',
      routeKey: '$default',
      rawPath: path,
      rawQueryString: search,
      headers,
      ...(search ? { queryStringParameters: decoded(search) } : {}),
      requestContext: { stage: '$default', http: { method: 'POST', path, protocol: 'HTTP/1.1', sourceIp: '1.2.3.4' } },
      ...base64(bytes)
    })
  ],
  'Load balancer (ALB)': [
    loadBalancer,
    ({ bytes, headers, path, search }) => ({
      requestContext: { elb: { targetGroupArn: 'arn:aws:elasticloadbalancing:ap-east-1:1:targetgroup/a/b' } },
      httpMethod: 'POST',
      path,
      queryStringParameters: Object.fromEntries(search ? search.split('&').map((pair) => pair.split(/=(.*)/s)) : []),
      headers,
      ...base64(bytes)
    })
  ],
  'Load balancer (ALB), values in lists': [
    loadBalancer,
    ({ bytes, headers, path, search }) => ({
      requestContext: { elb: { targetGroupArn: 'arn:aws:elasticloadbalancing:ap-east-1:1:targetgroup/a/b' } },
      httpMethod: 'POST',
      path,
      multiValueQueryStringParameters: lists(
        Object.fromEntries(search ? search.split('&').map((pair) => pair.split(/=(.*)/s)) : [])
      ),
      multiValueHeaders: lists(headers),
      ...base64(bytes)
    })
  ],
  'Function URL': [
    functionUrl,
    ({ bytes, headers, path, search }) => ({
      version: '2.0',
      routeKey: '$default',
      rawPath: path,
      rawQueryString: search,
      headers,
      requestContext: { domainName: host, http: { method: 'POST', path, protocol: 'HTTP/1.1', sourceIp: '1.2.3.4' } },
      ...base64(bytes)
    })
  ]
}

const message = (fields) => signedGatewayMessage({ ...gateway, message: fields })
const check = (isTrue, what) => {
  if (!isTrue) throw new Error(what)
}
const results = {}
for (const [name, [invoke, eventOf]] of Object.entries(TRIGGERS)) {
  const send = async (request, path) => invoke(eventOf(await partsOf(await request, path)), {})
  const run = async () => {
    const replied = await send(message({ MsgType: 'text', Content: '你好 + & <b>' }), '/wechat')
    check(replied.statusCode === 200 && replied.body.includes('<Encrypt>'), `a message: ${JSON.stringify(replied)}`)
    const ScanCodeInfo = { ScanType: 'qrcode', ScanResult: '1' }
    const event = { MsgType: 'event', Event: 'scancode_push', EventKey: 'k', ScanCodeInfo }
    const scanned = await send(message(event), '/wechat')
    check(scanned.body?.includes('<Encrypt>'), `a nested event: ${JSON.stringify(scanned)}`)
    const genuine = await message({ MsgType: 'text', Content: 'x' })
    const forged = new Request(genuine.url.replace(/msg_signature=.{8}/, 'msg_signature=00000000'), genuine)
    check((await send(forged, '/wechat')).statusCode === 401, 'a forged message was taken')
    const resource = {
      mchid: payV3.mchId,
      appid: payV3.appId,
      transaction_id: `42 ${name}`,
      out_trade_no: name,
      trade_state: 'SUCCESS',
      amount: { total: 100 }
    }
    const notified = await send(signedPayV3Notification({ apiV3Key: payV3.apiV3Key, resource }), '/pay/notify')
    check(notified.statusCode === 204 && paid.at(-1) === name, `a payment: ${JSON.stringify(notified)}`)
  }
  results[name] = (await run().catch((error) => error.message)) ?? 'ok'
}
console.log(`features ${JSON.stringify(results)}`)
