import type { RequestOptions } from '../core/client-options.ts'
import { Endpoints } from '../core/endpoints.ts'
import type { FetchHandler } from '../core/fetch-handler.ts'
import { HttpClient } from '../core/http-client.ts'
import { Late } from '../core/late/late.ts'
import { lateGroup } from '../core/late/late-group.ts'
import type { Logger } from '../core/logger.ts'
import { memoryStore } from '../core/memory-store.ts'
import { checkOptions, oneOf, optional, record, required, text } from '../core/options.ts'
import { withStoreErrors } from '../core/with-store-errors.ts'
import { Secret } from '../internal/secret.ts'
import type { Fields } from './caller.ts'
import type { Calls } from './calls.ts'
import type { Flow } from './flow.ts'
import { callMethods, VERIFICATION_CODE_METHODS } from './late-groups.ts'
import { type LateModule, latePart } from './late-part.ts'
import { inspectText } from './message-text.ts'
import { normalizeMobile } from './mobile.ts'
import { type YunpianOptions, yunpianOptionRules } from './options.ts'
import {
  makeReplyHandler,
  makeStatusHandler,
  makeTemplateHandler,
  type ReplyHandlerOptions,
  type StatusHandlerOptions,
  type TemplateHandlerOptions
} from './push-handlers.ts'
import type { ShortUrls } from './short-url.ts'
import type { Signs } from './signs.ts'
import type { Sms } from './sms.ts'
import type { Templates } from './tpl.ts'
import type { Users } from './users.ts'
import { readVerificationCodeOptions, type VerificationCodeOptions } from './verification-code-options.ts'
import type { VerificationCodes, VerificationCodesContext } from './verification-codes.ts'
import type { Voice } from './voice.ts'

const MAIN_HOST = 'sms.yunpian.com'

/** What `yunpian.request` takes: an API that has no method here yet. */
export interface YunpianRequest {
  /** With leading slash, e.g. `/v2/sms/single_send.json`. */
  path: string
  /** Fields of the form; `apikey` is added. */
  body?: Fields
  /** Default `sms`. */
  host?: 'sms' | 'voice' | 'flow'
  /** Default `false`. */
  idempotent?: boolean
}

/**
 * Yunpian (云片): text messages, templates, signs, voice, data packages, short links, verification codes.
 *
 * @example
 * import { Yunpian } from 'weixin-kit/yunpian'
 *
 * const yunpian = new Yunpian({ apiKey: '0123456789abcdef0123456789abcdef' })
 * const sent = await yunpian.sms.singleSend({ mobile: '13800138000', text: '【云片网】您的验证码是1234' })
 * console.log(sent.sid, sent.fee)
 */
export class Yunpian {
  readonly sms: Sms
  readonly tpl: Templates
  readonly sign: Signs
  readonly user: Users
  readonly voice: Voice
  readonly flow: Flow
  readonly shortUrl: ShortUrls
  readonly #late: Late<LateModule, Calls>
  readonly #http: HttpClient
  readonly #apiKey: Secret
  readonly #logger: Logger | undefined
  readonly #clock: (() => number) | undefined

  /** @throws {ConfigError} ERR_CONFIG naming the option */
  constructor(options: YunpianOptions) {
    checkOptions(options, yunpianOptionRules(), { owner: 'Yunpian', product: 'yunpian' })
    const endpoints = new Endpoints(MAIN_HOST, options.baseUrl)
    const http = new HttpClient({ ...options, product: 'yunpian', secrets: [options.apiKey] })
    const apiKey = new Secret(options.apiKey)
    const late = new Late(latePart, ({ Calls }) => new Calls({ http, endpoints, apiKey, normalizeMobile, inspectText }))
    this.#late = late
    this.#http = http
    this.#apiKey = apiKey
    this.#logger = options.logger
    this.#clock = options.clock
    const methods = callMethods()
    this.sms = lateGroup(late, 'sms', methods.sms)
    this.tpl = lateGroup(late, 'templates', methods.templates)
    this.sign = lateGroup(late, 'signs', methods.signs)
    this.user = lateGroup(late, 'users', methods.users)
    this.voice = lateGroup(late, 'voice', methods.voice)
    this.flow = lateGroup(late, 'flow', methods.flow)
    this.shortUrl = lateGroup(late, 'shortUrls', methods.shortUrls)
  }

  /**
   * Issues and checks verification codes (验证码). Make one per purpose and keep it.
   *
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
    const clock = this.#clock
    const context: VerificationCodesContext = {
      store: store ? withStoreErrors(store) : memoryStore(clock ? { clock } : {}),
      pepper: () => this.#apiKey.reveal(),
      now: () => this.#http.now(),
      normalizeMobile
    }
    const late = new Late(latePart, ({ VerificationCodes }) => ({
      verificationCodes: new VerificationCodes(settings, context)
    }))
    return lateGroup(late, 'verificationCodes', VERIFICATION_CODE_METHODS)
  }

  /**
   * Receives status reports (短信状态推送) of messages, calls and data packages, each once. Yunpian does not sign them: the
   * address must carry a secret.
   *
   * @throws {ConfigError} ERR_CONFIG
   */
  statusHandler(options: StatusHandlerOptions): FetchHandler {
    return makeStatusHandler(this.#handlerContext(), options)
  }

  /**
   * Receives replies (上行短信推送), each once, after its `_sign` was verified.
   *
   * @throws {ConfigError} ERR_CONFIG
   */
  replyHandler(options: ReplyHandlerOptions): FetchHandler {
    return makeReplyHandler(this.#handlerContext(), options)
  }

  /**
   * Receives results of template reviews (模板审核推送). Not signed: the address must carry a secret.
   *
   * @throws {ConfigError} ERR_CONFIG
   */
  templateHandler(options: TemplateHandlerOptions): FetchHandler {
    return makeTemplateHandler(this.#handlerContext(), options)
  }

  /**
   * Any API by its path, with `apikey` added and the answer's `code` checked.
   *
   * @throws {YunpianError} ERR_YUNPIAN
   */
  request(request: YunpianRequest, options: RequestOptions = {}): Promise<unknown> {
    checkOptions(
      request,
      {
        path: required(text(/^\/[\w./-]+$/, 'a path with leading slash')),
        body: optional(record),
        host: optional(oneOf('sms', 'voice', 'flow')),
        idempotent: optional(oneOf(true, false))
      },
      { owner: 'request', product: 'yunpian', of: 'params' }
    )
    return this.#late.run(request, options, (calls, ...given) => calls.request(...given))
  }

  #handlerContext() {
    return { apiKey: () => this.#apiKey.reveal(), clock: this.#clock, logger: this.#logger }
  }
}
