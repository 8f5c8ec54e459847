import type { RequestOptions } from '../../core/client-options.ts'
import type { FetchHandler } from '../../core/fetch-handler.ts'
import { httpUrl, type OptionCheck, oneOf } from '../../core/options.ts'
import type { TokenManager } from '../../core/token-manager.ts'
import { inStep } from '../../internal/name-error.ts'
import { checkFields, items, type ParamOwner, paramError, present } from '../../wechat-api/check-params.ts'
import { get } from '../../wechat-api/endpoint.ts'
import type { WeChatApiClient } from '../../wechat-api/wechat-api-client.ts'
import { createJsSdkHandler, type JsSdkHandlerOptions } from './js-sdk-handler.ts'
import { cardSignature, jsSdkSignature, jsSdkText, withoutFragment } from './js-sdk-signature.ts'
import type {
  CardExt,
  CardExtParams,
  ChooseCard,
  ChooseCardParams,
  JsSdkConfig,
  JsSdkConfigParams,
  JsSdkExplanation,
  JsSdkSignParams
} from './js-sdk-types.ts'
import { urlWarnings } from './url-warnings.ts'

/** A ticket is shared by all callers: `signal` only ends the wait of this one. */
type TicketOptions = Pick<RequestOptions, 'signal'>
type TicketType = 'jsapi' | 'wx_card'

const GET_TICKET = get<{ type: TicketType }, { ticket: string; expires_in: unknown }>(
  'jssdk.getTicket',
  '/cgi-bin/ticket/getticket',
  { returns: 'ticket' }
)

