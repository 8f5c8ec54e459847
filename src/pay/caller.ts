import type { KeyObject } from 'node:crypto'
import type { RequestOptions } from '../core/client-options.ts'
import type { QueryValue } from '../core/endpoints.ts'
import type { ResultQuery } from '../errors/index.ts'
import { checkParams, invalid, type Params } from './check-params.ts'
import type { AccountField, Endpoint, MoneyRule } from './endpoint.ts'
import type { describePayError } from './error-codes.ts'
import type { MessageVerifier } from './message-verifier.ts'
import type { PlatformKeyRing } from './platform-key-ring.ts'
import { checkAnswer, readVerified } from './read-answer.ts'
import { decryptFields, encryptFields, hasFields } from './sensitive-fields.ts'
import type { TRANSFER_SCENES } from './transfer-scenes.ts'
import type { RawAnswer, SignedCall, Transport } from './transport.ts'
import { leavesOpen, queryOf, unknownResult } from './unknown-result.ts'

export interface CallerOptions {
  mchId: string
  notifyUrl: string | undefined
  privateKey: KeyObject
  transport: Transport
  verifier: MessageVerifier
  ring: PlatformKeyRing
  /** The appid, or an error that says which call needs it. */
  appIdFor(operation: string): string
  describeError: typeof describePayError
  scenes: typeof TRANSFER_SCENES
}

/** A call whose body and path are ready. */
export interface PreparedCall {
  operation: string
  method: Endpoint['method']
  path: string
  query?: Readonly<Record<string, QueryValue>> | undefined
  /** Serialised once here. */
  json?: Record<string, unknown> | undefined
  body?: Uint8Array
  contentType?: string
  signedBody?: string
  encrypted?: readonly string[] | undefined
  decrypted?: readonly string[] | undefined
  idempotent: boolean
  money?: { open: MoneyRule['open']; query: ResultQuery } | undefined
  timeoutMs?: number
}

/** Checks, encrypts, sends, verifies and decrypts the calls of one merchant. */
export class Caller {
  readonly options: CallerOptions

  constructor(options: CallerOptions) {
    this.options = options
  }

