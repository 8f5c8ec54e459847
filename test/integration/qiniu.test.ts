import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type FetchHandler, memoryStore } from 'weixin-kit'
import { OfficialAccount } from 'weixin-kit/mp'
import { toNodeHandler } from 'weixin-kit/node'
import { objectHash, Qiniu, type QiniuOptions } from 'weixin-kit/qiniu'
import { createSimulator, type Simulator } from 'weixin-kit/simulator'
import { listen } from '../support/loopback.ts'

const MIB = 1024 * 1024
const pattern = (length: number) => Buffer.alloc(length, 'a pattern of thirty-one bytes ..')
const refusal = (status: number) =>
  expect.objectContaining({ code: 'ERR_QINIU', status, requestId: expect.any(String) })

let simulator: Simulator
let received: unknown[] = []
let qiniu: Qiniu
const CALLBACK = 'https://app.example/qiniu/callback?from=test'

beforeEach(() => {
  received = []
  simulator = createSimulator({
    seed: 'qiniu',
    deliver: (request) =>
      qiniu.callbackHandler({
        onUploaded: (fields) => {
          received.push(fields)
          if (fields.key === 'refused') throw new Error('database down')
          return { accepted: fields.key, key: fields.key }
        }
      })(request)
  })
})
afterEach(() => simulator.close())

/** The three ways to reach a simulator: an injected fetch, a loopback server, a loopback server and a known region. */
const ways: [string, () => Promise<Partial<QiniuOptions>>][] = [
  ['fetch', async () => ({ fetch: simulator.fetch })],
  ['loopback', async () => ({ baseUrl: (await simulator.listen()).baseUrl('uc.qiniuapi.com') })],
  ['loopback, region', async () => ({ baseUrl: (await simulator.listen()).baseUrl('up.qiniup.com'), region: 'z0' })]
]

