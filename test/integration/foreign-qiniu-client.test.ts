import { Readable } from 'node:stream'
import official from 'qiniu'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSimulator, type Simulator, type SimulatorServer } from 'weixin-kit/simulator'

type Callback = (error: unknown, data: Record<string, unknown>) => void
type Method = (...args: unknown[]) => Promise<Answer>
type Answer = { data: Record<string, unknown>; resp: { statusCode: number } }

// The published types lag behind the package: they have neither providers nor the form of a response.
interface Official {
  auth: { digest: { Mac: new (accessKey: string, secretKey: string) => object } }
  conf: { Config: new (options: object) => object }
  zone: { Zone: new (up: string[], cdn: string[], io: string, rs: string, rsf: string, api: string) => object }
  httpc: {
    Endpoint: new (host: string, options: object) => object
    StaticEndpointsProvider: new (endpoints: object[]) => object
  }
  rs: Record<
    'BucketManager',
    new (
      mac: object,
      config: object
    ) => Record<string, (...args: unknown[]) => Promise<Answer>>
  > & {
    PutPolicy: new (policy: object) => { uploadToken(mac: object): string }
    statOp(bucket: string, key: string): string
    deleteOp(bucket: string, key: string): string
  }
  form_up: {
    FormUploader: new (config: object) => { put: Method }
    PutExtra: new (fname?: string, params?: object, mimeType?: string) => object
  }
  resume_up: {
    ResumeUploader: new (config: object) => { putStream: Method }
    PutExtra: new (...args: unknown[]) => { version: string; partSize: number; params: object; fname: string }
  }
  fop: {
    OperationManager: new (
      mac: object,
      config: object
    ) => {
      pfop(bucket: string, key: string, fops: string[], pipeline: string, options: object, callback: Callback): void
      prefop(id: string, callback: Callback): void
    }
  }
  util: { isQiniuCallback(mac: object, uri: string, body: string, authorization: string): boolean }
}
const qiniu = official as unknown as Official

const callbacks: { url: string; body: string; authorization: string }[] = []
let simulator: Simulator
let server: SimulatorServer
let mac: object
let config: object
let bucket: string

beforeAll(async () => {
  simulator = createSimulator({
    deliver: async (request) => {
      callbacks.push({
        url: request.url,
        body: await request.text(),
        authorization: request.headers.get('authorization') ?? ''
      })
      return Response.json({ stored: true })
    }
  })
  server = await simulator.listen()
  const { accessKey, secretKey, ...rest } = simulator.credentials.qiniu
  bucket = rest.bucket
  mac = new qiniu.auth.digest.Mac(accessKey, secretKey)
  const uc = new qiniu.httpc.Endpoint(server.baseUrl('uc.qiniuapi.com').replace('http://', ''), {
    defaultScheme: 'http'
  })
  const provider = new qiniu.httpc.StaticEndpointsProvider([uc])
  config = new qiniu.conf.Config({
    useHttpsDomain: false,
    ucEndpointsProvider: provider,
    queryRegionsEndpointsProvider: provider,
    regionsQueryResultCachePath: null
  })
})

afterAll(() => simulator.close())

const token = (policy: object = {}) => new qiniu.rs.PutPolicy({ scope: bucket, ...policy }).uploadToken(mac)