  /**
   * Calls an endpoint of the table.
   *
   * @throws {ConfigError} ERR_INVALID_PARAM, ERR_CONFIG; {UnknownResultError} ERR_UNKNOWN_RESULT; {WeChatPayError};
   *   {SignatureError}; {ConnectionError}; {UnexpectedResponseError}
   */
  async call(
    endpoint: Endpoint,
    params: object,
    options?: RequestOptions
  ): Promise<Record<string, unknown> | undefined> {
    const wire = checkParams(endpoint, this.#withNotifyUrl(endpoint, params as Params))
    const wrong = endpoint.check?.(wire, this.options.scenes)
    if (wrong) throw invalid(endpoint.operation, wrong.field, wrong.problem)
    const { path, rest } = fillPath(endpoint, wire)
    const query: Record<string, QueryValue> = this.#fill(endpoint, endpoint.fill?.query)
    const json: Record<string, unknown> = this.#fill(endpoint, endpoint.fill?.body)
    const hasBody = endpoint.method !== 'GET' && endpoint.method !== 'DELETE'
    for (const [name, value] of Object.entries(rest)) {
      if (hasBody && !endpoint.inQuery?.includes(name)) json[name] = value
      else query[name] = asQueryValue(endpoint.operation, name, value)
    }
    const sent = { ...query, ...json, ...wire }
    const money = endpoint.money
    const resultQuery = queryOf(endpoint, wire)
    const prepared: PreparedCall = {
      operation: endpoint.operation,
      method: endpoint.method,
      path,
      query,
      json: hasBody && Object.keys(json).length > 0 ? json : undefined,
      encrypted: endpoint.encrypted,
      decrypted: endpoint.decrypted,
      idempotent: endpoint.repeat === 'safe',
      money: money && resultQuery ? { open: money.open, query: resultQuery } : undefined
    }
    return this.run(prepared, (value) => checkAnswer(endpoint, sent, value), options)
  }

  /** Sends a prepared call and hands its verified, decrypted answer to `read`. */
  async run<T>(call: PreparedCall, read: (value: unknown) => T, options?: RequestOptions): Promise<T> {
    const { transport, verifier, privateKey, describeError } = this.options
    const serial = await this.#encrypt(call)
    let isOpen = false
    let isVerified = true
    const watching = {
      verify: async (...args: Parameters<MessageVerifier['verify']>) => {
        isVerified = false
        await verifier.verify(...args)
        isVerified = true
      }
    }
    const signed: SignedCall<T> = {
      operation: call.operation,
      method: call.method,
      path: call.path,
      query: call.query,
      body: call.json === undefined ? call.body : JSON.stringify(call.json),
      contentType: call.contentType,
      signedBody: call.signedBody,
      wechatpaySerial: serial,
      idempotent: call.idempotent,
      timeoutMs: call.timeoutMs,
      read: async (answer: RawAnswer) => {
        const context = { operation: call.operation, verifier: watching, nowMs: transport.now(), describeError }
        const value = await readVerified(answer, context)
        if (call.decrypted) decryptFields(value, call.decrypted, privateKey, call.operation)
        return read(value)
      },
      mayRepeat: (error) => {
        if (call.money) isOpen ||= leavesOpen(error, call.money.open, isVerified)
        return true
      },
      onAbort: (wasSent) => {
        isOpen ||= wasSent
      }
    }
    try {
      return await transport.send(signed, options)
    } catch (error) {
      // A refusal after an attempt without an answer says nothing about that attempt, which may have been executed.
      // Nor does the caller's abort: WeChat Pay knows nothing of it.
      if (call.money && isOpen) throw unknownResult(call.operation, call.money.query, error)
      throw error
    }
  }

  /** Encrypts in place; returns what goes into `Wechatpay-Serial`. */
  async #encrypt(call: PreparedCall): Promise<string | undefined> {
    const { ring } = this.options
    const names = call.encrypted ?? []
    if (names.length > 0 && hasFields(call.json, names)) {
      const key = await ring.preferred()
      encryptFields(call.json, names, key.key, call.operation)
      return key.wireId
    }
    const key = ring.preferredNow()
    // In public-key mode it is sent always, so that the answer is signed with that key. (微信支付公钥: 使用说明)
    return key?.kind === 'publicKey' ? key.wireId : undefined
  }

  #fill(endpoint: Endpoint, fields: Readonly<Record<string, AccountField>> = {}): Record<string, string> {
    const filled: Record<string, string> = {}
    for (const [name, field] of Object.entries(fields)) {
      filled[name] = field === 'mchId' ? this.options.mchId : this.options.appIdFor(endpoint.operation)
    }
    return filled
  }

  #withNotifyUrl(endpoint: Endpoint, params: Params): Params {
    const { notifyUrl } = this.options
    if (!endpoint.notifies || notifyUrl === undefined || params?.notify_url !== undefined) return params
    return { ...params, notify_url: notifyUrl }
  }
}

function fillPath(endpoint: Endpoint, wire: Record<string, unknown>): { path: string; rest: Record<string, unknown> } {
  const rest = { ...wire }
  const path = endpoint.path.replace(/\{([^}]+)\}/g, (_, name: string) => {
    const value = rest[name]
    delete rest[name]
    if (typeof value !== 'string' || value === '') throw invalid(endpoint.operation, name, 'is required, as text')
    // A segment of dots is taken away by every URL parser: another resource would be asked for.
    if (/^\.+$/.test(value) || value.length > 512) throw invalid(endpoint.operation, name, 'is no valid number or id')
    return encodeURIComponent(value)
  })
  return { path, rest }
}

function asQueryValue(operation: string, name: string, value: unknown): QueryValue {
  if (typeof value === 'object' && value !== null) throw invalid(operation, name, 'must be text, a number or a flag')
  return value as QueryValue
}
