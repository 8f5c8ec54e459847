import type { RequestOptions } from '../../core/client-options.ts'
import type { Endpoints } from '../../core/endpoints.ts'
import type { HttpCall, HttpClient } from '../../core/http-client.ts'
import type { Logger } from '../../core/logger.ts'
import { type ResultQuery, WeChatPayError } from '../../errors/index.ts'
import { nameError } from '../../internal/name-error.ts'
import { encodeFields } from './encode-fields.ts'
import type { Call, Endpoint, Methods } from './endpoint.ts'
import { describeErrorCode } from './error-codes.ts'
import { type Account, checkAccountParam, IDENTITIES } from './identity.ts'
import { invalid } from './invalid.ts'
import { missingCertificate } from './missing-certificate.ts'
import { addParams, type WireFields } from './params.ts'
import { readBill } from './read-bill.ts'
import { readXmlResponse } from './read-response.ts'
import { type ResultFields, requireFields, toResult } from './result.ts'
import type { Signer, SignType } from './signer.ts'
import { leavesOpen, queryOf, unknownResult } from './unknown-result.ts'
import { type SentRequest, verifyResponse } from './verify-response.ts'

/** Attempts of a transfer or red packet with the same number must be a second apart. (企业付款: 接口限制) */
const PACED_DELAY_MS = 1_100
export const HEADERS = { 'content-type': 'text/xml; charset=utf-8' }

export interface PayV2ClientOptions {
  account: Account
  signType: SignType
  http: HttpClient
  endpoints: Endpoints
  backupHost: string | undefined
  hasCertificate: boolean
  pathPrefix: string
  logger: Logger | undefined
  notifyUrl: string | URL | undefined
  refundNotifyUrl: string | URL | undefined
  signer(): Signer | Promise<Signer>
}

interface Address {
  url: URL
  backupUrl?: URL
}

/** Signs, sends and verifies the calls of one account. */
export class PayV2Client {
  readonly #options: PayV2ClientOptions
  readonly #addresses = new Map<string, Address>()

  constructor(options: PayV2ClientOptions) {
    this.#options = options
  }

  /** The methods of a family of rows, e.g. `orders`. */
  methods<Rows extends Readonly<Record<string, Endpoint>>>(family: string, rows: Rows): Methods<Rows> {
    const methods: Record<string, Call<unknown, unknown>> = {}
    for (const name of Object.keys(rows)) {
      const endpoint = rows[name] as Endpoint<Call<unknown, unknown>>
      const operation = `${family}.${name}`
      methods[name] = (params, options) => this.call(operation, endpoint, params, options)
    }
    return methods as Methods<Rows>
  }

  /**
   * Checks the parameters of a call, sends it and returns the result that its row makes from the verified response.
   *
   * @throws {UnknownResultError} ERR_UNKNOWN_RESULT for a call with a query whose outcome is not known
   */
  async call<Params, Result>(
    operation: string,
    endpoint: Endpoint<Call<Params, Result>>,
    params: Params,
    options?: RequestOptions
  ): Promise<Result> {
    try {
      return await this.send(operation, endpoint, this.fields(operation, endpoint, params), options)
    } catch (error) {
      if (endpoint.query) nameError(error, { outcome: 'refused' })
      throw error
    }
  }

