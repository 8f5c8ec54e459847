import type { RequestOptions } from '../../core/client-options.ts'
import type { FetchHandler } from '../../core/fetch-handler.ts'
import { httpUrl, oneOf } from '../../core/options.ts'
import type { TokenManager } from '../../core/token-manager.ts'
import { type CallTable, createCaller } from '../../wechat-api/call-table.ts'
import { checkFields, items, present } from '../../wechat-api/check-params.ts'
import type { WeChatApiClient } from '../../wechat-api/wechat-api-client.ts'
import { createJsSdkHandler, type JsSdkHandlerOptions } from './js-sdk-handler.ts'
import type * as signatures from './js-sdk-signature.ts'
import type {
  CardExt,
  CardExtParams,
  ChooseCard,
  ChooseCardParams,
  JsSdkConfig,
  JsSdkConfigParams,
  JsSdkExplanation
} from './js-sdk-types.ts'

/** A ticket is shared by all callers: `signal` ends the wait of this one. */
type TicketOptions = Pick<RequestOptions, 'signal'>

const CALLS = {
  getTicket: { method: 'GET', path: '/cgi-bin/ticket/getticket', idempotent: true, answersWith: 'ticket' }
} as const satisfies CallTable

const TICKET_TYPE = oneOf('jsapi', 'wx_card')
const CONFIG_CHECKS = { url: httpUrl, jsApiList: items(200, 0), 'openTagList?': items(50, 0) }

/** The calls of {@link JsSdk}. Tickets are kept in the store. */
export class JsSdkCalls {
  readonly #api: WeChatApiClient
  readonly #signatures: typeof signatures
  readonly #tickets: Readonly<Record<'jsapi' | 'wx_card', TokenManager>>

  constructor(api: WeChatApiClient, given: typeof signatures) {
    this.#api = api
    this.#signatures = given
    const call = createCaller(api, 'jssdk', CALLS)
    const manager = (type: string) =>
      api.ticketManager(type, async () => {
        const answer = await call<{ ticket: string; expires_in: number }>('getTicket', { query: { type } })
        return { value: answer.ticket, expiresInSeconds: Number(answer.expires_in) }
      })
    this.#tickets = { jsapi: manager('jsapi'), wx_card: manager('wx_card') }
  }

  async config(params: JsSdkConfigParams, options?: TicketOptions): Promise<JsSdkConfig> {
    this.#check('config', params)
    return this.#configWith(await this.ticket('jsapi', options), params)
  }

  async ticket(type: 'jsapi' | 'wx_card' = 'jsapi', options: TicketOptions = {}): Promise<string> {
    checkFields(this.#owner('ticket'), { type }, { type: TICKET_TYPE })
    return this.#tickets[type].get(options?.signal)
  }

  async explain(params: JsSdkConfigParams, options?: TicketOptions): Promise<JsSdkExplanation> {
    this.#check('explain', params)
    const ticket = await this.ticket('jsapi', options)
    const config = this.#configWith(ticket, params)
    const signed = { ticket: `[redacted, ${ticket.length} characters]`, url: params.url }
    return {
      config,
      signedText: this.#signatures.jsSdkText({ ...signed, nonceStr: config.nonceStr, timestamp: config.timestamp }),
      signedUrl: this.#signatures.withoutFragment(params.url),
      warnings: warningsOf(this.#signatures.withoutFragment(params.url))
    }
  }

  async cardExt(params: CardExtParams, options?: TicketOptions): Promise<CardExt> {
    checkFields(this.#owner('cardExt'), params, { card_id: present })
    const { card_id, code, openid } = params
    const timestamp = String(this.#seconds())
    const nonce_str = this.#api.http.nonce()
    const signature = this.#signatures.cardSignature([
      await this.ticket('wx_card', options),
      timestamp,
      nonce_str,
      card_id,
      code,
      openid
    ])
    return { ...(code ? { code } : {}), ...(openid ? { openid } : {}), timestamp, nonce_str, signature }
  }

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
    return {
      shopId,
      cardType,
      cardId,
      timestamp,
      nonceStr,
      signType: 'SHA1',
      cardSign: this.#signatures.cardSignature(values)
    }
  }

  handler(options: JsSdkHandlerOptions, hosts: ReadonlySet<string>): FetchHandler {
    const onFailure = (error: unknown) => this.#api.reportFailure('weixin-kit jssdk.handler', error)
    return createJsSdkHandler(this, options, hosts, onFailure)
  }

  #configWith(ticket: string, { url, jsApiList, openTagList, debug }: JsSdkConfigParams): JsSdkConfig {
    const timestamp = this.#seconds()
    const nonceStr = this.#api.http.nonce()
    return {
      ...(debug === undefined ? {} : { debug }),
      appId: this.#api.appId,
      timestamp,
      nonceStr,
      signature: this.#signatures.jsSdkSignature({ ticket, nonceStr, timestamp, url }),
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
