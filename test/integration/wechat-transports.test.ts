import { createServer, type IncomingMessage } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { setupServer } from 'msw/node'
import { afterEach, describe, expect, it } from 'vitest'
import { undiciFetch } from 'weixin-kit'
import { MiniProgram } from 'weixin-kit/miniapp'
import { OfficialAccount, type OfficialAccountOptions } from 'weixin-kit/mp'
import { createSimulator } from 'weixin-kit/simulator'
import { simulatorHandlers } from 'weixin-kit/simulator/msw'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')

/** One call of each shape: GET, POST with JSON, upload, download, picture, an error. */
async function exercise(
  simulator: ReturnType<typeof createSimulator>,
  options: Partial<OfficialAccountOptions>,
  tag = '标签'
) {
  const mp = new OfficialAccount({ ...simulator.credentials.officialAccount, ...options })
  const mini = new MiniProgram({ ...simulator.credentials.miniProgram, ...options })
  expect(await mp.network.callbackIps()).not.toHaveLength(0)
  expect((await mp.tags.create(tag)).name).toBe(tag)
  const { media_id = '' } = await mp.media.upload({ type: 'image', data: new Blob([PNG]), fileName: 'a.png' })
  const material = await mp.media.get(media_id)
  expect(material.kind === 'file' && PNG.equals(await material.file.bytes())).toBe(true)
  await expect(mp.media.get('none')).rejects.toMatchObject({ errcode: 40007 })
  const { openid } = await mini.auth.code2Session(simulator.user().login())
  expect(openid).not.toBe('')
  expect((await mini.wxacode.unlimited({ scene: 'a=1' })).contentType).toMatch(/^image\//)
  await expect(mp.oauth.exchangeCode('no-such-code')).rejects.toMatchObject({ errcode: 40029 })
}

/** A proxy whose tunnels all lead to one server, whatever name they ask for. */
async function startProxy(target: { host: string; port: number }) {
  const seen: string[] = []
  const proxy = createServer()
  proxy.on('connect', (request: IncomingMessage, socket, head: Buffer) => {
    seen.push(`CONNECT ${request.url}`)
    const upstream = connect(target.port, target.host, () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      upstream.write(head)
      upstream.pipe(socket).pipe(upstream)
    })
    upstream.on('error', () => socket.destroy())
    socket.on('error', () => upstream.destroy())
    // Tunnels are no longer the server's: it would wait for them.
    cleanups.push(() => {
      socket.destroy()
      upstream.destroy()
    })
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  cleanups.push(() => {
    proxy.closeAllConnections()
    return new Promise((resolve) => proxy.close(resolve))
  })
  return { seen, url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` }
}

describe('the same calls work', () => {
  it('through an injected fetch', async () => {
    const simulator = createSimulator()
    await exercise(simulator, { fetch: simulator.fetch })
  })

  it('through msw with globalThis.fetch untouched', async () => {
    const simulator = createSimulator()
    const server = setupServer(...simulatorHandlers(simulator))
    server.listen({ onUnhandledRequest: 'error' })
    cleanups.push(() => server.close())
    await exercise(simulator, {})
  })

  it('over a real loopback server, by fetch and by undiciFetch', async () => {
    const simulator = createSimulator()
    const server = await simulator.listen()
    cleanups.push(() => simulator.close())
    const baseUrl = server.baseUrl('api.weixin.qq.com')
    await exercise(simulator, { baseUrl })
    await exercise(simulator, { baseUrl, fetch: undiciFetch() }, '另一个')
  })

  it('through a proxy, by its address', async () => {
    const simulator = createSimulator()
    const server = await simulator.listen()
    cleanups.push(() => simulator.close())
    const proxy = await startProxy({ host: '127.0.0.1', port: server.port })
    // The name exists nowhere but behind the proxy.
    await exercise(simulator, { proxy: proxy.url, baseUrl: `http://upstream.invalid:${server.port}/api.weixin.qq.com` })
    expect(proxy.seen[0]).toBe(`CONNECT upstream.invalid:${server.port}`)
  })

  it('through a proxy, by a dispatcher of your own', async () => {
    const { ProxyAgent } = await import('undici')
    const simulator = createSimulator()
    const server = await simulator.listen()
    cleanups.push(() => simulator.close())
    const proxy = await startProxy({ host: '127.0.0.1', port: server.port })
    const dispatcher = new ProxyAgent({ uri: proxy.url, proxyTunnel: true })
    cleanups.push(() => dispatcher.close())
    await exercise(simulator, { dispatcher, baseUrl: `http://upstream.invalid:${server.port}/api.weixin.qq.com` })
    expect(proxy.seen.length).toBeGreaterThan(0)
  })
})