describe.each(ways)('over %s', (_, connect) => {
  beforeEach(async () => {
    qiniu = new Qiniu({ ...simulator.credentials.qiniu, ...(await connect()) })
  })

  it('uploads small and large, and stores the very bytes', async () => {
    for (const bytes of [Buffer.of(), pattern(3), pattern(4 * MIB), pattern(4 * MIB + 1), pattern(9 * MIB)]) {
      const key = `a b/文件+${bytes.length}?.bin`
      expect(await qiniu.upload(bytes, { key, mimeType: 'text/x-test' })).toEqual({ key, hash: objectHash(bytes) })
      expect(simulator.qiniu.object(key)).toMatchObject({ mimeType: 'text/x-test' })
      expect(Buffer.compare(simulator.qiniu.object(key)?.data ?? Buffer.of(1), bytes)).toBe(0)
    }
    const unnamed = await qiniu.upload(pattern(5))
    expect(unnamed.key).toBe(unnamed.hash)
  })

  it('manages objects', async () => {
    const { objects } = qiniu
    await qiniu.upload(pattern(5), { key: 'a', metadata: { 'x-qn-meta-owner': 'me' } })
    expect(await objects.stat('a')).toMatchObject({
      fsize: 5,
      hash: objectHash(pattern(5)),
      putTime: expect.stringMatching(/^\d+$/)
    })
    await expect(objects.stat('absent')).rejects.toThrow(refusal(612))

    await objects.copy({ from: 'a', to: 'b' })
    await expect(objects.copy({ from: 'a', to: 'b' })).rejects.toThrow(refusal(614))
    await objects.copy({ from: 'a', to: 'b', force: true })
    await objects.move({ from: 'b', to: { key: 'dir/c:d' } })
    await expect(objects.move({ from: 'b', to: 'e' })).rejects.toThrow(refusal(612))
    await objects.chgm('a', { mimeType: 'image/png', metadata: { owner: 'you' } })
    expect(await objects.stat('a')).toMatchObject({ mimeType: 'image/png' })
    await objects.chtype('a', 1)
    await objects.chstatus('a', 1)
    expect(await objects.stat('a')).toMatchObject({ type: 1, status: 1 })
    await objects.deleteAfterDays('a', 3)
    await objects.delete('dir/c:d')
    await expect(objects.delete('dir/c:d')).rejects.toThrow(refusal(612))
    expect(await objects.buckets()).toEqual([qiniu.bucket])
    expect(JSON.stringify(await objects.domains())).toContain(simulator.credentials.qiniu.domain)
  })

  it('restores archives', async () => {
    await qiniu.upload(pattern(5), { key: 'old', policy: { fileType: 2 } })
    await qiniu.objects.restore('old', 3)
    expect(await qiniu.objects.stat('old')).toMatchObject({ restoreStatus: expect.any(Number) })
  })

  it('lists page by page', async () => {
    for (let i = 0; i < 7; i++) simulator.qiniu.put(`list/${i}`, 'x')
    simulator.qiniu.put('list/sub/1', 'x')
    const keys: string[] = []
    for await (const { key, putTime } of qiniu.objects.list({ prefix: 'list/', limit: 3 })) {
      expect(putTime).toMatch(/^\d+$/)
      keys.push(key)
    }
    expect(keys).toEqual(['list/0', 'list/1', 'list/2', 'list/3', 'list/4', 'list/5', 'list/6', 'list/sub/1'])
    const page = await qiniu.objects.listPage({ prefix: 'list/', delimiter: '/' })
    expect(page.commonPrefixes).toEqual(['list/sub/'])
    expect(page.marker).toBeUndefined()
    await expect(qiniu.objects.listPage({ marker: 'wrong' })).rejects.toThrow(refusal(640))
  })

  it('runs batches with a result for each', async () => {
    simulator.qiniu.put('one', 'x')
    const results = await qiniu.objects.batch([
      { op: 'stat', object: 'one' },
      { op: 'delete', object: 'absent' },
      { op: 'copy', from: 'one', to: 'two' },
      { op: 'move', from: 'two', to: 'three', force: true },
      { op: 'chgm', object: 'three', mimeType: 'image/gif' },
      { op: 'chtype', object: 'three', type: 1 },
      { op: 'chstatus', object: 'three', status: 1 },
      { op: 'deleteAfterDays', object: 'three', days: 1 }
    ])
    expect(results.map(({ code }) => code)).toEqual([200, 612, 200, 200, 200, 200, 200, 200])
    expect(results[1]?.error).toMatchObject({ code: 'ERR_QINIU', status: 612, hint: { zh: expect.any(String) } })
    expect(simulator.qiniu.object('three')).toMatchObject({ mimeType: 'image/gif' })
  })

  it('fetches and prefetches', async () => {
    simulator.qiniu.source('https://files.example/a.png', 'picture', 'image/png')
    expect(await qiniu.objects.fetch({ url: 'https://files.example/a.png', to: 'copied' })).toMatchObject({
      key: 'copied',
      fsize: 7
    })
    simulator.qiniu.bucket(qiniu.bucket, { mirror: 'https://mirror.example' })
    simulator.qiniu.source('https://mirror.example/m.txt', 'mirrored')
    await qiniu.objects.prefetch('m.txt')
    expect(Buffer.from(simulator.qiniu.object('m.txt')?.data ?? []).toString()).toBe('mirrored')
  })

  it('processes', async () => {
    simulator.qiniu.put('clip.mov', 'film')
    const command = qiniu.processing.saveAs('avthumb/mp4', 'clip.mp4')
    const { persistentId } = await qiniu.processing.pfop({ object: 'clip.mov', fops: [command], force: true })
    expect(await qiniu.processing.status(persistentId)).toMatchObject({ id: persistentId, inputKey: 'clip.mov' })
    await expect(qiniu.processing.pfop({ object: 'absent', fops: ['x'] })).rejects.toThrow(refusal(612))
    await expect(qiniu.processing.status('none')).rejects.toThrow(refusal(612))
  })

  it.each(['QBox', 'Qiniu'] as const)('calls back with a %s signature, which is verified', async (scheme) => {
    simulator.qiniu.signCallbacksWith(scheme)
    const policy = {
      callbackUrl: CALLBACK,
      callbackBody: 'key=$(key)&hash=$(etag)&size=$(fsize)&name=$(fname)&by=$(x:by)'
    }
    const small = await qiniu.upload(pattern(5), {
      key: 'called',
      fileName: 'ö ä+&.txt',
      variables: { 'x:by': '7' },
      policy
    })
    expect(small).toEqual({ key: 'called', hash: objectHash(pattern(5)), accepted: 'called' })
    const large = await qiniu.upload(pattern(5 * MIB), { key: 'large', policy })
    expect(large).toMatchObject({ accepted: 'large' })
    expect(received).toMatchObject([
      { key: 'called', hash: objectHash(pattern(5)), size: '5', name: 'ö ä+&.txt', by: '7' },
      { key: 'large', size: String(5 * MIB) }
    ])
    await expect(qiniu.upload(pattern(5), { key: 'refused', policy })).rejects.toThrow(refusal(579))
    expect(simulator.qiniu.object('refused')).toBeDefined()
  })

  it('takes JSON callbacks only with the scheme that protects them', async () => {
    const policy = {
      callbackUrl: CALLBACK,
      callbackBody: '{"key":$(key),"size":$(fsize)}',
      callbackBodyType: 'application/json'
    } as const
    await expect(qiniu.upload(pattern(5), { key: 'j', policy })).rejects.toThrow(refusal(579))
    expect(received).toEqual([])
    simulator.qiniu.signCallbacksWith('Qiniu')
    await qiniu.upload(pattern(5), { key: 'j', policy })
    expect(received).toEqual([{ key: 'j', size: 5 }])
  })

  it('keeps the limits of the policy', async () => {
    await expect(qiniu.upload(pattern(50), { policy: { fsizeLimit: 10 } })).rejects.toThrow(refusal(413))
    await expect(qiniu.upload(pattern(5), { policy: { fsizeMin: 10 } })).rejects.toThrow(refusal(403))
    await expect(
      qiniu.upload(pattern(5), { mimeType: 'text/plain', policy: { mimeLimit: 'image/*', detectMime: -1 } })
    ).rejects.toThrow(refusal(403))
    await qiniu.upload(pattern(5), { key: 'once' })
    await expect(qiniu.upload(pattern(6), { key: 'once', policy: { insertOnly: 1 } })).rejects.toThrow(refusal(614))
  })

  it('sends any management call, signed', async () => {
    simulator.qiniu.put('any', 'x')
    const body = { url: 'https://files.example/later', bucket: qiniu.bucket, key: 'later' }
    simulator.qiniu.source('https://files.example/later', 'later')
    expect(await qiniu.request({ method: 'POST', service: 'api', path: '/sisyphus/fetch', body })).toMatchObject({
      id: expect.any(String)
    })
    expect(
      await qiniu.request({
        method: 'GET',
        service: 'rsf',
        path: '/list',
        query: { bucket: qiniu.bucket, prefix: 'an' }
      })
    ).toMatchObject({
      items: [{ key: 'any' }]
    })
  })

  it('refuses other keys', async () => {
    const { accessKey, ...rest } = simulator.credentials.qiniu
    const options = await connect()
    const wrongSecret = new Qiniu({ accessKey, ...rest, secretKey: 'wrong', ...options })
    await expect(wrongSecret.objects.stat('x')).rejects.toThrow(refusal(401))
    await expect(wrongSecret.upload(pattern(5))).rejects.toThrow(refusal(401))
    const wrongBucket = new Qiniu({ accessKey, ...rest, bucket: 'another', ...options })
    await expect(wrongBucket.upload(pattern(5))).rejects.toThrow(refusal(631))
  })

  it('streams a WeChat material into the bucket', async () => {
    const mp = new OfficialAccount({ ...simulator.credentials.officialAccount, ...simulator.clientOptions })
    const picture = Buffer.concat([Buffer.of(0xff, 0xd8, 0xff, 0xe0), pattern(1000)])
    const { media_id } = await mp.media.upload({ type: 'image', data: picture, fileName: 'a.jpg' })
    assert(media_id)
    const result = await qiniu.transferMedia({
      from: mp.media,
      mediaId: media_id,
      key: ({ fileName }) => `wx/${fileName}`
    })
    expect(result.key).toMatch(/^wx\/.+\.jpg$/)
    expect(result.hash).toBe(objectHash(picture))
    expect(simulator.qiniu.object(result.key)).toMatchObject({ mimeType: 'image/jpeg' })
    const failure = qiniu.transferMedia({ from: mp.media, mediaId: 'unknown' })
    await expect(failure).rejects.toMatchObject({ code: 'ERR_WECHAT_API', upstreamCode: '40007' })
  })
})

