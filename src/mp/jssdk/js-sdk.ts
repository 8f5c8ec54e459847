import type { RequestOptions } from '../../core/client-options.ts'
import type { FetchHandler } from '../../core/fetch-handler.ts'
import { checkOptions } from '../../core/options.ts'
import type { WeChatAccount } from '../../wechat-api/account.ts'
import { paramError } from '../../wechat-api/check-params.ts'
import type { LateCalls } from '../late-calls.ts'
import type { JsSdkHandlerOptions } from './js-sdk-handler.ts'
import { jsSdkHandlerRules } from './js-sdk-handler-rules.ts'
import { jsSdkSignature } from './js-sdk-signature.ts'
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

/** Signatures for the JS-SDK (微信 JS-SDK) of pages that run inside WeChat. Tickets are kept in the store. */
export class JsSdk {
  readonly #account: WeChatAccount
  readonly #late: LateCalls

  /** @internal Made by the client. */
  constructor(account: WeChatAccount, late: LateCalls) {
    this.#account = account
    this.#late = late
  }

  /**
   * The argument of `wx.config` for a page.
   *
   * @throws {ConfigError} ERR_INVALID_PARAM
   * @throws {WeChatApiError} ERR_WECHAT_API when a ticket had to be fetched and was refused.
   * @example
   * const config = await mp.jssdk.config({ url: 'https://example.com/page?id=1', jsApiList: ['chooseImage'] })
   */
  config(params: JsSdkConfigParams, options?: TicketOptions): Promise<JsSdkConfig> {
    return this.#late.call([params, options], (calls, args) => calls.jssdk.config(...args))
  }

  /** The present ticket: `jsapi` (default) for pages, `wx_card` for cards. A secret: it must not reach the page. */
  ticket(type: 'jsapi' | 'wx_card' = 'jsapi', options: TicketOptions = {}): Promise<string> {
    return this.#late.call([type, options], (calls, args) => calls.jssdk.ticket(...args))
  }

  /**
   * The signature alone, for a ticket at hand.
   *
   * @returns 40 hexadecimal digits.
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  sign(params: JsSdkSignParams): string {
    if (!isSignable(params)) {
      throw paramError(
        { operation: 'jssdk.sign', product: this.#account.product },
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
  explain(params: JsSdkConfigParams, options?: TicketOptions): Promise<JsSdkExplanation> {
    return this.#late.call([params, options], (calls, args) => calls.jssdk.explain(...args))
  }

  /** The `cardExt` of `wx.addCard` (JS-SDK document, appendix 4). */
  cardExt(params: CardExtParams, options?: TicketOptions): Promise<CardExt> {
    return this.#late.call([params, options], (calls, args) => calls.jssdk.cardExt(...args))
  }

  /** The argument of `wx.chooseCard` (JS-SDK document, appendix 4). */
  chooseCard(params: ChooseCardParams = {}, options?: TicketOptions): Promise<ChooseCard> {
    return this.#late.call([params, options], (calls, args) => calls.jssdk.chooseCard(...args))
  }

  /**
   * A handler that signs for pages: `GET ?url=<location.href>` answers the argument of `wx.config` as JSON.
   *
   * @throws {ConfigError} ERR_CONFIG
   * @example
   * const handler = mp.jssdk.handler({ allowedHosts: ['m.example.com'], jsApiList: ['chooseImage'] })
   */
  handler(options: JsSdkHandlerOptions): FetchHandler {
    checkOptions(options, jsSdkHandlerRules(), { owner: 'jssdk.handler', product: 'mp' })
    // As they are now: who may ask for signatures is not to change behind this check.
    const hosts = new Set(options.allowedHosts.map((host) => new URL(`https://${host}`).host))
    let handler: FetchHandler | undefined
    return (request) =>
      this.#late.call([request], (calls) => {
        handler ??= calls.jssdk.handler(options, hosts)
        return handler(request)
      })
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
