import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { memoryStore } from 'weixin-kit'
import { type MediaSource, objectHash, Qiniu, type QiniuOptions, type UploadProgress } from 'weixin-kit/qiniu'
import { followersOf } from '../../support/followers-of.ts'
import { cut, fakeKodo, reply } from './fake-kodo.ts'

const MIB = 1024 * 1024
const client = (kodo: { fetch: QiniuOptions['fetch'] }, options: Partial<QiniuOptions> = {}) =>
  new Qiniu({
    accessKey: 'ak',
    secretKey: 'sk',
    bucket: 'photos',
    region: 'z0',
    fetch: kodo.fetch as never,
    ...options
  })
const pattern = (length: number) => Buffer.alloc(length, 'a pattern of thirty-one bytes ..')
const stream = (bytes: Uint8Array, chunk = 700_001) => {
  let at = 0
  return new ReadableStream<Uint8Array>({
    pull: (controller) => {
      if (at >= bytes.length) return controller.close()
      controller.enqueue(bytes.subarray(at, at + chunk))
      at += chunk
    }
  })
}

describe('small uploads, in one form', () => {
  it('sends token, key, variables, metadata and CRC-32, the file last', async () => {
    const kodo = fakeKodo()
    const result = await client(kodo).upload(new TextEncoder().encode('hello qiniu\n'), {
      key: 'a/"quoted"\r\n.txt',
      mimeType: 'text/plain',
      variables: { 'x:user': '7' },
      metadata: { 'x-qn-meta-owner': 'me' }
    })
    expect(result).toEqual({ key: 'a/"quoted"\r\n.txt', hash: 'FkYJiwo-0jQe-up9zxs25RanfHHW' })
    const { form, host } = kodo.seen[0] ?? expect.fail()
    expect(host).toBe('upload.qiniup.com')
    expect([...(form?.keys() ?? [])]).toEqual(['token', 'key', 'x:user', 'x-qn-meta-owner', 'crc32', 'accept', 'file'])
    // zlib.crc32 of another implementation: Python binascii.crc32(b'hello qiniu\n')
    expect(form?.get('crc32')).toBe('3117163596')
    expect(form?.get('file')).toMatchObject({ type: 'text/plain' })
  })

  it('asks for the region of the bucket once, and uses the second host when the first is unreachable', async () => {
    let isDown = true
    const kodo = fakeKodo({
      disturb: ({ host }) => {
        if (host !== 'upload-z2.qiniup.com' || !isDown) return undefined
        isDown = false
        return cut()
      }
    })
    const { region: _, ...rest } = { region: 'x' }
    const qiniu = new Qiniu({ accessKey: 'ak', secretKey: 'sk', bucket: 'photos', fetch: kodo.fetch, ...rest })
    await Promise.all([qiniu.upload(pattern(10), { key: 'a' }), qiniu.upload(pattern(11), { key: 'b' })])
    expect(kodo.seen.filter(({ host }) => host === 'uc.qiniuapi.com')).toHaveLength(1)
    expect(kodo.seen.map(({ host }) => host)).toContain('up-z2.qiniup.com')
  })

  it('takes 614 after a lost response for success when the object is ours', async () => {
    let isFirst = true
    const kodo = fakeKodo({
      after: ({ form }) => {
        if (!form || !isFirst) return undefined
        isFirst = false
        return cut()
      }
    })
    const result = await client(kodo).upload(pattern(10), { key: 'once', policy: { insertOnly: 1 } })
    expect(result).toEqual({ key: 'once', hash: objectHash(pattern(10)) })
  })

  it('does not take it for success when the object is another one, or on the first attempt', async () => {
    const kodo = fakeKodo()
    kodo.objects.set('taken', pattern(5))
    const upload = client(kodo).upload(pattern(10), { key: 'taken', policy: { insertOnly: 1 } })
    await expect(upload).rejects.toMatchObject({ code: 'ERR_QINIU', status: 614, retryable: false })
    const disturbed = fakeKodo({ disturb: ({ form }, index) => (form && index === 0 ? cut() : undefined) })
    disturbed.objects.set('taken', pattern(5))
    const other = client(disturbed).upload(pattern(10), { key: 'taken', policy: { insertOnly: 1 } })
    await expect(other).rejects.toMatchObject({ code: 'ERR_UNEXPECTED_RESPONSE' })
  })

  it('throws when the stored hash is another one', async () => {
    const kodo = fakeKodo({ disturb: () => reply({ key: 'a', hash: objectHash(pattern(9)) }) })
    await expect(client(kodo).upload(pattern(10), { key: 'a' })).rejects.toMatchObject({
      code: 'ERR_UNEXPECTED_RESPONSE'
    })
  })

  it('does not take the hash that a callback answers for the one of the object', async () => {
    const theirs = objectHash(pattern(9))
    const kodo = fakeKodo({ disturb: () => reply({ hash: theirs, id: 7 }) })
    const policy = { callbackUrl: 'https://a.example', callbackBody: 'k=$(key)' }
    expect(await client(kodo).upload(pattern(10), { key: 'a', policy })).toEqual({ key: 'a', hash: theirs, id: 7 })
  })

  it('says that the name is not known, and knows it where it is the hash', async () => {
    const kodo = fakeKodo({ disturb: () => reply({ size: 10 }) })
    const policy = { returnBody: '{"size":$(fsize)}' }
    const hash = objectHash(pattern(10))
    expect(await client(kodo).upload(pattern(10), { policy })).toEqual({ key: hash, hash, size: 10 })
    await expect(
      client(kodo).upload(pattern(10), { policy: { ...policy, saveKey: '$(year)/$(etag)' } })
    ).rejects.toMatchObject({ code: 'ERR_UNEXPECTED_RESPONSE', message: expect.stringContaining('$(key)') })
  })

  it('does not repeat an upload whose callback failed', async () => {
    const kodo = fakeKodo({ disturb: () => reply({ error: 'callback failed' }, 579) })
    const failure = client(kodo).upload(pattern(10), { key: 'a' })
    await expect(failure).rejects.toMatchObject({ code: 'ERR_QINIU', upstreamCode: '579', requestId: 'REQ1' })
    expect(kodo.seen).toHaveLength(1)
  })

  it('uploads nothing as an empty object', async () => {
    const kodo = fakeKodo()
    expect(await client(kodo).upload(new Uint8Array(0), { key: '' })).toEqual({
      key: '',
      hash: objectHash(Buffer.of())
    })
  })
})

