import { signQBox, signV2 } from './qiniu.ts'

export interface CallbackRequest {
  readonly accessKey: string
  readonly secretKey: string
  readonly scheme: 'QBox' | 'Qiniu'
  readonly url: string | URL
  readonly contentType: string
  readonly body: string
  /** Beside the ones of every callback; the `X-Qiniu-…` ones are signed. */
  readonly headers?: Readonly<Record<string, string>>
}

/** A callback request of Qiniu with its `Authorization`. */
export function signedCallback(callback: CallbackRequest): Request {
  const { accessKey, secretKey, scheme, contentType, body, headers = {} } = callback
  const url = new URL(callback.url)
  const call = {
    method: 'POST',
    host: url.host,
    target: url.pathname + url.search,
    contentType,
    headers: Object.entries(headers),
    body: Buffer.from(body)
  }
  const sign = scheme === 'QBox' ? signQBox(secretKey, call) : signV2(secretKey, call)
  return new Request(url, {
    method: 'POST',
    headers: {
      ...headers,
      'content-type': contentType,
      authorization: `${scheme} ${accessKey}:${sign}`,
      'user-agent': 'qiniu-callback-agent/1.0'
    },
    body
  })
}
