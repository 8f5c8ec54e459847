import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isWeixinKitError } from 'weixin-kit'
import { Geetest } from 'weixin-kit/geetest'
import { Qiniu } from 'weixin-kit/qiniu'
import { Yunpian } from 'weixin-kit/yunpian'
import { fcParameters } from '../support/fc-parameters.ts'

const KEY = '0123456789abcdef0123456789abcdef'
const MOBILE = '13800138000'
const period = { start_time: '2026-03-01 00:00:00', end_time: '2026-03-02 00:00:00' }
const callback_url = 'https://a.example/s'

type Fetch = typeof globalThis.fetch
const yunpianOf = (fetch: Fetch) => new Yunpian({ apiKey: KEY, fetch, maxRetries: 0 })
const qiniuOf = (fetch: Fetch) =>
  new Qiniu({ accessKey: 'ak', secretKey: 'sk', bucket: 'b', region: 'z0', fetch, maxRetries: 0 })
const geetestOf = (fetch: Fetch) => new Geetest({ captchaId: KEY, privateKey: KEY, fetch, maxRetries: 0 })

const calls: Record<string, (fetch: Fetch) => Promise<unknown>> = {
  'sms.singleSend': (fetch) => yunpianOf(fetch).sms.singleSend({ mobile: MOBILE, text: '【a】b', callback_url }),
  'sms.batchSend': (fetch) => yunpianOf(fetch).sms.batchSend({ mobile: [MOBILE], text: '【a】b' }),
  'sms.multiSend': (fetch) => yunpianOf(fetch).sms.multiSend({ mobile: [MOBILE], text: ['【a】b'] }),
  'sms.tplSingleSend': (fetch) =>
    yunpianOf(fetch).sms.tplSingleSend({ mobile: MOBILE, tpl_id: 1, tpl_value: { a: 1 } }),
  'sms.tplBatchSend': (fetch) =>
    yunpianOf(fetch).sms.tplBatchSend({ mobile: [MOBILE], tpl_id: 1, tpl_value: { a: 1 } }),
  'sms.pullStatus': (fetch) => yunpianOf(fetch).sms.pullStatus(),
  'sms.pullReply': (fetch) => yunpianOf(fetch).sms.pullReply(),
  'sms.getReply': (fetch) => yunpianOf(fetch).sms.getReply({ ...period, page_num: 1, page_size: 10 }),
  'sms.getRecord': (fetch) => yunpianOf(fetch).sms.getRecord(period),
  'sms.count': (fetch) => yunpianOf(fetch).sms.count(period),
  'sms.getBlackWord': (fetch) => yunpianOf(fetch).sms.getBlackWord({ text: 'a' }),
  'tpl.getDefault': (fetch) => yunpianOf(fetch).tpl.getDefault(),
  'tpl.get': (fetch) => yunpianOf(fetch).tpl.get(),
  'tpl.add': (fetch) => yunpianOf(fetch).tpl.add({ tpl_content: '【a】#b#' }),
  'sign.add': (fetch) => yunpianOf(fetch).sign.add({ sign: 'ab' }),
  'sign.get': (fetch) => yunpianOf(fetch).sign.get(),
  'user.get': (fetch) => yunpianOf(fetch).user.get(),
  'voice.send': (fetch) => yunpianOf(fetch).voice.send({ mobile: MOBILE, code: '1234' }),
  'voice.pullStatus': (fetch) => yunpianOf(fetch).voice.pullStatus(),
  'flow.getPackage': (fetch) => yunpianOf(fetch).flow.getPackage(),
  'shortUrl.shorten': (fetch) => yunpianOf(fetch).shortUrl.shorten({ long_url: 'https://a.example/' }),
  'shortUrl.stat': (fetch) => yunpianOf(fetch).shortUrl.stat({ sid: 'a' }),
  'objects.stat': (fetch) => qiniuOf(fetch).objects.stat('a'),
  'objects.delete': (fetch) => qiniuOf(fetch).objects.delete('a'),
  'objects.listPage': (fetch) => qiniuOf(fetch).objects.listPage(),
  'objects.batch': (fetch) => qiniuOf(fetch).objects.batch([{ op: 'stat', object: 'a' }]),
  'objects.buckets': (fetch) => qiniuOf(fetch).objects.buckets(),
  'objects.domains': (fetch) => qiniuOf(fetch).objects.domains(),
  'objects.fetch': (fetch) => qiniuOf(fetch).objects.fetch({ url: 'https://a.example/', to: 'a' }),
  'processing.pfop': (fetch) => qiniuOf(fetch).processing.pfop({ object: 'a', fops: ['b'] }),
  'processing.status': (fetch) => qiniuOf(fetch).processing.status('a'),
  upload: (fetch) => qiniuOf(fetch).upload(Buffer.from('a'), { key: 'a' }),
  'upload in parts': (fetch) =>
    qiniuOf(fetch).upload(Buffer.alloc(1024 * 1024 + 1), { key: 'a', partSize: 1024 * 1024 }),
  'region.query': (fetch) =>
    new Qiniu({ accessKey: 'ak', secretKey: 'sk', bucket: 'b', fetch, maxRetries: 0 }).upload(Buffer.from('a'), {
      key: 'a'
    }),
  register: (fetch) => geetestOf(fetch).register({ session: 's' }),
  bypassStatus: (fetch) => geetestOf(fetch).bypassStatus()
}

