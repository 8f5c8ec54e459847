import type { ByteResponse } from '../../core/byte-handler.ts'
import type { FetchHandler } from '../../core/fetch-handler.ts'
import type { Logger } from '../../core/logger.ts'
import { callback, checkOptions, flag, integer, optional, required } from '../../core/options.ts'
import type { Store } from '../../core/store.ts'
import { UnexpectedResponseError, type WeChatPayError } from '../../errors/index.ts'
import { hashHex } from '../../internal/hash.ts'
import { buildXml } from '../../internal/xml/index.ts'
import {
  createNotificationHandler,
  type NotificationErrorHandler,
  type NotificationRefusal
} from '../common/notification-handler.ts'
import type { ContractNotification } from './contract-notification.ts'
import type { PaymentNotification, RefundNotification } from './notification-types.ts'
import type { DeductionNotification } from './papay-types.ts'
import { type PaymentEvent, paymentOf } from './parse-notification.ts'

interface HandlerOptions {
  /**
   * Called for refused and failed requests, e.g. for a log or an alert. Its result, or an error it throws, is ignored.
   */
  onError?: NotificationErrorHandler | undefined
  /** Maximum body size in bytes: 1 to 65 536 (default). */
  bodyLimitBytes?: number | undefined
}

/** Rules of {@link HandlerOptions}. */
const HANDLER_RULES = { onError: optional(callback), bodyLimitBytes: optional(integer(1, 65_536)) }

/** Options of `notifyHandler`. */
export interface NotifyHandlerOptions extends HandlerOptions {
  /**
   * Called with a verified payment; acknowledged only after it resolves. If it throws, WeChat Pay redelivers: it runs
   * at least once per payment, so make it idempotent (a conditional update in one transaction).
   */
  onPaid(notification: PaymentNotification): unknown
  /** Called when a refund reaches a final status, if payments and refunds share one URL: check `refund_status`. */
  onRefund?: ((notification: RefundNotification) => unknown) | undefined
  /**
   * Called with a verified deduction (委托代扣), whose notification does not always have a `transaction_id`. Without this
   * callback, `onPaid` is called for those that have one, and the others are refused and reported.
   */
  onDeducted?: ((notification: DeductionNotification) => unknown) | undefined
  /** Called with the verified notification of a deduction that failed; without it such a notification is refused and reported. */
  onFailed?: ((error: WeChatPayError) => unknown) | undefined
  /** Returns the amount of your own order in fen: a notification with another `total_fee` is refused and reported. */
  expectedTotalFee?:
    | ((notification: PaymentNotification | DeductionNotification) => number | undefined | Promise<number | undefined>)
    | undefined
  /**
   * Whether to confirm refunds with `refunds.query` before `onRefund` runs, see {@link
   * RefundNotifyHandlerOptions.confirmRefund}.
   */
  confirmRefund?: boolean | undefined
}

/** Options of `refundNotifyHandler`. */
export interface RefundNotifyHandlerOptions extends HandlerOptions {
  /** Called when a refund reaches a final status: check `refund_status`. At least once per status, see `onPaid`. */
  onRefund(notification: RefundNotification): unknown
  /**
   * Whether to confirm each notification with `refunds.query` before `onRefund` runs, and refuse it if amounts, numbers
   * or status differ. Refund notifications are not signed: their encryption shows that the sender had the API key, not
   * that the text is intact. Default `false`.
   */
  confirmRefund?: boolean | undefined
}

/** Options of `contractNotifyHandler`. */
export interface ContractNotifyHandlerOptions extends HandlerOptions {
  /**
   * Called when a contract is signed or ends: compare `contract_code`, `plan_id` and `openid` with your own. At least
   * once per change, see `onPaid`.
   */
  onContract(notification: ContractNotification): unknown
}

/** The part of the client that the handlers need. @internal */
export interface NotificationHandlerContext {
  store: Store
  logger: Logger | undefined
  mchId: string
  isSandbox: boolean
  parsePayment(body: Uint8Array): Promise<PaymentEvent>
  parseRefund(body: Uint8Array): Promise<RefundNotification>
  parseContract(body: Uint8Array): Promise<ContractNotification>
  /** @throws what the query throws, or that it contradicts the notification */
  confirmRefund(notification: RefundNotification): Promise<void>
}

type Event =
  | PaymentEvent
  | {
      readonly refund: RefundNotification
      readonly paid?: undefined
      readonly deducted?: undefined
      readonly failed?: undefined
    }

type FailedFields = Readonly<Record<string, string | undefined>>

/** @internal */
export function checkNotifyHandlerOptions(options: object): void {
  checkOptions(
    options,
    {
      onPaid: required(callback),
      onRefund: optional(callback),
      onDeducted: optional(callback),
      onFailed: optional(callback),
      expectedTotalFee: optional(callback),
      confirmRefund: optional(flag),
      ...HANDLER_RULES
    },
    { owner: 'notifyHandler', product: 'pay' }
  )
}

