import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type FetchLike, TimeoutError, undiciFetch } from 'weixin-kit'
import { HttpClient } from '../../../src/core/http-client.ts'
import { listen } from '../../support/loopback.ts'

let server: Awaited<ReturnType<typeof listen>>
/** Resolves when the server has seen the connection of the present request go away. */
let gone: Promise<void>
let arrived: Promise<void>
let note: { gone: () => void; arrived: () => void } = { gone: () => undefined, arrived: () => undefined }

beforeAll(async () => {
  server = await listen((request, response) => {
    response.on('close', () => note.gone())
    note.arrived()
    if (request.url === '/ready') response.end()
    if (request.url === '/begin') response.writeHead(200, { 'content-type': 'text/plain' }).write('first ')
  })
})
// undici loads at its first use, which can take longer than the time limits below.
beforeAll(() => Promise.all([inner, direct].map(async (fetch) => (await fetch(`${server.url}/ready`)).text())))
afterAll(() => server.close())
beforeEach(() => {
  note = { gone: () => undefined, arrived: () => undefined }
  gone = new Promise((resolve) => {
    note.gone = resolve
  })
  arrived = new Promise((resolve) => {
    note.arrived = resolve
  })
})

const inner = undiciFetch()
const direct = undiciFetch()
const wrapper: FetchLike = (url, init) => inner(url, { ...init })

describe.each([
  ['undiciFetch', direct],
  ['undiciFetch in a wrapper', wrapper],
  ['built-in fetch', globalThis.fetch]
])('%s', (_, fetch) => {
  const client = new HttpClient({ product: 'mp', fetch, maxRetries: 0 })
  const call = (path: string, readsAll: boolean) => ({
    operation: 'test',
    method: 'GET' as const,
    url: new URL(path, server.url),
    idempotent: false,
    readsAll,
    read: (response: Response) => response.text()
  })

  describe.each([
    ['before the response', '/hang'],
    ['within the response', '/begin']
  ])('%s', (_, path) => {
    it('gives up at the limit of time and closes the connection', async () => {
      await expect(client.call(call(path, true), { timeoutMs: 150 })).rejects.toBeInstanceOf(TimeoutError)
      await gone
    })

    it.each([true, false])("follows the caller's abort, readsAll: %s", async (readsAll) => {
      const controller = new AbortController()
      const result = client.call(call(path, readsAll), { signal: controller.signal })
      result.catch(() => undefined)
      await arrived
      controller.abort(new Error('no longer wanted'))
      await expect(result).rejects.toThrow('no longer wanted')
      await gone
    })
  })

  it('still follows the abort where the body is read after the call', async () => {
    const controller = new AbortController()
    const response = await client.call(
      { ...call('/begin', false), read: async (answer: Response) => answer },
      { signal: controller.signal }
    )
    const text = response.text()
    text.catch(() => undefined)
    controller.abort(new Error('no longer wanted'))
    await expect(text).rejects.toThrow()
    await gone
  })
})
