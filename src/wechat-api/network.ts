import type { RequestOptions } from '../core/client-options.ts'
import { get, post } from './endpoint.ts'
import type { WeChatApiClient } from './wechat-api-client.ts'

/** Parameters of `network.checkCallback`. */
export interface CallbackCheck {
  action?: 'all' | 'dns' | 'ping' | undefined
  check_operator?: 'CHINANET' | 'UNICOM' | 'CAP' | 'DEFAULT' | undefined
}

/** Response of `network.checkCallback`. */
export interface CallbackCheckResponse {
  dns?: { ip: string; real_operator: string }[]
  ping?: { ip: string; from_operator: string; package_loss: string; time: string }[]
}

const CALLBACK_IPS = get<object, string[]>('network.callbackIps', '/cgi-bin/getcallbackip', { picks: 'ip_list' })
const API_IPS = get<object, string[]>('network.apiIps', '/cgi-bin/get_api_domain_ip', { picks: 'ip_list' })
const CHECK = post<CallbackCheck, CallbackCheckResponse>('network.checkCallback', '/cgi-bin/callback/check', {
  idempotent: true,
  returns: '*'
})

/** Network addresses of WeChat, and the check of the callback URL. */
export class Network {
  readonly #api: WeChatApiClient

  /** @internal Created by the client. */
  constructor(api: WeChatApiClient) {
    this.#api = api
  }

  /**
   * Returns the addresses from which WeChat calls this server (getCallbackIp), for a firewall. They change: fetch them
   * daily.
   *
   * @param options Options of this call.
   * @returns IPs and CIDR ranges.
   * @throws {WeChatApiError} ERR_WECHAT_API
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT
   */
  callbackIps(options?: RequestOptions): Promise<string[]> {
    return this.#api.call(CALLBACK_IPS, {}, options)
  }

  /**
   * Returns the addresses of the API servers (getApiDomainIp), for a firewall of outgoing calls.
   *
   * @param options Options of this call.
   * @returns IPs and CIDR ranges.
   * @throws {WeChatApiError} ERR_WECHAT_API
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT
   */
  apiIps(options?: RequestOptions): Promise<string[]> {
    return this.#api.call(API_IPS, {}, options)
  }

  /**
   * Lets WeChat test the connection to the callback URL of the console (callbackCheck).
   *
   * @param params `action` default `all`, `check_operator` default `DEFAULT`.
   * @param options Options of this call.
   * @throws {WeChatApiError} ERR_WECHAT_API
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT
   */
  checkCallback(params: CallbackCheck = {}, options?: RequestOptions): Promise<CallbackCheckResponse> {
    const { action = 'all', check_operator = 'DEFAULT' } = params ?? {}
    return this.#api.call(CHECK, { action, check_operator }, options)
  }
}