describe('large uploads, in parts', () => {
  it('cuts a stream of unknown length and reports progress', async () => {
    const kodo = fakeKodo()
    const bytes = pattern(9 * MIB + 5)
    const progress: UploadProgress[] = []
    const result = await client(kodo).upload(stream(bytes), { key: 'big', onProgress: (p) => progress.push(p) })
    expect(result).toEqual({ key: 'big', hash: objectHash(bytes) })
    expect(kodo.objects.get('big')?.equals(bytes)).toBe(true)
    expect(progress.map((p) => p.uploadedBytes)).toEqual([4 * MIB, 8 * MIB, 9 * MIB + 5])
    expect(kodo.sessions.size).toBe(0)
    const complete = JSON.parse(Buffer.from(kodo.seen.at(-1)?.bytes ?? []).toString())
    expect(complete).toMatchObject({ fname: 'big', mimeType: 'application/octet-stream' })
    expect(complete.parts.map((part: { partNumber: number }) => part.partNumber)).toEqual([1, 2, 3])
  })

  it.each([1, 2, 3])('repeats only part %i when its connection is cut', async (part) => {
    let isCut = false
    const kodo = fakeKodo({
      disturb: ({ path }) => {
        if (isCut || !path.endsWith(`/id1/${part}`)) return undefined
        isCut = true
        return cut()
      }
    })
    const bytes = pattern(9 * MIB)
    expect(await client(kodo).upload(stream(bytes), { key: 'big' })).toMatchObject({ hash: objectHash(bytes) })
    expect(kodo.paths().filter((path) => path.startsWith('PUT'))).toHaveLength(4)
  })

  it('sends a part again that arrived damaged', async () => {
    let isDamaged = false
    const kodo = fakeKodo({
      disturb: ({ method }) => {
        if (isDamaged || method !== 'PUT') return undefined
        isDamaged = true
        return reply({ etag: 'x', md5: '0'.repeat(32) })
      }
    })
    const bytes = pattern(5 * MIB)
    expect(await client(kodo).upload(bytes, { key: 'big' })).toMatchObject({ hash: objectHash(bytes) })
  })

  it('continues with the parts that had arrived, and sends changed ones again', async () => {
    const store = memoryStore()
    const bytes = pattern(13 * MIB)
    let left = 2
    const kodo = fakeKodo({
      disturb: ({ method }) => (method === 'PUT' && left-- <= 0 ? reply({ error: 'x' }, 400) : undefined)
    })
    const qiniu = client(kodo)
    const params = { key: 'big', resume: { store, id: 'job-1' } }
    await expect(qiniu.upload(stream(bytes), params)).rejects.toMatchObject({ status: 400 })
    left = 99
    const changed = Buffer.from(bytes)
    changed[5 * MIB] = 0
    const before = kodo.seen.length
    const result = await qiniu.upload(stream(changed), params)
    expect(result.hash).toBe(objectHash(changed))
    expect(kodo.paths().slice(before)).toEqual([
      expect.stringMatching(/^GET .*\/id1\?/),
      expect.stringMatching(/^PUT .*\/id1\/2$/),
      expect.stringMatching(/^PUT .*\/id1\/3$/),
      expect.stringMatching(/^PUT .*\/id1\/4$/),
      expect.stringMatching(/^POST .*\/id1$/)
    ])
    // Finished: the same id begins a new upload.
    await qiniu.upload(stream(bytes), params)
    expect(kodo.paths()).toContainEqual(expect.stringMatching(/^POST .*\/id2$/))
  })

  it('has nothing to continue when only the callback failed', async () => {
    const inner = memoryStore()
    const left = new Set<string>()
    const store = {
      ...inner,
      set: (key: string, value: string, ttlMs?: number) => {
        left.add(key)
        return inner.set(key, value, ttlMs)
      },
      delete: (key: string) => {
        left.delete(key)
        return inner.delete(key)
      }
    }
    const kodo = fakeKodo({
      after: ({ method, path }) =>
        method === 'POST' && path.endsWith('/id1') ? reply({ error: 'callback failed' }, 579) : undefined
    })
    const failure = client(kodo).upload(pattern(5 * MIB), { key: 'big', resume: { store, id: 'job' } })
    await expect(failure).rejects.toMatchObject({ status: 579 })
    expect(left.size).toBe(0)
  })

  it('starts over when Qiniu has forgotten the upload', async () => {
    const store = memoryStore()
    const bytes = pattern(9 * MIB)
    let left = 1
    const kodo = fakeKodo({
      disturb: ({ method }) => (method === 'PUT' && left-- <= 0 ? reply({ error: 'x' }, 400) : undefined)
    })
    const params = { key: 'big', resume: { store, id: 'job-1' } }
    await expect(client(kodo).upload(bytes, params)).rejects.toMatchObject({ status: 400 })
    left = 99
    kodo.sessions.clear()
    expect(await client(kodo).upload(bytes, params)).toMatchObject({ hash: objectHash(bytes) })
  })

  it('takes a lost response to the completion for success when the object is there', async () => {
    let isFirst = true
    const kodo = fakeKodo({
      after: ({ method, path }) => {
        if (method !== 'POST' || !path.endsWith('/id1') || !isFirst) return undefined
        isFirst = false
        return cut()
      }
    })
    const bytes = pattern(5 * MIB)
    expect(await client(kodo).upload(bytes, { key: 'big' })).toEqual({ key: 'big', hash: objectHash(bytes) })
  })

  it('stops at once when aborted, ends the source and frees the parts', async () => {
    const controller = new AbortController()
    const reason = new Error('user left')
    let discarded: () => void = () => undefined
    const isDiscarded = new Promise<void>((resolve) => {
      discarded = resolve
    })
    const kodo = fakeKodo({ disturb: ({ method }) => void (method === 'DELETE' && discarded()) })
    let isEnded = false
    const endless = new ReadableStream<Uint8Array>({
      pull: (c) => c.enqueue(pattern(MIB)),
      cancel: () => {
        isEnded = true
      }
    })
    const failure = client(kodo).upload(
      endless,
      { key: 'big', onProgress: () => controller.abort(reason) },
      { signal: controller.signal }
    )
    await expect(failure).rejects.toBe(reason)
    await isDiscarded
    expect(isEnded).toBe(true)
    expect(kodo.objects.size).toBe(0)
  })

  it('gives up a silent source by abort', async () => {
    const controller = new AbortController()
    const silent = new ReadableStream<Uint8Array>({ pull: () => new Promise(() => undefined) })
    const failure = client(fakeKodo()).upload(silent, {}, { signal: controller.signal })
    controller.abort('enough')
    await expect(failure).rejects.toBe('enough')
  })

  it('says that a broken stream is the source, and uploads nothing of it', async () => {
    const kodo = fakeKodo()
    const broken = Readable.from(
      (async function* () {
        yield pattern(5 * MIB)
        throw new Error('disk gone')
      })()
    )
    await expect(client(kodo).upload(broken, { key: 'big' })).rejects.toMatchObject({
      code: 'ERR_BODY_MALFORMED',
      cause: { message: 'disk gone' }
    })
    expect(kodo.objects.size).toBe(0)
  })

  it('refuses more parts than there are', async () => {
    const qiniu = client(fakeKodo())
    const media: MediaSource = {
      get: async () => ({ kind: 'file', file: { body: stream(pattern(2 * MIB)), contentLength: 20_000 * MIB } })
    }
    await expect(qiniu.transferMedia({ from: media, mediaId: 'M', key: 'big', partSize: MIB })).rejects.toMatchObject({
      code: 'ERR_INVALID_PARAM',
      option: 'partSize'
    })
  })
})

