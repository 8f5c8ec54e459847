import { signQBox, signV2 } from './qiniu.ts'

export interface CallbackRequest {
  readonly accessKey: string
  readonly secretKey: string
  readonly scheme: 'QBox' | 'Qiniu'
  readonly url: string | URL
  readonly contentType: string
  readonly body: string
  /** Milliseconds since 1970 for `X-Qiniu-Date`, which only the scheme `Qiniu` covers; without it there is none. */
  readonly date?: number | undefined
}

/** A callback request of Qiniu with its `Authorization`. */
export function signedCallback(callback: CallbackRequest): Request {
  const { accessKey, secretKey, scheme, contentType, body, date } = callback
  const headers: Record<string, string> = date === undefined ? {} : { 'x-qiniu-date': compactDate(date) }
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

/** `YYYYMMDDTHHmmssZ` */
function compactDate(ms: number): string {
  return new Date(ms).toISOString().replace(/[-:]|\.\d{3}/g, '')
}
