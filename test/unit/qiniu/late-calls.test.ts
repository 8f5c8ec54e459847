import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { FetchLike } from 'weixin-kit'
import { gate, settledTurns } from '../../support/gate.ts'

const PART = '../../../src/qiniu/calls.ts'
const ACCOUNT = { accessKey: 'ak', secretKey: 'sk', bucket: 'photos' }
const CALLED = 'https://app.example/qiniu/callback'

const bytesOf = (text: string) => new TextEncoder().encode(text)

let part: ReturnType<typeof gate>
let kit: typeof import('weixin-kit/qiniu')
let kodo: ReturnType<typeof import('./fake-kodo.ts')['fakeKodo']>

beforeEach(async () => {
  vi.resetModules()
  part = gate()
  vi.doMock(PART, part.load)
  kit = await import('weixin-kit/qiniu')
  kodo = (await import('./fake-kodo.ts')).fakeKodo()
})
afterEach(() => {
  vi.doUnmock(PART)
})

const client = (fetch: FetchLike = kodo.fetch) => new kit.Qiniu({ ...ACCOUNT, fetch })
const stored = (key: string) => kodo.objects.get(key)?.toString()

describe('while the calls are loaded', () => {
  it('all that answers at once does, and wrong options are refused', () => {
    expect(() => new kit.Qiniu({ ...ACCOUNT, bucket: '' })).toThrow(expect.objectContaining({ option: 'bucket' }))
    const qiniu = new kit.Qiniu({ ...ACCOUNT, domain: 'cdn.example.com', cdnKey: 'k' })
    expect(qiniu.uploadToken({ key: 'a' })).toMatch(/^ak:/)
    expect(() => qiniu.uploadToken({ key: 1 as never })).toThrow(expect.objectContaining({ option: 'key' }))
    expect(qiniu.publicUrl('a').href).toBe('https://cdn.example.com/a')
    expect(qiniu.privateUrl('a').searchParams.get('token')).toMatch(/^ak:/)
    expect(qiniu.timestampUrl('a').searchParams.get('sign')).toHaveLength(32)
    expect(qiniu.managementAuthorization({ method: 'GET', url: 'https://rs.qiniuapi.com/' })).toMatch(/^Qiniu ak:/)
    expect(qiniu.processing.saveAs('avthumb/mp4', 'b')).toBe(`avthumb/mp4|saveas/${kit.encodedEntry('photos', 'b')}`)
    expect(() => qiniu.callbackHandler({} as never)).toThrow(expect.objectContaining({ option: 'onUploaded' }))
    expect(() => qiniu.uploadTokenHandler({} as never)).toThrow(expect.objectContaining({ option: 'policy' }))
  })

  it('calls wait, and are sent as they were made', async () => {
    const seen: string[] = []
    const qiniu = client(async (input, init) => {
      const { pathname, search } = new URL(String(input))
      if (!pathname.startsWith('/stat/')) return kodo.fetch(input, init)
      seen.push(pathname + search)
      return Response.json({ id: 'T1', hash: 'h', putTime: 1 })
    })
    const params = { key: 'first' }
    const source = { url: new URL('https://files.example/first') }
    const request = { method: 'GET' as const, path: '/stat/first', query: { a: 1 } }
    const calls = [
      qiniu.upload(bytesOf('one'), params),
      qiniu.transferMedia({
        from: { get: async () => ({ body: new Blob(['two']).stream() }) },
        mediaId: 'M',
        ...params
      }),
      qiniu.request(request),
      expect(qiniu.upload(source, { fileName: '' })).rejects.toMatchObject({ option: 'fileName' })
    ]
    params.key = 'second'
    request.query.a = 2
    source.url.pathname = '/second'
    await settledTurns()
    expect([kodo.seen.length, seen.length]).toEqual([0, 0])
    part.open()
    await Promise.all(calls)
    expect([...kodo.objects.keys()]).toEqual(['first'])
    expect(seen).toEqual(['/stat/first?a=1'])
    expect(await qiniu.upload(bytesOf('three'), params)).toMatchObject({ key: 'second' })
  })

  it('the description of a source is kept, and its bytes are not copied', async () => {
    const asked: string[] = []
    const qiniu = client(async (input, init) => {
      const url = new URL(String(input))
      if (url.host !== 'files.example') return kodo.fetch(input, init)
      asked.push(url.pathname)
      return new Response('from afar')
    })
    const source = { url: new URL('https://files.example/first') }
    const bytes = bytesOf('near')
    const slice = vi.spyOn(Uint8Array.prototype, 'slice')
    const calls = [qiniu.upload(source, { key: 'far' }), qiniu.upload(bytes, { key: 'near' })]
    expect(slice).not.toHaveBeenCalled()
    slice.mockRestore()
    source.url.pathname = '/second'
    part.open()
    await Promise.all(calls)
    expect([asked, stored('far'), stored('near')]).toEqual([['/first'], 'from afar', 'near'])
  })

  it('bucket management and processing wait too', async () => {
    const qiniu = client(async (input) => {
      const { pathname } = new URL(String(input))
      if (pathname.startsWith('/v4/query')) return kodo.fetch(input)
      if (pathname === '/list') return Response.json({ items: [{ key: 'a', putTime: 1 }] })
      return Response.json(pathname.startsWith('/stat/') ? { hash: 'h', putTime: 16e16 } : { persistentId: 'P' })
    })
    const list = async () => {
      const keys: string[] = []
      for await (const { key } of qiniu.objects.list({ prefix: 'a' })) keys.push(key)
      return keys
    }
    const calls = [
      qiniu.objects.stat('a'),
      list(),
      qiniu.processing.pfop({ object: 'a', fops: ['f'] }),
      expect(qiniu.objects.restore('a', 9)).rejects.toMatchObject({ option: 'freezeAfterDays' })
    ]
    part.open()
    expect((await Promise.all(calls)).slice(0, 3)).toMatchObject([{ hash: 'h' }, ['a'], { persistentId: 'P' }])
  })

  it('an abort ends the wait with its reason and its source, and nothing is sent', async () => {
    const qiniu = client()
    const controller = new AbortController()
    const { signal } = controller
    const readable = new Readable({ read: () => undefined })
    let isCancelled = false
    const web = new ReadableStream<Uint8Array>({
      // A source that is slow to end.
      cancel: () => {
        isCancelled = true
        return new Promise(() => undefined)
      }
    })
    const outcomes = Promise.allSettled([
      qiniu.upload(readable, { key: 'a' }, { signal }),
      qiniu.upload(web, { key: 'b' }, { signal }),
      qiniu.upload(bytesOf('c'), { key: 'c' }, { signal }),
      qiniu.objects.delete('d', { signal }),
      qiniu.request({ method: 'GET', path: '/' }, { signal })
    ])
    const reason = new Error('user left')
    controller.abort(reason)
    for (const outcome of await outcomes) expect(outcome).toMatchObject({ status: 'rejected', reason })
    expect([readable.destroyed, isCancelled]).toEqual([true, true])
    part.open()
    await settledTurns()
    expect(kodo.seen).toHaveLength(0)
  })

  it('a stream loses nothing', async () => {
    const qiniu = client()
    const readable = new Readable({ read: () => undefined })
    readable.push('to be ')
    const web = new ReadableStream<Uint8Array>({
      start: (controller) => {
        controller.enqueue(bytesOf('web'))
        controller.close()
      }
    })
    const calls = [qiniu.upload(readable, { key: 'node' }), qiniu.upload(web, { key: 'web' })]
    await settledTurns()
    readable.push('continued')
    readable.push(null)
    await settledTurns()
    part.open()
    await Promise.all(calls)
    expect([stored('node'), stored('web')]).toEqual(['to be continued', 'web'])
    expect(readable.listenerCount('error')).toBeLessThanOrEqual(1)
  })

  it('a stream that breaks is told of by the upload, and does not end the process', async () => {
    const qiniu = client()
    const absent = createReadStream('/absent/file')
    // Not by `once` of node:events, which listens to errors too.
    const closed = new Promise<void>((resolve) => absent.on('close', () => resolve()))
    const web = new ReadableStream<Uint8Array>({ start: (controller) => controller.error(new Error('gone')) })
    const calls = [qiniu.upload(absent, { key: 'a' }), qiniu.upload(web, { key: 'b' })].map((call) =>
      call.catch((error: unknown) => error)
    )
    await closed
    await settledTurns()
    part.open()
    expect(await Promise.all(calls)).toMatchObject([
      { code: 'ERR_BODY_MALFORMED', cause: { code: 'ENOENT' } },
      { code: 'ERR_BODY_MALFORMED', cause: { message: 'gone' } }
    ])
  })

  it('callbacks are read and wait for their verification', async () => {
    const qiniu = client()
    const seen: unknown[] = []
    const handler = qiniu.callbackHandler({ onUploaded: ({ key }) => void seen.push(key) })
    const good = handler(callback(qiniu, 'key=a'))
    const forged = handler(callback(qiniu, 'key=a', 'key=b'))
    await settledTurns()
    expect(seen).toEqual([])
    part.open()
    expect([(await good).status, (await forged).status, seen]).toEqual([200, 401, ['a']])
  })
})

