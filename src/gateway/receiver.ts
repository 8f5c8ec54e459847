import type { ByteRequest, ByteResponse } from '../core/byte-handler.ts'
import { DEFAULT_BODY_LIMIT_BYTES } from '../core/read-body.ts'
import { withStoreErrors } from '../core/with-store-errors.ts'
import { BodyAlreadyParsedError, BodyError, isWeixinKitError } from '../errors/index.ts'
import { randomBytesPooled } from '../internal/random.ts'
import { buildReply } from './build-reply.ts'
import { deadlineQueue } from './deadline-queue.ts'
import { dedupeKey, isVirtualPayment } from './dedupe-key.ts'
import { Delivery } from './delivery.ts'
import { describeError } from './describe-error.ts'
import type { Settled } from './flight.ts'
import type { Account, MessageGatewayOptions } from './gateway-options.ts'
import type { Received } from './handler-context.ts'
import type { Handlers } from './handlers.ts'
import { openMessage, openUrlCheck, type Window } from './open-request.ts'
import { formatOf, toMessage } from './parse-message.ts'
import { type GatewayQuery, readQuery } from './read-query.ts'
import { REFUSED, runHandlers } from './run-handlers.ts'
import { PLAIN, SUCCESS, sealReply } from './seal-reply.ts'

const DEFAULT_DEADLINE_MS = 4500
const DEFAULT_WINDOW_SECONDS = 300
/** Virtual payments are repeated for much longer and must be handled once. */
const PAYMENT_DONE_TTL_MS = 3 * 24 * 3600 * 1000
/** Events whose answer is due sooner than that of others. */
const SHORT_DEADLINES_MS: ReadonlyMap<string, number> = new Map([['xpay_subscribe_ios_refund_query_notify', 2700]])

/** The way of a request through the gateway. */
export class Receiver {
  readonly #handlers: Handlers
  readonly #account: Account
  readonly #delivery: Delivery<Received>
  readonly #clock: () => number
  readonly #nonce: () => string
  readonly #deadlineMs: number
  readonly #windowSeconds: number
  readonly #bodyLimit: number
  readonly #doneTtlMs: number

  constructor(options: MessageGatewayOptions, account: Account, handlers: Handlers) {
    this.#handlers = handlers
    this.#account = account
    this.#clock = options.clock ?? Date.now
    this.#nonce = options.nonce ?? (() => randomBytesPooled(8).toString('hex'))
    this.#deadlineMs = options.deadlineMs ?? DEFAULT_DEADLINE_MS
    this.#windowSeconds = options.timestampWindowSeconds ?? DEFAULT_WINDOW_SECONDS
    // As long as a signature is good, from ahead of the clock to behind it: nobody can replay what was forgotten.
    this.#doneTtlMs = (2 * this.#windowSeconds + 1) * 1000
    this.#bodyLimit = options.bodyLimitBytes ?? DEFAULT_BODY_LIMIT_BYTES
    this.#delivery = new Delivery({
      store: options.store && withStoreErrors(options.store),
      keyPrefix: `weixin-kit:${account.appId}:gateway:`,
      setTimer: options.setTimer ?? deadlineQueue(),
      clock: this.#clock,
      run: (received, flight) => runHandlers(handlers, received, flight),
      onStoreError: (error, hasRun) => {
        const what = hasRun
          ? 'the reply could not be stored for redeliveries'
          : 'the store failed, no handler was called'
        handlers.logger.error?.(`weixin-kit gateway: ${what}`, describeError(error))
      }
    })
  }

  /** @param waitedMs how long the request has waited before: the platform counts it */
  async handle(request: ByteRequest, waitedMs = 0): Promise<ByteResponse> {
    try {
      const query = readQuery(request.url)
      if (request.method === 'POST') {
        const received = this.#open(query, await request.readBody(this.#bodyLimit), waitedMs)
        return this.#answer(received, await this.#delivery.deliver(received))
      }
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        return { status: 405, headers: { allow: 'GET, HEAD, POST' }, body: '' }
      }
      return { status: 200, headers: PLAIN, body: openUrlCheck(query, this.#account, this.#window()) }
    } catch (error) {
      return this.#refuse(error, request.method)
    }
  }

  #open(query: GatewayQuery, bytes: Uint8Array, waitedMs: number): Received {
    const buffer = bytes instanceof Buffer ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const { raw, fields, mode, token, key } = openMessage(query, buffer.toString(), this.#account, this.#window())
    const message = toMessage(fields)
    const deadlineMs = Math.min(this.#deadlineMs, SHORT_DEADLINES_MS.get(message.Event ?? '') ?? this.#deadlineMs)
    return {
      message,
      raw,
      format: formatOf(raw) ?? 'xml',
      mode,
      token,
      aesKey: key,
      key: dedupeKey(message),
      dueMs: Math.max(1, deadlineMs - waitedMs),
      doneTtlMs: isVirtualPayment(message) ? PAYMENT_DONE_TTL_MS : this.#doneTtlMs
    }
  }

  #answer(received: Received, result: Settled | undefined): ByteResponse {
    const { message, format, token, aesKey } = received
    // Not handled yet: where the platform comes again until a success, it must.
    const reply = result ? result.answer : isVirtualPayment(message) ? REFUSED : undefined
    if (reply === undefined) return SUCCESS
    const createTime = this.#nowSeconds()
    const { appId } = this.#account
    const options = { appId, token, key: aesKey, format, timestamp: String(createTime), nonce: this.#nonce() }
    return sealReply(buildReply(message, reply, { format, createTime }), options)
  }

  #window(): Window {
    return { nowSeconds: this.#nowSeconds(), windowSeconds: this.#windowSeconds }
  }

  /** The status alone: what was wrong is for the log, not for whoever tries. */
  #refuse(error: unknown, method: string): ByteResponse {
    // A mistake in the application, which only its own error path can show.
    if (error instanceof BodyAlreadyParsedError || !isWeixinKitError(error)) throw error
    const fields = { method, ...describeError(error) }
    if (error.code === 'ERR_STORE') {
      this.#handlers.logger.error?.('weixin-kit gateway: a message was put off, because the store failed', fields)
      return { status: 503, headers: {}, body: '' }
    }
    this.#handlers.logger.warn?.(`weixin-kit gateway: a request was refused: ${error.message}`, fields)
    if (!(error instanceof BodyError)) return { status: 401, headers: {}, body: '' }
    return { status: error.reason === 'too_large' ? 413 : 400, headers: {}, body: '' }
  }

  #nowSeconds(): number {
    return Math.floor(this.#clock() / 1000)
  }
}
