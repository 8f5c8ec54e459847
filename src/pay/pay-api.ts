import { checkRequestOptions } from '../core/check-request-options.ts'
import type { RequestOptions } from '../core/client-options.ts'
import { Endpoints } from '../core/endpoints.ts'
import type { HttpClient } from '../core/http-client.ts'
import { ConfigError, SignatureError } from '../errors/index.ts'
import { nameError } from '../internal/name-error.ts'
import { checkResponse } from './check-response.ts'
import type { Endpoint } from './endpoint.ts'
import type { MessageVerifier } from './message-verifier.ts'
import type { PayCall, RawResponse } from './pay-call.ts'
import type { PlatformKeyRing } from './platform-key-ring.ts'
import { type Account, prepareCall } from './prepare-call.ts'
import { readFailure } from './read-failure.ts'
import { parseResponse, readBytes, unexpected, verifyResponse } from './read-response.ts'
import { decryptFields, encryptFields, hasFields } from './sensitive-fields.ts'
import { signRequest } from './sign-request.ts'
import { leavesOpen, unknownResult } from './unknown-result.ts'

/** Main host of API v3. */
export const MAIN_HOST = 'api.mch.weixin.qq.com'

/** Headers that the signature covers or depends on. */
const RESERVED = new Set(['authorization', 'content-type', 'content-length', 'host', 'wechatpay-serial'])

export interface PayApiOptions {
  account: Account
  http: HttpClient
  verifier: MessageVerifier
  ring: PlatformKeyRing
  baseUrl: string | URL | undefined
  backupHost: string | undefined
}

/** Checks, encrypts, signs, sends, verifies and decrypts the calls of one merchant. */
export class PayApi {
  readonly account: Account
  readonly #http: HttpClient
  readonly #verifier: MessageVerifier
  readonly #ring: PlatformKeyRing
  readonly #endpoints: Endpoints
  readonly #base: URL | undefined
  readonly #backupHost: string | undefined
  readonly #userAgent = `weixin-kit (Node.js ${process.versions.node})`

  constructor({ account, http, verifier, ring, baseUrl, backupHost }: PayApiOptions) {
    this.account = account
    this.#http = http
    this.#verifier = verifier
    this.#ring = ring
    this.#endpoints = new Endpoints(MAIN_HOST, baseUrl)
    this.#base = baseUrl === undefined ? undefined : new URL(baseUrl)
    this.#backupHost = backupHost
  }

  /**
   * Calls an endpoint of a table.
   *
   * @throws {ConfigError} ERR_INVALID_PARAM, ERR_CONFIG; {UnknownResultError} ERR_UNKNOWN_RESULT; {WeChatPayError};
   *   {SignatureError}; {ConnectionError}; {UnexpectedResponseError}
   */
  async call<P, R>(operation: string, endpoint: Endpoint<P, R>, params: unknown, options?: RequestOptions): Promise<R> {
    try {
      const call = prepareCall(operation, endpoint, params, this.account)
      const read = (value: unknown) => checkResponse(operation, endpoint, call.sent, value, this.account)
      return (await this.send(call, read, options)) as R
    } catch (error) {
      if (endpoint.money) nameError(error, { outcome: 'refused' })
      throw error
    }
  }

