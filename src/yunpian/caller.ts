import type { RequestOptions } from '../core/client-options.ts'
import { Endpoints } from '../core/endpoints.ts'
import { HttpClient } from '../core/http-client.ts'
import { Secret } from '../internal/secret.ts'
import { ENDPOINTS, type YunpianEndpoint, type YunpianOperation } from './endpoints.ts'
import type { YunpianOptions } from './options.ts'
import { readAnswer } from './read-answer.ts'

/** Fields of a form; `undefined` ones are left out. */
export type Fields = Readonly<Record<string, string | number | boolean | undefined>>

const MAIN_HOST = 'sms.yunpian.com'
const HEADERS = {
  'content-type': 'application/x-www-form-urlencoded;charset=utf-8',
  accept: 'application/json;charset=utf-8'
}

/** Sends the calls of one account. */
export class YunpianCaller {
  readonly http: HttpClient
  readonly #apiKey: Secret
  readonly #endpoints: Endpoints

  constructor(options: YunpianOptions) {
    this.#apiKey = new Secret(options.apiKey)
    this.#endpoints = new Endpoints(MAIN_HOST, options.baseUrl)
    this.http = new HttpClient({ ...options, product: 'yunpian', secrets: [options.apiKey] })
  }

  /** The API key, for what is signed with it. Never log the result. */
  revealApiKey(): string {
    return this.#apiKey.reveal()
  }

  call<T>(operation: YunpianOperation, fields: Fields, options: RequestOptions): Promise<T> {
    return this.send<T>(operation, ENDPOINTS[operation], fields, options)
  }

  send<T>(operation: string, endpoint: YunpianEndpoint, fields: Fields, options: RequestOptions): Promise<T> {
    const form = new URLSearchParams({ apikey: this.revealApiKey() })
    for (const [name, value] of Object.entries(fields)) if (value !== undefined) form.set(name, String(value))
    return this.http.call<T>(
      {
        operation,
        method: 'POST',
        url: this.#endpoints.url(endpoint.path, undefined, `${endpoint.host}.yunpian.com`),
        headers: HEADERS,
        body: form.toString(),
        isSafeToRepeat: endpoint.isSafeToRepeat,
        readsAll: true,
        read: (response) => readAnswer(response, operation) as Promise<T>
      },
      options
    )
  }
}