/** @internal */
export function makeNotifyHandler(context: NotificationHandlerContext, options: NotifyHandlerOptions): FetchHandler {
  checkNotifyHandlerOptions(options)
  const { onRefund } = options
  return createNotificationHandler<Event>({
    ...frameOf(context, 'notifyHandler', options),
    parse: async (body) =>
      onRefund && isRefund(body) ? { refund: await context.parseRefund(body) } : context.parsePayment(body),
    keyOf: (event) => ('refund' in event ? keyOfRefund(context, event.refund) : keyOfPayment(context, event)),
    run: async (event) => {
      if ('refund' in event) return runRefund(context, event.refund, options)
      const { deducted, failed } = event
      if (failed) {
        // A notification without a callback must not be acknowledged.
        if (!options.onFailed) throw failed
        await options.onFailed(failed)
      } else if (deducted && options.onDeducted) {
        await checkTotalFee(deducted, options)
        await options.onDeducted(deducted)
      } else {
        const paid = paymentOf(event)
        await checkTotalFee(paid, options)
        await options.onPaid(paid)
      }
      return ''
    }
  })
}

/**
 * The outer XML of a refund has an element `req_info`, that of a payment never has; but its `attach` may contain that
 * text.
 */
function isRefund(body: Uint8Array): boolean {
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('latin1')
  return text.replace(/<!\[CDATA\[.*?(?:\]\]>|$)/gs, '').includes('<req_info>')
}

function keyOfPayment(context: NotificationHandlerContext, { paid, deducted, failed }: PaymentEvent): string {
  if (paid) return keyOf(context, 'paid', paid.transaction_id, paid.out_trade_no)
  // A number is deducted only once, with or without WeChat's number.
  if (deducted) return keyOf(context, 'deducted', deducted.out_trade_no)
  const { transaction_id = '', out_trade_no = '', nonce_str: _, sign: __, ...rest } = failed.body as FailedFields
  // A deduction can fail again another day, or have only a contract and no number: the rest distinguishes them.
  const content = hashHex('sha256', JSON.stringify(rest))
  return keyOf(context, 'failed', transaction_id, out_trade_no, failed.upstreamCode, content)
}

/** A failed refund (CHANGE) is settled later and notified again with another status. */
function keyOfRefund(context: NotificationHandlerContext, refund: RefundNotification): string {
  const { refund_id = '', out_refund_no, refund_status } = refund
  return keyOf(context, 'refund', refund_id, out_refund_no, refund_status)
}

async function runRefund(
  context: NotificationHandlerContext,
  refund: RefundNotification,
  { onRefund, confirmRefund }: NotifyHandlerOptions | RefundNotifyHandlerOptions
): Promise<string> {
  if (confirmRefund) await context.confirmRefund(refund)
  await onRefund?.(refund)
  return ''
}

async function checkTotalFee(
  notification: PaymentNotification | DeductionNotification,
  options: NotifyHandlerOptions
): Promise<void> {
  if (!options.expectedTotalFee) return
  const expected = await options.expectedTotalFee(notification)
  if (expected === notification.total_fee) return
  throw new UnexpectedResponseError(
    `The payment of ${notification.out_trade_no} is ${notification.total_fee} fen, but the order says ${expected ?? 'nothing'}. It was not booked: investigate it.`,
    { product: 'pay' }
  )
}

/** @internal */
export function makeRefundNotifyHandler(
  context: NotificationHandlerContext,
  options: RefundNotifyHandlerOptions
): FetchHandler {
  checkOptions(
    options,
    { onRefund: required(callback), confirmRefund: optional(flag), ...HANDLER_RULES },
    { owner: 'refundNotifyHandler', product: 'pay' }
  )
  return createNotificationHandler<RefundNotification>({
    ...frameOf(context, 'refundNotifyHandler', options),
    parse: context.parseRefund,
    keyOf: (refund) => keyOfRefund(context, refund),
    run: (refund) => runRefund(context, refund, options)
  })
}

/** @internal */
export function makeContractNotifyHandler(
  context: NotificationHandlerContext,
  options: ContractNotifyHandlerOptions
): FetchHandler {
  checkOptions(
    options,
    { onContract: required(callback), ...HANDLER_RULES },
    { owner: 'contractNotifyHandler', product: 'pay' }
  )
  return createNotificationHandler<ContractNotification>({
    ...frameOf(context, 'contractNotifyHandler', options),
    parse: context.parseContract,
    keyOf: ({ contract_id, change_type, operate_time }) =>
      keyOf(context, 'contract', contract_id, change_type, operate_time),
    run: async (notification) => {
      await options.onContract(notification)
      return ''
    }
  })
}

/** The numbers of both sides, because the sandbox returns the same ones for every order. */
function keyOf({ mchId, isSandbox }: NotificationHandlerContext, ...event: string[]): string {
  return ['weixin-kit:pay2', isSandbox ? `sandbox-${mchId}` : mchId, ...event].join(':')
}

function frameOf(
  { store, logger }: NotificationHandlerContext,
  operation: string,
  { onError, bodyLimitBytes }: HandlerOptions
) {
  return {
    operation,
    store,
    logger,
    onError,
    bodyLimitBytes,
    acknowledge: () => respond(200, 'SUCCESS', 'OK'),
    refuse
  }
}

const STATUS: Readonly<Record<NotificationRefusal, number>> = {
  method: 405,
  too_large: 413,
  malformed: 400,
  unverified: 400,
  running: 503,
  failed: 500
}

/** @internal */
export function refuse(refusal: NotificationRefusal, message: string): ByteResponse {
  return respond(STATUS[refusal], 'FAIL', message)
}

function respond(status: number, return_code: string, return_msg: string): ByteResponse {
  return { status, headers: { 'content-type': 'text/xml; charset=utf-8' }, body: buildXml({ return_code, return_msg }) }
}