describe('a signal that lives long', () => {
  it('keeps nothing of the uploads that were made with it', async () => {
    const { signal } = new AbortController()
    const qiniu = client(fakeKodo())
    await qiniu.upload(pattern(10), { key: 'small' }, { signal })
    await qiniu.upload(stream(pattern(3 * MIB)), { key: 'large', partSize: MIB }, { signal })
    await qiniu.request({ method: 'GET', path: '/stat/eDpzbWFsbA==' }, { signal }).catch(() => undefined)
    expect(followersOf(signal)).toBe(0)
  })

  it('has one listener while many sources are silent', async () => {
    const controller = new AbortController()
    const qiniu = client(fakeKodo())
    const silent = () => new ReadableStream<Uint8Array>({ pull: () => new Promise(() => undefined) })
    const uploads = Array.from({ length: 20 }, (_, index) =>
      qiniu.upload(silent(), { key: `k${index}` }, { signal: controller.signal }).catch((error: unknown) => error)
    )
    await new Promise((resolve) => setImmediate(resolve))
    expect(followersOf(controller.signal)).toBe(1)
    const reason = new Error('mine')
    controller.abort(reason)
    expect(new Set(await Promise.all(uploads))).toEqual(new Set([reason]))
  })
})

describe('a store that fails', () => {
  it.each([
    ['at once', () => Promise.reject(new Error('READONLY uploadId'))],
    ['by an exception', () => expect.fail('broken driver')]
  ])('is named when an upload is to be continued: %s', async (_, get) => {
    const store = { ...memoryStore(), get: get as () => Promise<undefined> }
    const upload = client(fakeKodo()).upload(stream(pattern(3 * MIB)), {
      key: 'a',
      partSize: MIB,
      resume: { store, id: 'job' }
    })
    await expect(upload).rejects.toMatchObject({ code: 'ERR_STORE' })
  })

  it('does not mix up the uploads of two buckets that share it', async () => {
    const store = memoryStore()
    const kept: string[] = []
    const watched = {
      ...store,
      set: (key: string, value: string, ttlMs?: number) => {
        kept.push(key)
        return store.set(key, value, ttlMs)
      }
    }
    for (const bucket of ['photos', 'videos']) {
      const qiniu = client(fakeKodo(), { bucket })
      await qiniu.upload(stream(pattern(3 * MIB)), { key: 'a', partSize: MIB, resume: { store: watched, id: 'job' } })
    }
    expect(new Set(kept).size).toBe(2)
  })
})

