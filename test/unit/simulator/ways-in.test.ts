import { createHmac } from 'node:crypto'
import { request as httpRequest } from 'node:http'
import { get as httpsGet } from 'node:https'
import { connect } from 'node:net'
import { Duplex } from 'node:stream'
import { connect as connectTls } from 'node:tls'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createSimulator, type ListenOptions, type Simulator, type SimulatorOptions } from 'weixin-kit/simulator'
import { redirectConnections } from '../../../src/simulator/redirect-connections.ts'

const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

async function start(listen: ListenOptions = {}, options: SimulatorOptions = {}) {
  const simulator: Simulator = createSimulator(options)
  open.push(simulator)
  return { simulator, server: await simulator.listen({ control: true, ...listen }) }
}

const PATH = '/cgi-bin/getcallbackip'

function getByTls(ca: string, more: object = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    httpsGet(`https://api.weixin.qq.com${PATH}`, { ca, agent: false, ...more }, (response) => {
      let text = ''
      response.on('data', (chunk: Buffer) => {
        text += chunk
      })
      response.on('end', () => resolve(text))
    }).on('error', reject)
  })
}

describe('the port', () => {
  it.each([false, true])('takes TLS and plain connections, printed as https: %s', async (tls) => {
    const { simulator, server } = await start({ tls })
    expect(server.url).toMatch(tls ? /^https:/ : /^http:/)
    const plain = await fetch(`http://127.0.0.1:${server.port}/api.weixin.qq.com${PATH}`)
    expect(await plain.json()).toMatchObject({ errcode: 41001 })
    const secure = await getByTls(simulator.certificateAuthority, {
      hostname: '127.0.0.1',
      port: server.port,
      servername: 'api.weixin.qq.com',
      headers: { host: 'api.weixin.qq.com' }
    })
    expect(secure).toContain('41001')
  })

  it('takes a ClientHello that comes in the packet of the CONNECT', async () => {
    const { simulator, server } = await start()
    // Learns what a client says first, then sends it with the CONNECT.
    const hello = await new Promise<Buffer>((resolve) => {
      const tap = new Duplex({
        read: () => undefined,
        write: (chunk, _, done) => {
          resolve(chunk as Buffer)
          done()
        }
      })
      connectTls({ socket: tap, servername: 'api.weixin.qq.com', ca: simulator.certificateAuthority }).on(
        'error',
        () => undefined
      )
    })
    const answer = await new Promise<Buffer>((resolve, reject) => {
      const socket = connect(server.port, '127.0.0.1', () => {
        socket.write(
          Buffer.concat([
            Buffer.from('CONNECT api.weixin.qq.com:443 HTTP/1.1\r\nHost: api.weixin.qq.com\r\n\r\n'),
            hello
          ])
        )
      })
      let seen = Buffer.alloc(0)
      socket.on('data', (chunk: Buffer) => {
        seen = Buffer.concat([seen, chunk])
        const end = seen.indexOf('\r\n\r\n')
        if (end > 0 && seen.length > end + 4) {
          socket.destroy()
          resolve(seen.subarray(end + 4))
        }
      })
      socket.on('error', reject)
      socket.setTimeout(3_000, () => reject(new Error('hangs')))
    })
    // A handshake record: the ServerHello.
    expect(answer[0]).toBe(22)
  })

  it('carries plain HTTP in a tunnel to port 80', async () => {
    const { server } = await start()
    const text = await new Promise<string>((resolve, reject) => {
      const request = httpRequest({
        host: '127.0.0.1',
        port: server.port,
        method: 'CONNECT',
        path: 'api.weixin.qq.com:80'
      })
      request.on('connect', (_, socket) => {
        socket.write(`GET ${PATH} HTTP/1.1\r\nHost: api.weixin.qq.com\r\nConnection: close\r\n\r\n`)
        let seen = ''
        socket.on('data', (chunk: Buffer) => {
          seen += chunk
        })
        socket.on('end', () => resolve(seen))
      })
      request.on('error', reject)
      request.end()
    })
    expect(text).toContain('41001')
  })

  it('logs hosts that it does not have', async () => {
    const { simulator, server } = await start()
    const response = await fetch(`${server.url}/api.unknown.example/x`)
    expect(response.status).toBe(404)
    expect(simulator.log.entries.at(-1)).toMatchObject({
      service: 'unknown',
      refused: [expect.stringContaining('no simulated host')]
    })
  })

  const exchange = (port: number, text: string) =>
    new Promise<string>((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => socket.write(text))
      let seen = ''
      socket.on('data', (chunk: Buffer) => {
        seen += chunk
      })
      socket.on('end', () => resolve(seen))
      socket.on('error', reject)
    })

  it.each([
    ['no path', 'OPTIONS * HTTP/1.1\r\nHost: api.weixin.qq.com', 404],
    ['a host that is no name', 'GET /-/users HTTP/1.1\r\nHost: a b', 404],
    // What it calls is in the target: the header does not count.
    ['another host than its header', 'GET http://evil.example/-/users HTTP/1.1\r\nHost: 127.0.0.1', 403],
    ['the whole address', `GET http://api.weixin.qq.com${PATH} HTTP/1.1\r\nHost: 127.0.0.1`, 200]
  ])('responds to a request line with %s', async (_, head, status) => {
    const { server } = await start()
    expect(await exchange(server.port, `${head}\r\nConnection: close\r\n\r\n`)).toMatch(
      new RegExp(`^HTTP/1.1 ${status} `)
    )
  })

  it('takes a signature over the target as it came, with characters that a URL spells in another way', async () => {
    const { simulator, server } = await start()
    const { accessKey, secretKey } = simulator.credentials.qiniu
    const target = `/list?bucket=${simulator.credentials.qiniu.bucket}&prefix=it's`
    const sign = `${createHmac('sha1', secretKey).update(`${target}\n`).digest('base64url')}=`
    const head = `GET ${target} HTTP/1.1\r\nHost: rsf.qiniuapi.com\r\nAuthorization: QBox ${accessKey}:${sign}`
    expect(await exchange(server.port, `${head}\r\nConnection: close\r\n\r\n`)).toContain('"items":[]')
  })

  it('sends the headers that came after the response was made', async () => {
    const { server } = await start()
    const { headers } = await fetch(`${server.url}/api.weixin.qq.com/cgi-bin/getcallbackips`)
    expect(headers.get('x-simulator-hint')).toContain('did you mean')
    expect(headers.get('content-type')).toContain('application/json')
  })

  it('tells a response of your own that nobody waits for it any more', async () => {
    const { simulator, server } = await start()
    const calls: AbortSignal[] = []
    const gone = new Promise<void>((resolve) => {
      simulator.fail(PATH, {
        response: ({ signal }) =>
          new Promise(() => {
            if (signal) calls.push(signal)
            signal?.addEventListener('abort', () => resolve())
          })
      })
    })
    const abort = new AbortController()
    const call = fetch(`${server.url}/api.weixin.qq.com${PATH}`, { signal: abort.signal })
    await vi.waitFor(() => expect(calls).toHaveLength(1))
    abort.abort()
    await expect(call).rejects.toThrow('aborted')
    await gone
  })

  it('that is taken is named in one sentence', async () => {
    const { server } = await start()
    const other = createSimulator()
    open.push(other)
    await expect(other.listen({ port: server.port })).rejects.toMatchObject({
      code: 'ERR_CONFIG',
      option: 'port',
      message: expect.stringMatching(/^Port \d+ of 127\.0\.0\.1 is taken/)
    })
  })

  it('serves two simulators side by side, each its own people and tokens', async () => {
    const [one, two] = [await start({}, { seed: 'a' }), await start({}, { seed: 'b' })]
    const tokenOf = async ({ simulator, server }: typeof one, secret: { appId: string; appSecret: string }) => {
      const query = new URLSearchParams({
        grant_type: 'client_credential',
        appid: secret.appId,
        secret: secret.appSecret
      })
      void simulator
      return (await (await fetch(`${server.baseUrl('api.weixin.qq.com')}/cgi-bin/token?${query}`)).json()) as object
    }
    expect(await tokenOf(one, one.simulator.credentials.officialAccount)).toHaveProperty('access_token')
    expect(await tokenOf(two, one.simulator.credentials.officialAccount)).toMatchObject({ errcode: 40013 })
  })
})

