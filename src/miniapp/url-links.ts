import type { RequestOptions } from '../core/client-options.ts'
import { flag, integer, type OptionCheck, oneOf } from '../core/options.ts'
import { characters, checkFields, present } from '../wechat-api/check-params.ts'
import { post } from '../wechat-api/endpoint.ts'
import type { WeChatApiClient } from '../wechat-api/wechat-api-client.ts'

/** When a link expires. `expire_type` 0: `expire_time` in seconds since 1970; 1: `expire_interval` in days, up to 30. */
export interface LinkExpiry {
  is_expire?: boolean | undefined
  expire_type?: 0 | 1 | undefined
  /** Seconds since 1970, with `expire_type` 0. */
  expire_time?: number | undefined
  expire_interval?: number | undefined
}

/** Parameters of `urlLinks.generateScheme`. */
export interface SchemeParams extends LinkExpiry {
  jump_wxa?:
    | {
        path?: string | undefined
        /** Up to 1024 letters, digits and `!#$&'()*+,/:;=?@-._~%`: encode values with `encodeURIComponent`. */
        query?: string | undefined
        env_version?: 'release' | 'trial' | 'develop' | undefined
      }
    | undefined
}

/** Parameters of `urlLinks.generateUrlLink`. */
export interface UrlLinkParams extends LinkExpiry {
  path?: string | undefined
  /** Up to 1024 letters, digits and `!#$&'()*+,/:;=?@-._~%`: encode values with `encodeURIComponent`. */
  query?: string | undefined
  env_version?: 'release' | 'trial' | 'develop' | undefined
  cloud_base?:
    | {
        env: string
        domain?: string | undefined
        path?: string | undefined
        query?: string | undefined
        resource_appid?: string | undefined
      }
    | undefined
}

/** Parameters of `urlLinks.generateShortLink`. */
export interface ShortLinkParams {
  /** Path with query. */
  page_url: string
  page_title?: string | undefined
  /** Whether the link is permanent, which uses up a permanent quota. */
  is_permanent?: boolean | undefined
}

/** Target of a scheme or URL link. Times in seconds since 1970. */
export interface LinkInfo {
  appid: string
  path: string
  query: string
  /** Seconds since 1970. */
  create_time: number
  /** Seconds since 1970; 0: never. */
  expire_time: number
  env_version: 'release' | 'trial' | 'develop'
}

const EXPIRY = {
  'is_expire?': flag,
  'expire_type?': oneOf(0, 1),
  'expire_time?': integer(1),
  'expire_interval?': integer(1, 30)
}
const length = characters(1024, 0)
/** The document of generateUrlLink lists the characters; the rest is 40212. */
const linkQuery: OptionCheck = (value) =>
  length(value) ??
  (/[^\w!#$&'()*+,/:;=?@\-.~%]/.test(String(value))
    ? "may hold letters, digits and !#$&'()*+,/:;=?@-._~% only: encode its values with encodeURIComponent"
    : undefined)
const TARGET = {
  'path?': length,
  'query?': linkQuery,
  'env_version?': oneOf('release', 'trial', 'develop')
}

const GENERATE_SCHEME = post<SchemeParams, string>('urlLinks.generateScheme', '/wxa/generatescheme', {
  rules: EXPIRY,
  picks: 'openlink'
})
const QUERY_SCHEME = post<{ scheme: string }, { scheme_info: LinkInfo; visit_openid?: string }>(
  'urlLinks.queryScheme',
  '/wxa/queryscheme',
  { rules: { scheme: present }, idempotent: true, returns: 'scheme_info' }
)
const GENERATE_URL_LINK = post<UrlLinkParams, string>('urlLinks.generateUrlLink', '/wxa/generate_urllink', {
  rules: { ...EXPIRY, ...TARGET },
  picks: 'url_link'
})
const QUERY_URL_LINK = post<{ url_link: string }, { url_link_info: LinkInfo; visit_openid?: string }>(
  'urlLinks.queryUrlLink',
  '/wxa/query_urllink',
  { rules: { url_link: present }, idempotent: true, returns: 'url_link_info' }
)
const GENERATE_SHORT_LINK = post<ShortLinkParams, string>('urlLinks.generateShortLink', '/wxa/genwxashortlink', {
  rules: { page_url: present, 'is_permanent?': flag },
  picks: 'link'
})

/** Links that open the mini program from outside WeChat. */
export class UrlLinks {
  readonly #api: WeChatApiClient

  /** @internal Created by the client. */
  constructor(api: WeChatApiClient) {
    this.#api = api
  }

  /**
   * Creates a `weixin://` link for SMS and other apps (generateScheme).
   *
   * @param params `expire_time` in seconds since 1970, or `expire_interval` in days.
   * @param options Options of this call.
   * @returns The link.
   * @throws {WeChatApiError} ERR_WECHAT_API: 40002, 40165 (path), 40212 (query), 85079 (not released), 85401 (expiry).
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  async generateScheme(params: SchemeParams = {}, options?: RequestOptions): Promise<string> {
    if (params?.jump_wxa) {
      checkFields({ operation: GENERATE_SCHEME.operation, product: this.#api.product }, params.jump_wxa, TARGET)
    }
    return this.#api.call(GENERATE_SCHEME, params, options)
  }

  /**
   * Returns the target of a scheme, and who used it (queryScheme).
   *
   * @param scheme The link.
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API: 85403.
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  queryScheme(scheme: string, options?: RequestOptions): Promise<{ scheme_info: LinkInfo; visit_openid?: string }> {
    return this.#api.call(QUERY_SCHEME, { scheme }, options)
  }

  /**
   * Creates an `https://` link for SMS, mail and web pages (generateUrlLink).
   *
   * @param params `expire_time` in seconds since 1970, or `expire_interval` in days.
   * @param options Options of this call.
   * @returns The link.
   * @throws {WeChatApiError} ERR_WECHAT_API: 40165, 40212 (query), 85079, 85401.
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  generateUrlLink(params: UrlLinkParams = {}, options?: RequestOptions): Promise<string> {
    return this.#api.call(GENERATE_URL_LINK, params, options)
  }

  /**
   * Returns the target of a URL link, and who used it (queryUrlLink).
   *
   * @param url_link The link.
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API: 85403.
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  queryUrlLink(
    url_link: string,
    options?: RequestOptions
  ): Promise<{ url_link_info: LinkInfo; visit_openid?: string }> {
    return this.#api.call(QUERY_URL_LINK, { url_link }, options)
  }

  /**
   * Creates a short link for use inside WeChat (generateShortLink).
   *
   * @param params `page_url` with query; `is_permanent` uses up a permanent quota.
   * @param options Options of this call.
   * @returns The link.
   * @throws {WeChatApiError} ERR_WECHAT_API: 40165, 85400.
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  generateShortLink(params: ShortLinkParams, options?: RequestOptions): Promise<string> {
    return this.#api.call(GENERATE_SHORT_LINK, params, options)
  }
}
