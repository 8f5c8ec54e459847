import type { RequestOptions } from '../../core/client-options.ts'
import type { Endpoints } from '../../core/endpoints.ts'
import type { HttpCall, HttpClient } from '../../core/http-client.ts'
import {
  ConfigError,
  ConnectionError,
  type ResultQuery,
  UnknownResultError,
  WeChatPayError,
  WeixinKitError
} from '../../errors/index.ts'
import { buildXml, type XmlObject } from '../../internal/xml/index.ts'
import type { Bill } from '../common/bill.ts'
import { readXmlAnswer } from './answer.ts'
import type { Endpoint } from './endpoint.ts'
import type { Known } from './known.ts'
import type { WireFields } from './params.ts'
import { readBill } from './read-bill.ts'
import type { Signer, SignType } from './signer.ts'
import { type SentRequest, verifyAnswer } from './verify-answer.ts'

/** Transfers and red packets of one number must be a second apart. (企业付款: 接口限制) */
const PACED_DELAY_MS = 1_100

export interface CallerOptions {
  appId: string
  mchId: string
  subAppId: string | undefined
  subMchId: string | undefined
  signType: SignType
  http: HttpClient
  endpoints: Endpoints
  backupHost: string | undefined
  hasCertificate: boolean
  pathPrefix: string
  known: Known
  signer(endpoint: Endpoint): Signer | Promise<Signer>
}

interface Address {
  url: URL
  backupUrl?: URL
}

/** Signs, sends and verifies the calls of one account. */
export class Caller {
  readonly #options: CallerOptions
  readonly #addresses = new WeakMap<Endpoint, Address>()
  readonly known: Known

  constructor(options: CallerOptions) {
    this.#options = options
    this.known = options.known
  }

  /**
   * Sends a call and returns the verified fields of its answer.
   *
   * @throws {UnknownResultError} ERR_UNKNOWN_RESULT for a call with a query whose outcome is not known.
   */
  call(
    endpoint: Endpoint,
    params: WireFields,
    options?: RequestOptions,
    query: ResultQuery | undefined = queryOf(endpoint, params)
  ): Promise<XmlObject> {
    const read = async (response: Response, sent: SentRequest) =>
      this.#verify(await readXmlAnswer(response, endpoint), response, sent)
    return this.#send(endpoint, params, options, query, read, true)
  }

  /**
   * {@link call} with the result that `make` makes of the answer. Where it throws, the answer counts as one that cannot be read,
   * and the outcome of a call that moves money as unknown.
   */
  callFor<T>(
    endpoint: Endpoint,
    params: WireFields,
    options: RequestOptions | undefined,
    make: (answer: XmlObject) => T
  ): Promise<T> {
    const read = async (response: Response, sent: SentRequest) =>
      make(this.#verify(await readXmlAnswer(response, endpoint), response, sent))
    return this.#send(endpoint, params, options, queryOf(endpoint, params), read, true)
  }

  /** Sends a call whose successful answer is a bill. */
  download(endpoint: Endpoint, params: WireFields, options?: RequestOptions): Promise<Bill> {
    return this.#send(endpoint, params, options, undefined, (response) =>
      readBill(response, endpoint.operation, this.known.payErrorOf, options?.signal)
    )
  }

  /** @throws {ConfigError} ERR_CONFIG when the endpoint needs a certificate and the client has none. */
  requireCertificate(endpoint: Endpoint): void {
    if (endpoint.certificate && !this.#options.hasCertificate) throw this.known.missingCertificate(endpoint.operation)
  }

  #verify(answer: XmlObject, { status }: Response, sent: SentRequest): XmlObject {
    return verifyAnswer(answer, status, sent, this.known)
  }

