import { signedCallback } from '../crypto/qiniu-callback.ts'
import { checkSignerOptions } from './check-signer-options.ts'

/** Options of `signedQiniuCallback`. */
export interface SignedQiniuCallbackOptions {
  readonly accessKey: string
  readonly secretKey: string
  /** The fields that `callbackBody` would give; a text is sent as it is. */
  readonly body: Readonly<Record<string, string | number>> | string
  /** Where the application receives callbacks. */
  readonly url?: string | URL | undefined
  /** `QBox` by default. It covers path and form body; `Qiniu` covers method, host and type too. */
  readonly scheme?: 'QBox' | 'Qiniu' | undefined
  /** `callbackBodyType`: a form by default. */
  readonly contentType?: 'application/x-www-form-urlencoded' | 'application/json' | undefined
  /** Milliseconds since 1970 for `X-Qiniu-Date`, which is signed; without it there is none. */
  readonly date?: number | undefined
  /** Makes exactly one thing wrong. */
  readonly tamper?: 'signature' | 'body' | 'accessKey' | 'missing' | undefined
}

/**
 * An upload callback (上传回调) of Qiniu, signed, as a `Request` for your callback handler.
 *
 * @param options Keys, fields and scheme.
 * @example
 * import { signedQiniuCallback } from 'weixin-kit/simulator'
 *
 * const request = signedQiniuCallback({
 *   accessKey: 'AK',
 *   secretKey: 'SK',
 *   body: { key: 'photos/1.jpg', hash: 'FkYJiwo-0jQe-up9zxs25RanfHHW' }
 * })
 * console.log(request.headers.get('authorization'))
 */
export function signedQiniuCallback(options: SignedQiniuCallbackOptions): Request {
  checkSignerOptions(
    'signedQiniuCallback',
    options,
    ['accessKey', 'secretKey', 'body'],
    ['signature', 'body', 'accessKey', 'missing']
  )
  const { accessKey, secretKey, scheme = 'QBox', date, tamper } = options
  const contentType = options.contentType ?? 'application/x-www-form-urlencoded'
  const request = signedCallback({
    accessKey: tamper === 'accessKey' ? 'unknown' : accessKey,
    secretKey,
    scheme,
    url: options.url ?? 'https://app.example.com/qiniu/callback',
    contentType,
    body: bodyOf(options.body, contentType),
    date
  })
  if (tamper === 'missing') request.headers.delete('authorization')
  if (tamper === 'signature') {
    const [name = '', sign = ''] = (request.headers.get('authorization') ?? '').split(':')
    request.headers.set('authorization', `${name}:${sign.startsWith('A') ? 'B' : 'A'}${sign.slice(1)}`)
  }
  if (tamper !== 'body') return request
  return new Request(request, { body: contentType.endsWith('json') ? '{"key":"forged"}' : 'key=forged' })
}

function bodyOf(body: SignedQiniuCallbackOptions['body'], contentType: string): string {
  if (typeof body === 'string') return body
  if (contentType.endsWith('json')) return JSON.stringify(body)
  return Object.entries(body)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&')
}
