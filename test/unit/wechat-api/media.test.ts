import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isWeixinKitError } from 'weixin-kit'
import { OfficialAccount } from 'weixin-kit/mp'
import { fileNameOf } from '../../../src/wechat-api/content-disposition.ts'
import { fcParameters } from '../../support/fc-parameters.ts'
import { stubFetch } from '../../support/stub-fetch.ts'

const OPTIONS = {
  appId: 'wx0123456789abcdef',
  appSecret: 'not-a-real-secret',
  maxRetries: 0,
  accessTokenProvider: { get: async () => 'TOKEN' }
}
const answering = (make: () => Response) => new OfficialAccount({ ...OPTIONS, fetch: stubFetch(make) })
const code = (expected: string) => expect.objectContaining({ code: expected })

/** A body that arrives in pieces of `size` bytes. */
function pieces(bytes: Uint8Array, size: number): ReadableStream<Uint8Array> {
  let at = 0
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close()
      controller.enqueue(bytes.subarray(at, at + size))
      at += size
    }
  })
}

describe('media.get', () => {
  it.each([
    ['image/jpeg', 'attachment; filename="cat.jpg"', 'cat.jpg'],
    ['image/jpeg', 'attachment; filename=cat.jpg', 'cat.jpg'],
    ['voice/speex', null, 'MEDIA_ID.speex'],
    ['text/plain', 'attachment; filename="a.amr"', 'a.amr'],
    ['', null, 'MEDIA_ID']
  ])('gives bytes, type and name of a file labelled %j', async (type, disposition, name) => {
    const bytes = Buffer.from([0x23, 0x21, 0, 255, 1, 2, 3])
    const mp = answering(() => {
      const response = new Response(pieces(bytes, 3))
      if (type) response.headers.set('content-type', type)
      if (disposition) response.headers.set('content-disposition', disposition)
      return response
    })
    const material = await mp.media.get('MEDIA_ID')
    if (material.kind !== 'file') throw new Error('no file')
    expect(material.file.fileName).toBe(name)
    expect(material.file.contentType).toBe(type)
    expect(Buffer.from(await material.file.bytes())).toEqual(bytes)
  })

  it.each(['application/json', 'text/plain', 'text/plain; charset=utf-8', 'image/jpeg', 'audio/amr', ''])(
    'turns a JSON error behind status 200 labelled %j into an ApiError, in any number of pieces',
    async (type) => {
      for (const size of [1, 7, 1000]) {
        const body = Buffer.from(JSON.stringify({ errcode: 40007, errmsg: 'invalid media_id 中文' }))
        const mp = answering(() => new Response(pieces(body, size), type ? { headers: { 'content-type': type } } : {}))
        await expect(mp.media.get('m')).rejects.toMatchObject({
          code: 'ERR_WECHAT_API',
          errcode: 40007,
          upstreamMessage: 'invalid media_id 中文'
        })
      }
    }
  )

  it('gives the address of a video', async () => {
    const mp = answering(() => Response.json({ video_url: 'http://example.com/v.mp4' }))
    expect(await mp.media.get('m')).toEqual({ kind: 'video', video_url: 'http://example.com/v.mp4' })
  })

  it('does not take a recording that begins with a brace for a response', async () => {
    const bytes = Buffer.concat([Buffer.from('{"\u0001'), Buffer.alloc(70_000, 0x7b)])
    for (const size of [500, 4096, 200_000]) {
      const mp = answering(() => new Response(pieces(bytes, size), { headers: { 'content-type': 'voice/speex' } }))
      const file = await mp.media.getHdVoice('m')
      expect(bytes.equals(await file.bytes())).toBe(true)
    }
  })

  it.each([
    ['an empty body', () => new Response('')],
    ['no body', () => new Response(null, { status: 204 })],
    ['HTML', () => new Response('<html>', { headers: { 'content-type': 'text/html' } })],
    ['JSON that is neither', () => Response.json({ hello: 1 })],
    ['a failed status', () => new Response('x', { status: 502, headers: { 'content-type': 'image/jpeg' } })],
    ['JSON for a recording', () => Response.json({ video_url: 'http://example.com' })]
  ])('refuses %s', async (what, make) => {
    const mp = answering(make)
    const call = what.endsWith('recording') ? mp.media.getHdVoice('m') : mp.media.get('m')
    await expect(call).rejects.toThrow(code('ERR_UNEXPECTED_RESPONSE'))
  })

  it('streams, and counts what is read into memory', async () => {
    const bytes = Buffer.alloc(100_000, 7)
    const make = () => new Response(pieces(bytes, 1000), { headers: { 'content-type': 'image/png' } })
    const first = await answering(make).media.get('m')
    if (first.kind !== 'file') throw new Error('no file')
    await expect(first.file.bytes(50_000)).rejects.toThrow(code('ERR_BODY_TOO_LARGE'))
    const second = await answering(make).media.get('m')
    if (second.kind !== 'file') throw new Error('no file')
    const chunks: Uint8Array[] = []
    for await (const chunk of second.file.body as unknown as AsyncIterable<Uint8Array>) chunks.push(chunk)
    expect(Buffer.concat(chunks).equals(bytes)).toBe(true)
    await expect(second.file.bytes()).rejects.toThrow(code('ERR_BODY_ALREADY_PARSED'))
  })

  it('can be read once', async () => {
    const material = await answering(() => new Response('abc', { headers: { 'content-type': 'image/png' } })).media.get(
      'm'
    )
    if (material.kind !== 'file') throw new Error('no file')
    await material.file.bytes()
    await expect(material.file.bytes()).rejects.toThrow(code('ERR_BODY_ALREADY_PARSED'))
  })

  it('gives a ConnectionError when the stream breaks, and the reason of an abort as it is', async () => {
    const breaking = (error: unknown) => () => {
      let sent = false
      const body = new ReadableStream<Uint8Array>({
        pull(controller) {
          if (sent) controller.error(error)
          else controller.enqueue(new Uint8Array([1, 2, 3]))
          sent = true
        }
      })
      return new Response(body, { headers: { 'content-type': 'image/png' } })
    }
    const broken = await answering(breaking(new TypeError('terminated'))).media.getHdVoice('m')
    await expect(broken.bytes()).rejects.toThrow(code('ERR_CONNECTION'))
    const aborted = await answering(breaking('my reason')).media.getHdVoice('m')
    await expect(aborted.bytes()).rejects.toBe('my reason')
  })
})

