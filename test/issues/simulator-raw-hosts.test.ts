import { connect } from 'node:net'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createSimulator, type Simulator, type SimulatorServer } from 'weixin-kit/simulator'

let simulator: Simulator
let server: SimulatorServer

beforeEach(async () => {
  simulator = createSimulator()
  server = await simulator.listen({ control: true })
})
afterEach(() => simulator.close())

/** What comes back on a connection on which `text` is sent as it is, up to the end of the connection. */
const send = (text: string) =>
  new Promise<string>((resolve, reject) => {
    let received = ''
    const socket = connect(server.port, '127.0.0.1', () => socket.write(text))
    socket.on('data', (chunk) => {
      received += chunk
    })
    socket.on('error', reject)
    socket.on('close', () => resolve(received))
  })
const get = (target: string, host: string) =>
  send(`GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)

it.each(['a@b', 'u:p@api.weixin.qq.com', 'a@127.0.0.1', 'a/b', 'a?b', 'a b', 'a\\b'])(
  'the host %s is refused and logged',
  async (host) => {
    expect(await get('/-/log', host)).toMatch(/^HTTP\/1\.1 404 .*unknown upstream/s)
    expect(simulator.log.entries).toMatchObject([{ service: 'unknown', url: `${host}/-/log`, status: undefined }])
    expect(simulator.log.entries[0]?.refused).toHaveLength(1)
  }
)

it('a method that fetch does not have is refused and logged', async () => {
  const head = 'TRACE /-/log HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n'
  expect(await send(head)).toMatch(/^HTTP\/1\.1 404 /)
  expect(simulator.log.entries).toMatchObject([{ method: 'TRACE', service: 'unknown' }])
})

it('a listener of the log that throws is not taken for a broken connection', async () => {
  simulator.log.subscribe(() => {
    throw new Error('no disk')
  })
  const response = await get('/api.weixin.qq.com/cgi-bin/getcallbackip', 'x')
  expect(response).toMatch(/^HTTP\/1\.1 500 .*The simulator failed: Error: no disk/s)
})

it('the name of an upstream in the path is enough, whatever the host', async () => {
  expect(await get('/api.weixin.qq.com/cgi-bin/getcallbackip', 'a@b')).toContain('"errcode":41001')
})

it('a name and a password in the URL that a proxy receives are passed over', async () => {
  expect(await get('http://u:p@api.weixin.qq.com/cgi-bin/getcallbackip', 'x')).toContain('"errcode":41001')
})

it.each([
  'CONNECT api.weixin.qq.com:80 HTTP/1.0\r\n\r\n',
  'CONNECT API.weixin.QQ.com:80 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n',
  'CONNECT api.weixin.qq.com:80 HTTP/1.1\r\nHost: x\r\nProxy-Authorization: basic YTpi\r\n\r\n'
])('a tunnel opens for %j', async (head) => {
  const call = 'GET /cgi-bin/getcallbackip HTTP/1.1\r\nHost: api.weixin.qq.com\r\nConnection: close\r\n\r\n'
  expect(await send(`${head}${call}`)).toMatch(/^HTTP\/1\.1 200 Connection established\r\n\r\n.*"errcode":41001/s)
})

it.each(['101.226.103.1:443', '[2402:4e00::1]:443'])('a tunnel to the address %s says who looked it up', async (to) => {
  const refused = await send(`CONNECT ${to} HTTP/1.1\r\nHost: x\r\n\r\n`)
  expect(refused).toMatch(/^HTTP\/1\.1 403 .*proxy_dns/s)
  expect(simulator.log.entries).toMatchObject([{ method: 'CONNECT', url: to }])
})
