import { inspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type PutPolicy, Qiniu, type QiniuOptions } from 'weixin-kit/qiniu'
import { fcParameters } from '../../support/fc-parameters.ts'

const NOW = 1_760_000_000
const client = (options: Partial<QiniuOptions> = {}) =>
  new Qiniu({
    accessKey: 'ak',
    secretKey: 'the-secret-key',
    bucket: 'photos',
    clock: () => NOW * 1000 + 999,
    ...options
  })
const policyOf = (token: string) => JSON.parse(Buffer.from(token.split(':')[2] ?? '', 'base64url').toString())

describe('uploadToken', () => {
  it('fills scope and deadline, in whole seconds', () => {
    expect(policyOf(client().uploadToken())).toEqual({ scope: 'photos', deadline: NOW + 3600 })
    expect(policyOf(client().uploadToken({ key: 'a/b:c', expiresInSeconds: 60 }))).toEqual({
      scope: 'photos:a/b:c',
      deadline: NOW + 60
    })
    expect(policyOf(client().uploadToken({ key: '', bucket: 'other' })).scope).toBe('other:')
    expect(policyOf(client().uploadToken({ scope: 'x-1:pre', isPrefixalScope: 1, deadline: NOW + 1 }))).toEqual({
      scope: 'x-1:pre',
      deadline: NOW + 1,
      isPrefixalScope: 1
    })
  })

  it('passes every field on as it is', () => {
    const all: PutPolicy = {
      insertOnly: 1,
      endUser: 'u7',
      callbackUrl: 'https://a.example/1;https://b.example/2',
      callbackHost: 'a.example',
      callbackBody: '{"key":$(key),"by":$(x:by),"w":"$(imageInfo.width)","e":$(exif.Model.val)}',
      callbackBodyType: 'application/json',
      callbackFetchKey: 1,
      persistentOps: 'avthumb/mp4;vframe/jpg',
      persistentNotifyUrl: 'https://a.example/fop',
      persistentPipeline: 'pipe',
      persistentType: 1,
      saveKey: '$(year)/$(mon)/$(etag)$(ext)',
      forceSaveKey: true,
      fsizeMin: 1,
      fsizeLimit: 2,
      detectMime: -1,
      mimeLimit: 'image/*;!text/plain',
      fileType: 4,
      deleteAfterDays: 7,
      trafficLimit: 819_200
    }
    expect(policyOf(client().uploadToken(all))).toEqual({ scope: 'photos', deadline: NOW + 3600, ...all })
  })

  const wrong: [string, PutPolicy | Record<string, unknown>, RegExp][] = [
    ['deadline', { deadline: NOW * 1000 }, /milliseconds/],
    ['deadline', { deadline: NOW - 1 }, /past/],
    ['deadline', { deadline: NOW + 60, expiresInSeconds: 60 }, /either/],
    ['expiresInSeconds', { expiresInSeconds: NOW + 3600 }, /duration/],
    ['expiresInSeconds', { expiresInSeconds: 0.5 }, /integer/],
    ['scope', { scope: 'photos:a', key: 'b' }, /already/],
    ['scope', { scope: ':a' }, /bucket/],
    ['key', { key: 'é'.repeat(376) }, /750 bytes/],
    ['key', { key: 'a\ud800' }, /surrogate/],
    ['isPrefixalScope', { isPrefixalScope: 1 }, /prefix/],
    ['isPrefixalScope', { key: 'a', isPrefixalScope: true }, /0, 1/],
    ['returnBody', { returnBody: '{"key":$(key)' }, /JSON/],
    ['returnBody', { returnBody: '{"hash":$(hash)}' }, /\$\(etag\)/],
    ['returnBody', { returnBody: '{"m":$(mimetype)}' }, /\$\(mimeType\)/],
    ['returnBody', { returnBody: '{"x":$(x:a b)}' }, /custom variable/],
    ['returnBody', { returnBody: '{"x":"$(key"}' }, /without its/],
    ['saveKey', { saveKey: '$(filename)' }, /\$\(fname\)/],
    ['callbackBody', { callbackUrl: 'https://a.example' }, /needs "callbackBody"/],
    ['callbackUrl', { callbackBody: 'key=$(key)' }, /needs "callbackUrl"/],
    ['callbackUrl', { callbackUrl: 'a.example', callbackBody: 'k=$(key)' }, /absolute/],
    [
      'callbackUrl',
      { callbackUrl: 'https://a.example', callbackBody: 'k=$(key)', returnBody: '{}' },
      /cannot be combined/
    ],
    ['callbackUrl', { callbackBodyType: 'application/json' }, /need "callbackUrl"/],
    [
      'callbackBody',
      { callbackUrl: 'https://a.example', callbackBody: 'k=$(key)', callbackBodyType: 'application/json' },
      /JSON/
    ],
    [
      'callbackBodyType',
      { callbackUrl: 'https://a.example', callbackBody: 'k=1', callbackBodyType: 'text/plain' },
      /one of/
    ],
    ['persistentOps', { persistentOps: 'a', persistentWorkflowTemplateID: 'b' }, /either/],
    ['saveKey', { forceSaveKey: true }, /needs "saveKey"/],
    ['fsizeMin', { fsizeMin: 3, fsizeLimit: 2 }, /larger/],
    ['mimeLimit', { mimeLimit: 'image' }, /such as/],
    ['fileType', { fileType: 5 }, /one of/],
    ['trafficLimit', { trafficLimit: 1000 }, /819200/],
    ['detectMime', { detectMime: 2 }, /one of/],
    ['deleteAfterDays', { deleteAfterDays: 0 }, /integer/],
    ['fsizelimit', { fsizelimit: 1 }, /fsizeLimit/],
    ['deadLine', { deadLine: 1 }, /did you mean "deadline"/],
    ['somethingNew', { somethingNew: { a: 1 } }, /must be text/]
  ]
  it.each(wrong)('refuses %s: %j', (option, policy, message) => {
    const make = () => client().uploadToken(policy as PutPolicy)
    expect(make).toThrow(expect.objectContaining({ code: 'ERR_INVALID_PARAM', option, product: 'qiniu' }))
    expect(make).toThrow(message)
  })

  it('passes fields on that it does not know, with a warning', () => {
    const warnings: string[] = []
    const logger = { warn: (message: string) => warnings.push(message) }
    const qiniu = new Qiniu({ accessKey: 'ak', secretKey: 'sk', bucket: 'photos', logger })
    const token = qiniu.uploadToken({ constructor: 1, watermarkMode: 'x' } as PutPolicy)
    expect(policyOf(token)).toMatchObject({ constructor: 1, watermarkMode: 'x' })
    expect(warnings).toEqual([expect.stringContaining('"constructor"'), expect.stringContaining('"watermarkMode"')])
  })

  it.each([[null], ['photos'], [[]]])('refuses %j in place of a policy', (policy) => {
    expect(() => client().uploadToken(policy as never)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_PARAM' }))
  })

  it('lets magic variables through that it does not know', () => {
    expect(policyOf(client().uploadToken({ returnBody: '{"n":$(newThing)}' })).returnBody).toBe('{"n":$(newThing)}')
  })

  it('signs a policy or throws its own error, whatever it is given', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.constantFrom('key', 'scope', 'saveKey', 'returnBody', 'deadline', '__proto__', 'x'),
          fc.anything()
        ),
        (policy) => {
          try {
            expect(
              client()
                .uploadToken(policy as PutPolicy)
                .split(':')
            ).toHaveLength(3)
          } catch (error) {
            expect(error).toMatchObject({ code: 'ERR_INVALID_PARAM' })
          }
        }
      ),
      fcParameters(500)
    )
  })
})

