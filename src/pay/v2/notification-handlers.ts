import type { FetchHandler } from '../../core/fetch-handler.ts'
import type { Logger } from '../../core/logger.ts'
import { callback, checkOptions, optional, required } from '../../core/options.ts'
import type { Store } from '../../core/store.ts'
import { UnexpectedResponseError, type WeChatPayError } from '../../errors/index.ts'
import { hashHex } from '../../internal/hash.ts'
import { buildXml } from '../../internal/xml/index.ts'
import { createNotificationHandler, type NotificationRefusal } from '../common/notification-handler.ts'
import type { PaymentNotification, RefundNotification } from './notification-types.ts'
import type { PaymentEvent } from './parse-notification.ts'

interface HandlerOptions {
  /** Told of what was refused or failed: for your log or alarm. */
  onError?: (error: unknown, request: Request) => void
}

export interface NotifyHandlerOptions extends HandlerOptions {
  /**
   * Books the payment. WeChat Pay is told SUCCESS only after this resolved; if it throws, the notification comes again. It runs
   * at least once for a payment: make it idempotent (an update with a condition, in one transaction).
   */
  onPaid(notification: PaymentNotification): void | Promise<void>
  /** Told of the genuine notification of a deduction that failed; without it such a notification is refused and reported. */
  onFailed?: (error: WeChatPayError) => void | Promise<void>
  /** What your own order says, in fen: a notification with another `total_fee` is refused and reported. */
  expectedTotalFee?: (notification: PaymentNotification) => number | undefined | Promise<number | undefined>
}

export interface RefundNotifyHandlerOptions extends HandlerOptions {
  /** Books the end of a refund: look at `refund_status`. At least once for each, see `onPaid`. */
  onRefunded(notification: RefundNotification): void | Promise<void>
}

/** @internal */
export interface NotificationHandlerContext {
  store: Store
  logger: Logger | undefined
  mchId: string
  isSandbox: boolean
}

type FailedFields = Readonly<Record<string, string | undefined>>

/** @internal */
export function makeNotifyHandler(
  context: NotificationHandlerContext,
  options: NotifyHandlerOptions,
  parse: (body: Uint8Array) => Promise<PaymentEvent>
): FetchHandler {
  checkOptions(
    options,
    {
      onPaid: required(callback),
      onFailed: optional(callback),
      expectedTotalFee: optional(callback),
      onError: optional(callback)
    },
    { owner: 'notifyHandler', product: 'pay' }
  )
  return createNotificationHandler<PaymentEvent>({
    ...frameOf(context, 'notifyHandler', options),
    parse,
    keyOf: ({ paid, failed }) => {
      if (paid) return keyOf(context, 'paid', paid.transaction_id, paid.out_trade_no)
      const { transaction_id = '', out_trade_no = '', nonce_str: _, sign: __, ...rest } = failed.body as FailedFields
      // A deduction can fail again another day, or be of a contract and have no number: then the rest tells them apart.
      const content = hashHex('sha256', JSON.stringify(rest))
      return keyOf(context, 'failed', transaction_id, out_trade_no, failed.upstreamCode, content)
    },
    run: async ({ paid, failed }) => {
      if (!paid) {
        // What nobody takes must not be acknowledged.
        if (!options.onFailed) throw failed
        return options.onFailed(failed)
      }
      await checkTotalFee(paid, options)
      await options.onPaid(paid)
    }
  })
}

async function checkTotalFee(notification: PaymentNotification, options: NotifyHandlerOptions): Promise<void> {
  if (!options.expectedTotalFee) return
  const expected = await options.expectedTotalFee(notification)
  if (expected === notification.total_fee) return
  throw new UnexpectedResponseError(
    `The payment of ${notification.out_trade_no} is ${notification.total_fee} fen, but the order says ${expected ?? 'nothing'}. It was not booked: look into it.`,
    { product: 'pay' }
  )
}

/** @internal */
export function makeRefundNotifyHandler(
  context: NotificationHandlerContext,
  options: RefundNotifyHandlerOptions,
  parse: (body: Uint8Array) => Promise<RefundNotification>
): FetchHandler {
  checkOptions(
    options,
    { onRefunded: required(callback), onError: optional(callback) },
    { owner: 'refundNotifyHandler', product: 'pay' }
  )
  return createNotificationHandler<RefundNotification>({
    ...frameOf(context, 'refundNotifyHandler', options),
    parse,
    // A refund that failed (CHANGE) is settled later and notified again with another state.
    keyOf: ({ refund_id = '', out_refund_no, refund_status }) =>
      keyOf(context, 'refund', refund_id, out_refund_no, refund_status),
    run: async (notification) => options.onRefunded(notification)
  })
}

/** Numbers of both sides, because the sandbox answers the same ones of its own for every order. */
function keyOf({ mchId, isSandbox }: NotificationHandlerContext, ...event: string[]): string {
  return ['weixin-kit:pay2', isSandbox ? `sandbox-${mchId}` : mchId, ...event].join(':')
}

function frameOf({ store, logger }: NotificationHandlerContext, operation: string, { onError }: HandlerOptions) {
  return { operation, store, logger, onError, acknowledge: () => answer(200, 'SUCCESS', 'OK'), refuse }
}

const STATUS: Readonly<Record<NotificationRefusal, number>> = {
  method: 405,
  too_large: 413,
  unverified: 400,
  running: 503,
  failed: 500
}

function refuse(refusal: NotificationRefusal, message: string): Response {
  return answer(STATUS[refusal], 'FAIL', message)
}

function answer(status: number, return_code: string, return_msg: string): Response {
  return new Response(buildXml({ return_code, return_msg }), {
    status,
    headers: { 'content-type': 'text/xml; charset=utf-8' }
  })
}