describe('sources', () => {
  it('reads files', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'weixin-kit-'))
    try {
      const bytes = pattern(6 * MIB)
      await writeFile(join(folder, 'poster.png'), bytes)
      const kodo = fakeKodo()
      const seen: UploadProgress[] = []
      const result = await client(kodo).upload(
        { file: join(folder, 'poster.png') },
        { key: 'p', onProgress: (p) => seen.push(p) }
      )
      expect(result.hash).toBe(objectHash(bytes))
      expect(seen.at(-1)).toEqual({ uploadedBytes: 6 * MIB, totalBytes: 6 * MIB })
      await expect(client(kodo).upload({ file: join(folder, 'absent') })).rejects.toMatchObject({ option: 'file' })
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('reads URLs, and opens them again when they break off', async () => {
    const bytes = pattern(9 * MIB)
    let opened = 0
    const kodo = fakeKodo({
      disturb: ({ host }) => {
        if (host !== 'files.example') return undefined
        opened++
        const whole = stream(bytes)
        if (opened > 1) return new Response(whole as never, { headers: { 'content-length': String(bytes.length) } })
        return new Response(stream(bytes.subarray(0, 6 * MIB)) as never, {
          headers: { 'content-length': String(bytes.length) }
        })
      }
    })
    const result = await client(kodo).upload({ url: 'https://files.example/big' }, { key: 'big' })
    expect(result.hash).toBe(objectHash(bytes))
    expect(opened).toBe(2)
    // The first part had arrived and is not sent again.
    expect(kodo.paths().filter((path) => path.startsWith('PUT'))).toHaveLength(3)
  })

  it('reads a message of node:http, which has a url of its own', async () => {
    const kodo = fakeKodo()
    const message = Object.assign(Readable.from([pattern(10)]), { url: '/upload' })
    expect(await client(kodo).upload(message, { key: 'm' })).toEqual({ key: 'm', hash: objectHash(pattern(10)) })
  })

  it('refuses a response that is not the content', async () => {
    const kodo = fakeKodo({
      disturb: ({ host }) => (host === 'files.example' ? new Response('no', { status: 404 }) : undefined)
    })
    await expect(client(kodo).upload({ url: 'https://files.example/x' })).rejects.toMatchObject({
      code: 'ERR_UNEXPECTED_RESPONSE',
      status: 404
    })
  })

  it('reads blobs with their name and type', async () => {
    const kodo = fakeKodo()
    const picture = new File([pattern(10)], 'me.png', { type: 'image/png' })
    expect(await client(kodo).upload(picture, { key: 'b' })).toEqual({ key: 'b', hash: objectHash(pattern(10)) })
    expect(kodo.seen[0]?.form?.get('file')).toMatchObject({ type: 'image/png', name: 'me.png' })
    const large = new Blob([pattern(5 * MIB)])
    expect(await client(kodo).upload(large, { key: 'c' })).toMatchObject({ hash: objectHash(pattern(5 * MIB)) })
  })

  it.each([['text'], [42], [null], [{}]])('refuses %j as a source', async (source) => {
    await expect(client(fakeKodo()).upload(source as never)).rejects.toMatchObject({ code: 'ERR_INVALID_PARAM' })
  })

  it('refuses a stream that somebody else reads', async () => {
    const locked = stream(pattern(10))
    locked.getReader()
    await expect(client(fakeKodo()).upload(locked)).rejects.toMatchObject({
      code: 'ERR_INVALID_PARAM',
      option: 'source'
    })
  })

  it('refuses a stream of text', async () => {
    await expect(client(fakeKodo()).upload(Readable.from(['text']) as never)).rejects.toMatchObject({
      option: 'source'
    })
  })
})

