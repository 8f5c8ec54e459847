import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createSimulator, type Simulator } from 'weixin-kit/simulator'

/** What Next.js 15 checks of a route handler: `(request, { params })`, with `params` as a promise. */
interface NextRoute {
  dynamic: 'force-dynamic'
  GET(request: Request, context: { params: Promise<Record<string, string>> }): Promise<Response>
  POST(request: Request, context: { params: Promise<Record<string, string>> }): Promise<Response>
}

let simulator: Simulator
let target: (request: Request) => Promise<Response>
const account = createSimulator().credentials.gateway

beforeAll(() => {
  Object.assign(process.env, {
    WEIXIN_MP_APP_ID: account.appId,
    WEIXIN_GATEWAY_TOKEN: account.token,
    WEIXIN_GATEWAY_AES_KEY: account.encodingAESKey,
    PORT: '0'
  })
  simulator = createSimulator({ deliver: { gateway: (request) => target(request) } })
})
afterAll(() => simulator.close())

async function converse(): Promise<void> {
  expect(await simulator.wechat.verifyServer()).toMatchObject({ state: 'delivered' })
  const user = simulator.user()
  expect((await user.follow()).reply).toMatchObject({ Content: 'Welcome!' })
  expect((await user.send('你好 & <b>')).reply).toMatchObject({ Content: 'You said: 你好 & <b>' })
}

describe.each(['express', 'koa', 'fastify', 'hono', 'nest', 'node'])('%s', (name) => {
  test('starts, answers WeChat and keeps the parsers of other routes', async () => {
    const { server } = (await import(`../${name}/server.ts`)) as { server: Server }
    if (!server.listening) await once(server, 'listening')
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    // As over the network: same bytes, same path.
    target = async (request) => {
      const { search } = new URL(request.url)
      const body = request.method === 'POST' ? await request.text() : null
      return fetch(`${origin}/wechat${search}`, { method: request.method, headers: request.headers, body })
    }
    await converse()
    const order = await fetch(`${origin}/orders`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"tea":1}'
    })
    expect(await order.json()).toEqual({ received: { tea: 1 } })
    server.closeAllConnections()
    server.close()
  })
})

test('next: the exports are called as a route handler is', async () => {
  const route: NextRoute = await import('../next/app/wechat/route.ts')
  target = (request) => {
    const call = request.method === 'POST' ? route.POST : route.GET
    return call(request, { params: Promise.resolve({}) })
  }
  await converse()
})
