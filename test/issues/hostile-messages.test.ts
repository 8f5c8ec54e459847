import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { expect, test } from 'vitest'
import { MessageGateway, signedGatewayRequest } from 'weixin-kit/gateway'
import { toNodeHandler } from 'weixin-kit/node'

const account = {
  appId: 'wx0123456789abcdef',
  token: 'token',
  encodingAESKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG'
}
const base = { ToUserName: 'gh_1', FromUserName: 'o1', MsgType: 'text', Content: 'hi', MsgId: '1' }
const odd = [
  { Event: { a: '1' } },
  { MsgId: { a: '1' } },
  { MsgType: 'event', Event: 'CLICK', EventKey: { a: '1' }, MsgId: '' },
  { MsgType: 'event', Event: 'constructor', List: ['x'], MsgId: '' },
  { MsgType: 'event', Event: '__proto__', MsgId: '' }
]

test.each(odd)('fields of another kind never make the handler throw: %s', async (fields) => {
  for (const format of ['xml', 'json'] as const) {
    const gateway = new MessageGateway({ ...account, logger: {} })
    let calls = 0
    gateway.on('*', () => void calls++)
    const response = await gateway.handler()(signedGatewayRequest({ ...base, ...fields }, { ...account, format }))
    expect([200, 400]).toContain(response.status)
    expect(calls).toBe(response.status === 200 ? 1 : 0)
  }
})

test.each(['a:99999', '256.256.256.256', '1.2.3.4.5', 'xn--'])(
  'a Host that is none is answered 400: %s',
  async (host) => {
    const errors: unknown[] = []
    const server = createServer(
      toNodeHandler(async () => new Response('ok'), { onError: (error) => void errors.push(error) })
    ).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const answer = await new Promise<string>((resolve) => {
      let text = ''
      // Stays: Node drops the request of a client that ends the connection while the converter is still being loaded.
      const socket = connect((server.address() as AddressInfo).port, '127.0.0.1', () =>
        socket.write(`GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
      )
      socket.on('data', (bytes) => {
        text += String(bytes)
      })
      socket.on('close', () => resolve(text))
    })
    server.close()
    expect(answer).toMatch(/^HTTP\/1\.1 400 /)
    expect(errors).toEqual([])
  }
)
