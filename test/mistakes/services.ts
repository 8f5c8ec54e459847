import { Geetest } from 'weixin-kit/geetest'
import { Qiniu } from 'weixin-kit/qiniu'
import { createSimulator, signedQiniuCallback } from 'weixin-kit/simulator'
import { Yunpian } from 'weixin-kit/yunpian'
import { json, stubFetch } from '../support/stub-fetch.ts'
import { type Mistake, Reported } from './mistake.ts'

const QINIU = { accessKey: 'AK', secretKey: 'SK', bucket: 'photos', region: 'z0', domain: 'cdn.example.com' }
const qiniu = new Qiniu(QINIU)

const config = (name: string, make: () => unknown, cure: RegExp): Mistake => ({ name, make, code: 'ERR_CONFIG', cure })
const call = (name: string, make: () => unknown, cure: RegExp): Mistake => ({
  name,
  make,
  code: 'ERR_INVALID_PARAM',
  cure
})

function world() {
  const simulator = createSimulator()
  const { credentials, clientOptions } = simulator
  return {
    qiniu: (options: object = {}) => new Qiniu({ ...credentials.qiniu, ...clientOptions, maxRetries: 0, ...options }),
    yunpian: (options: object = {}) =>
      new Yunpian({ ...credentials.yunpian, ...clientOptions, maxRetries: 0, ...options }),
    geetest: (options: object = {}) =>
      new Geetest({ ...credentials.geetest, ...clientOptions, maxRetries: 0, ...options })
  }
}

/** A status that `Response` does not make. */
const withStatus = (response: Response, status: number) =>
  Object.defineProperties(response, { status: { value: status }, ok: { value: false } })

/** Qiniu answers an upload with this. */
const answering = (status: number, error: string) =>
  new Qiniu({ ...QINIU, maxRetries: 0, fetch: stubFetch(() => withStatus(json({ error }), status)) }).upload(
    Buffer.from('x'),
    { key: 'a.txt' }
  )
const yunpianAnswering = (code: number) =>
  new Yunpian({ apiKey: 'K', maxRetries: 0, fetch: stubFetch(() => json({ code, msg: 'x' }, 400)) }).sms.singleSend({
    mobile: '13800138000',
    text: '【Shop】1234'
  })

