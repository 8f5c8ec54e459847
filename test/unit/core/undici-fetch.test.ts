import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { undiciFetch } from 'weixin-kit'
import { listen } from '../../support/loopback.ts'

let server: Awaited<ReturnType<typeof listen>>

beforeAll(async () => {
  server = await listen(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    if (request.url === '/redirect') return void response.writeHead(302, { location: '/' }).end()
    if (request.url === '/empty') return void response.writeHead(204).end()
    if (request.url === '/hang') return
    response.setHeader('set-cookie', ['a=1', 'b=2'])
    response.writeHead(201, { 'x-echo': String(request.headers['content-type'] ?? '') })
    response.end(
      JSON.stringify({
        method: request.method,
        body: Buffer.concat(chunks).toString('latin1'),
        own: request.headers['x-own']
      })
    )
  })
})
afterAll(() => server.close())

/** Everything that is asked of a transport must be the same as with the built-in fetch. */
describe.each([
  ['undiciFetch', undiciFetch() as typeof fetch],
  ['built-in fetch', globalThis.fetch]
])('%s', (_, fetch) => {
  it.each([
    ['text', 'hello', 'text/plain;charset=UTF-8'],
    ['bytes', new Uint8Array([1, 255, 0]), ''],
    ['URLSearchParams', new URLSearchParams({ a: '1 2' }), 'application/x-www-form-urlencoded;charset=UTF-8']
  ])('sends %s', async (_, body, type) => {
    const response = await fetch(`${server.url}/`, { method: 'POST', body, headers: { 'x-own': 'yes' } })
    expect(response.status).toBe(201)
    expect(response.ok).toBe(true)
    expect(response.headers.get('x-echo')).toBe(type)
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
    expect(await response.json()).toMatchObject({ method: 'POST', own: 'yes' })
    expect(response.bodyUsed).toBe(true)
  })

  it('sends forms and streams', async () => {
    const form = new FormData()
    form.set('media', new Blob(['file bytes']), 'a.txt')
    const sent = (await (await fetch(`${server.url}/`, { method: 'POST', body: form })).json()) as { body: string }
    expect(sent.body).toContain('file bytes')
    const body = new ReadableStream({
      start: (controller) => {
        controller.enqueue(new TextEncoder().encode('streamed'))
        controller.close()
      }
    })
    const init = { method: 'POST', body, duplex: 'half' } as RequestInit
    expect(await (await fetch(`${server.url}/`, init)).json()).toMatchObject({ body: 'streamed' })
  })

  it('reads text, bytes, blobs, clones and streams', async () => {
    const get = () => fetch(`${server.url}/`)
    const expected = await (await get()).text()
    expect(Buffer.from(await (await get()).arrayBuffer()).toString()).toBe(expected)
    expect(await (await (await get()).blob()).text()).toBe(expected)
    const response = await get()
    expect(await response.clone().text()).toBe(expected)
    expect(await response.text()).toBe(expected)
    let streamed = ''
    for await (const chunk of (await get()).body as unknown as AsyncIterable<Uint8Array>) streamed += Buffer.from(chunk)
    expect(streamed).toBe(expected)
  })

  it('takes a Request, answers 204, refuses redirects when told, aborts with the reason', async () => {
    const request = new Request(`${server.url}/`, { method: 'PUT', body: 'x', headers: { 'x-own': 'req' } })
    expect(await (await fetch(request)).json()).toMatchObject({ method: 'PUT', body: 'x', own: 'req' })
    expect((await fetch(`${server.url}/empty`)).status).toBe(204)
    await expect(fetch(`${server.url}/redirect`, { redirect: 'error' })).rejects.toThrow(TypeError)
    const controller = new AbortController()
    const hanging = fetch(`${server.url}/hang`, { signal: controller.signal })
    setTimeout(() => controller.abort(new Error('mine')), 20)
    await expect(hanging).rejects.toThrow('mine')
  })
})
