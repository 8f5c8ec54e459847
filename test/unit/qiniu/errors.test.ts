import { describe, expect, it, vi } from 'vitest'
import { Qiniu } from 'weixin-kit/qiniu'
import { describeStatus } from '../../../src/qiniu/statuses.ts'
import { stubFetch } from '../../support/stub-fetch.ts'
import { reply } from './fake-kodo.ts'

/** The codes of the document "HTTP status codes", and whether the same request can succeed later. */
const DOCUMENTED: [number, boolean][] = [
  [298, false],
  [400, false],
  [401, false],
  [403, false],
  [404, false],
  [405, false],
  [406, true],
  [413, false],
  [419, false],
  [478, true],
  [502, true],
  [503, true],
  [504, true],
  [571, true],
  [573, true],
  [579, false],
  [599, true],
  [608, false],
  [612, false],
  [614, false],
  [630, false],
  [631, false],
  [640, false],
  [701, false]
]
const client = (fetch = stubFetch(() => reply({}))) =>
  new Qiniu({ accessKey: 'ak', secretKey: 'sk', bucket: 'photos', region: 'z0', fetch, maxRetries: 0 })

describe('statuses', () => {
  it.each(DOCUMENTED)('%i has kind, retryable and hints', (status, retryable) => {
    const info = describeStatus(status, '')
    expect(info.kind).not.toBe('unknown')
    expect(info.retryable).toBe(retryable)
    expect(info.hint.en.length).toBeGreaterThan(10)
    expect(info.hint.zh).toMatch(/\p{Script=Han}/u)
  })

  it('knows unknown ones by their range', () => {
    expect(describeStatus(499, '')).toMatchObject({ kind: 'unknown', retryable: false })
    expect(describeStatus(596, '')).toMatchObject({ kind: 'busy', retryable: true })
  })

  it('names the region to use', async () => {
    const failure = client(
      stubFetch(() => reply({ error: 'incorrect region, please use up-z2.qiniup.com' }, 400))
    ).upload(new Uint8Array(1))
    await expect(failure).rejects.toMatchObject({
      code: 'ERR_QINIU',
      kind: 'config',
      hint: { en: expect.stringContaining('up-z2.qiniup.com') }
    })
  })

  it.each([
    ['up-z2.qiniup.com', 'z2'],
    ['up-z2.qiniup.com, bucket is: photos', 'z2'],
    ['upload-cn-east-2.qiniup.com', 'cn-east-2'],
    ['http://up-as0.qiniup.com', 'as0'],
    ['up.qiniup.com', 'z0']
  ])('reads the region in "please use %s"', (host, region) => {
    const { kind, hint } = describeStatus(400, `incorrect region, please use ${host}`)
    expect(kind).toBe('config')
    expect(hint.en).toContain(`set the option region to "${region}"`)
    expect(hint.zh).toContain(`设为 "${region}"`)
  })

  it.each([
    [614, 'file exists', 'upload', 'a token with a key'],
    [614, 'file exists', 'objects.copy', 'force: true'],
    [614, 'file exists', 'objects.move', 'force: true'],
    [404, '404 page not found', 'request /x', 'baseUrl'],
    [612, 'no such file or directory', 'objects.stat', 'does not exist'],
    [612, 'no such bucket', 'region.query', 'accessKey'],
    [631, 'no such bucket', 'objects.list', 'option bucket'],
    [612, 'no such uploadId', 'upload (part 2)', 'Start it again'],
    [401, 'expired token', 'upload', 'expiresInSeconds'],
    [401, 'token out of date', 'upload', 'clock'],
    [401, 'bad token', 'upload', 'secretKey']
  ])('leads from %i "%s" of %s to the cure', (status, message, operation, cure) => {
    expect(describeStatus(status, message, operation).hint.en).toContain(cure)
  })

  it('hides tokens that a response repeats', async () => {
    const failure = client(stubFetch(() => reply({ error: 'bad token=ak:abcdef', token: 'ak:abcdef' }, 401))).upload(
      new Uint8Array(1)
    )
    const error = (await failure.catch((cause: unknown) => cause)) as Error
    expect(JSON.stringify(error) + error.stack).not.toContain('abcdef')
    expect(error).toMatchObject({ upstreamCode: '401', requestId: 'REQ1' })
  })
})