/** URLs that need no parser: this runs for every page view. */
const PLAIN_URL = /^https?:\/\/(?!\S*xn--)(?:[a-z0-9-]+\.)+[a-z]{2,}(?::\d{1,4})?(?:[/?#][\x21-\x7e]*)?$/i
const pageUrl: OptionCheck = (value) =>
  typeof value === 'string' && PLAIN_URL.test(value) ? undefined : notTheAddress(value)
/** What is often passed in its place: nothing, a path, a URL that is still encoded. */
const notTheAddress: OptionCheck = (value) => {
  const wrong = httpUrl(value)
  if (!wrong) return undefined
  if (typeof value === 'string' && /^https?%3A/i.test(value)) {
    return 'is still encoded: decode it once (decodeURIComponent), as frameworks do with a query'
  }
  return 'must be location.href of the page, sent by the page itself: an absolute http: or https: URL'
}
const unescapedUrl: OptionCheck = (value) =>
  typeof value === 'string' && value.includes('&amp;')
    ? 'has "&amp;" in place of "&" because it was HTML-escaped: read location.href in a script'
    : pageUrl(value)
const CONFIG_OWNER: ParamOwner = { operation: 'jssdk.config', product: 'mp' }
const EXPLAIN_RULES = { url: pageUrl, jsApiList: items(200, 0), 'openTagList?': items(50, 0) }
const CONFIG_RULES = { ...EXPLAIN_RULES, url: unescapedUrl }

/** Signatures for the JS-SDK (微信 JS-SDK) of pages that run inside WeChat. Tickets are kept in the store. */
export class JsSdk {
  readonly #api: WeChatApiClient
  readonly #tickets: Readonly<Record<TicketType, TokenManager>>

  /** @internal Created by the client. */
  constructor(api: WeChatApiClient) {
    this.#api = api
    const manager = (type: TicketType) =>
      api.ticketManager(type, async () => {
        const { ticket, expires_in } = await inStep('ticket', () => api.call(GET_TICKET, { type }))
        return { value: ticket, expiresInSeconds: Number(expires_in) }
      })
    this.#tickets = { jsapi: manager('jsapi'), wx_card: manager('wx_card') }
  }

  /**
   * Returns the argument of `wx.config` for a page.
   *
   * @param params `url` is `location.href` of the page; `#` and everything after it is cut off.
   * @param options `signal` aborts only this caller's wait for a ticket.
   * @throws {ConfigError} ERR_INVALID_PARAM
   * @throws {WeChatApiError} ERR_WECHAT_API if a ticket had to be fetched and was refused.
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT
   * @throws {StoreError} ERR_STORE
   * @example
   * const config = await mp.jssdk.config({ url: 'https://example.com/page?id=1', jsApiList: ['chooseImage'] })
   */
  async config(params: JsSdkConfigParams, options?: TicketOptions): Promise<JsSdkConfig> {
    checkFields(CONFIG_OWNER, params, CONFIG_RULES)
    const ticket = this.#tickets.jsapi.current() ?? (await this.ticket('jsapi', options))
    return this.#configWith(ticket, params)
  }

  /**
   * Returns the current ticket (getTicket). A secret: it must not reach the page.
   *
   * @param type `jsapi` (default) for pages, `wx_card` for cards.
   * @param options `signal` aborts only this caller's wait.
   * @returns The ticket, from the store as long as it is valid.
   * @throws {WeChatApiError} ERR_WECHAT_API
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT
   * @throws {StoreError} ERR_STORE
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  async ticket(type: 'jsapi' | 'wx_card' = 'jsapi', options?: TicketOptions): Promise<string> {
    checkFields(this.#owner('ticket'), { type }, { type: oneOf('jsapi', 'wx_card') })
    return this.#tickets[type].get(options?.signal)
  }

  /**
   * Returns only the signature, for a ticket that you have (JS-SDK document, appendix 1).
   *
   * @param params `timestamp` in seconds since 1970.
   * @returns 40 hexadecimal digits.
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  sign(params: JsSdkSignParams): string {
    if (!isSignable(params)) {
      const problem = 'must be { ticket, url, nonceStr, timestamp }, the last a number of seconds'
      throw paramError(this.#owner('sign'), 'params', problem)
    }
    return jsSdkSignature(params)
  }

  /**
   * Returns `config` with the signed text (ticket masked) and what looks wrong, for when WeChat reports "invalid
   * signature".
   *
   * @param params The parameters of `config`.
   * @param options `signal` aborts only this caller's wait for a ticket.
   * @throws {ConfigError} ERR_INVALID_PARAM
   * @throws {WeChatApiError} ERR_WECHAT_API if a ticket had to be fetched and was refused.
   */
  async explain(params: JsSdkConfigParams, options?: TicketOptions): Promise<JsSdkExplanation> {
    checkFields(this.#owner('explain'), params, EXPLAIN_RULES)
    const ticket = await this.ticket('jsapi', options)
    const config = this.#configWith(ticket, params)
    const { nonceStr, timestamp } = config
    const signedUrl = withoutFragment(params.url)
    return {
      config,
      signedText: jsSdkText({ ticket: `[redacted, ${ticket.length} characters]`, url: signedUrl, nonceStr, timestamp }),
      signedUrl,
      warnings: [...urlWarnings(signedUrl), ...listWarnings(params)]
    }
  }

  /**
   * Returns the `cardExt` of `wx.addCard` (JS-SDK document, appendix 4).
   *
   * @param params `code` and `openid` only for cards that need them.
   * @param options `signal` aborts only this caller's wait for a ticket.
   * @throws {ConfigError} ERR_INVALID_PARAM
   * @throws {WeChatApiError} ERR_WECHAT_API if a ticket had to be fetched and was refused.
   */
  async cardExt(params: CardExtParams, options?: TicketOptions): Promise<CardExt> {
    checkFields(this.#owner('cardExt'), params, { card_id: present })
    const { card_id, code, openid } = params
    const timestamp = String(this.#seconds())
    const nonce_str = this.#api.http.nonce()
    const ticket = await this.ticket('wx_card', options)
    const signature = cardSignature([ticket, timestamp, nonce_str, card_id, code, openid])
    return { ...(code ? { code } : {}), ...(openid ? { openid } : {}), timestamp, nonce_str, signature }
  }

  /**
   * Returns the argument of `wx.chooseCard` (JS-SDK document, appendix 4).
   *
   * @param params Filters; default: all cards of the user.
   * @param options `signal` aborts only this caller's wait for a ticket.
   * @throws {WeChatApiError} ERR_WECHAT_API if a ticket had to be fetched and was refused.
   */
  async chooseCard(params: ChooseCardParams = {}, options?: TicketOptions): Promise<ChooseCard> {
    const timestamp = this.#seconds()
    const nonceStr = this.#api.http.nonce()
    const { shopId = '', cardType = '', cardId = '' } = params ?? {}
    const ticket = await this.ticket('wx_card', options)
    const values = [ticket, this.#api.appId, shopId, String(timestamp), nonceStr, cardId, cardType]
    return { shopId, cardType, cardId, timestamp, nonceStr, signType: 'SHA1', cardSign: cardSignature(values) }
  }

  /**
   * Makes a handler that signs for pages: the response to `GET ?url=<location.href>` is the argument of `wx.config` as
   * JSON.
   *
   * @param options `allowedHosts`: the hosts whose pages may get signatures.
   * @throws {ConfigError} ERR_CONFIG
   * @example
   * const handler = mp.jssdk.handler({ allowedHosts: ['m.example.com'], jsApiList: ['chooseImage'] })
   */
  handler(options: JsSdkHandlerOptions): FetchHandler {
    return createJsSdkHandler(this, options, (error) => this.#api.reportFailure('weixin-kit jssdk.handler', error))
  }

  #configWith(ticket: string, { url, jsApiList, openTagList, debug }: JsSdkConfigParams): JsSdkConfig {
    const timestamp = this.#seconds()
    const nonceStr = this.#api.http.nonce()
    const config: JsSdkConfig = {
      appId: this.#api.appId,
      timestamp,
      nonceStr,
      signature: jsSdkSignature({ ticket, nonceStr, timestamp, url }),
      jsApiList: [...jsApiList]
    }
    if (openTagList !== undefined) config.openTagList = [...openTagList]
    if (debug !== undefined) config.debug = debug
    return config
  }

  #seconds(): number {
    return Math.floor(this.#api.http.now() / 1000)
  }

  #owner(name: string) {
    return { operation: `jssdk.${name}`, product: this.#api.product }
  }
}

/** By hand: this runs for every page view. */
function listWarnings({ jsApiList, openTagList = [] }: JsSdkConfigParams): string[] {
  if (jsApiList.length > 0 || openTagList.length > 0) return []
  return [
    'jsApiList is empty, so every call of the page fails ("permission denied"). List the APIs that it calls, e.g. ["scanQRCode"].'
  ]
}

function isSignable(params: JsSdkSignParams): boolean {
  return (
    typeof params?.ticket === 'string' &&
    (typeof params.url === 'string' || params.url instanceof URL) &&
    typeof params.nonceStr === 'string' &&
    typeof params.timestamp === 'number'
  )
}
