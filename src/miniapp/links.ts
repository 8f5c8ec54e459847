import type { RequestOptions } from '../core/client-options.ts'
import { flag, integer, oneOf } from '../core/options.ts'
import { type Caller, type CallTable, createCaller } from '../wechat-api/call-table.ts'
import { characters, checkFields, present } from '../wechat-api/check-params.ts'
import type { WeChatApiClient } from '../wechat-api/wechat-api-client.ts'

/** `expire_type` 0: `expire_time` in seconds since 1970; 1: `expire_interval` in days, up to 30. */
export interface LinkExpiry {
  is_expire?: boolean
  expire_type?: 0 | 1
  expire_time?: number
  expire_interval?: number
}

export interface SchemeParams extends LinkExpiry {
  jump_wxa?: { path?: string; query?: string; env_version?: 'release' | 'trial' | 'develop' }
}

export interface UrlLinkParams extends LinkExpiry {
  path?: string
  /** Up to 1024 characters. */
  query?: string
  env_version?: 'release' | 'trial' | 'develop'
  cloud_base?: { env: string; domain?: string; path?: string; query?: string; resource_appid?: string }
}

/** What a scheme or URL link opens. Times in seconds since 1970. */
export interface LinkInfo {
  appid: string
  path: string
  query: string
  create_time: number
  /** 0: never. */
  expire_time: number
  env_version: 'release' | 'trial' | 'develop'
}

const CALLS = {
  generateScheme: { method: 'POST', path: '/wxa/generatescheme', idempotent: false, answersWith: 'openlink' },
  queryScheme: { method: 'POST', path: '/wxa/queryscheme', idempotent: true, answersWith: 'scheme_info' },
  generateUrlLink: { method: 'POST', path: '/wxa/generate_urllink', idempotent: false, answersWith: 'url_link' },
  queryUrlLink: { method: 'POST', path: '/wxa/query_urllink', idempotent: true, answersWith: 'url_link_info' },
  generateShortLink: { method: 'POST', path: '/wxa/genwxashortlink', idempotent: false, answersWith: 'link' }
} as const satisfies CallTable

const EXPIRY = {
  'is_expire?': flag,
  'expire_type?': oneOf(0, 1),
  'expire_time?': integer(1),
  'expire_interval?': integer(1, 30)
}
const TARGET = {
  'path?': characters(1024, 0),
  'query?': characters(1024, 0),
  'env_version?': oneOf('release', 'trial', 'develop')
}

/** Links that open the mini program from outside WeChat. */
export class Links {
  readonly #api: WeChatApiClient
  readonly #call: Caller<keyof typeof CALLS>

  /** @internal Made by the client. */
  constructor(api: WeChatApiClient) {
    this.#api = api
    this.#call = createCaller(api, 'links', CALLS)
  }

  /**
   * A `weixin://` link for SMS and other apps (generateScheme).
   *
   * @throws {WeChatApiError} ERR_WECHAT_API: 40002, 40165 (path), 85079 (not released), 85401 (expiry).
   */
  async generateScheme(params: SchemeParams = {}, options?: RequestOptions): Promise<string> {
    this.#check('generateScheme', params, EXPIRY)
    if (params.jump_wxa) this.#check('generateScheme', params.jump_wxa, TARGET)
    return (await this.#call<{ openlink: string }>('generateScheme', { json: params }, options)).openlink
  }

  /** What a scheme opens and who used it (queryScheme). */
  async queryScheme(
    scheme: string,
    options?: RequestOptions
  ): Promise<{ scheme_info: LinkInfo; visit_openid?: string }> {
    this.#check('queryScheme', { scheme }, { scheme: present })
    return this.#call('queryScheme', { json: { scheme } }, options)
  }

  /**
   * An `https://` link for SMS, mail and web pages (generateUrlLink).
   *
   * @throws {WeChatApiError} ERR_WECHAT_API: 40165, 85079, 85401.
   */
  async generateUrlLink(params: UrlLinkParams = {}, options?: RequestOptions): Promise<string> {
    this.#check('generateUrlLink', params, { ...EXPIRY, ...TARGET })
    return (await this.#call<{ url_link: string }>('generateUrlLink', { json: params }, options)).url_link
  }

  /** What a URL link opens and who used it (queryUrlLink). */
  async queryUrlLink(
    url_link: string,
    options?: RequestOptions
  ): Promise<{ url_link_info: LinkInfo; visit_openid?: string }> {
    this.#check('queryUrlLink', { url_link }, { url_link: present })
    return this.#call('queryUrlLink', { json: { url_link } }, options)
  }

  /**
   * A short link for use inside WeChat (generateShortLink).
   *
   * @param params `page_url` with query, up to 32 pages deep; `is_permanent` uses up a lasting quota.
   */
  async generateShortLink(
    params: { page_url: string; page_title?: string; is_permanent?: boolean },
    options?: RequestOptions
  ): Promise<string> {
    this.#check('generateShortLink', params, { page_url: present, 'is_permanent?': flag })
    return (await this.#call<{ link: string }>('generateShortLink', { json: params }, options)).link
  }

  #check(name: string, params: object, checks: Parameters<typeof checkFields>[2]): void {
    checkFields({ operation: `links.${name}`, product: this.#api.product }, params, checks)
  }
}
