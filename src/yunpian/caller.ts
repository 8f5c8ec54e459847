import type { RequestOptions } from '../core/client-options.ts'
import type { Endpoints } from '../core/endpoints.ts'
import type { HttpClient } from '../core/http-client.ts'
import type { Secret } from '../internal/secret.ts'
import { ENDPOINTS, type YunpianEndpoint, type YunpianOperation } from './endpoints.ts'
import type { inspectText } from './message-text.ts'
import type { normalizeMobile } from './mobile.ts'
import { readAnswer } from './read-answer.ts'

/** Fields of a form; `undefined` ones are left out. */
export type Fields = Readonly<Record<string, string | number | boolean | undefined>>

export interface CallerOptions {
  http: HttpClient
  endpoints: Endpoints
  apiKey: Secret
  /** These two are public, and so loaded with the client. Imported here too, they would become a file of their own. */
  normalizeMobile: typeof normalizeMobile
  inspectText: typeof inspectText
}

const HEADERS = {
  'content-type': 'application/x-www-form-urlencoded;charset=utf-8',
  accept: 'application/json;charset=utf-8'
}

/** Sends the calls of one account. */
export class YunpianCaller {
  readonly normalizeMobile: typeof normalizeMobile
  readonly inspectText: typeof inspectText
  readonly #http: HttpClient
  readonly #apiKey: Secret
  readonly #endpoints: Endpoints

  constructor(options: CallerOptions) {
    this.normalizeMobile = options.normalizeMobile
    this.inspectText = options.inspectText
    this.#http = options.http
    this.#apiKey = options.apiKey
    this.#endpoints = options.endpoints
  }

  call<T>(operation: YunpianOperation, fields: Fields, options: RequestOptions): Promise<T> {
    return this.send<T>(operation, ENDPOINTS[operation], fields, options)
  }

  send<T>(operation: string, endpoint: YunpianEndpoint, fields: Fields, options: RequestOptions): Promise<T> {
    const form = new URLSearchParams({ apikey: this.#apiKey.reveal() })
    for (const [name, value] of Object.entries(fields)) if (value !== undefined) form.set(name, String(value))
    return this.#http.call<T>(
      {
        operation,
        method: 'POST',
        url: this.#endpoints.url(endpoint.path, undefined, `${endpoint.host}.yunpian.com`),
        headers: HEADERS,
        body: form.toString(),
        idempotent: endpoint.idempotent,
        readsAll: true,
        read: (response) => readAnswer(response, operation) as Promise<T>
      },
      options
    )
  }
}
