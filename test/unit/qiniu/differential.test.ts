import { createHash } from 'node:crypto'
import fc from 'fast-check'
import official from 'qiniu'
import { describe, expect, it, vi } from 'vitest'
import { encodedEntry, objectHash, type PutPolicy, Qiniu } from 'weixin-kit/qiniu'
import { fcParameters } from '../../support/fc-parameters.ts'

const NOW = 1_760_000_000
const pair = (accessKey: string, secretKey: string) => ({
  ours: new Qiniu({ accessKey, secretKey, bucket: 'photos', clock: () => NOW * 1000 }),
  mac: new official.auth.digest.Mac(accessKey, secretKey)
})

const accessKey = fc.stringMatching(/^[A-Za-z0-9_-]{8,40}$/)
const secretKey = fc.stringMatching(/^[!-~]{8,40}$/)
// Characters that both write the same way into a URL.
const key = fc
  .string({ unit: fc.constantFrom(...'abcXYZ019 -_.~+!*\'()/@&=:,;$"<>`{}中文é😀'), minLength: 1, maxLength: 40 })
  .filter((text) => !text.split('/').some((part) => part === '.' || part === '..'))
const target = fc.stringMatching(/^\/[a-z0-9/_-]{0,20}(\?[a-z]=[a-z0-9]{1,5})?$/)
const host = fc.stringMatching(/^[a-z]{1,10}\.example\.com$/)

describe('the same as the official package', () => {
  it('upload tokens, byte for byte', () => {
    vi.useFakeTimers({ now: NOW * 1000, toFake: ['Date'] })
    const policy = fc.record(
      {
        endUser: fc.stringMatching(/^[a-z0-9]{1,20}$/),
        insertOnly: fc.constantFrom(0 as const, 1 as const),
        returnBody: fc.constantFrom('{"key":$(key)}', '{"name":"$(fname)","w":$(imageInfo.width)}'),
        saveKey: fc.constantFrom('$(year)/$(etag)$(ext)', 'a/$(x:name)'),
        fsizeLimit: fc.nat(),
        mimeLimit: fc.constantFrom('image/*', '!application/json;text/plain'),
        deleteAfterDays: fc.integer({ min: 1, max: 1000 })
      },
      { requiredKeys: [] }
    )
    const life = fc.integer({ min: 1, max: 100_000 })
    fc.assert(
      fc.property(accessKey, secretKey, key, life, policy, (ak, sk, name, expires, rest) => {
        const { ours, mac } = pair(ak, sk)
        const scope = `photos:${name}`
        // The official package keeps the order in which fields were given.
        const options = { scope, deadline: 0, ...rest, expires }
        const expected = new official.rs.PutPolicy(options).uploadToken(mac)
        expect(ours.uploadToken({ key: name, expiresInSeconds: expires, ...rest } as PutPolicy)).toBe(expected)
        expect(ours.uploadToken({ scope, deadline: NOW + expires, ...rest } as PutPolicy)).toBe(expected)
      }),
      fcParameters(200)
    )
    vi.useRealTimers()
  })

  it('private and public URLs', () => {
    fc.assert(
      fc.property(accessKey, secretKey, key, fc.integer({ min: 1, max: 4_000_000_000 }), (ak, sk, name, deadline) => {
        const { ours, mac } = pair(ak, sk)
        const bucket = new official.rs.BucketManager(mac)
        const domain = 'https://cdn.example.com'
        expect(ours.publicUrl(name, { domain }).href).toBe(bucket.publicDownloadUrl(domain, name))
        expect(ours.privateUrl(name, { domain, deadline }).href).toBe(bucket.privateDownloadUrl(domain, name, deadline))
      }),
      fcParameters(200)
    )
  })

  it('CDN timestamp URLs', () => {
    fc.assert(
      fc.property(key, fc.stringMatching(/^[a-z0-9]{8,32}$/), fc.nat(), (name, cdnKey, extra) => {
        const ours = new Qiniu({
          accessKey: 'a',
          secretKey: 's',
          bucket: 'photos',
          cdnKey,
          domain: 'http://img.example.com'
        })
        const deadline = NOW + extra
        const theirs = new official.cdn.CdnManager(new official.auth.digest.Mac('a', 's'))
        const expected = theirs.createTimestampAntiLeechUrl('http://img.example.com', name, null, cdnKey, deadline)
        expect(ours.timestampUrl(name, { deadline }).href).toBe(expected)
      }),
      fcParameters(100)
    )
  })

  it('callback checks, in both directions and for both schemes', () => {
    const form = 'application/x-www-form-urlencoded'
    const type = fc.constantFrom(form, 'application/json')
    fc.assert(
      fc.property(accessKey, secretKey, host, target, fc.string(), type, (ak, sk, name, path, body, contentType) => {
        const { ours, mac } = pair(ak, sk)
        const url = `https://${name}${path}`
        const headers = { 'X-Qiniu-Abc': 'x' }
        const v2 = ours.managementAuthorization({ method: 'POST', url, contentType, headers, body })
        const extra = { reqMethod: 'POST', reqContentType: contentType, reqHeaders: headers }
        expect(official.util.isQiniuCallback(mac, url, body, v2, extra)).toBe(true)
        expect(official.util.isQiniuCallback(mac, url, `${body}!`, v2, extra)).toBe(false)
        const qbox = official.util.generateAccessToken(mac, url, body)
        const request = { method: 'POST', host: name, target: path, body, headers: Object.entries(headers) }
        expect(ours.verifyCallback({ ...request, contentType: form, authorization: qbox })).toBe('QBox')
        expect(ours.verifyCallback({ ...request, contentType, authorization: v2 })).toBe('Qiniu')
        const theirs = official.util.generateAccessTokenV2(mac, url, 'POST', contentType, body, headers)
        expect(theirs).toBe(v2)
        expect(() =>
          ours.verifyCallback({ ...request, body: `${body}!`, contentType: form, authorization: qbox })
        ).toThrow(expect.objectContaining({ code: 'ERR_SIGNATURE_MISMATCH' }))
      }),
      fcParameters(200)
    )
  })

  it('entries of the management paths', () => {
    fc.assert(
      fc.property(key, (name) => {
        expect(`/stat/${encodedEntry('photos', name)}`).toBe(official.rs.statOp('photos', name))
      }),
      fcParameters(200)
    )
  })
})

describe('object hash', () => {
  // By the rule, in the plainest way: sha1 per 4 MiB, sha1 over those.
  const reference = (bytes: Buffer) => {
    const sha1 = (data: Buffer) => createHash('sha1').update(data).digest()
    const blocks: Buffer[] = []
    for (let at = 0; at === 0 || at < bytes.length; at += 4 << 20) blocks.push(sha1(bytes.subarray(at, at + (4 << 20))))
    const whole = blocks.length === 1 ? [Buffer.of(0x16), ...blocks] : [Buffer.of(0x96), sha1(Buffer.concat(blocks))]
    return Buffer.concat(whole).toString('base64').replace(/\+/g, '-').replace(/\//g, '_')
  }

  it.each([0, 1, (4 << 20) - 1, 4 << 20, (4 << 20) + 1, 8 << 20, (9 << 20) + 7])('of %i bytes', (length) => {
    const bytes = Buffer.alloc(length, 'some pattern that does not divide a block')
    expect(objectHash(bytes)).toBe(reference(bytes))
  })
})