describe('media.upload', () => {
  it.each([
    ['bytes', () => Buffer.from('PICTURE')],
    ['a blob', () => new Blob(['PICTURE'])],
    ['a stream', () => pieces(Buffer.from('PICTURE'), 2)]
  ])('sends %s as a form with a file name and a length', async (_, data) => {
    const fetch = stubFetch(() => Response.json({ type: 'image', media_id: 'M', created_at: 1 }))
    const mp = new OfficialAccount({ ...OPTIONS, fetch })
    const result = await mp.media.upload({ type: 'image', data: data(), fileName: '猫.jpg' })
    expect(result.media_id).toBe('M')
    const [{ url, body, headers } = expect.fail('nothing sent')] = fetch.seen
    expect(url.searchParams.get('type')).toBe('image')
    expect(headers.get('content-type')).toMatch(/^multipart\/form-data; boundary=/)
    expect(body).toContain('name="media"; filename="猫.jpg"')
    expect(body).toContain('Content-Type: image/jpeg')
    expect(body).toContain('\r\n\r\nPICTURE\r\n')
  })

  it('sends a stream again after a refused token', async () => {
    let token = 'old'
    const fetch = stubFetch(({ url }) =>
      url.searchParams.get('access_token') === 'new'
        ? Response.json({ type: 'image', media_id: 'M', created_at: 1 })
        : Response.json({ errcode: 42001, errmsg: 'expired' })
    )
    const accessTokenProvider = {
      get: async () => token,
      invalidate: async () => {
        token = 'new'
      }
    }
    const mp = new OfficialAccount({ ...OPTIONS, accessTokenProvider, fetch })
    await mp.media.upload({ type: 'image', data: pieces(Buffer.from('PICTURE'), 3), fileName: 'a.png' })
    expect(fetch.seen.map(({ body }) => body.includes('PICTURE'))).toEqual([true, true])
  })

  it.each([
    ['too large a file', { type: 'thumb', data: Buffer.alloc(64 * 1024 + 1), fileName: 'a.jpg' }, 'ERR_BODY_TOO_LARGE'],
    [
      'too long a stream',
      { type: 'thumb', data: pieces(Buffer.alloc(70_000), 1000), fileName: 'a.jpg' },
      'ERR_BODY_TOO_LARGE'
    ],
    ['an empty file', { type: 'image', data: Buffer.alloc(0), fileName: 'a.jpg' }, 'ERR_INVALID_PARAM'],
    ['a path for a name', { type: 'image', data: Buffer.alloc(1), fileName: '../a.jpg' }, 'ERR_INVALID_PARAM'],
    ['a line break in the name', { type: 'image', data: Buffer.alloc(1), fileName: 'a\r\nb.jpg' }, 'ERR_INVALID_PARAM'],
    ['no name', { type: 'image', data: Buffer.alloc(1) }, 'ERR_INVALID_PARAM'],
    ['a text for data', { type: 'image', data: 'abc', fileName: 'a.jpg' }, 'ERR_INVALID_PARAM'],
    ['an unknown type', { type: 'toString', data: Buffer.alloc(1), fileName: 'a.jpg' }, 'ERR_INVALID_PARAM']
  ])('refuses %s before anything is sent', async (_, params, expected) => {
    const fetch = stubFetch(() => Response.json({}))
    await expect(new OfficialAccount({ ...OPTIONS, fetch }).media.upload(params as never)).rejects.toThrow(
      code(expected)
    )
    expect(fetch.seen).toHaveLength(0)
  })
})