describe('a part that cannot be loaded', () => {
  it('is a ConfigError; nothing was sent, and the same stream can be uploaded by the next call', async () => {
    part.failOnce()
    part.open()
    const qiniu = client()
    const stream = Readable.from([bytesOf('again')])
    await expect(qiniu.upload(stream, { key: 'a' })).rejects.toMatchObject({ code: 'ERR_MISSING_DEPENDENCY' })
    expect([kodo.seen.length, stream.destroyed, stream.listenerCount('error')]).toEqual([0, false, 0])
    await qiniu.upload(stream, { key: 'a' })
    expect(stored('a')).toBe('again')
  })

  it('has a callback answered with 500 and logged', async () => {
    part.failOnce()
    part.open()
    const logged: unknown[] = []
    const logger = { error: (_: string, fields: unknown) => void logged.push(fields) }
    const qiniu = new kit.Qiniu({ ...ACCOUNT, logger })
    const handler = qiniu.callbackHandler({ onUploaded: () => ({ ok: true }) })
    expect((await handler(callback(qiniu, 'key=a'))).status).toBe(500)
    expect(logged).toMatchObject([{ code: 'ERR_MISSING_DEPENDENCY' }])
    expect(await (await handler(callback(qiniu, 'key=a'))).json()).toEqual({ ok: true })
  })
})

function callback(qiniu: InstanceType<typeof kit.Qiniu>, body: string, signed = body): Request {
  const contentType = 'application/x-www-form-urlencoded'
  const authorization = qiniu.managementAuthorization({ method: 'POST', url: CALLED, contentType, body: signed })
  return new Request(CALLED, { method: 'POST', headers: { 'content-type': contentType, authorization }, body })
}
