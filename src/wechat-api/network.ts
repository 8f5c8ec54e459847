import type { RequestOptions } from '../core/client-options.ts'
import { type Caller, type CallTable, createCaller } from './call-table.ts'
import type { WeChatApiClient } from './wechat-api-client.ts'

/** What `network.checkCallback` asks for. */
export interface CallbackCheck {
  action?: 'all' | 'dns' | 'ping'
  check_operator?: 'CHINANET' | 'UNICOM' | 'CAP' | 'DEFAULT'
}

/** Answer of `network.checkCallback`. */
export interface CallbackCheckAnswer {
  dns?: { ip: string; real_operator: string }[]
  ping?: { ip: string; from_operator: string; package_loss: string; time: string }[]
}

const CALLS = {
  callbackIps: { method: 'GET', path: '/cgi-bin/getcallbackip', idempotent: true, answersWith: 'ip_list' },
  apiIps: { method: 'GET', path: '/cgi-bin/get_api_domain_ip', idempotent: true, answersWith: 'ip_list' },
  checkCallback: { method: 'POST', path: '/cgi-bin/callback/check', idempotent: true }
} as const satisfies CallTable

/** Addresses between WeChat and this server. */
export class Network {
  readonly #call: Caller<keyof typeof CALLS>

  /** @internal Made by the client. */
  constructor(api: WeChatApiClient) {
    this.#call = createCaller(api, 'network', CALLS)
  }

  /**
   * Addresses from which WeChat calls this server (getCallbackIp), for a firewall. They change: fetch them daily.
   *
   * @returns IPs and CIDR ranges.
   */
  async callbackIps(options?: RequestOptions): Promise<string[]> {
    return (await this.#call<{ ip_list: string[] }>('callbackIps', {}, options)).ip_list
  }

  /** Addresses of the API servers (getApiDomainIp), for a firewall of outgoing calls. */
  async apiIps(options?: RequestOptions): Promise<string[]> {
    return (await this.#call<{ ip_list: string[] }>('apiIps', {}, options)).ip_list
  }

  /** Lets WeChat try the way to the callback address of the console (callbackCheck). */
  checkCallback(params: CallbackCheck = {}, options?: RequestOptions): Promise<CallbackCheckAnswer> {
    const json = { action: params?.action ?? 'all', check_operator: params?.check_operator ?? 'DEFAULT' }
    return this.#call('checkCallback', { json }, options)
  }
}