describe('without the official package', () => {
  it('bucket management says how to install it, and nothing else needs it', async () => {
    vi.resetModules()
    vi.doMock('qiniu', () => {
      throw Object.assign(new Error("Cannot find package 'qiniu'"), { code: 'ERR_MODULE_NOT_FOUND' })
    })
    const { Qiniu: Fresh } = await import('weixin-kit/qiniu')
    const fetch = stubFetch(() => reply({ key: 'a', persistentId: 'p' }))
    const qiniu = new Fresh({
      accessKey: 'ak',
      secretKey: 'sk',
      bucket: 'photos',
      region: 'z0',
      domain: 'cdn.example.com',
      fetch
    })
    const missing = { code: 'ERR_MISSING_DEPENDENCY', message: expect.stringContaining('npm install qiniu') }
    const { objects } = qiniu
    for (const run of [
      () => objects.stat('a'),
      () => objects.delete('a'),
      () => objects.copy({ from: 'a', to: 'b' }),
      () => objects.move({ from: 'a', to: 'b' }),
      () => objects.list().next(),
      () => objects.fetch({ url: 'https://a.example', to: 'b' }),
      () => objects.prefetch('a'),
      () => objects.chgm('a', { mimeType: 'a/b' }),
      () => objects.batch([{ op: 'stat', object: 'a' }])
    ])
      await expect(run()).rejects.toMatchObject(missing)
    expect(fetch.seen).toHaveLength(0)
    qiniu.uploadToken()
    qiniu.privateUrl('a')
    await qiniu.upload(new Uint8Array(1), { key: 'a' })
    await qiniu.processing.pfop({ object: 'a', fops: ['x'] })
    vi.doUnmock('qiniu')
    vi.resetModules()
  })

  it('an old version is told from a missing one', async () => {
    vi.resetModules()
    vi.doMock('qiniu', () => ({ default: { httpc: {} } }))
    const { Qiniu: Fresh } = await import('weixin-kit/qiniu')
    const qiniu = new Fresh({ accessKey: 'ak', secretKey: 'sk', bucket: 'photos', region: 'z0' })
    await expect(qiniu.objects.stat('a')).rejects.toMatchObject({
      code: 'ERR_MISSING_DEPENDENCY',
      message: expect.stringContaining('7.12')
    })
    vi.doUnmock('qiniu')
    vi.resetModules()
  })
})

describe('parameters', () => {
  it.each([
    ['key', () => client().objects.stat(7 as never)],
    ['bucket', () => client().objects.stat({ bucket: 'a:b', key: 'x' })],
    ['to', () => client().objects.copy({ from: 'a' } as never)],
    ['mimeType', () => client().objects.chgm('a', {})],
    ['type', () => client().objects.chtype('a', 9 as never)],
    ['status', () => client().objects.chstatus('a', 2 as never)],
    ['days', () => client().objects.deleteAfterDays('a', -1)],
    ['freezeAfterDays', () => client().objects.restore('a', 8)],
    ['url', () => client().objects.fetch({ url: 'x', to: 'a' })],
    ['limit', () => client().objects.listPage({ limit: 1001 })],
    ['operations', () => client().objects.batch([])],
    ['operations', () => client().objects.batch([{ op: 'format' } as never])],
    ['path', () => client().request({ method: 'GET', path: '.evil.example/x' })],
    ['path', () => client().request({ method: 'GET', path: '@evil.example/x' })],
    ['fops', () => client().processing.pfop({ object: 'a' })],
    ['variables', () => client().upload(new Uint8Array(1), { variables: { name: '1' } as never })],
    ['variables', () => client().upload(new Uint8Array(1), { variables: { 'x:a': '' } })],
    ['metadata', () => client().upload(new Uint8Array(1), { metadata: { 'x-qn-meta-a': 'b\r\nc' } })],
    ['partSize', () => client().upload(new Uint8Array(1), { partSize: 1000 })],
    ['mimeType', () => client().upload(new Uint8Array(1), { mimeType: 'a/b\r\nx: y' })],
    ['policy', () => client().upload(new Uint8Array(1), { policy: { key: 'b' } as never })],
    ['fsizeMin', () => client().upload(new Uint8Array(1), { policy: { fsizeMin: -1 } })],
    ['id', () => client().upload(new Uint8Array(1), { resume: { store: new Map() } as never })]
  ])('a wrong %s is refused before anything is sent', async (option, run) => {
    const failure = await (async () => run())().then(
      () => expect.fail('accepted'),
      (error: unknown) => error
    )
    expect(failure).toMatchObject({ code: 'ERR_INVALID_PARAM' })
    expect(option === 'id' ? ['id', 'store'] : [option]).toContain((failure as { option: string }).option)
  })
})