/** Qiniu, Yunpian and Geetest. */
export const SERVICES: readonly Mistake[] = [
  config(
    'Qiniu: names of the official package',
    () => new Qiniu({ ak: 'x', sk: 'y', bucket: 'b' } as never),
    /known are .*accessKey/
  ),
  config(
    'Qiniu: no secret in the environment',
    () => new Qiniu({ ...QINIU, secretKey: undefined } as never),
    /secretKey/
  ),
  config('Qiniu: a secret with a line break', () => new Qiniu({ ...QINIU, secretKey: 'SK\n' }), /paste it without/),
  config(
    'Qiniu: the domain with a path',
    () => new Qiniu({ ...QINIU, domain: 'https://cdn.example.com/img' }),
    /a host such as/
  ),
  config('Qiniu: a name of a region', () => new Qiniu({ ...QINIU, region: '华东' }), /z0/),
  call(
    'Qiniu: milliseconds as deadline',
    () => qiniu.uploadToken({ deadline: Date.now() + 3_600_000 }),
    /seconds: divide by 1000/
  ),
  call(
    'Qiniu: an unknown field of a policy',
    () => qiniu.uploadToken({ callbackURL: 'https://a.example.com' } as never),
    /did you mean "callbackUrl"/
  ),
  call(
    'Qiniu: a callback that is no address',
    () => qiniu.uploadToken({ callbackUrl: '/qiniu', callbackBody: 'key=$(key)' }),
    /absolute http: or https:/
  ),
  call(
    'Qiniu: the path of a file',
    () => qiniu.upload('./cat.jpg' as never, { key: 'cat.jpg' }),
    /openAsBlob|bytes|\{ path/
  ),
  call(
    'Qiniu: a promise of a file',
    () => qiniu.upload(Promise.resolve(Buffer.from('x')) as never, { key: 'x' }),
    /await|bytes/
  ),
  {
    name: 'Qiniu: the region of another bucket',
    make: () => answering(400, 'incorrect region, please use up-z2.qiniup.com'),
    code: 'ERR_QINIU',
    cure: /region.*z2/
  },
  {
    name: 'Qiniu: another secret',
    make: () => answering(401, 'bad token'),
    code: 'ERR_QINIU',
    cure: /check accessKey, secretKey and bucket/
  },
  {
    name: 'Qiniu: a bucket that does not exist',
    make: () => answering(631, 'no such bucket'),
    code: 'ERR_QINIU',
    cure: /bucket/
  },
  {
    name: 'Qiniu: a name that is taken',
    make: () => answering(614, 'file exists'),
    code: 'ERR_QINIU',
    cure: /permits overwriting/
  },
  {
    name: 'Qiniu: a public address without domain',
    make: () => new Qiniu({ ...QINIU, domain: undefined }).publicUrl('a.txt'),
    code: 'ERR_CONFIG',
    cure: /option "?domain/
  },
  {
    name: 'Qiniu: the callback of another account',
    make: () => {
      const reported = new Reported()
      const handler = qiniu.callbackHandler({ onUploaded: () => undefined, onError: reported.onError })
      return reported.after(handler(signedQiniuCallback({ ...QINIU, accessKey: 'OTHER', body: { key: 'a' } })))
    },
    code: 'ERR_SIGNATURE_UNKNOWN_SERIAL',
    cure: /access key/
  },
  config('Yunpian: the name of another library', () => new Yunpian({ apikey: '' } as never), /apiKey/),
  call(
    'Yunpian: a number as mobile',
    () =>
      world()
        .yunpian()
        .sms.singleSend({ mobile: 13800138000, text: '【Shop】1' } as never),
    /mobile/
  ),
  call(
    'Yunpian: half a number',
    () => world().yunpian().sms.singleSend({ mobile: '1380013800', text: '【Shop】1' }),
    /11 digits|E\.164/
  ),
  call(
    'Yunpian: no text',
    () =>
      world()
        .yunpian()
        .sms.singleSend({ mobile: '13800138000' } as never),
    /text/
  ),
  {
    name: 'Yunpian: another key',
    make: () => world().yunpian({ apiKey: 'x' }).sms.singleSend({ mobile: '13800138000', text: '【Shop】1' }),
    code: 'ERR_YUNPIAN',
    cure: /api_?key/i
  },
  { name: 'Yunpian: a text without its sign', make: () => yunpianAnswering(16), code: 'ERR_YUNPIAN', cure: /【sign】/ },
  {
    name: 'Yunpian: a text that is no template',
    make: () => yunpianAnswering(5),
    code: 'ERR_YUNPIAN',
    cure: /letter by letter/
  },
  {
    name: 'Yunpian: the same text at once',
    make: () => yunpianAnswering(8),
    code: 'ERR_YUNPIAN',
    cure: /30 seconds: wait/
  },
  { name: 'Yunpian: the IP is not on the list', make: () => yunpianAnswering(-3), code: 'ERR_YUNPIAN', cure: /IP/ },
  { name: 'Yunpian: no money', make: () => yunpianAnswering(3), code: 'ERR_YUNPIAN', cure: /top|balance|recharge/i },
  config('Geetest: the names of the console', () => new Geetest({ id: 'x', key: 'y' } as never), /captchaId/),
  config(
    'Geetest: version 4',
    () => new Geetest({ captchaId: 'x', privateKey: 'y', version: '4' as never }),
    /"3\.0", "3\.1"/
  ),
  call(
    'Geetest: no session',
    () =>
      world()
        .geetest()
        .register({} as never),
    /session/
  ),
  call(
    'Geetest: the form left out',
    () =>
      world()
        .geetest()
        .validate({ session: 'ming' } as never),
    /form/
  )
]