  async #send<T>(
    endpoint: Endpoint,
    params: WireFields,
    options: RequestOptions | undefined,
    query: ResultQuery | undefined,
    read: (response: Response, sent: SentRequest) => Promise<T>,
    readsAll = false
  ): Promise<T> {
    this.requireCertificate(endpoint)
    const { http } = this.#options
    const signer = this.#options.signer(endpoint)
    const sent = this.describe(endpoint, params, signer instanceof Promise ? await signer : signer)
    const { url, backupUrl } = this.#addressOf(endpoint)
    let isOpen = false
    const call: HttpCall<T> = {
      operation: endpoint.operation,
      method: 'POST',
      url,
      headers: { 'content-type': 'text/xml; charset=utf-8' },
      // Built once: every attempt sends these bytes, with the same number, nonce and signature.
      body: writeRequest(sent),
      idempotent: endpoint.repeat !== 'never',
      withCertificate: endpoint.certificate,
      read: (response) => read(response, sent),
      readsAll,
      mayRepeat: (error) => {
        isOpen ||= leavesOpen(error, endpoint, this.known)
        return !(error instanceof WeChatPayError) || this.known.describeErrorCode(error.upstreamCode).repeat === 'now'
      },
      onAbort: (wasSent) => {
        isOpen ||= wasSent
      }
    }
    if (endpoint.repeat === 'paced') call.minRetryDelayMs = PACED_DELAY_MS
    if (backupUrl) call.backupUrl = backupUrl
    try {
      return await http.call(call, options)
    } catch (error) {
      // A refusal after an attempt without an answer says nothing about that attempt, which may have been executed.
      // Nor does the caller's abort: WeChat Pay knows nothing of it.
      if (query && isOpen) throw unknownResult(endpoint, query, error)
      throw error
    }
  }

  /** The endpoints are few and the same again and again; parsing their addresses for each call would show. */
  #addressOf(endpoint: Endpoint): Address {
    const known = this.#addresses.get(endpoint)
    if (known) return known
    const { endpoints, backupHost, pathPrefix } = this.#options
    const path = pathPrefix + endpoint.path
    const address: Address = { url: endpoints.url(path, undefined, endpoint.host) }
    if (backupHost && !endpoint.host) address.backupUrl = endpoints.url(path, undefined, backupHost)
    this.#addresses.set(endpoint, address)
    return address
  }

  /** Adds account, nonce and sign type to the parameters of a call. */
  describe(endpoint: Endpoint, params: WireFields, signer: Signer): SentRequest {
    const signType = endpoint.signType === 'configured' ? this.#options.signType : endpoint.signType
    const fields = this.#identify(endpoint)
    // A loop, because spreading an object whose names are only known now costs as much as everything else together.
    for (const name in params) fields[name] = params[name] as string | number
    if (endpoint.nonceField) fields[endpoint.nonceField] = this.#options.http.nonce()
    if (endpoint.sendsSignType) fields.sign_type = signType
    return { endpoint, fields, signer, signType }
  }

  #identify({ identity }: Endpoint): WireFields {
    const { appId, mchId, subAppId, subMchId } = this.#options
    switch (identity) {
      case 'account': {
        const fields: WireFields = { appid: appId, mch_id: mchId }
        if (subAppId) fields.sub_appid = subAppId
        if (subMchId) fields.sub_mch_id = subMchId
        return fields
      }
      case 'plain':
        return { appid: appId, mch_id: mchId }
      case 'merchant':
        return { mch_id: mchId }
      case 'transfer':
        return { mch_appid: appId, mchid: mchId }
      case 'redPack':
        return subMchId ? { wxappid: appId, mch_id: mchId, sub_mch_id: subMchId } : { wxappid: appId, mch_id: mchId }
    }
  }
}

/** Signs a request and writes its XML. */
export function writeRequest({ fields, signer, signType }: SentRequest): string {
  fields.sign = signer.sign(fields, signType)
  return buildXml(fields)
}

function queryOf(endpoint: Endpoint, params: WireFields): ResultQuery | undefined {
  if (!endpoint.query) return undefined
  const by = endpoint.query.by.filter((name) => params[name] !== undefined)
  return { method: endpoint.query.method, params: Object.fromEntries(by.map((name) => [name, String(params[name])])) }
}

/** Whether, after this failure of one attempt, the call may have been executed. */
function leavesOpen(error: unknown, endpoint: Endpoint, { describeErrorCode }: Known): boolean {
  if (error instanceof ConnectionError) return error.requestSent
  if (error instanceof ConfigError) return false
  if (!(error instanceof WeChatPayError)) return true
  const { upstreamCode, status } = error
  // Whoever answered for a broken upstream does not know what was executed; WeChat Pay itself refuses with 200.
  if (status !== undefined && status >= 500) return true
  return (endpoint.outcomes?.[upstreamCode] ?? describeErrorCode(upstreamCode).outcome) === 'open'
}

function unknownResult(endpoint: Endpoint, query: ResultQuery, cause: unknown): UnknownResultError {
  const { method, params } = query
  const why = cause instanceof WeixinKitError ? cause.code : 'aborted by the caller'
  return new UnknownResultError(
    `${endpoint.operation}: it is not known whether this was executed (${why}). Run ${method}(${JSON.stringify(params)}) first; repeat only with the same number and parameters, never with a new number.`,
    { product: 'pay', cause, query }
  )
}