  /** Sends a call and passes its verified, decrypted response to `read`. */
  async send<T>(call: PayCall, read: (value: unknown) => T, options?: RequestOptions): Promise<T> {
    const { operation, decrypted, money } = call
    const keyId = this.#encrypt(call)
    call.platformKeyId = typeof keyId === 'object' ? await keyId : keyId
    let isOpen = false
    let isVerified = true
    const readRaw = async (response: RawResponse) => {
      isVerified = await verifyResponse(response, this.#verifier)
      const value = parseResponse(response, { operation, isVerified, nowMs: this.#http.now() })
      if (decrypted) decryptFields(value, decrypted, this.account.privateKey, operation)
      return read(value)
    }
    if (!money) return this.sendRaw(call, readRaw, options)
    const watch = {
      mayRepeat: (error: unknown) => {
        isOpen ||= leavesOpen(error, money.open, isVerified)
        return true
      },
      onAbort: (wasSent: boolean) => {
        isOpen ||= wasSent
      }
    }
    try {
      return await this.sendRaw(call, readRaw, options, watch)
    } catch (error) {
      // A refusal after an attempt without a response says nothing about that attempt, which may have been executed.
      // Nor does the caller's abort, which WeChat Pay does not see.
      if (isOpen) throw unknownResult(operation, money.query, error)
      nameError(error, { outcome: 'refused' })
      throw error
    }
  }

  /**
   * Signs and sends a call; every attempt has a new timestamp, nonce and signature over the same bytes. If the
   * signature of a response is a probe, an idempotent call is retried once.
   *
   * @throws {ConnectionError} ERR_CONNECTION, ERR_TIMEOUT, and whatever `read` throws.
   */
  async sendRaw<T>(
    call: PayCall,
    read: (response: RawResponse) => Promise<T>,
    given?: RequestOptions,
    watch?: { mayRepeat(error: unknown): boolean; onAbort(wasSent: boolean): void }
  ): Promise<T> {
    const options = ownOptions(call, given)
    const { method, operation } = call
    const body = call.json === undefined ? call.body : JSON.stringify(call.json)
    // Built once: the sent bytes are the signed bytes.
    const url = this.#endpoints.url(call.path, call.query)
    const target = this.#targetOf(url)
    let signedMessage: Buffer = Buffer.alloc(0)
    const httpCall = {
      operation,
      method,
      url,
      headers: async () => {
        const request = { method, target, body: call.signedBody ?? body ?? '' }
        const { value, message } = await signRequest(request, this.account, this.#http.now(), this.#http.nonce())
        signedMessage = message
        return this.#headers(call, value, body !== undefined, options)
      },
      idempotent: call.idempotent,
      readsAll: true,
      read: async (response: Response) => {
        const bytes = await readBytes(response, call)
        const header = (name: string) => response.headers.get(name)
        return read({ host: url.host, status: response.status, bytes, header, signedMessage })
      },
      ...(body === undefined ? {} : { body }),
      ...(this.#backupHost ? { backupUrl: this.#endpoints.url(call.path, call.query, this.#backupHost) } : {}),
      ...watch
    }
    try {
      return await this.#http.call(httpCall, options)
    } catch (error) {
      const isProbe = error instanceof SignatureError && error.reason === 'probe'
      if (!isProbe || !call.idempotent) throw error
      return this.#http.call(httpCall, options)
    }
  }

  /** Throws the error of an unsuccessful response. */
  async fail(response: RawResponse, operation: string): Promise<never> {
    const isVerified = await verifyResponse(response, this.#verifier)
    throw readFailure(response, { operation, isVerified, nowMs: this.#http.now() })
  }

  /**
   * Returns path and query of a URL from the platform.
   *
   * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE for any other host: it would receive our signature.
   */
  fileTarget(address: unknown, operation: string): string {
    const url = typeof address === 'string' && URL.canParse(address) ? new URL(address) : undefined
    if (url?.protocol === 'https:' && (url.host === MAIN_HOST || url.host.endsWith('.mch.weixin.qq.com'))) {
      return url.pathname + url.search
    }
    if (url && url.origin === this.#base?.origin && url.pathname.startsWith(`${this.#prefix()}/`)) {
      return this.#targetOf(url)
    }
    throw unexpected(operation, 'the address of the file is not one of WeChat Pay (download_url).')
  }

  /** Path and query as signed: the platform does not see the path of a base URL. */
  #targetOf(url: URL): string {
    return url.pathname.slice(this.#prefix().length) + url.search
  }

  #prefix(): string {
    return this.#base?.pathname.replace(/\/+$/, '') ?? ''
  }

  #headers(call: PayCall, authorization: string, hasBody: boolean, options: RequestOptions): Record<string, string> {
    const headers: Record<string, string> = {
      accept: call.accept ?? 'application/json',
      // Requests without one are refused by the platform's gateway.
      'user-agent': options.headers?.['user-agent'] || this.#userAgent,
      authorization
    }
    if (hasBody) headers['content-type'] = call.contentType ?? 'application/json'
    if (call.platformKeyId !== undefined) headers['wechatpay-serial'] = call.platformKeyId
    return headers
  }

  /** Encrypts in place; returns the value of `Wechatpay-Serial`. */
  #encrypt({ operation, encrypted, json }: PayCall): string | undefined | Promise<string> {
    if (encrypted && hasFields(json, encrypted)) {
      return this.#ring.preferred().then(({ key, wireId }) => {
        encryptFields(json, encrypted, key, operation)
        return wireId
      })
    }
    const key = this.#ring.preferredNow()
    // Always sent in public-key mode, so that the response is signed with that key. (微信支付公钥: 使用说明)
    return key?.kind === 'publicKey' ? key.wireId : undefined
  }
}

/** The options of a call with the caller's headers in lower case, except headers that the client sets itself. */
function ownOptions(call: PayCall, given: RequestOptions | undefined): RequestOptions {
  if (given) checkRequestOptions(given, call.operation, 'pay')
  const options = call.timeoutMs ? { timeoutMs: call.timeoutMs, ...given } : (given ?? {})
  if (!options.headers) return options
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
  return { ...options, headers }
}