describe('the name in Content-Disposition', () => {
  it.each([
    ['attachment; filename="a b.jpg"', 'a b.jpg'],
    ['attachment; filename=a.jpg; size=3', 'a.jpg'],
    ['attachment;filename=a.jpg', 'a.jpg'],
    ['ATTACHMENT; FILENAME="A.JPG"', 'A.JPG'],
    ['attachment; filename="a\\"b.jpg"', 'a"b.jpg'],
    ["attachment; filename=fallback.jpg; filename*=UTF-8''%E7%8C%AB.jpg", '猫.jpg'],
    ["attachment; filename*=UTF-8'zh'%E7%8C%AB.jpg; filename=x", '猫.jpg'],
    ["attachment; filename*=ISO-8859-1''%E9.jpg", 'é.jpg'],
    ["attachment; filename=ok.jpg; filename*=UTF-8''%E7%8C", 'ok.jpg'],
    [`attachment; filename="${Buffer.from('猫.jpg').toString('latin1')}"`, '猫.jpg'],
    ['attachment; filename="../../etc/passwd"', 'passwd'],
    ['attachment; filename="..\\\\..\\\\boot.ini"', 'boot.ini'],
    ["attachment; filename*=UTF-8''..%2F..%2Fx.jpg", 'x.jpg'],
    ['attachment; filename=".."', undefined],
    ['attachment; filename=""', undefined],
    ['attachment', undefined],
    [null, undefined]
  ])('%j is %j', (header, name) => {
    expect(fileNameOf(header)).toBe(name)
  })

  it('is never a path, whatever the header', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.constantFrom('filename=', 'filename="', "filename*=UTF-8''"),
        (value, start) => {
          const name = fileNameOf(`attachment; ${start}${value}`)
          return name === undefined || (!/[/\\]|\p{Cc}/u.test(name) && !/^\.*$/.test(name))
        }
      ),
      fcParameters(2000)
    )
  })
})

it('fuzz: any bytes under any label are a file, a video or an error of this library', async () => {
  const types = fc.constantFrom('', 'image/jpeg', 'text/plain', 'application/json', 'text/html', 'voice/speex')
  const bodies = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.json().map((text) => Buffer.from(text)),
    fc.record({ errcode: fc.integer(), errmsg: fc.string() }).map((body) => Buffer.from(JSON.stringify(body)))
  )
  await fc.assert(
    fc.asyncProperty(types, bodies, fc.integer({ min: 1, max: 50 }), async (type, bytes, size) => {
      const mp = answering(() => new Response(pieces(bytes, size), { headers: type ? { 'content-type': type } : {} }))
      try {
        const material = await mp.media.get('m')
        if (material.kind === 'file') expect(Buffer.from(await material.file.bytes())).toEqual(Buffer.from(bytes))
      } catch (error) {
        if (!isWeixinKitError(error)) throw error
      }
    }),
    fcParameters(300)
  )
})
