import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { connect as connectTls } from 'node:tls'
import { setupServer } from 'msw/node'
import { Agent } from 'undici'
import { afterEach, describe, expect, it } from 'vitest'
import { createSimulator, type ListenOptions } from 'weixin-kit/simulator'
import { simulatorHandlers } from 'weixin-kit/simulator/msw'
import { setUp } from './wechat-client.ts'

const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

const start = async (options: ListenOptions = {}) => {
  const { simulator } = setUp()
  const server = await simulator.listen(options)
  open.push(simulator)
  return { simulator, server }
}

const read = (response: NodeJS.ReadableStream) =>
  new Promise<string>((resolve, reject) => {
    let text = ''
    response.on('data', (chunk: Buffer) => (text += chunk))
    response.on('end', () => resolve(text))
    response.on('error', reject)
  })

describe('loopback server', () => {
  it('knows the upstream by its Host header and by an absolute URL', async () => {
    const { server } = await start()
    for (const options of [
      { path: '/cgi-bin/getcallbackip', headers: { host: 'api.weixin.qq.com' } },
      { path: 'http://api.weixin.qq.com/cgi-bin/getcallbackip', headers: { host: 'whatever' } }
    ]) {
      const text = await new Promise<string>((resolve, reject) => {
        httpRequest({ host: '127.0.0.1', port: server.port, ...options }, (response) => resolve(read(response)))
          .on('error', reject)
          .end()
      })
      expect(JSON.parse(text)).toMatchObject({ errcode: 41001 })
    }
  })

  it('over TLS shows the certificate that the client presented', async () => {
    const { simulator, server } = await start({ tls: true })
    const { cert, key, certSerial } = simulator.credentials.merchantFiles()
    const seen: unknown[] = []
    simulator.fail('getcallbackip', {
      response: ({ clientCertificate }) => Response.json(seen.push(clientCertificate?.serialNumber)),
      times: 2
    })
    for (const client of [{}, { cert, key }]) {
      await new Promise<string>((resolve, reject) => {
        httpsRequest(
          `${server.baseUrl('api.weixin.qq.com')}/cgi-bin/getcallbackip`,
          { ca: simulator.certificateAuthority, ...client },
          (response) => resolve(read(response))
        )
          .on('error', reject)
          .end()
      })
    }
    expect(seen).toEqual([undefined, certSerial])
  })

  it('serves as an HTTP proxy with a tunnel to the upstreams only', async () => {
    const { simulator, server } = await start()
    const tunnel = (host: string) =>
      new Promise<string>((resolve, reject) => {
        const request = httpRequest({ host: '127.0.0.1', port: server.port, method: 'CONNECT', path: `${host}:443` })
        request.on('connect', (response, socket) => {
          if (response.statusCode !== 200) return resolve(String(response.statusCode))
          const secure = connectTls({ socket, servername: host, ca: simulator.certificateAuthority }, () => {
            secure.write(`GET /cgi-bin/getcallbackip HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
          })
          secure.on('error', reject)
          return resolve(read(secure))
        })
        request.on('error', reject)
        request.end()
      })
    expect(await tunnel('api.weixin.qq.com')).toContain('41001')
    expect(await tunnel('example.com')).toBe('403')
  })

  it('caps bodies', async () => {
    const { server } = await start({ bodyLimitBytes: 10 })
    const response = await fetch(`${server.baseUrl('api.weixin.qq.com')}/cgi-bin/stable_token`, {
      method: 'POST',
      body: 'x'.repeat(11)
    })
    expect(response.status).toBe(413)
  })

  it('gives URLs that lead back to it', async () => {
    const { simulator, server } = await start()
    const { appId, appSecret } = simulator.credentials.officialAccount
    const base = server.baseUrl('api.weixin.qq.com')
    const { access_token } = (await (
      await fetch(`${base}/cgi-bin/token?grant_type=client_credential&appid=${appId}&secret=${appSecret}`)
    ).json()) as { access_token: string }
    const form = new FormData()
    form.set('media', new Blob([Buffer.from('ffd8ffe000', 'hex')]), 'a.jpg')
    const { url } = (await (
      await fetch(`${base}/cgi-bin/media/uploadimg?access_token=${access_token}`, { method: 'POST', body: form })
    ).json()) as { url: string }
    expect(url.startsWith(`${server.url}/mmbiz.qpic.cn/`)).toBe(true)
    expect((await fetch(url)).headers.get('content-type')).toBe('image/jpeg')
  })

  it('lets a browser click through the consent page', async () => {
    const { simulator, server } = await start()
    const { appId } = simulator.credentials.officialAccount
    const url = `${server.baseUrl('open.weixin.qq.com')}/connect/oauth2/authorize?appid=${appId}&redirect_uri=${encodeURIComponent('http://127.0.0.1:1/back')}&response_type=code&scope=snsapi_userinfo&state=s`
    expect(await (await fetch(url)).text()).toMatch(/<form method="post" action="[^"#]*">/)
    const answer = await fetch(url, {
      method: 'POST',
      body: new URLSearchParams({ simulator_decision: 'allow' }),
      redirect: 'manual'
    })
    expect(answer.headers.get('location')).toMatch(/^http:\/\/127\.0\.0\.1:1\/back\?code=\w+&state=s$/)
  })
})

describe('injected fetch', () => {
  it('sees the certificate of an undici dispatcher', async () => {
    const { simulator } = setUp()
    const { cert, key, pfx, certSerial } = simulator.credentials.merchantFiles()
    const { mchId } = simulator.credentials.payV2
    const seen: unknown[] = []
    simulator.fail('getcallbackip', {
      response: ({ clientCertificate }) => Response.json(seen.push(clientCertificate?.serialNumber)),
      times: 4
    })
    const call = (init: object) =>
      simulator.fetch('https://api.weixin.qq.com/cgi-bin/getcallbackip', init as RequestInit)
    await call({})
    await call({ dispatcher: new Agent({ connect: { cert, key } }) })
    await call({ dispatcher: new Agent({ connect: { pfx, passphrase: mchId } }) })
    await call({ clientCertificate: cert })
    expect(seen).toEqual([undefined, certSerial, certSerial, certSerial])
  })
})

describe('msw', () => {
  it('answers upstream hosts and leaves the others alone', async () => {
    const simulator = createSimulator()
    const server = setupServer(...simulatorHandlers(simulator))
    server.listen({ onUnhandledRequest: 'error' })
    open.push(server)
    expect(await (await fetch('https://api.weixin.qq.com/cgi-bin/getcallbackip')).json()).toMatchObject({
      errcode: 41001
    })
    await expect(fetch('https://example.com/')).rejects.toThrow()
    simulator.fail('*', 'reset')
    await expect(fetch('https://api.weixin.qq.com/cgi-bin/getcallbackip')).rejects.toThrow()
    expect(simulator.log.entries).toHaveLength(2)
  })
})

describe('state', () => {
  it('survives a restart', async () => {
    const { simulator, mp } = setUp()
    const user = simulator.user({ id: 'ming', nickname: '小明' })
    await user.follow()
    const code = user.login()
    await mp.post('/cgi-bin/menu/create', { button: [{ type: 'click', name: 'a', key: 'k' }] })
    const saved = JSON.parse(JSON.stringify(simulator.snapshot())) as ReturnType<typeof simulator.snapshot>
    const next = setUp()
    next.simulator.restore(saved)
    expect((await next.mp.get('/cgi-bin/menu/get')).menu).toMatchObject({ button: [{ key: 'k' }] })
    expect(await next.mp.get('/cgi-bin/user/get')).toMatchObject({ total: 1, data: { openid: [user.openid()] } })
    const session = await next.mini.fetch('/sns/jscode2session', {
      appid: next.mini.appId,
      secret: next.mini.appSecret,
      js_code: code,
      grant_type: 'authorization_code'
    })
    expect(await session.json()).toMatchObject({ openid: user.openid('miniProgram') })
    expect(next.simulator.user('ming').profile.nickname).toBe('小明')
  })

  it('makes the same accounts and ids from the same seed', () => {
    const [a, b, c] = [createSimulator({ seed: 1 }), createSimulator({ seed: 1 }), createSimulator({ seed: 2 })]
    expect(a.credentials.payV3.certSerial).toBe(b.credentials.payV3.certSerial)
    expect(a.credentials.officialAccount).toEqual(b.credentials.officialAccount)
    expect(a.user('x').login()).toBe(b.user('x').login())
    expect(a.credentials.officialAccount).not.toEqual(c.credentials.officialAccount)
  })
})

describe('control interface', () => {
  it('steers deliveries and WeChat Pay', async () => {
    let received = 0
    const { simulator, server } = await start({ control: true })
    simulator.deliveries.target('gateway', async () => {
      received++
      return new Response('success')
    })
    const post = async (path: string, body: unknown) => {
      const headers = { 'content-type': 'application/json' }
      const answer = await fetch(`${server.url}/-/${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
      return { status: answer.status, ...((await answer.json()) as object) }
    }
    await post('users/ming/follow', [])
    expect(await post('deliveries', { kind: 'gateway', duplicate: 2 })).toEqual({ status: 200 })
    await post('users/ming/click', ['menu'])
    expect(received).toBe(4)
    await post('deliveries', { kind: 'gateway', duplicate: 0 })
    expect(await post('deliveries/1/redeliver', {})).toMatchObject({ result: { delivered: true } })
    expect(received).toBe(5)
    await post('deliveries', { kind: 'gateway', hold: true })
    void simulator.user('ming').click('one')
    void simulator.user('ming').click('two')
    expect(received).toBe(5)
    await post('deliveries', { kind: 'gateway', release: true, reversed: true })
    expect(received).toBe(7)
    expect(await post('deliveries', { kind: 'gateway', duplicate: -1 })).toMatchObject({ status: 400 })
    expect(await post('deliveries', { kind: 'gateway' })).toMatchObject({ status: 400 })
    expect(await post('deliveries/99/redeliver', {})).toMatchObject({ status: 404 })
    const { publicKeyId } = simulator.pay.platform
    expect(publicKeyId).toMatch(/^PUB_KEY_ID_/)
    expect(await post('pay/rotatePlatformCertificate', [])).toMatchObject({
      result: { serialNumber: expect.any(String) }
    })
    expect(await post('pay/constructor', [])).toMatchObject({ status: 404 })
    expect(await post('pay/setBalance', {})).toMatchObject({ status: 400 })
  })

  it('says why a callback did not arrive', async () => {
    const { simulator } = await start()
    simulator.deliveries.target('gateway', 'http://127.0.0.1:1/')
    await simulator.user('ming').follow()
    expect(simulator.log.entries.at(-1)?.note).toMatch(/not delivered, attempt 1: .*fetch failed \(.+\)/)
  })

  it('lets another process act, and no other web page', async () => {
    const { simulator, server } = await start({ control: true })
    const post = async (
      path: string,
      body: unknown,
      headers: Record<string, string> = { 'content-type': 'application/json' }
    ) => {
      const answer = await fetch(`${server.url}/-/${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
      const fields = (await answer.json()) as { result?: unknown; error?: string }
      return { status: answer.status, ...fields }
    }
    expect(await post('users/ming', { nickname: '小明' })).toMatchObject({ id: 'ming', nickname: '小明' })
    const { result } = await post('users/ming/login', [])
    expect(result).toMatch(/^\w{32}$/)
    expect(await post('users/ming/constructor', [])).toMatchObject({ status: 404 })
    expect(await post('users/ming/scan', ['x'])).toMatchObject({
      status: 400,
      error: expect.stringContaining('ticket')
    })
    await post('fail', { match: 'getcallbackip', errcode: -1 })
    const call = async () => (await fetch(`${server.baseUrl('api.weixin.qq.com')}/cgi-bin/getcallbackip`)).json()
    expect(await call()).toMatchObject({ errcode: -1 })
    expect(await call()).toMatchObject({ errcode: 41001 })
    const before = simulator.clock.now()
    await post('advance', { ms: 5 })
    expect(simulator.clock.now()).toBe(before + 5)
    expect(await post('users', {}, { 'content-type': 'text/plain' })).toMatchObject({ status: 415 })
    const rebound = await new Promise<number>((resolve, reject) => {
      const headers = { host: 'evil.example.com', 'content-type': 'application/json' }
      httpRequest(
        { host: '127.0.0.1', port: server.port, method: 'POST', path: '/-/users', headers },
        ({ statusCode }) => resolve(statusCode ?? 0)
      )
        .on('error', reject)
        .end('{}')
    })
    expect(rebound).toBe(403)
    const page = await fetch(server.url)
    expect(page.headers.get('content-security-policy')).toMatch(/default-src 'none'; script-src 'self';/)
    expect(((await (await fetch(`${server.url}/-/log`)).json()) as unknown[]).length).toBe(2)
  })

  it('is off unless asked for', async () => {
    const { server } = await start()
    expect((await fetch(server.url)).status).toBe(404)
    expect((await fetch(`${server.url}/-/log`)).status).toBe(404)
  })
})