describe('callbacks over HTTP', () => {
  it.each(['QBox', 'Qiniu'] as const)('reach a node server signed by %s', async (scheme) => {
    let handler: FetchHandler = async () => new Response(null, { status: 404 })
    const server = await listen((incoming, outgoing) =>
      toNodeHandler((request) => handler(request))(incoming, outgoing)
    )
    const target = createSimulator({ deliver: server.url })
    try {
      target.qiniu.signCallbacksWith(scheme)
      qiniu = new Qiniu({ ...target.credentials.qiniu, ...target.clientOptions })
      handler = qiniu.callbackHandler({ onUploaded: ({ key }) => ({ key, path: scheme }) })
      const policy = { callbackUrl: 'https://app.example/qiniu/a%20b?x=%E4%B8%AD&y', callbackBody: 'key=$(key)' }
      expect(await qiniu.upload(pattern(5), { key: 'a', policy })).toMatchObject({ key: 'a', path: scheme })
    } finally {
      await target.close()
      await server.close()
    }
  })
})

describe('a misbehaving upstream', () => {
  let options: QiniuOptions

  beforeEach(async () => {
    const baseUrl = (await simulator.listen()).baseUrl('up.qiniup.com')
    options = { ...simulator.credentials.qiniu, baseUrl, region: 'z0' }
    qiniu = new Qiniu(options)
  })

  it.each(['reset', 'truncated'] as const)('survives a %s answer to each step', async (kind) => {
    const bytes = pattern(5 * MIB)
    const steps = [/^POST .*\/uploads$/, /^PUT /, /^POST .*\/uploads\/.+/]
    for (const [index, step] of steps.entries()) {
      const fault = simulator.fail(step, kind)
      const key = `big-${index}`
      expect(await qiniu.upload(bytes, { key })).toMatchObject({ hash: objectHash(bytes) })
      expect(fault.hits).toBe(1)
      expect(Buffer.compare(simulator.qiniu.object(key)?.data ?? Buffer.of(), bytes)).toBe(0)
    }
    const fault = simulator.fail(/^POST up/, kind)
    expect(await qiniu.upload(pattern(5), { key: 'small', policy: { insertOnly: 1 } })).toMatchObject({ key: 'small' })
    expect(fault.hits).toBe(1)
  })

  it('repeats what is safe to repeat, and takes done for done', async () => {
    const { objects } = qiniu
    simulator.qiniu.put('a', 'x')
    for (const [path, run] of [
      ['/stat/', () => objects.stat('a')],
      ['/copy/', () => objects.copy({ from: 'a', to: 'b' })],
      ['/move/', () => objects.move({ from: 'b', to: 'c' })],
      ['/delete/', () => objects.delete('c')],
      ['/chgm/', () => objects.chgm('a', { mimeType: 'text/plain' })],
      ['/list', () => objects.listPage()]
    ] as const) {
      const fault = simulator.fail(path, 'reset')
      await run()
      expect(fault.hits).toBe(1)
    }
    expect(simulator.qiniu.objects().map(({ key }) => key)).toEqual(['a'])
  })

  it('does not repeat a batch that writes, nor the start of a task', async () => {
    simulator.qiniu.put('a', 'x')
    simulator.fail('/batch', 'reset')
    await expect(qiniu.objects.batch([{ op: 'delete', object: 'a' }])).rejects.toMatchObject({ code: 'ERR_CONNECTION' })
    simulator.qiniu.put('a', 'x')
    const fault = simulator.fail('/pfop/', 'reset', 2)
    await expect(qiniu.processing.pfop({ object: 'a', fops: ['x'] })).rejects.toMatchObject({ code: 'ERR_CONNECTION' })
    expect(fault.hits).toBe(1)
  })

  it('repeats on 599 and 573 but never on 579', async () => {
    for (const status of [599, 573, 503]) {
      simulator.fail(/^POST up/, { status })
      await qiniu.upload(pattern(5), { key: 'a' })
    }
    simulator.fail(/^POST up/, { status: 579 })
    await expect(qiniu.upload(pattern(5), { key: 'a' })).rejects.toThrow(refusal(579))
  })

  it('gets past the page of a proxy, and says what it saw when it stays', async () => {
    simulator.qiniu.put('a', 'x')
    simulator.fail('/stat/', 'html')
    expect(await qiniu.objects.stat('a')).toMatchObject({ fsize: 1 })
    simulator.fail('/stat/', { response: () => new Response('<html>log in</html>') })
    await expect(qiniu.objects.stat('a')).rejects.toMatchObject({ code: 'ERR_UNEXPECTED_RESPONSE' })
  })

  it('continues in another client after the connection was cut', async () => {
    const bytes = pattern(13 * MIB)
    const params = { key: 'big', resume: { store: memoryStore(), id: 'upload-1' } }
    const cut = simulator.fail(/^PUT .*\/3$/, { kind: 'reset', executed: false, times: Number.POSITIVE_INFINITY })
    await expect(qiniu.upload(bytes, params)).rejects.toMatchObject({ code: 'ERR_CONNECTION', requestSent: true })
    expect(cut.hits).toBe(3)
    cut.restore()
    simulator.log.clear()
    expect(await new Qiniu(options).upload(bytes, params)).toMatchObject({ hash: objectHash(bytes) })
    expect(simulator.log.entries.map(({ method }) => method)).toEqual(['GET', 'PUT', 'PUT', 'POST'])
    expect(Buffer.compare(simulator.qiniu.object('big')?.data ?? Buffer.of(), bytes)).toBe(0)
  })

  it('starts over when the upload has expired meanwhile', async () => {
    const bytes = pattern(9 * MIB)
    const params = { key: 'big', resume: { store: memoryStore(), id: 'upload-1' } }
    const cut = simulator.fail(/^PUT .*\/2$/, { status: 400 })
    await expect(qiniu.upload(bytes, params)).rejects.toThrow(refusal(400))
    expect(cut.hits).toBe(1)
    simulator.qiniu.expireUploads()
    expect(await qiniu.upload(bytes, params)).toMatchObject({ hash: objectHash(bytes) })
  })

  it('frees the parts of an upload that was given up', async () => {
    const controller = new AbortController()
    const discarded = new Promise<void>((resolve) => {
      simulator.log.subscribe(({ method }) => method === 'DELETE' && resolve())
    })
    const onProgress = () => controller.abort(new Error('left'))
    const failure = qiniu.upload(pattern(9 * MIB), { key: 'big', onProgress }, { signal: controller.signal })
    await expect(failure).rejects.toThrow('left')
    await discarded
    expect(simulator.qiniu.object('big')).toBeUndefined()
  })
})

