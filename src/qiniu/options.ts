import { type ClientOptions, clientOptionRules } from '../core/client-options.ts'
import { type OptionRules, optional, required, text } from '../core/options.ts'
import { BUCKET_NAME } from './check-put-policy.ts'

/** Options of a {@link Qiniu} client. */
export interface QiniuOptions extends ClientOptions {
  /** AccessKey of the console. */
  accessKey: string
  /** SecretKey of the console. */
  secretKey: string
  /** The default bucket (空间) of calls. */
  bucket: string
  /** Download domain, e.g. `cdn.example.com` (https) or `http://img.example.com`. */
  domain?: string | undefined
  /** Region id such as `z0`, `z2`, `na0`. Without it the region of the bucket is queried from Qiniu once. */
  region?: string | undefined
  /** Key of the CDN's timestamp protection (时间戳防盗链), for `timestampUrl`. */
  cdnKey?: string | undefined
}

export const QINIU_OPTION_RULES: OptionRules = {
  ...clientOptionRules(),
  accessKey: required(text(/^[\w-]+$/, 'the AccessKey of the console')),
  secretKey: required(text(/^[\x21-\x7e]+$/, 'the SecretKey of the console, without spaces')),
  bucket: required(text(BUCKET_NAME, 'a bucket name')),
  domain: optional(text(/^(https?:\/\/)?[^\s/?#@]+\/?$/i, 'a host such as cdn.example.com or https://cdn.example.com')),
  region: optional(text(/^[a-z0-9-]{2,32}$/, 'a region id such as z0 or cn-east-2')),
  cdnKey: optional(text())
}