/** Names that the clients look for, so that more than the outermost layer is reached. */
const names = [
  'code',
  'msg',
  'data',
  'sid',
  'mobile',
  'sign',
  'stat',
  'short_url',
  'total',
  'items',
  'marker',
  'putTime'
]
const more = [
  'hash',
  'key',
  'uploadId',
  'parts',
  'partNumber',
  'etag',
  'md5',
  'hosts',
  'up',
  'domains',
  'id',
  'challenge'
]
const { answer } = fc.letrec<{ answer: unknown }>((tie) => ({
  answer: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(null, true, 0, -1, 612, 1e300, '', '0', 'a', ' ', '//', 'http://', 'a@b', '%', '__proto__'),
    fc.array(tie('answer'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...names, ...more, '__proto__', 'constructor', 'toString'), tie('answer'), {
      maxKeys: 5
    })
  )
}))

async function outcomeOf(call: (fetch: Fetch) => Promise<unknown>, body: string, status: number): Promise<unknown> {
  const fetch = async () => new Response(body, { status, headers: { 'content-type': 'application/json' } })
  return call(fetch as Fetch).catch((error: unknown) => error)
}

describe.each(Object.entries(calls))('%s', (_, call) => {
  it('ends in a result or a typed error, whatever is answered', async () => {
    await fc.assert(
      fc.asyncProperty(answer, fc.constantFrom(200, 200, 298, 400, 503), async (value, status) => {
        const outcome = await outcomeOf(call, JSON.stringify(value), status)
        if (outcome instanceof Error && !isWeixinKitError(outcome)) throw outcome
        expect(Object.hasOwn(Object.prototype, 'code')).toBe(false)
      }),
      fcParameters(150)
    )
  })

  it.each([
    ['100,000 arrays in one another', '['.repeat(100_000) + ']'.repeat(100_000)],
    ['100,000 objects in one another', `${'{"data":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
    ['half a response', '{"code":0,"da'],
    ['a page', '<html><title>502</title></html>'],
    ['nothing', '']
  ])('does not choke on %s', async (_kind, body) => {
    const outcome = await outcomeOf(call, body, 200)
    if (outcome instanceof Error) expect(isWeixinKitError(outcome), String(outcome)).toBe(true)
  })
})

it('takes the last of keys that are given twice, as every parser does', async () => {
  const outcome = await outcomeOf((fetch) => yunpianOf(fetch).user.get(), '{"code":0,"code":5,"msg":"a"}', 200)
  expect(outcome).toMatchObject({ code: 'ERR_YUNPIAN', upstreamCode: '5' })
})

it.each([' ', '//', 'http://', 'a@b', '%', 'a b', '/x', 'https://a.example/?x=', 'a.example:99999', '\n', '[::1'])(
  'a region whose hosts are %j ends in a typed error',
  async (domain) => {
    const one = { domains: [domain] }
    const region = { hosts: [{ region: 'z0', ttl: 1, up: one, io: one, rs: one, rsf: one, api: one }] }
    const fetch = async (input: string | URL | Request, init?: RequestInit) => {
      if (new Request(input, init).url.includes('/v4/query')) return Response.json(region)
      throw new TypeError('fetch failed')
    }
    const qiniu = new Qiniu({ accessKey: 'ak', secretKey: 'sk', bucket: 'b', fetch, maxRetries: 0 })
    const outcome = await qiniu.upload(Buffer.from('a'), { key: 'a' }).catch((error: unknown) => error)
    expect(isWeixinKitError(outcome), String(outcome)).toBe(true)
    const answer = await qiniu
      .uploadTokenHandler({ authorize: () => true, policy: () => ({}) })(new Request('https://a.example/'))
      .catch((error: unknown) => error)
    expect(answer instanceof Response || isWeixinKitError(answer), String(answer)).toBe(true)
  }
)
