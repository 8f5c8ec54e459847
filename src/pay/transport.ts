import { checkRequestOptions } from '../core/check-request-options.ts'
import type { RequestOptions } from '../core/client-options.ts'
import { Endpoints, type QueryValue } from '../core/endpoints.ts'
import type { HttpCall, HttpClient } from '../core/http-client.ts'
import {
  BodyError,
  ConfigError,
  SignatureError,
  UnexpectedResponseError,
  type WeixinKitError
} from '../errors/index.ts'
import { collectCapped } from './common/collect.ts'
import type { HeaderReader } from './message-verifier.ts'
import type { RequestSigner } from './request-signer.ts'

/** Main host of API v3. */
export const MAIN_HOST = 'api.mch.weixin.qq.com'

/** Far above every JSON answer; a bill is read elsewhere. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024
/** What a caller's own headers must not replace: they belong to the signature. */
const RESERVED = new Set(['authorization', 'content-type', 'content-length', 'host', 'wechatpay-serial'])

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** An answer as it came, before anything was made of it. */
export interface RawAnswer {
  readonly status: number
  readonly bytes: Uint8Array
  readonly header: HeaderReader
  /** What we signed for this attempt. */
  readonly signedMessage: Buffer
}

/** One request, ready to be signed and sent. */
export interface SignedCall<T> {
  operation: string
  method: Method
  /** Path, encoded, with leading slash. */
  path: string
  query?: Readonly<Record<string, QueryValue>> | undefined
  /** The very bytes that are sent. */
  body?: string | Uint8Array | undefined
  contentType?: string | undefined
  /** Default `application/json`. */
  accept?: string
  /** What is signed in place of the body, for uploads. */
  signedBody?: string | undefined
  wechatpaySerial?: string | undefined
  idempotent: boolean
  maxBytes?: number
  timeoutMs?: number | undefined
  read(answer: RawAnswer): Promise<T>
  mayRepeat?(error: unknown): boolean
  onAbort?(wasSent: boolean): void
}

export interface TransportOptions {
  http: HttpClient
  signer: RequestSigner
  baseUrl: string | undefined
  backupHost: string | undefined
  userAgent: string
}

/** Signs and sends; every attempt with a fresh time, nonce and signature over the same bytes. */
export class Transport {
  readonly #options: TransportOptions
  readonly #upstream = new Endpoints(MAIN_HOST)
  readonly #endpoints: Endpoints

  constructor(options: TransportOptions) {
    this.#options = options
    this.#endpoints = new Endpoints(MAIN_HOST, options.baseUrl)
  }

  /** Milliseconds since 1970 by the client's clock. */
  now(): number {
    return this.#options.http.now()
  }

  /** Path and query as they are signed and sent. */
  target(path: string, query?: Readonly<Record<string, QueryValue>>): string {
    const { pathname, search } = this.#upstream.url(path, query)
    return pathname + search
  }

  /**
   * Path and query of an address that the platform gave us.
   *
   * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE for any other host: it would receive our signature.
   */
  targetOf(address: unknown, operation: string): string {
    const url = typeof address === 'string' && URL.canParse(address) ? new URL(address) : undefined
    if (url?.protocol === 'https:' && (url.host === MAIN_HOST || url.host.endsWith('.mch.weixin.qq.com'))) {
      return url.pathname + url.search
    }
    const base = this.#options.baseUrl === undefined ? undefined : new URL(this.#options.baseUrl)
    const prefix = base?.pathname.replace(/\/+$/, '') ?? ''
    if (url && base && url.origin === base.origin && url.pathname.startsWith(`${prefix}/`)) {
      return url.pathname.slice(prefix.length) + url.search
    }
    throw unexpected(operation, 'the address of the file is not one of WeChat Pay (download_url).')
  }

