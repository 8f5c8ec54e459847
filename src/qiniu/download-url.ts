import { integer, text } from '../core/options.ts'
import { ConfigError } from '../errors/index.ts'
import { hashHex } from '../internal/hash.ts'
import { objectKey } from './check-put-policy.ts'
import type { QiniuSigner } from './signer.ts'

/** Query of a download URL: a processing command (`imageView2/2/w/200`) or parameters (`{ attname: 'a.jpg' }`). */
export type DownloadQuery = string | Readonly<Record<string, string>>

/** Parameters of a download URL. */
export interface DownloadUrlParams {
  /** Must be known before signing, because it is signed too. */
  query?: DownloadQuery | undefined
  /** Another domain of the bucket, e.g. `https://img.example.com`. Default: the client's. */
  domain?: string | undefined
}

/** Parameters of a signed URL of a private bucket. */
export interface SignedUrlParams extends DownloadUrlParams {
  /** TTL of the URL in seconds, default 3600. */
  expiresInSeconds?: number | undefined
  /** Expiry of the URL in seconds since 1970 (not milliseconds); in place of `expiresInSeconds`. */
  deadline?: number | undefined
}

const DEFAULT_LIFE_SECONDS = 3600
const LATEST_SECONDS = 99_999_999_999

/** Returns the unsigned URL of an object. */
export function publicUrl(key: string, params: DownloadUrlParams, defaultDomain: string | undefined): URL {
  const fault = objectKey(key)
  if (fault) throw invalid('key', `the key ${fault}.`)
  const path = encodeURI(key).replaceAll('?', '%3F').replaceAll('#', '%23')
  // A URL would normalise "a/../b" to "b": another object.
  if (path.split('/').some((segment) => segment === '.' || segment === '..'))
    throw invalid('key', 'a key with "." or ".." between slashes has no URL: give the object another key.')
  const url = new URL(`${originOf(params.domain ?? defaultDomain)}/${path}`)
  if (params.query !== undefined)
    url.search = typeof params.query === 'string' ? params.query : encodeQuery(params.query)
  return url
}

/** Signs a download URL: deadline, then token as the last parameter. */
export function privateUrl(url: URL, deadline: number, signer: QiniuSigner): URL {
  const bare = url.href.replace(/#.*$/, '')
  const dated = `${bare}${bare.includes('?') ? '&' : '?'}e=${deadline}`
  return new URL(`${dated}&token=${signer.sign(dated)}`)
}

/** CDN anti-leech URL (时间戳防盗链): MD5 over the domain's key, the path and the deadline in hexadecimal. */
export function timestampUrl(url: URL, deadline: number, cdnKey: string): URL {
  const expiry = deadline.toString(16)
  const sign = hashHex('md5', cdnKey + url.pathname + expiry)
  return new URL(`${url.href}${url.search ? '&' : '?'}sign=${sign}&t=${expiry}`)
}

/** The deadline of the parameters, in seconds since 1970. */
export function deadlineOf(params: SignedUrlParams, nowSeconds: number): number {
  const { deadline, expiresInSeconds = DEFAULT_LIFE_SECONDS } = params
  if (deadline === undefined) {
    const fault = integer(1, 10 * 366 * 86_400)(expiresInSeconds)
    if (fault) throw invalid('expiresInSeconds', `option "expiresInSeconds" ${fault}.`)
    return nowSeconds + expiresInSeconds
  }
  if (params.expiresInSeconds !== undefined) throw invalid('deadline', 'set either "deadline" or "expiresInSeconds".')
  if (typeof deadline === 'number' && deadline > LATEST_SECONDS)
    throw invalid('deadline', 'option "deadline" is in milliseconds; Qiniu counts seconds: divide by 1000.')
  const fault = integer(1, LATEST_SECONDS)(deadline)
  if (fault) throw invalid('deadline', `option "deadline" ${fault}.`)
  return deadline
}

function originOf(domain: string | undefined): string {
  if (domain === undefined)
    throw new ConfigError(
      'A download URL needs the domain of the bucket: set the option "domain" of the client or the call.',
      { option: 'domain', product: 'qiniu' }
    )
  const origin = /^https?:\/\//i.test(domain) ? domain : `https://${domain}`
  if (text()(domain) || !URL.canParse(origin) || new URL(origin).search !== '' || new URL(origin).hash !== '')
    throw invalid('domain', 'option "domain" must be a host such as cdn.example.com or https://cdn.example.com.')
  return origin.replace(/\/+$/, '')
}

// Not a form: a space is %20 here, and the signed text must match what a browser sends.
function encodeQuery(query: Readonly<Record<string, string>>): string {
  return Object.entries(query)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&')
}

function invalid(option: string, message: string): ConfigError {
  return new ConfigError(`Download URL: ${message}`, { code: 'ERR_INVALID_PARAM', option, product: 'qiniu' })
}
