import type { RequestOptions } from '../core/client-options.ts'
import { baseUrlOf } from '../core/endpoints.ts'
import type { FetchHandler } from '../core/fetch-handler.ts'
import { HttpClient } from '../core/http-client.ts'
import { memoryStore } from '../core/memory-store.ts'
import { checkOptions, flag, oneOf, optional, record, required, text } from '../core/options.ts'
import { safeLogger } from '../core/safe-logger.ts'
import { withStoreErrors } from '../core/with-store-errors.ts'
import { Secret } from '../internal/secret.ts'
import type { Fields } from './endpoint.ts'
import { FAMILIES } from './families.ts'
import type { Flow } from './flow.ts'
import { YUNPIAN_OPTION_RULES, type YunpianOptions } from './options.ts'
import { makeReplyHandler, makeStatusHandler, makeTemplateHandler } from './push-handlers.ts'
import type { ReplyHandlerOptions, StatusHandlerOptions, TemplateHandlerOptions } from './push-options.ts'
import type { ReceiverContext } from './push-receiver.ts'
import type { ShortUrls } from './short-url.ts'
import type { Signs } from './signs.ts'
import type { Sms } from './sms.ts'
import type { Templates } from './tpl.ts'
import type { Users } from './users.ts'
import { readVerificationCodeOptions, type VerificationCodeOptions } from './verification-code-options.ts'
import { VerificationCodes } from './verification-codes.ts'
import type { Voice } from './voice.ts'
import { YUNPIAN_HOST, YunpianApi } from './yunpian-api.ts'

/** Parameters of `yunpian.request`, for APIs without a method of their own. */
export interface YunpianRequest {
  /** With leading slash, e.g. `/v2/sms/single_send.json`. */
  path: string
  /** Fields of the form; `apikey` is added. */
  body?: Fields | undefined
  /** Default `sms`. */
  host?: 'sms' | 'voice' | 'flow' | undefined
  /** Whether the call may be retried; default `false`. */
  idempotent?: boolean | undefined
}

const REQUEST_RULES = {
  path: required(text(/^\/[\w./-]+$/, 'a path with leading slash')),
  body: optional(record),
  host: optional(oneOf('sms', 'voice', 'flow')),
  idempotent: optional(flag)
}

/**
 * Client for Yunpian (云片): text messages, templates, signs, voice, data packages, short links, verification codes.
 *
 * @example
 * import { Yunpian } from 'weixin-kit/yunpian'
 *
 * const yunpian = new Yunpian({ apiKey: '0123456789abcdef0123456789abcdef' })
 * const sent = await yunpian.sms.singleSend({ mobile: '13800138000', text: '【云片网】您的验证码是1234' })
 * console.log(sent.sid, sent.fee)
 */
export class Yunpian {
  /** Text messages. */
  readonly sms: Sms
  /** Templates (模板). */
  readonly tpl: Templates
  /** Signs (签名). */
  readonly sign: Signs
  /** The account: balance and contacts. */
  readonly user: Users
  /** Voice calls with a code or a notice. */
  readonly voice: Voice
  /** Mobile data (流量). */
  readonly flow: Flow
  /** Short links (短链接). */
  readonly shortUrl: ShortUrls
  readonly #api: YunpianApi
  readonly #http: HttpClient
  readonly #apiKey: Secret
  readonly #receivers: ReceiverContext

  /** @throws {ConfigError} ERR_CONFIG naming the option */
  constructor(options: YunpianOptions) {
    checkOptions(options, YUNPIAN_OPTION_RULES, { owner: 'Yunpian', product: 'yunpian' })
    const { apiKey, clock } = options
    const logger = safeLogger(options.logger)
    this.#apiKey = new Secret(apiKey)
    this.#http = new HttpClient({ ...options, product: 'yunpian', secrets: [apiKey] })
    this.#receivers = { apiKey: () => this.#apiKey.reveal(), clock, logger }
    const api = new YunpianApi(this.#http, this.#apiKey, baseUrlOf(options, YUNPIAN_HOST))
    this.#api = api
    this.sms = api.methods('sms', FAMILIES.sms)
    this.tpl = api.methods('tpl', FAMILIES.tpl)
    this.sign = api.methods('sign', FAMILIES.sign)
    this.user = api.methods('user', FAMILIES.user)
    this.voice = api.methods('voice', FAMILIES.voice)
    this.flow = api.methods('flow', FAMILIES.flow)
    this.shortUrl = api.methods('shortUrl', FAMILIES.shortUrl)
  }

  /**
   * Issues and checks verification codes (验证码). Create one instance per purpose and keep it.
   *
   * @param options Limits, store and purpose.
   * @throws {ConfigError} ERR_CONFIG
   * @example
   * import { Yunpian } from 'weixin-kit/yunpian'
   *
   * const yunpian = new Yunpian({ apiKey: '0123456789abcdef0123456789abcdef' })
   * const codes = yunpian.verificationCode({ purpose: 'login' })
   * await codes.send('13800138000', (code, mobile) =>
   *   yunpian.sms.singleSend({ mobile, text: `【云片网】您的验证码是${code}` })
   * )
   * const result = await codes.check('13800138000', '123456')
   * console.log(result.ok)
   */
  verificationCode(options: VerificationCodeOptions = {}): VerificationCodes {
    const { store, settings } = readVerificationCodeOptions(options)
    const { apiKey, clock } = this.#receivers
    return new VerificationCodes(settings, {
      store: store ? withStoreErrors(store) : memoryStore(clock ? { clock } : {}),
      pepper: apiKey,
      now: () => this.#http.now()
    })
  }

  /**
   * Makes a handler for status reports (短信状态推送) of messages, calls and data packages, each passed on once. Yunpian does
   * not sign them: the URL must contain a secret.
   *
   * @param options The secret in the URL, and the callback for a report.
   * @throws {ConfigError} ERR_CONFIG
   */
  statusHandler(options: StatusHandlerOptions): FetchHandler {
    return makeStatusHandler(this.#receivers, options)
  }

  /**
   * Makes a handler for replies (上行短信推送): it verifies `_sign` and passes on each reply once.
   *
   * @param options The callback for a reply.
   * @throws {ConfigError} ERR_CONFIG
   */
  replyHandler(options: ReplyHandlerOptions): FetchHandler {
    return makeReplyHandler(this.#receivers, options)
  }

  /**
   * Makes a handler for results of template reviews, each passed on once; the URL must contain a secret.
   *
   * @param options The secret in the URL, and the callback for a result.
   * @throws {ConfigError} ERR_CONFIG
   */
  templateHandler(options: TemplateHandlerOptions): FetchHandler {
    return makeTemplateHandler(this.#receivers, options)
  }

  /**
   * Calls any API by its path, authorised like every other call.
   *
   * @param request Path, form fields and host.
   * @param options `timeoutMs` in milliseconds per attempt.
   * @returns The parsed body, ids as text.
   * @throws {YunpianError} ERR_YUNPIAN
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  async request(request: YunpianRequest, options: RequestOptions = {}): Promise<unknown> {
    checkOptions(request, REQUEST_RULES, { owner: 'request', product: 'yunpian', of: 'params' })
    const { path, body = {}, host = 'sms', idempotent = false } = request
    return this.#api.send(`request ${path}`, { host, path, idempotent }, body, options)
  }
}