// Its published types lag behind it.
type Answer = { data: Record<string, unknown>; resp: { statusCode: number } }
interface Official {
  form_up: {
    FormUploader: new (
      config: object
    ) => { put(token: string, key: string, body: Buffer, extra: object): Promise<Answer> }
    PutExtra: new () => object
  }
  resume_up: {
    ResumeUploader: new (
      config: object
    ) => { putFile(token: string, key: string, file: string, extra: object): Promise<Answer> }
    PutExtra: { create(): object }
    createResumeRecorderSync(folder: string): object
  }
  rs: { BucketManager: new (mac: object, config: object) => { stat(bucket: string, key: string): Promise<Answer> } }
  fop: {
    OperationManager: new (
      mac: object,
      config: object
    ) => {
      pfop(
        bucket: string,
        key: string,
        fops: string[],
        pipeline: string,
        options: object,
        done: (error: unknown, data: object) => void
      ): void
    }
  }
}

describe('through the official package, with what this library gives it', () => {
  const policy = { callbackUrl: CALLBACK, callbackBody: 'key=$(key)&size=$(fsize)' }
  let official: Official
  let config: object
  let mac: object

  beforeEach(async () => {
    const baseUrl = (await simulator.listen()).baseUrl('uc.qiniuapi.com')
    qiniu = new Qiniu({ ...simulator.credentials.qiniu, baseUrl })
    const toolkit = await qiniu.official()
    official = toolkit.module as Official
    mac = toolkit.mac
    config = toolkit.config
  })

  it('a real upload with our token, and the callback of it', async () => {
    const uploader = new official.form_up.FormUploader(config)
    const token = qiniu.uploadToken({ key: 'by/them', ...policy })
    const { data, resp } = await uploader.put(token, 'by/them', pattern(100), new official.form_up.PutExtra())
    expect([resp.statusCode, data]).toEqual([200, { accepted: 'by/them', key: 'by/them' }])
    expect(received).toEqual([{ key: 'by/them', size: '100' }])
    expect((await qiniu.objects.stat('by/them')).hash).toBe(objectHash(pattern(100)))
  })

  it('a large upload that is resumed after a cut connection', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'weixin-kit-'))
    try {
      const bytes = pattern(13 * MIB)
      const file = join(folder, 'big.bin')
      await writeFile(file, bytes)
      const uploader = new official.resume_up.ResumeUploader(config)
      const recorder = official.resume_up.createResumeRecorderSync(folder)
      const extra = () =>
        Object.assign(official.resume_up.PutExtra.create(), { resumeRecorder: recorder, resumeKey: 'job' })
      const token = qiniu.uploadToken({ key: 'big', ...policy })
      const cut = simulator.fail(/^PUT .*\/3$/, { kind: 'reset', executed: false, times: Number.POSITIVE_INFINITY })
      await expect(uploader.putFile(token, 'big', file, extra())).rejects.toThrow()
      cut.restore()
      simulator.log.clear()
      const { data } = await uploader.putFile(token, 'big', file, extra())
      expect(data).toEqual({ accepted: 'big', key: 'big' })
      expect(simulator.log.entries.filter(({ method }) => method === 'PUT')).toHaveLength(2)
      expect(simulator.qiniu.object('big')?.hash).toBe(objectHash(bytes))
      expect(received).toEqual([{ key: 'big', size: String(bytes.length) }])
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('its management and processing', async () => {
    simulator.qiniu.put('a', 'x')
    const { data } = await new official.rs.BucketManager(mac, config).stat(qiniu.bucket, 'a')
    expect(data).toMatchObject({ fsize: 1 })
    const started = await new Promise<object>((resolve, reject) => {
      const manager = new official.fop.OperationManager(mac, config)
      manager.pfop(qiniu.bucket, 'a', ['avthumb/mp4'], '', {}, (error, data) => (error ? reject(error) : resolve(data)))
    })
    expect(started).toMatchObject({ persistentId: expect.any(String) })
  })

  it('is not handed out where its calls would leave for the real service', async () => {
    const injected = new Qiniu({ ...simulator.credentials.qiniu, fetch: simulator.fetch })
    await expect(injected.official()).rejects.toMatchObject({ code: 'ERR_CONFIG', option: 'baseUrl' })
  })
})

it('has callbacks with a date where they are asked for', async () => {
  const client = new Qiniu({ ...simulator.credentials.qiniu, ...simulator.clientOptions })
  const keys: unknown[] = []
  const handler = client.callbackHandler({ requireDate: true, onUploaded: ({ key }) => void keys.push(key) })
  const dated = createSimulator({ seed: 'qiniu', deliver: (request) => handler(request) })
  const uploader = new Qiniu({ ...dated.credentials.qiniu, ...dated.clientOptions })
  const policy = { callbackUrl: CALLBACK, callbackBody: 'key=$(key)' }
  await expect(uploader.upload(pattern(3), { key: 'undated', policy })).rejects.toThrow(refusal(579))
  dated.qiniu.signCallbacksWith('Qiniu')
  await uploader.upload(pattern(3), { key: 'dated', policy })
  expect(keys).toEqual(['dated'])
  await dated.close()
})
