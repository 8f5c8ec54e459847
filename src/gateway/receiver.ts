import type { ByteRequest, ByteResponse, HandlerRequest } from '../core/byte-handler.ts'
import { memoryStore } from '../core/index.ts'
import { DEFAULT_BODY_LIMIT_BYTES } from '../core/read-body.ts'
import { withStoreErrors } from '../core/with-store-errors.ts'
import {
  BodyAlreadyParsedError,
  BodyError,
  DecryptError,
  SignatureError,
  StoreError,
  TimeoutError
} from '../errors/index.ts'
import { randomBytesPooled } from '../internal/random.ts'
import { buildReply } from './build-reply.ts'
import { deadlineQueue } from './deadline-queue.ts'
import { Delivery } from './delivery.ts'
import { describeError } from './describe-error.ts'
import { writeEnvelope } from './envelope.ts'
import type { Account, MessageGatewayOptions } from './gateway-options.ts'
import type { Received } from './handler-context.ts'
import { identityOf, isPayment, isQuery } from './identity.ts'
import type { InFlight } from './in-flight.ts'
import { KeptReplies } from './kept-replies.ts'
import { sealFrame } from './message-frame.ts'
import { openMessage, openUrlCheck, type Window } from './open-request.ts'
import type { Delivered, Outcome } from './outcome.ts'
import { formatOf, toMessage } from './parse-message.ts'
import { type GatewayQuery, readQuery } from './read-query.ts'
import type { Reply } from './replies.ts'
import { type Handlers, REFUSED, reportError, runHandlers } from './run-handlers.ts'
import { signatureOf } from './signature.ts'

const DEFAULT_DEADLINE_MS = 4500
const DEFAULT_WINDOW_SECONDS = 300
/** The platform closes the connection after 5 s and redelivers. */
const HOLD_MS = 5500
/** Virtual payments are redelivered for much longer and must be handled once. */
const PAYMENT_DONE_TTL_MS = 3 * 24 * 3600 * 1000
/** Events whose response is due sooner. */
const SHORT_DEADLINES_MS: ReadonlyMap<string, number> = new Map([['xpay_subscribe_ios_refund_query_notify', 2700]])
/** The three deliveries arrive at 0, 5 and 10 s: from this age on it is the last. */
const LAST_DELIVERY_SECONDS = 9

