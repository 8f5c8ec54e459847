import type { RequestOptions } from '../core/client-options.ts'
import type { FetchHandler } from '../core/fetch-handler.ts'
import type { Logger } from '../core/logger.ts'
import { memoryStore } from '../core/memory-store.ts'
import { checkOptions, oneOf, optional, record, required, text } from '../core/options.ts'
import { type Fields, YunpianCaller } from './caller.ts'
import { Flow } from './flow.ts'
import { YUNPIAN_OPTION_RULES, type YunpianOptions } from './options.ts'
import {
  makeReplyHandler,
  makeStatusHandler,
  makeTemplateHandler,
  type ReplyHandlerOptions,
  type StatusHandlerOptions,
  type TemplateHandlerOptions
} from './push-handlers.ts'
import { ShortUrls } from './short-url.ts'
import { Signs } from './signs.ts'
import { Sms } from './sms.ts'
import { Templates } from './tpl.ts'
import { Users } from './users.ts'
import { type VerificationCodeOptions, VerificationCodes } from './verification-codes.ts'
import { Voice } from './voice.ts'

/** What `yunpian.request` takes: an API that has no method here yet. */
export interface YunpianRequest {
  /** With leading slash, e.g. `/v2/sms/single_send.json`. */
  path: string
  /** Fields of the form; `apikey` is added. */
  body?: Fields
  /** Default `sms`. */
  host?: 'sms' | 'voice' | 'flow'
  /** Default `false`. */
  isSafeToRepeat?: boolean
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
  readonly #caller: YunpianCaller
  readonly #logger: Logger | undefined
  readonly #clock: (() => number) | undefined

  /** @throws {ConfigError} ERR_CONFIG naming the option */
  constructor(options: YunpianOptions) {
    checkOptions(options, YUNPIAN_OPTION_RULES, { owner: 'Yunpian', product: 'yunpian' })
    this.#caller = new YunpianCaller(options)
    this.#logger = options.logger
    this.#clock = options.clock
    this.sms = new Sms(this.#caller)
    this.tpl = new Templates(this.#caller)
    this.sign = new Signs(this.#caller)
    this.user = new Users(this.#caller)
    this.voice = new Voice(this.#caller)
    this.flow = new Flow(this.#caller)
    this.shortUrl = new ShortUrls(this.#caller)
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
    const clock = this.#clock
    return new VerificationCodes(options, {
      pepper: () => this.#caller.revealApiKey(),
      now: () => this.#caller.http.now(),
      defaultStore: () => memoryStore(clock ? { clock } : {})
    })
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
        isSafeToRepeat: optional(oneOf(true, false))
      },
      { owner: 'request', product: 'yunpian', of: 'params' }
    )
    const { path, body = {}, host = 'sms', isSafeToRepeat = false } = request
    return this.#caller.send(`request ${path}`, { host, path, isSafeToRepeat }, body, options)
  }

  #handlerContext() {
    return { apiKey: () => this.#caller.revealApiKey(), clock: this.#clock, logger: this.#logger }
  }
}
