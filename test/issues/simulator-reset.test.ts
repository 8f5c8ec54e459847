import http, { type RequestOptions } from 'node:http'
import https from 'node:https'
import { setupServer } from 'msw/node'
import { Agent, ProxyAgent, fetch as undiciFetch } from 'undici'
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { createSimulator } from 'weixin-kit/simulator'
import { simulatorHandlers } from 'weixin-kit/simulator/msw'

const URL_OF_CALL = 'https://api.weixin.qq.com/cgi-bin/getcallbackip'
const simulator = createSimulator()
const server = await simulator.listen({ tls: true })
const plain = `http://127.0.0.1:${server.port}/api.weixin.qq.com/cgi-bin/getcallbackip`
const ca = simulator.certificateAuthority
const interceptor = setupServer(...simulatorHandlers(simulator))

beforeEach(() => void simulator.fail('*', 'reset'))
afterAll(() => simulator.close())

const byNode = (get: typeof http.get, url: string, options: RequestOptions & { ca?: string } = {}) =>
  new Promise((_, reject) => get(url, options, () => reject(new Error('there is a response'))).on('error', reject))

describe('a connection that is reset', () => {
  it.each([
    ['the injected fetch', () => simulator.fetch(URL_OF_CALL)],
    ['fetch over HTTP', () => fetch(plain)],
    [
      'fetch over TLS',
      () => undiciFetch(plain.replace('http', 'https'), { dispatcher: new Agent({ connect: { ca } }) })
    ],
    [
      'fetch through the forward proxy',
      () => undiciFetch(URL_OF_CALL, { dispatcher: new ProxyAgent({ uri: server.proxyUrl, requestTls: { ca } }) })
    ]
  ])('is TypeError with ECONNRESET as its cause by %s', async (_, call) => {
    const cause = expect.objectContaining({ code: 'ECONNRESET' })
    await expect(call()).rejects.toMatchObject({ name: 'TypeError', message: 'fetch failed', cause })
  })

  it.each([
    ['HTTP', () => byNode(http.get, plain)],
    ['TLS', () => byNode(https.get, plain.replace('http', 'https'), { ca })]
  ])('is ECONNRESET by node:http over %s', async (_, call) => {
    await expect(call()).rejects.toMatchObject({ code: 'ECONNRESET', message: 'read ECONNRESET' })
  })

  it('is the same behind msw', async () => {
    interceptor.listen({ onUnhandledRequest: 'bypass' })
    // msw reports what a handler throws.
    const silent = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    try {
      const cause = expect.objectContaining({ code: 'ECONNRESET' })
      await expect(fetch(URL_OF_CALL)).rejects.toMatchObject({ name: 'TypeError', message: 'fetch failed', cause })
      simulator.fail('*', 'reset')
      await expect(byNode(https.get, URL_OF_CALL)).rejects.toMatchObject({ code: 'ECONNRESET' })
    } finally {
      interceptor.close()
      silent.mockRestore()
    }
  })
})