const XML = { 'content-type': 'application/xml; charset=utf-8' }
const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' }
const PLAIN = { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' }
/** No reply. Plain in every mode. */
const SUCCESS: ByteResponse = { status: 200, headers: PLAIN, body: 'success' }
const refusal = (status: number): ByteResponse => ({ status, headers: {}, body: '' })

/** Processes the requests of a gateway. */
export class Receiver {
  readonly #handlers: Handlers
  readonly #account: Account
  readonly #delivery: Delivery<Received>
  readonly #kept: KeptReplies | undefined
  readonly #placeholder: Reply | string
  readonly #clock: () => number
  readonly #nonce: () => string
  readonly #deadlineMs: number
  readonly #windowSeconds: number
  readonly #bodyLimit: number
  readonly #doneTtlMs: number

  constructor(options: MessageGatewayOptions, account: Account, handlers: Omit<Handlers, 'keepForNext'>) {
    const { clock = Date.now, store } = options
    const keyPrefix = `weixin-kit:${account.appId}:gateway:`
    this.#account = account
    this.#clock = clock
    this.#nonce = options.nonce ?? (() => randomBytesPooled(8).toString('hex'))
    this.#deadlineMs = options.deadlineMs ?? DEFAULT_DEADLINE_MS
    this.#windowSeconds = options.timestampWindowSeconds ?? DEFAULT_WINDOW_SECONDS
    // As long as a signature is accepted, from ahead of the clock to behind it: a forgotten message cannot be replayed.
    this.#doneTtlMs = (2 * this.#windowSeconds + 1) * 1000
    this.#bodyLimit = options.bodyLimitBytes ?? DEFAULT_BODY_LIMIT_BYTES
    this.#placeholder = options.placeholder ?? DEFAULT_PLACEHOLDER
    const shared = store && withStoreErrors(store)
    if (options.late === 'wait-for-repeat') this.#kept = new KeptReplies(shared ?? memoryStore(), keyPrefix)
    const kept = this.#kept
    // The gateway's own object, because `onLateReply` is registered later.
    this.#handlers = Object.assign(handlers, {
      keepForNext: kept && ((reply: Reply | string, { message }: Received) => kept.keep(message.FromUserName, reply))
    })
    this.#delivery = new Delivery({
      store: shared,
      keyPrefix,
      setTimer: options.setTimer ?? deadlineQueue(),
      clock,
      run: (received, flight) => this.#run(received, flight),
      onStoreError: (error, hasRun, received) => {
        const title = hasRun
          ? 'the reply could not be stored for redeliveries'
          : 'the store failed, no handler was called'
        return reportError(error, this.#handlers, received, undefined, title)
      }
    })
  }

  handle(request: ByteRequest): ByteResponse | Promise<ByteResponse> {
    const { method } = request
    try {
      if (method === 'POST') {
        const body = request.readBody(this.#bodyLimit)
        if (!(body instanceof Promise)) return this.#receive(request, body)
        return body.then(
          (bytes) => this.#receive(request, bytes),
          (error) => this.#refuse(error, request)
        )
      }
      if (method !== 'GET' && method !== 'HEAD') {
        return { status: 405, headers: { allow: 'GET, HEAD, POST' }, body: '' }
      }
      return { status: 200, headers: PLAIN, body: openUrlCheck(readQuery(request.url), this.#account, this.#window()) }
    } catch (error) {
      return this.#refuse(error, request)
    }
  }

  #receive(request: ByteRequest, bytes: Uint8Array): ByteResponse | Promise<ByteResponse> {
    try {
      const received = this.#open(request, readQuery(request.url), bytes)
      if (!('message' in received)) return this.#acknowledgeUnread(received.unread, request)
      const result = this.#delivery.deliver(received)
      if (!(result instanceof Promise)) return this.#respond(received, result)
      return result.then((settled) => this.#respond(received, settled)).catch((error) => this.#refuse(error, request))
    } catch (error) {
      return this.#refuse(error, request)
    }
  }

  #open(request: HandlerRequest, query: GatewayQuery, bytes: Uint8Array): Received | { unread: unknown } {
    const buffer = bytes instanceof Buffer ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const window = this.#window()
    const opened = openMessage(query, buffer.toString(), this.#account, window)
    if ('unread' in opened) return opened
    const { raw, fields, mode, token, key: aesKey } = opened
    const message = toMessage(fields)
    const dueMs = Math.min(this.#deadlineMs, SHORT_DEADLINES_MS.get(message.Event ?? '') ?? this.#deadlineMs)
    const isPaid = isPayment(message)
    const isWaiting = this.#kept !== undefined && !isPaid && message.MsgType !== 'event'
    const age = window.nowSeconds - (message.CreateTime || Number(query.timestamp))
    return {
      request,
      message,
      raw,
      format: formatOf(raw) ?? 'xml',
      mode,
      token,
      aesKey,
      key: identityOf(message),
      dueMs,
      waitMs: isWaiting ? HOLD_MS : dueMs,
      doneTtlMs: isQuery(message) ? 0 : isPaid ? PAYMENT_DONE_TTL_MS : this.#doneTtlMs,
      isLast: age >= LAST_DELIVERY_SECONDS
    }
  }

  /** A late reply to an earlier message of that user takes precedence. */
  #run(received: Received, flight: InFlight): Outcome | Promise<Outcome> {
    if (!this.#kept || received.message.MsgType === 'event') return runHandlers(this.#handlers, received, flight)
    return this.#kept
      .take(received.message.FromUserName)
      .catch((error) => void reportError(error, this.#handlers, received, flight, 'a kept reply could not be read'))
      .then((kept) =>
        kept === undefined ? runHandlers(this.#handlers, received, flight) : { answer: kept, isFailed: false }
      )
  }

  #respond(received: Received, result: Delivered): ByteResponse | Promise<ByteResponse> {
    if ('answer' in result) return this.#seal(received, result.answer)
    // Not handled yet: if the platform redelivers until it gets a success, it must do so.
    if (isPayment(received.message)) return this.#seal(received, REFUSED)
    if ('isElsewhere' in result) return this.#leaveToAnother(received)
    if (!result.isLast) return refusal(503)
    return this.#seal(received, received.waitMs > received.dueMs ? this.#placeholder : undefined)
  }

  /**
   * Another process has the message, or left a mark when it died. As long as it is redelivered, nothing is lost by
   * waiting.
   */
  async #leaveToAnother(received: Received): Promise<ByteResponse> {
    if (!received.isLast) return refusal(503)
    const error = new TimeoutError(
      'The last delivery of a message was acknowledged while another process was still handling it. If that process died, the message was not handled.',
      { product: 'gateway' }
    )
    await reportError(error, this.#handlers, received, undefined, 'a message may be unhandled')
    return SUCCESS
  }

  #seal(received: Received, answer: Reply | string | undefined): ByteResponse {
    if (answer === undefined) return SUCCESS
    const { message, format, token, aesKey } = received
    const createTime = this.#nowSeconds()
    const reply = buildReply(message, answer, { format, createTime })
    const headers = format === 'json' ? JSON_TYPE : XML
    if (!aesKey) return { status: 200, headers, body: reply }
    const nonce = this.#nonce()
    const timestamp = String(createTime)
    const encrypt = sealFrame(aesKey, reply, this.#account.appId)
    const signature = signatureOf(token, timestamp, nonce, encrypt)
    return { status: 200, headers, body: writeEnvelope(format, encrypt, signature, timestamp, nonce) }
  }

  #window(): Window {
    return { nowSeconds: this.#nowSeconds(), windowSeconds: this.#windowSeconds }
  }

  /** Only the status: the reason goes to the log, not to the sender. */
  #refuse(error: unknown, request: HandlerRequest): ByteResponse | Promise<ByteResponse> {
    const isForgery = error instanceof SignatureError || error instanceof DecryptError
    if (isForgery || (error instanceof BodyError && error.reason !== 'already_parsed')) {
      const fields = { method: request.method, ...describeError(error) }
      this.#handlers.logger.warn?.(`weixin-kit gateway: a request was refused: ${error.message}`, fields)
      return refusal(isForgery ? 401 : error instanceof BodyError && error.reason === 'too_large' ? 413 : 400)
    }
    // A mistake in the application: its own error handling shows the line that fixes it.
    if (error instanceof BodyAlreadyParsedError) return Promise.reject(error)
    const isPutOff = error instanceof StoreError
    const title = isPutOff ? 'a message was deferred because the store failed' : 'a request failed'
    return this.#report(error, request, title, refusal(isPutOff ? 503 : 500))
  }

  /**
   * The platform sent it and would only redeliver it: it is reported, and acknowledged so that the user does not see a
   * failure.
   */
  #acknowledgeUnread(error: unknown, request: HandlerRequest): Promise<ByteResponse> {
    return this.#report(error, request, 'a message with the right signature could not be read', SUCCESS)
  }

  async #report(error: unknown, request: HandlerRequest, title: string, response: ByteResponse): Promise<ByteResponse> {
    const { onError, logger } = this.#handlers
    const fields = { method: request.method, ...describeError(error) }
    if (!onError) logger.error?.(`weixin-kit gateway: ${title}`, fields)
    try {
      await onError?.(error, { request })
    } catch (second) {
      logger.error?.(`weixin-kit gateway: ${title}`, fields)
      logger.error?.('weixin-kit gateway: onError failed as well', describeError(second))
    }
    return response
  }

  #nowSeconds(): number {
    return Math.floor(this.#clock() / 1000)
  }
}

/** What the user sees when the third delivery is due without a reply. */
const DEFAULT_PLACEHOLDER = '还在处理，请稍后再发送任意消息查看结果。'
