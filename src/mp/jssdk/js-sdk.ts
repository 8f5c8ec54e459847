import type { RequestOptions } from '../../core/client-options.ts'
import type { FetchHandler } from '../../core/fetch-handler.ts'
import { httpUrl, oneOf } from '../../core/options.ts'
import type { TokenManager } from '../../core/token-manager.ts'
import { type CallTable, createCaller } from '../../wechat-api/call-table.ts'
import { checkFields, invalidParam, items, present } from '../../wechat-api/check-params.ts'
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

/** A ticket is shared by all callers: `signal` ends the wait of this one. */
type TicketOptions = Pick<RequestOptions, 'signal'>

const CALLS = {
  getTicket: { method: 'GET', path: '/cgi-bin/ticket/getticket', isSafeToRepeat: true, answersWith: 'ticket' }
} as const satisfies CallTable

const TICKET_TYPE = oneOf('jsapi', 'wx_card')
const CONFIG_CHECKS = { url: httpUrl, jsApiList: items(200, 0), 'openTagList?': items(50, 0) }

/** Signatures for the JS-SDK (微信 JS-SDK) of pages that run inside WeChat. Tickets are kept in the store. */
export class JsSdk {
  readonly #api: WeChatApiClient
  readonly #tickets: Readonly<Record<'jsapi' | 'wx_card', TokenManager>>

  /** @internal Made by the client. */
  constructor(api: WeChatApiClient) {
    this.#api = api
    const call = createCaller(api, 'jssdk', CALLS)
    const manager = (type: string) =>
      api.ticketManager(type, async () => {
        const answer = await call<{ ticket: string; expires_in: number }>('getTicket', { query: { type } })
        return { value: answer.ticket, expiresInSeconds: Number(answer.expires_in) }
      })
    this.#tickets = { jsapi: manager('jsapi'), wx_card: manager('wx_card') }
  }

  /**
   * The argument of `wx.config` for a page.
   *
   * @throws {ConfigError} ERR_INVALID_PARAM
   * @throws {WeChatApiError} ERR_WECHAT_API when a ticket had to be fetched and was refused.
   * @example
   * const config = await mp.jssdk.config({ url: 'https://example.com/page?id=1', jsApiList: ['chooseImage'] })
   */
  async config(params: JsSdkConfigParams, options?: TicketOptions): Promise<JsSdkConfig> {
    this.#check('config', params)
    return this.#configWith(await this.ticket('jsapi', options), params)
  }