describe('download URLs', () => {
  const qiniu = client({ domain: 'cdn.example.com', cdnKey: 'the-cdn-key' })

  it('encode what would end the path, and keep what is in it', () => {
    expect(qiniu.publicUrl('a b/中?x#y%20+&=.jpg').href).toBe(
      'https://cdn.example.com/a%20b/%E4%B8%AD%3Fx%23y%2520+&=.jpg'
    )
    expect(qiniu.publicUrl('/a//b').href).toBe('https://cdn.example.com//a//b')
    expect(qiniu.publicUrl('').href).toBe('https://cdn.example.com/')
    expect(qiniu.publicUrl('a', { domain: 'http://img.example.com/' }).href).toBe('http://img.example.com/a')
    expect(qiniu.publicUrl('a', { query: 'imageView2/2/w/200' }).search).toBe('?imageView2/2/w/200')
  })

  it('have token as the last parameter, over what is in front of it', () => {
    const { href } = qiniu.privateUrl('a.jpg', { query: { attname: 'ä b&c.jpg' }, expiresInSeconds: 60 })
    expect(href).toMatch(
      new RegExp(
        `^https://cdn\\.example\\.com/a\\.jpg\\?attname=%C3%A4%20b%26c\\.jpg&e=${NOW + 60}&token=ak:[\\w-]{27}=$`
      )
    )
  })

  it('say what they can not do', () => {
    const refused = (run: () => URL, option: string) => expect(run).toThrow(expect.objectContaining({ option }))
    refused(() => qiniu.publicUrl('a/../b'), 'key')
    refused(() => qiniu.publicUrl(7 as never), 'key')
    refused(() => client().publicUrl('a'), 'domain')
    refused(() => qiniu.publicUrl('a', { domain: 'ex ample' }), 'domain')
    refused(() => qiniu.publicUrl('a', { domain: 'a.example?x' }), 'domain')
    refused(() => qiniu.privateUrl('a', { deadline: NOW * 1000 }), 'deadline')
    refused(() => qiniu.privateUrl('a', { deadline: NOW, expiresInSeconds: 1 }), 'deadline')
    refused(() => qiniu.privateUrl('a', { expiresInSeconds: 0 }), 'expiresInSeconds')
    refused(() => client().timestampUrl('a'), 'cdnKey')
  })

  it('sign exactly what is in the URL', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (key, query) => {
        let url: URL
        try {
          url = qiniu.privateUrl(key, { query, deadline: NOW + 1 })
        } catch (error) {
          expect(error).toMatchObject({ code: 'ERR_INVALID_PARAM', option: 'key' })
          return
        }
        const [signed = '', token] = url.href.split('&token=')
        expect(signed.endsWith(`e=${NOW + 1}`)).toBe(true)
        expect(qiniu.privateUrl(new URL(signed.replace(/[?&]e=\d+$/, '')), { deadline: NOW + 1 }).href).toBe(url.href)
        expect(token).toMatch(/^ak:[\w-]{27}=$/)
      }),
      fcParameters(300)
    )
  })
})

describe('the client', () => {
  it.each([
    ['accessKey', { accessKey: 'a:b' }],
    ['secretKey', { secretKey: '' }],
    ['secretKey', { secretKey: 'with space' }],
    ['bucket', { bucket: 'a:b' }],
    ['domain', { domain: 'cdn.example.com/path?x' }],
    ['region', { region: 'Z0!' }],
    ['secretkey', { secretkey: 'x' }]
  ])('refuses the option %s: %j', (option, options) => {
    expect(() => client(options as never)).toThrow(expect.objectContaining({ code: 'ERR_CONFIG', option }))
  })

  it('shows no secret', () => {
    const qiniu = client({ cdnKey: 'the-cdn-key' })
    const shown = inspect(qiniu, { depth: 9, showHidden: true }) + JSON.stringify(qiniu)
    expect(shown).not.toContain('the-secret-key')
    expect(shown).not.toContain('the-cdn-key')
  })
})