  /**
   * Sends a call. An answer whose signature is a probe is asked for once more, where repeating is safe.
   *
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT, and whatever `call.read` throws.
   */
  send<T>(call: SignedCall<T>, given?: RequestOptions): Promise<T> {
    const options = given ?? {}
    checkRequestOptions(options, call.operation, 'pay')
    const httpCall = this.#httpCall(call, options)
    const own = ownHeaders(options)
    const requestOptions = call.timeoutMs ? { timeoutMs: call.timeoutMs, ...options, ...own } : { ...options, ...own }
    return this.#options.signer.during(async () => {
      try {
        return await this.#options.http.call(httpCall, requestOptions)
      } catch (error) {
        const isProbe = error instanceof SignatureError && error.reason === 'probe'
        if (!isProbe || !call.idempotent) throw error
        return this.#options.http.call(httpCall, requestOptions)
      }
    })
  }

  #httpCall<T>(call: SignedCall<T>, options: RequestOptions): HttpCall<T> {
    const { signer, userAgent, backupHost } = this.#options
    const target = this.target(call.path, call.query)
    let signedMessage: Buffer = Buffer.alloc(0)
    const httpCall: HttpCall<T> = {
      operation: call.operation,
      method: call.method,
      // The URL is built once: what is sent is what was signed.
      url: this.#endpoints.url(target),
      headers: async () => {
        const authorization = await signer.authorize(call.method, target, call.signedBody ?? call.body ?? '')
        signedMessage = authorization.message
        const headers: Record<string, string> = {
          accept: call.accept ?? 'application/json',
          // Requests without one are refused by the gateway.
          'user-agent': userAgentOf(options) ?? userAgent,
          authorization: authorization.value
        }
        if (call.body !== undefined) headers['content-type'] = call.contentType ?? 'application/json'
        if (call.wechatpaySerial !== undefined) headers['wechatpay-serial'] = call.wechatpaySerial
        return headers
      },
      idempotent: call.idempotent,
      readsAll: true,
      read: async (response) => {
        const bytes = await readBytes(response, call)
        return call.read({
          status: response.status,
          bytes,
          header: (name) => response.headers.get(name),
          signedMessage
        })
      }
    }
    if (call.body !== undefined) httpCall.body = call.body
    if (call.mayRepeat) httpCall.mayRepeat = call.mayRepeat
    if (call.onAbort) httpCall.onAbort = call.onAbort
    if (backupHost) httpCall.backupUrl = this.#endpoints.url(target, undefined, backupHost)
    return httpCall
  }
}

async function readBytes(response: Response, call: SignedCall<unknown>): Promise<Uint8Array> {
  const limit = call.maxBytes ?? MAX_ANSWER_BYTES
  const tooLarge = () =>
    new BodyError('too_large', `${call.operation}: the answer is larger than ${limit} bytes.`, { product: 'pay' })
  const { headers, body } = response
  // The length of a compressed answer says nothing of what comes out of it.
  const length = headers.has('content-encoding') ? Number.NaN : Number(headers.get('content-length') ?? Number.NaN)
  if (length > limit) throw tooLarge()
  if (Number.isNaN(length) && body) return collectCapped(body, limit, tooLarge)
  const bytes = new Uint8Array(await response.arrayBuffer())
  if (bytes.byteLength > limit) throw tooLarge()
  return bytes
}

/** The caller's headers in lower case, without those that the signature covers or depends on. */
function ownHeaders(options: RequestOptions): { headers?: Record<string, string> } {
  if (!options.headers) return {}
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(options.headers)) {
    const lower = name.toLowerCase()
    if (RESERVED.has(lower)) {
      throw new ConfigError(`The header ${name} is set by the client and cannot be replaced.`, {
        code: 'ERR_INVALID_PARAM',
        option: `headers.${name}`,
        product: 'pay'
      })
    }
    headers[lower] = value
  }
  return { headers }
}

function userAgentOf(options: RequestOptions): string | undefined {
  const entry = Object.entries(options.headers ?? {}).find(([name]) => name.toLowerCase() === 'user-agent')
  return entry?.[1] || undefined
}

/** An answer that cannot be read although it is genuine. */
export function unexpected(operation: string, problem: string, status?: number): WeixinKitError {
  return new UnexpectedResponseError(`${operation}: ${problem}`, {
    product: 'pay',
    ...(status === undefined ? {} : { status })
  })
}