  /** The present ticket: `jsapi` (default) for pages, `wx_card` for cards. A secret: it must not reach the page. */
  async ticket(type: 'jsapi' | 'wx_card' = 'jsapi', options: TicketOptions = {}): Promise<string> {
    checkFields(this.#owner('ticket'), { type }, { type: TICKET_TYPE })
    return this.#tickets[type].get(options?.signal)
  }

  /**
   * The signature alone, for a ticket at hand.
   *
   * @returns 40 hexadecimal digits.
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  sign(params: JsSdkSignParams): string {
    if (!isSignable(params)) {
      throw invalidParam(
        this.#owner('sign'),
        'params',
        'must be { ticket, url, nonceStr, timestamp }, the last a number of seconds'
      )
    }
    return jsSdkSignature(params)
  }

  /**
   * `config` with the text that was signed (ticket masked) and what looks wrong, for the day on which WeChat says "invalid
   * signature".
   *
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  async explain(params: JsSdkConfigParams, options?: TicketOptions): Promise<JsSdkExplanation> {
    this.#check('explain', params)
    const ticket = await this.ticket('jsapi', options)
    const config = this.#configWith(ticket, params)
    const signed = { ticket: `[redacted, ${ticket.length} characters]`, url: params.url }
    return {
      config,
      signedText: jsSdkText({ ...signed, nonceStr: config.nonceStr, timestamp: config.timestamp }),
      signedUrl: withoutFragment(params.url),
      warnings: warningsOf(withoutFragment(params.url))
    }
  }

  /** The `cardExt` of `wx.addCard` (JS-SDK document, appendix 4). */
  async cardExt(params: CardExtParams, options?: TicketOptions): Promise<CardExt> {
    checkFields(this.#owner('cardExt'), params, { card_id: present })
    const { card_id, code, openid } = params
    const timestamp = String(this.#seconds())
    const nonce_str = this.#api.http.nonce()
    const signature = cardSignature([
      await this.ticket('wx_card', options),
      timestamp,
      nonce_str,
      card_id,
      code,
      openid
    ])
    return { ...(code ? { code } : {}), ...(openid ? { openid } : {}), timestamp, nonce_str, signature }
  }

  /** The argument of `wx.chooseCard` (JS-SDK document, appendix 4). */
  async chooseCard(params: ChooseCardParams = {}, options?: TicketOptions): Promise<ChooseCard> {
    const timestamp = this.#seconds()
    const nonceStr = this.#api.http.nonce()
    const { shopId = '', cardType = '', cardId = '' } = params ?? {}
    const values = [
      await this.ticket('wx_card', options),
      this.#api.appId,
      shopId,
      String(timestamp),
      nonceStr,
      cardId,
      cardType
    ]
    return { shopId, cardType, cardId, timestamp, nonceStr, signType: 'SHA1', cardSign: cardSignature(values) }
  }

  /**
   * A handler that signs for pages: `GET ?url=<location.href>` answers the argument of `wx.config` as JSON.
   *
   * @throws {ConfigError} ERR_CONFIG
   * @example
   * const handler = mp.jssdk.handler({ allowedHosts: ['m.example.com'], jsApiList: ['chooseImage'] })
   */
  handler(options: JsSdkHandlerOptions): FetchHandler {
    const onFailure = (error: unknown) => this.#api.reportFailure('weixin-kit jssdk.handler', error)
    return createJsSdkHandler(this, options, onFailure)
  }

  #configWith(ticket: string, { url, jsApiList, openTagList, debug }: JsSdkConfigParams): JsSdkConfig {
    const timestamp = this.#seconds()
    const nonceStr = this.#api.http.nonce()
    return {
      ...(debug === undefined ? {} : { debug }),
      appId: this.#api.appId,
      timestamp,
      nonceStr,
      signature: jsSdkSignature({ ticket, nonceStr, timestamp, url }),
      jsApiList: [...jsApiList],
      ...(openTagList === undefined ? {} : { openTagList: [...openTagList] })
    }
  }

  #seconds(): number {
    return Math.floor(this.#api.http.now() / 1000)
  }

  #check(name: string, params: JsSdkConfigParams): void {
    checkFields(this.#owner(name), params, CONFIG_CHECKS)
  }

  #owner(name: string) {
    return { operation: `jssdk.${name}`, product: this.#api.product }
  }
}

/** By hand: this runs for every page view. */
function isSignable(params: JsSdkSignParams): boolean {
  return (
    typeof params?.ticket === 'string' &&
    (typeof params.url === 'string' || params.url instanceof URL) &&
    typeof params.nonceStr === 'string' &&
    typeof params.timestamp === 'number'
  )
}

function warningsOf(url: string): string[] {
  const { protocol, hostname, href } = new URL(url)
  const warnings: string[] = []
  if (protocol === 'http:') warnings.push('The address is http: a proxy that ends TLS hides that the page is https.')
  if (/^(?:localhost|127\.|10\.|192\.168\.|\[)/.test(hostname)) {
    warnings.push('The host is local: WeChat accepts only the JS-safe domains registered in the console.')
  }
  if (href !== url) {
    warnings.push('A browser would write this address in another way; sign location.href exactly as the page reads it.')
  }
  if (/%25[0-9A-F]{2}/i.test(url)) warnings.push('The address looks encoded twice: encode it once for the query.')
  return warnings
}