describe('transferMedia', () => {
  it('streams a material and names it by what WeChat says', async () => {
    const kodo = fakeKodo()
    const bytes = pattern(9 * MIB)
    const media: MediaSource = {
      get: async (mediaId) => {
        expect(mediaId).toBe('MEDIA')
        const file = {
          body: stream(bytes),
          contentType: 'video/mp4',
          fileName: 'clip.mp4',
          contentLength: bytes.length
        }
        return { kind: 'file', file }
      }
    }
    const result = await client(kodo).transferMedia({
      from: media,
      mediaId: 'MEDIA',
      key: ({ fileName }) => `wechat/${fileName}`
    })
    expect(result).toEqual({ key: 'wechat/clip.mp4', hash: objectHash(bytes) })
    const complete = JSON.parse(Buffer.from(kodo.seen.at(-1)?.bytes ?? []).toString())
    expect(complete).toMatchObject({ fname: 'clip.mp4', mimeType: 'video/mp4' })
  })

  it('takes what mp.media.get answers: a file, or the address of a video', async () => {
    const bytes = pattern(5 * MIB)
    const kodo = fakeKodo({
      disturb: ({ host }) =>
        host === 'vweixinp.tc.qq.com'
          ? new Response(stream(bytes) as never, { headers: { 'content-type': 'video/mp4' } })
          : undefined
    })
    const video: MediaSource = { get: async () => ({ kind: 'video', video_url: 'http://vweixinp.tc.qq.com/1' }) }
    expect(await client(kodo).transferMedia({ from: video, mediaId: 'M', key: 'v' })).toMatchObject({
      hash: objectHash(bytes)
    })
    const file: MediaSource = {
      get: async () => ({
        kind: 'file',
        file: { body: stream(pattern(10)), contentType: 'image/jpeg', fileName: 'a.jpg' }
      })
    }
    await client(kodo).transferMedia({ from: file, mediaId: 'M', key: 'f' })
    expect(kodo.seen.at(-1)?.form?.get('file')).toMatchObject({ type: 'image/jpeg', name: 'a.jpg' })
  })

  it('hands the error of the source on, and lets the connection go when the key cannot be made', async () => {
    const failing: MediaSource = { get: async () => Promise.reject(new Error('40007')) }
    await expect(client(fakeKodo()).transferMedia({ from: failing, mediaId: 'M' })).rejects.toThrow('40007')
    let isCancelled = false
    const body = new ReadableStream<Uint8Array>({
      cancel: () => {
        isCancelled = true
      }
    })
    const media: MediaSource = { get: async () => ({ kind: 'file', file: { body } }) }
    const failure = client(fakeKodo()).transferMedia({ from: media, mediaId: 'M', key: () => 1 as never })
    await expect(failure).rejects.toMatchObject({ option: 'key' })
    expect(isCancelled).toBe(true)
  })
})