describe('the official qiniu package', () => {
  it('uploads a form', async () => {
    const uploader = new qiniu.form_up.FormUploader(config)
    const extra = new qiniu.form_up.PutExtra('旗帜 "1".txt', { 'x:from': 'test' }, 'text/plain')
    const policy = { returnBody: '{"key":"$(key)","name":$(fname),"size":$(fsize),"from":$(x:from)}' }
    const { data, resp } = (await uploader.put(token(policy), 'a b/旗.txt', Buffer.from('hello'), extra)) as Answer
    expect(resp.statusCode).toBe(200)
    expect(data).toEqual({ key: 'a b/旗.txt', name: '旗帜 "1".txt', size: 5, from: 'test' })
    expect(Buffer.from(simulator.qiniu.object('a b/旗.txt')?.data ?? []).toString()).toBe('hello')
  })

  it('is refused with a token of another key', async () => {
    const uploader = new qiniu.form_up.FormUploader(config)
    const wrong = new qiniu.rs.PutPolicy({ scope: bucket }).uploadToken(
      new qiniu.auth.digest.Mac(simulator.credentials.qiniu.accessKey, 'wrong')
    )
    const { data, resp } = (await uploader.put(wrong, 'x', Buffer.from('x'))) as Answer
    expect([resp.statusCode, data]).toEqual([401, { error: 'bad token' }])
  })

  it.each(['v1', 'v2'])('uploads in parts (%s) and checks the hash of more than 4 MiB', async (version) => {
    const bytes = Buffer.alloc(9 * 1024 * 1024 + 7, version)
    const uploader = new qiniu.resume_up.ResumeUploader(config)
    const extra = Object.assign(new qiniu.resume_up.PutExtra(), {
      version,
      partSize: 4 * 1024 * 1024,
      fname: 'big.bin'
    })
    const { data } = (await uploader.putStream(
      token(),
      `big-${version}`,
      Readable.from([bytes]),
      bytes.length,
      extra
    )) as Answer
    const stored = simulator.qiniu.object(`big-${version}`)
    expect(data).toMatchObject({ key: `big-${version}`, hash: stored?.hash })
    expect(stored?.hash).toMatch(/^l/)
    expect(bytes.equals(stored?.data ?? Buffer.of())).toBe(true)
    simulator.qiniu.put('form', bytes)
    expect(simulator.qiniu.object('form')?.hash).toBe(stored?.hash)
  })

  it('gets the response of the callback, whose signature it accepts', async () => {
    const uploader = new qiniu.form_up.FormUploader(config)
    const policy = { callbackUrl: 'https://shop.example/cb?id=1', callbackBody: 'key=$(key)&size=$(fsize)&n=$(x:n)' }
    const extra = new qiniu.form_up.PutExtra('f', { 'x:n': 'a&b 中' })
    const { data } = (await uploader.put(token(policy), 'called', Buffer.from('12345'), extra)) as Answer
    expect(data).toEqual({ stored: true })
    const [callback] = callbacks.splice(0)
    expect(callback?.body).toBe('key=called&size=5&n=a%26b%20%E4%B8%AD')
    const { url = '', body = '', authorization = '' } = callback ?? {}
    expect(qiniu.util.isQiniuCallback(mac, url, body, authorization)).toBe(true)
    expect(qiniu.util.isQiniuCallback(mac, url, `${body}1`, authorization)).toBe(false)
  })

  it('manages objects', async () => {
    const manager = new qiniu.rs.BucketManager(mac, config)
    const run = async (name: string, ...args: unknown[]) =>
      (await (manager[name] as Method).apply(manager, args)) as Answer
    simulator.qiniu.put('m/1', 'one', { mimeType: 'text/plain' })
    simulator.qiniu.put('m/2', 'two')
    expect((await run('stat', bucket, 'm/1')).data).toMatchObject({ fsize: 3, mimeType: 'text/plain' })
    expect((await run('stat', bucket, 'm/0')).resp.statusCode).toBe(612)
    expect((await run('copy', bucket, 'm/1', bucket, 'm/2', { force: false })).resp.statusCode).toBe(614)
    expect((await run('copy', bucket, 'm/1', bucket, 'm/2', { force: true })).resp.statusCode).toBe(200)
    expect((await run('move', bucket, 'm/2', bucket, 'm/3', {})).resp.statusCode).toBe(200)
    await run('changeMime', bucket, 'm/3', 'text/csv')
    await run('changeHeaders', bucket, 'm/3', { color: 'red' })
    await run('changeType', bucket, 'm/3', 1)
    await run('deleteAfterDays', bucket, 'm/3', 3)
    expect((await run('stat', bucket, 'm/3')).data).toMatchObject({
      mimeType: 'text/csv',
      type: 1,
      'x-qn-meta': { color: 'red' },
      expiration: expect.any(Number)
    })
    const listed = await run('listPrefix', bucket, { prefix: 'm/', limit: 1 })
    expect(listed.data).toMatchObject({ items: [{ key: 'm/1' }], marker: expect.any(String) })
    const next = await run('listPrefix', bucket, { prefix: 'm/', marker: listed.data.marker })
    expect((next.data.items as { key: string }[]).map(({ key }) => key)).toEqual(['m/3'])
    expect((await run('listPrefix', bucket, { marker: 'nonsense' })).resp.statusCode).toBe(640)
    const batch = await run('batch', [qiniu.rs.statOp(bucket, 'm/1'), qiniu.rs.deleteOp(bucket, 'm/none')])
    expect(batch.resp.statusCode).toBe(298)
    expect(batch.data).toMatchObject([{ code: 200, data: { fsize: 3 } }, { code: 612 }])
    simulator.qiniu.source('https://pictures.example/1.gif', 'GIF89a____', 'image/gif')
    expect((await run('fetch', 'https://pictures.example/1.gif', bucket, 'fetched')).data).toMatchObject({ fsize: 10 })
    expect((await run('delete', bucket, 'm/1')).resp.statusCode).toBe(200)
    expect((await run('delete', bucket, 'm/1')).resp.statusCode).toBe(612)
    expect((await run('listBucket')).data).toEqual([bucket])
    expect((await run('listBucketDomains', bucket)).data).toMatchObject([
      { domain: simulator.credentials.qiniu.domain }
    ])
  })

  it('processes and asks for the result', async () => {
    simulator.qiniu.put('video', 'x')
    // This part of the package knows no providers, only the older zone.
    const host = (name: string) => server.baseUrl(name).replace('http://', '')
    const [up, io] = [[host('up.qiniup.com')], host('iovip.qiniuio.com')]
    const api = host('api-z0.qiniuapi.com')
    const zone = new qiniu.zone.Zone(up, up, io, host('rs-z0.qiniuapi.com'), host('rsf-z0.qiniuapi.com'), api)
    const manager = new qiniu.fop.OperationManager(mac, new qiniu.conf.Config({ zone, useHttpsDomain: false }))
    const call = (run: (callback: Callback) => void) =>
      new Promise<Record<string, unknown>>((resolve, reject) =>
        run((error, answer) => (error ? reject(error) : resolve(answer)))
      )
    const started = await call((done) => manager.pfop(bucket, 'video', ['avthumb/mp4'], '', {}, done))
    const id = String(started.persistentId)
    expect(simulator.qiniu.job(id)).toMatchObject({ code: 1 })
    await simulator.clock.advance(1_000)
    expect(await call((done) => manager.prefop(id, done))).toMatchObject({
      id,
      code: 0,
      items: [{ cmd: 'avthumb/mp4', code: 0 }]
    })
  })
})