  /**
   * Sends checked fields. A response that yields no result counts as unreadable, and the outcome of a call that moves
   * money then counts as unknown.
   */
  async send<Params, Result>(
    operation: string,
    endpoint: Endpoint<Call<Params, Result>>,
    fields: WireFields,
    options: RequestOptions | undefined,
    query: ResultQuery | undefined = queryOf(endpoint, fields, this.#options.account)
  ): Promise<Result> {
    this.requireCertificate(operation, endpoint)
    const { http, signer: fetchSigner } = this.#options
    const found = fetchSigner()
    const signer = found instanceof Promise ? await found : found
    const { sent, url, backupUrl } = this.describe(operation, endpoint, fields, signer)
    let isOpen = false
    const call: HttpCall<unknown> = {
      operation,
      // Built once: every attempt sends these bytes, with the same number, nonce and signature.
      ...(endpoint.asQuery
        ? { method: 'GET', url: new URL(`?${writeQuery(sent)}`, url) }
        : { method: 'POST', url, headers: HEADERS, body: writeRequest(sent) }),
      idempotent: endpoint.retry !== 'never',
      withCertificate: endpoint.certificate,
      read: (response) =>
        endpoint.response === 'bill' ? readBill(response, operation, options?.signal) : readResult(response, sent),
      readsAll: endpoint.response !== 'bill',
      mayRepeat: (error) => {
        isOpen ||= leavesOpen(error, endpoint)
        return !(error instanceof WeChatPayError) || describeErrorCode(error.upstreamCode).repeat === 'now'
      },
      onAbort: (wasSent) => {
        isOpen ||= wasSent
      }
    }
    if (endpoint.retry === 'paced') call.minRetryDelayMs = PACED_DELAY_MS
    if (backupUrl && !endpoint.asQuery) call.backupUrl = backupUrl
    try {
      return (await http.call(call, options)) as Result
    } catch (error) {
      const result = error instanceof WeChatPayError ? endpoint.refusal?.(error) : undefined
      if (result) return result as Result
      // A refusal after an attempt without a response says nothing about that attempt, which may have been executed.
      // Nor does the caller's abort, which WeChat Pay does not see.
      if (query && isOpen) throw unknownResult(operation, query, error)
      if (query) nameError(error, { outcome: 'refused' })
      throw error
    }
  }

  /**
   * The fields of a request before its signature: account, defaults and checked parameters.
   *
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  fields(operation: string, endpoint: Endpoint, params: unknown): WireFields {
    const { account, http, signType } = this.#options
    const identity = IDENTITIES[endpoint.identity]
    const fields: WireFields = {}
    for (const name in identity) {
      const part = identity[name]
      const value = part && account[part]
      if (value !== undefined) fields[name] = value
    }
    for (const name in endpoint.defaults) fields[name] = endpoint.defaults[name] as string | number
    const notifyUrl = endpoint.notifyUrl && this.#options[endpoint.notifyUrl]
    if (notifyUrl !== undefined) fields.notify_url = String(notifyUrl)
    const { rules } = endpoint
    addParams(fields, params, {
      operation,
      rules: typeof rules === 'function' ? rules((params ?? {}) as Record<string, unknown>) : rules,
      checkAccount: (name, value) => checkAccountParam(identity[name], value, account),
      onUnknown: (name) => this.#warn(`${operation}: "${name}" is not a documented parameter; it is sent unchanged.`)
    })
    checkTogether(operation, endpoint, fields)
    endpoint.write?.(fields)
    if (endpoint.writeTime) fields.timestamp = String(Math.floor(http.now() / 1000))
    if (endpoint.nonce) fields.nonce_str = http.nonce()
    if (endpoint.sendsSignType) fields.sign_type = endpoint.signType === 'configured' ? signType : endpoint.signType
    return fields
  }

  /** A request before its signature, and its target. */
  describe(operation: string, endpoint: Endpoint, fields: WireFields, signer: Signer): Address & { sent: SentRequest } {
    const { account, signType: configured } = this.#options
    const signType = endpoint.signType === 'configured' ? configured : endpoint.signType
    const address = this.#addressOf(endpoint.pathFor?.(fields) ?? endpoint.path, endpoint.host)
    return { ...address, sent: { operation, endpoint, fields, account, signer, signType } }
  }

  /** @throws {ConfigError} ERR_CONFIG when the endpoint needs a certificate and the client has none. */
  requireCertificate(operation: string, endpoint: Endpoint): void {
    if (endpoint.certificate && !this.#options.hasCertificate) throw missingCertificate(operation)
  }

  /** There are few paths, so their URLs are parsed only once. */
  #addressOf(path: string, host: string | undefined): Address {
    const known = this.#addresses.get(path)
    if (known) return known
    const { endpoints, backupHost, pathPrefix } = this.#options
    const address: Address = { url: endpoints.url(pathPrefix + path, undefined, host) }
    if (backupHost && !host) address.backupUrl = endpoints.url(pathPrefix + path, undefined, backupHost)
    this.#addresses.set(path, address)
    return address
  }

  #warn(message: string): void {
    this.#options.logger?.warn?.(message, { product: 'pay' })
  }
}

/** Signs a request and writes its XML in one pass over its sorted fields, which are all checked. */
export function writeRequest({
  fields,
  signer,
  signType
}: Pick<SentRequest, 'fields' | 'signer' | 'signType'>): string {
  let text = ''
  let xml = '<xml>'
  for (const name of Object.keys(fields).sort()) {
    const value = fields[name] as string | number
    text += text === '' ? `${name}=${value}` : `&${name}=${value}`
    xml += typeof value === 'number' ? `<${name}>${value}</${name}>` : `<${name}>${cdata(value)}</${name}>`
  }
  return `${xml}<sign><![CDATA[${signer.signText(text, signType)}]]></sign></xml>`
}

/** Returns the signed fields as a query. */
function writeQuery({ fields, signer, signType }: SentRequest): string {
  const texts = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, String(value)]))
  return encodeFields({ ...texts, sign: signer.sign(texts, signType) })
}

function cdata(value: string): string {
  return `<![CDATA[${value.includes(']]>') ? value.replaceAll(']]>', ']]]]><![CDATA[>') : value}]]>`
}

/** @throws {ConfigError} ERR_INVALID_PARAM for parameters that do not belong together */
function checkTogether(operation: string, { oneOf, check }: Endpoint, fields: WireFields): void {
  if (oneOf && oneOf.filter((name) => fields[name] !== undefined).length !== 1) {
    const [first, ...others] = oneOf
    throw invalid(operation, first, `or ${others.join(', ')}: pass exactly one of them`)
  }
  const problem = check?.(fields)
  if (problem) throw invalid(operation, ...problem)
}

/** @throws what is wrong with the response, or the refusal that it is */
async function readResult(response: Response, sent: SentRequest): Promise<ResultFields> {
  const { operation, endpoint, fields } = sent
  const xml = await readXmlResponse(response, operation, endpoint.lists)
  const verified = verifyResponse(xml, response.status, sent)
  if (endpoint.response === 'fields') return { ...verified }
  const result = toResult(verified, operation, endpoint.indexed)
  const { needs } = endpoint
  if (needs) {
    requireFields(result, typeof needs === 'function' ? needs(fields, result) : needs, `${operation}: the response`)
  }
  return endpoint.read ? endpoint.read(result, fields) : result
}
