import type { ByteRequest, ByteResponse } from '../core/byte-handler.ts'
import { type Logger, memoryStore } from '../core/index.ts'
import { BodyAlreadyParsedError, BodyError, isWeixinKitError } from '../errors/index.ts'
import { randomNonce } from '../internal/random.ts'
import { deadlineQueue } from './deadline-queue.ts'
import { dedupeKey, isVirtualPayment } from './dedupe-key.ts'
import { Delivery } from './delivery.ts'
import { describeError } from './describe-error.ts'
import type { Credentials, MessageGatewayOptions } from './gateway-options.ts'
import type { ErrorHandler, LateReplyHandler } from './handler-types.ts'
import { createMessageKey } from './message-key.ts'
import { openMessage, openUrlCheck } from './open-request.ts'
import { formatOf, toMessage } from './parse-message.ts'
import { type GatewayQuery, readQuery } from './read-query.ts'
import { Router } from './router.ts'
import { acknowledgement, runHandlers } from './run-handlers.ts'
import { PLAIN, sealReply } from './seal-reply.ts'

const DEFAULT_DEADLINE_MS = 4500
const DEFAULT_WINDOW_SECONDS = 300
const DEFAULT_BODY_LIMIT = 64 * 1024
/** Repeats come 5 s apart, three in all. */
const DONE_TTL_MS = 60_000
/** Virtual payments are repeated for much longer and must be handled once. */
const PAYMENT_DONE_TTL_MS = 3 * 24 * 3600 * 1000
/** Events whose answer is due sooner than that of others. */
const SHORT_DEADLINES_MS: Readonly<Record<string, number>> = { xpay_subscribe_ios_refund_query_notify: 2700 }

/** The way of a request through the gateway. */
export class Receiver {
  readonly router = new Router()
  onError: ErrorHandler | undefined
  onLateReply: LateReplyHandler | undefined
  readonly #credentials: Credentials
  readonly #delivery: Delivery
  readonly #logger: Logger
  readonly #clock: () => number
  readonly #nonce: () => string
  readonly #deadlineMs: number
  readonly #windowSeconds: number
  readonly #bodyLimit: number

  constructor(options: MessageGatewayOptions) {
    const { appId, token, encodingAESKey, previous } = options
    const present = <T>(...items: readonly (T | undefined)[]) => items.filter((item): item is T => item !== undefined)
    this.#credentials = {
      appId,
      tokens: present(token, previous?.token),
      keys: present(encodingAESKey, previous?.encodingAESKey).map(createMessageKey)
    }
    // An error that nobody sees is the worst answer: without a logger it goes to the console.
    this.#logger = options.logger ?? { error: (message, fields) => console.error(message, fields) }
    this.#clock = options.clock ?? Date.now
    this.#nonce = options.nonce ?? (() => randomNonce(16))
    this.#deadlineMs = options.deadlineMs ?? DEFAULT_DEADLINE_MS
    this.#windowSeconds = options.timestampWindowSeconds ?? DEFAULT_WINDOW_SECONDS
    this.#bodyLimit = options.bodyLimitBytes ?? DEFAULT_BODY_LIMIT
    const store = options.store ?? memoryStore({ clock: this.#clock })
    this.#delivery = new Delivery(store, options.setTimer ?? deadlineQueue(), (error) => {
      this.#logger.error?.('weixin-kit gateway: the reply could not be stored for redeliveries', describeError(error))
    })
  }

  async handle(request: ByteRequest): Promise<ByteResponse> {
    try {
      const query = readQuery(request.url)
      if (request.method === 'POST') return await this.#receive(request, query)
      if (request.method !== 'GET' && request.method !== 'HEAD')
        return { status: 405, headers: { allow: 'GET, HEAD, POST' }, body: '' }
      const window = { nowSeconds: this.#nowSeconds(), windowSeconds: this.#windowSeconds }
      return { status: 200, headers: PLAIN, body: openUrlCheck(query, this.#credentials, window) }
    } catch (error) {
      return this.#refuse(error, request.method)
    }
  }

  async #receive(request: ByteRequest, query: GatewayQuery): Promise<ByteResponse> {
    const bytes = await request.readBody(this.#bodyLimit)
    const buffer = bytes instanceof Buffer ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const body = buffer.toString()
    const { appId } = this.#credentials
    const window = { nowSeconds: this.#nowSeconds(), windowSeconds: this.#windowSeconds }
    const { raw, fields, mode, token, key: aesKey } = openMessage(query, body, this.#credentials, window)
    const message = toMessage(fields)
    const format = formatOf(raw) ?? 'xml'
    const isPayment = isVirtualPayment(message)
    const key = `weixin-kit:${appId}:gateway:${dedupeKey(message)}`
    const reply = await this.#delivery.deliver({
      key,
      dueMs: Math.min(this.#deadlineMs, SHORT_DEADLINES_MS[message.Event ?? ''] ?? this.#deadlineMs),
      doneTtlMs: isPayment ? PAYMENT_DONE_TTL_MS : DONE_TTL_MS,
      run: (flight) =>
        runHandlers({
          context: { message, raw, format, mode, key },
          flight,
          router: this.router,
          onError: this.onError,
          onLateReply: this.onLateReply,
          logger: this.#logger,
          nowSeconds: () => this.#nowSeconds()
        })
    })
    // Not handled yet: the platform must come again, where it does so until a success.
    const text = reply ?? (isPayment ? acknowledgement(message, format, -1) : '')
    const timestamp = String(this.#nowSeconds())
    return sealReply(text, { appId, token, key: aesKey, format, timestamp, nonce: this.#nonce() })
  }

  /** The status alone: what was wrong is for the log, not for whoever tries. */
  #refuse(error: unknown, method: string): ByteResponse {
    // A mistake in the application, which only its own error path can show.
    if (error instanceof BodyAlreadyParsedError || !isWeixinKitError(error)) throw error
    const fields = { method, ...describeError(error) }
    if (error.code === 'ERR_STORE') {
      this.#logger.error?.('weixin-kit gateway: a message was put off, because the store failed', fields)
      return { status: 503, headers: {}, body: '' }
    }
    this.#logger.warn?.(`weixin-kit gateway: a request was refused: ${error.message}`, fields)
    if (!(error instanceof BodyError)) return { status: 401, headers: {}, body: '' }
    return { status: error.reason === 'too_large' ? 413 : 400, headers: {}, body: '' }
  }

  #nowSeconds(): number {
    return Math.floor(this.#clock() / 1000)
  }
}
