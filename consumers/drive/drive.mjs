// Starts a server as its users do, and is WeChat to it. Prints one result for each thing that has to work.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { createSimulator, signedGatewayMessage } from 'weixin-kit/simulator'

const { command, cwd, prefix = '', checks = [], env = {} } = JSON.parse(process.argv[2])
const port = await freePort()
const server = `http://127.0.0.1:${port}`
const origin = server + prefix
const simulator = createSimulator({ deliver: { gateway: `${origin}/wechat`, pay: server } })
const { gateway, payV3, officialAccount } = simulator.credentials
const user = simulator.user('ming')
const check = (isTrue, what) => {
  if (!isTrue) throw new Error(what)
}

const CHECKS = {
  'encrypted message and reply': async () => {
    check((await simulator.wechat.verifyServer()).state === 'delivered', 'the check of the server failed')
    check((await user.follow()).reply?.Content === 'Welcome!', 'no welcome')
    check((await user.send('你好 & <b>')).reply?.Content === 'You said: 你好 & <b>', 'another reply')
  },
  'JSON message, above the parsers': async () => {
    const message = { MsgType: 'text', Content: '{"a":1}', FromUserName: user.openid() }
    const response = await post(await signedGatewayMessage({ ...gateway, format: 'json', message }))
    check(response.status === 200 && (await response.text()).includes('ncrypt'), `${response.status}`)
  },
  'forged message refused': async () => {
    const genuine = await signedGatewayMessage({ ...gateway, message: { MsgType: 'text', Content: 'x' } })
    const url = genuine.url.replace(/msg_signature=.{8}/, 'msg_signature=00000000')
    const { status } = await post(new Request(url, genuine))
    check(status === 401, `${status}`)
  },
  'other routes keep their parsers': async () => {
    // Egg compares this cookie and this header (csrf).
    const headers = { 'content-type': 'application/json', cookie: 'csrfToken=abcdefgh', 'x-csrf-token': 'abcdefgh' }
    const response = await fetch(`${origin}/orders`, { method: 'POST', headers, body: '{"tea":1}' })
    const text = await response.text()
    check(text === '{"received":{"tea":1}}', `${response.status} ${text}`)
  },
  'WeChat Pay v3: order, payment, verified notification': async () => {
    const order = { number: 'T202601010001', openid: user.openid(officialAccount.appId) }
    const placed = await fetch(`${origin}/pay/orders`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'shop' },
      body: JSON.stringify(order)
    })
    check(placed.ok, `the order: ${placed.status} ${await placed.clone().text()}`)
    await user.pay((await placed.json()).prepay_id)
    const state = await fetch(`${origin}/pay/orders/${order.number}`, { headers: { authorization: 'shop' } })
    const text = await state.text()
    check(text === '{"paid":100}', `${state.status} ${text}`)
  },
  'WeChat Pay v3: forged notification refused': async () => {
    const headers = { 'content-type': 'application/json', 'wechatpay-signature': 'AAAA', 'wechatpay-serial': 'X' }
    const response = await fetch(`${origin}/pay/notify`, { method: 'POST', headers, body: '{"id":"1"}' })
    check(response.status === 401, `${response.status} ${await response.text()}`)
  },
  'guards and filters of the application': async () => {
    const { status } = await fetch(`${origin}/pay/orders/1`)
    check(status === 403, `a route without a guard: ${status}`)
    const closed = await fetch(`${origin}/closed?signature=1&timestamp=1&nonce=1`)
    const text = await closed.text()
    check(closed.status === 403 && text === '{"filtered":403}', `${closed.status} ${text}`)
  }
}

async function post(request) {
  const { search } = new URL(request.url)
  return fetch(`${origin}/wechat${search}`, { method: 'POST', headers: request.headers, body: await request.text() })
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return port
}

const upstream = await simulator.listen()
const variables = {
  PORT: String(port),
  WEIXIN_MP_APP_ID: gateway.appId,
  WEIXIN_GATEWAY_TOKEN: gateway.token,
  WEIXIN_GATEWAY_AES_KEY: gateway.encodingAESKey,
  WEIXIN_PAY_MCH_ID: payV3.mchId,
  WEIXIN_PAY_API_V3_KEY: payV3.apiV3Key,
  WEIXIN_PAY_PRIVATE_KEY: payV3.privateKey,
  WEIXIN_PAY_CERT_SERIAL: payV3.certSerial,
  WEIXIN_PAY_PUBLIC_KEY_ID: Object.keys(payV3.platformKeys)[0],
  WEIXIN_PAY_PUBLIC_KEY: Object.values(payV3.platformKeys)[0],
  WEIXIN_PAY_BASE_URL: upstream.baseUrl('api.mch.weixin.qq.com'),
  WEIXIN_PAY_NOTIFY_URL: `${origin}/pay/notify`
}
const [program, ...args] = command.map((part) => part.replace('PORT', String(port)))
const child = spawn(program, args, {
  cwd,
  env: { ...process.env, ...env, ...variables },
  stdio: ['ignore', 2, 2]
})
try {
  for (let attempt = 0; ; attempt++) {
    if (await fetch(origin).catch(() => undefined)) break
    if (attempt === 450 || child.exitCode !== null) throw new Error(`${command.join(' ')} did not respond`)
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  const results = {}
  for (const name of checks) {
    const failure = await CHECKS[name]().catch((error) => `${error.code ?? error.name}: ${error.message}`)
    results[name] = failure ?? 'ok'
  }
  console.log(`features ${JSON.stringify(results)}`)
} finally {
  child.kill()
  await upstream.close()
  await simulator.close()
}
