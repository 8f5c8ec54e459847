import type { RequestOptions } from '../core/client-options.ts'
import { Endpoints } from '../core/endpoints.ts'
import type { HttpClient } from '../core/http-client.ts'
import { checkOptions } from '../core/options.ts'
import type { Secret } from '../internal/secret.ts'
import type { Endpoint, Fields, Methods } from './endpoint.ts'
import { readResponse } from './read-response.ts'

/** Main host of Yunpian. */
export const YUNPIAN_HOST = 'sms.yunpian.com'
const HEADERS = {
  'content-type': 'application/x-www-form-urlencoded;charset=utf-8',
  accept: 'application/json;charset=utf-8'
}

/** Sends the calls of one account. */
export class YunpianApi {
  readonly #http: HttpClient
  readonly #apiKey: Secret
  readonly #endpoints: Endpoints

  constructor(http: HttpClient, apiKey: Secret, baseUrl: string | URL | undefined) {
    this.#http = http
    this.#apiKey = apiKey
    this.#endpoints = new Endpoints(YUNPIAN_HOST, baseUrl)
  }

  /** Returns the methods of a family: `sms.singleSend` for the row `singleSend` of the family `sms`. */
  methods<Rows extends Readonly<Record<string, unknown>>>(family: string, rows: Rows): Methods<Rows> {
    const methods = Object.entries(rows).map(([name, row]) => {
      const endpoint = row as Endpoint<unknown, unknown>
      const operation = `${family}.${name}`
      const method = endpoint.rules
        ? (params: unknown = {}, options?: RequestOptions) => this.#call(operation, endpoint, params, options)
        : (options?: RequestOptions) => this.#call(operation, endpoint, {}, options)
      return [name, method] as const
    })
    return Object.fromEntries(methods) as Methods<Rows>
  }

  /** Sends a form unchanged. */
  send(
    operation: string,
    { host, path, idempotent }: Pick<Endpoint<unknown, unknown>, 'host' | 'path' | 'idempotent'>,
    fields: Fields,
    options: RequestOptions = {}
  ): Promise<unknown> {
    const form = new URLSearchParams({ apikey: this.#apiKey.reveal() })
    for (const [name, value] of Object.entries(fields)) if (value !== undefined) form.set(name, String(value))
    return this.#http.call(
      {
        operation,
        method: 'POST',
        url: this.#endpoints.url(path, undefined, `${host}.yunpian.com`),
        headers: HEADERS,
        body: form.toString(),
        idempotent,
        readsAll: true,
        read: (response) => readResponse(response, operation)
      },
      options
    )
  }

  async #call(
    operation: string,
    endpoint: Endpoint<unknown, unknown>,
    params: unknown,
    options: RequestOptions | undefined
  ): Promise<unknown> {
    const { rules = {}, encode, decode } = endpoint
    checkOptions(params, rules, { owner: operation, product: 'yunpian', of: 'params' })
    const fields = encode ? encode(params, operation) : (params as Fields)
    const body = await this.send(operation, endpoint, fields, options)
    return decode ? decode(body, operation) : body
  }
}