describe('the preload', () => {
  it('moves connections of any agent, and nothing else', async () => {
    const { simulator, server } = await start()
    const restore = redirectConnections({ host: '127.0.0.1', port: server.port, hosts: simulator.core.hostPatterns })
    try {
      expect(await getByTls(simulator.certificateAuthority)).toContain('41001')
      // The certificate is checked for the name that the client asked for.
      await expect(getByTls('')).rejects.toThrow(/self-signed|unable to (?:verify|get)/)
      expect(await (await fetch(`http://api.weixin.qq.com${PATH}`)).json()).toMatchObject({ errcode: 41001 })
      expect((await fetch(`${server.url}/-/users`)).status).toBe(200)
      await expect(fetch('http://no.such.host.invalid/')).rejects.toThrow('fetch failed')
    } finally {
      restore()
    }
  })
})

describe('the control interface', () => {
  const ask = (port: number, host: string, more: object = {}) =>
    new Promise<number>((resolve, reject) => {
      httpRequest({ host: '127.0.0.1', port, path: '/-/users', headers: { host }, ...more }, (response) => {
        response.resume()
        resolve(response.statusCode ?? 0)
      })
        .on('error', reject)
        .end()
    })

  it('is not for a page that gave its own name this address, unless it was allowed', async () => {
    const { server } = await start({}, { deliver: { allowHosts: ['simulator'] } })
    expect(await ask(server.port, 'evil.example.com')).toBe(403)
    expect(await ask(server.port, `localhost:${server.port}`)).toBe(200)
    expect(await ask(server.port, 'simulator:8787')).toBe(200)
  })

  it('takes no form and no text of another site', async () => {
    const { server } = await start()
    for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data; boundary=x']) {
      const response = await fetch(`${server.url}/-/recover`, {
        method: 'POST',
        body: '{}',
        headers: { 'content-type': type }
      })
      expect(response.status).toBe(415)
    }
  })

  it.each([
    ['users/ming/send', [5], 'send: message must be a text or an object: send(message: text|object, options?: object)'],
    ['users/ming/send', [], 'send needs message'],
    ['users/ming/smsCode', ['x'], 'smsCode takes no arguments'],
    ['users/ming/subscribe', [[1]], 'templateIds must be a text or a list of texts'],
    ['wechat/setPages', ['a'], 'pages must be a list of texts'],
    ['wechat/checkJssdkConfig', [{}], 'needs url (a text)'],
    ['yunpian/setLimits', [{ perDecade: 1 }], 'There is no limit perDecade'],
    ['geetest/setDown', ['yes'], 'isDown must be true or false'],
    ['pay/setBalance', { a: 1 }, 'must be a JSON list of arguments'],
    ['pay/frobnicate', [], 'pay has no verb frobnicate'],
    ['users/ming/frobnicate', [], 'a person has no verb frobnicate'],
    ['frobnicate', {}, 'there is no POST /-/frobnicate']
  ])('answers %s %j with a sentence', async (path, body, sentence) => {
    const { server } = await start()
    const response = await fetch(`${server.url}/-/${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' }
    })
    expect(response.status).toBeGreaterThanOrEqual(400)
    expect(((await response.json()) as { error: string }).error).toContain(sentence)
  })

  it('steers Geetest and Yunpian', async () => {
    const { simulator, server } = await start()
    const post = async (path: string, body: unknown) =>
      (
        await fetch(`${server.url}/-/${path}`, {
          method: 'POST',
          body: JSON.stringify(body),
          headers: { 'content-type': 'application/json' }
        })
      ).json()
    await post('geetest/setDown', [true])
    expect((await simulator.fetch('https://api.geetest.com/register.php')).status).toBe(503)
    expect(await post('yunpian/setLimits', [{ perHour: 1 }])).toMatchObject({ result: { perHour: 1 } })
    expect(simulator.yunpian.limits.perHour).toBe(1)
  })
})
