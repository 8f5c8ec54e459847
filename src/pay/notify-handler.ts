import type { FetchHandler } from '../core/fetch-handler.ts'
import type { Logger } from '../core/logger.ts'
import { callback, checkOptions, optional, record } from '../core/options.ts'
import type { Store } from '../core/store.ts'
import { ConfigError, SignatureError, UnexpectedResponseError } from '../errors/index.ts'
import { createNotificationHandler, type NotificationRefusal } from './common/notification-handler.ts'
import type { AnyTransaction, Notification, RefundNotification, TransferNotification } from './notification.ts'
import type { RawNotification } from './parse-notification.ts'
import type { CombinedTransaction } from './transactions/combined-transactions.ts'
import type { PaidPartnerTransaction, PaidTransaction } from './transactions/transaction.ts'

/** Works on a notification. What it throws, or rejects with, has the notification delivered again. */
export type NotificationCallback<T> = (resource: T, notification: Notification<T>) => void | Promise<void>

/**
 * Callbacks of `notifyHandler`. Each runs at least once for an event and, with a shared store, as a rule only once; make it
 * idempotent (an update with a condition, in one transaction). A genuine notification without a callback is refused and
 * reported, never thrown away.
 */
export interface NotifyHandlerOptions {
  /** `TRANSACTION.SUCCESS` of an order of this merchant. Compare `amount.total` with your order. */
  onPaid?: NotificationCallback<PaidTransaction>
  /** The same for an order of a sub-merchant. */
  onPartnerPaid?: NotificationCallback<PaidPartnerTransaction>
  /** The same for orders that were paid together. */
  onCombinedPaid?: NotificationCallback<CombinedTransaction>
  /** `REFUND.SUCCESS`, `REFUND.ABNORMAL`, `REFUND.CLOSED`: look at `refund_status`. */
  onRefund?: NotificationCallback<RefundNotification>
  /** `MCHTRANSFER.BILL.FINISHED`: look at `state`. */
  onTransfer?: NotificationCallback<TransferNotification>
  /** Any other event by its type, e.g. `'COMPLAINT.CREATE'`; `'*'` takes the rest. */
  on?: Readonly<Record<string, NotificationCallback<Record<string, unknown>>>>
  /** A signature probe of WeChat Pay came and was refused, as it should be. */
  onProbe?: (request: Request) => void
  /** Called with what was refused or failed: for your log or alarm. */
  onError?: (error: unknown, request: Request) => void
}

export interface NotifyHandlerContext {
  store: Store
  logger: Logger | undefined
  mchId: string
  parse(raw: RawNotification): Promise<Notification>
}

const STATUS: Readonly<Record<NotificationRefusal, number>> = {
  method: 405,
  too_large: 413,
  unverified: 401,
  running: 503,
  failed: 500
}

/**
 * @internal
 * @throws {ConfigError} ERR_CONFIG
 */
export function makeNotifyHandler(context: NotifyHandlerContext, options: NotifyHandlerOptions): FetchHandler {
  checkHandlerOptions(options)
  return createNotificationHandler<Notification>({
    operation: 'notifyHandler',
    store: context.store,
    logger: context.logger,
    onError: options.onError,
    isExpected: isProbe,
    parse: async (body, request) => {
      try {
        return await context.parse({ headers: request.headers, body })
      } catch (error) {
        if (isProbe(error)) reportProbe(context, options, request)
        throw error
      }
    },
    keyOf: (notification) => `weixin-kit:${context.mchId}:pay-v3:${eventKey(notification)}`,
    run: (notification) => dispatch(options, notification),
    acknowledge: () => new Response(null, { status: 204 }),
    refuse: (refusal, message) => {
      const headers: Record<string, string> = { 'content-type': 'application/json' }
      if (refusal === 'method') headers.allow = 'POST'
      return new Response(JSON.stringify({ code: 'FAIL', message }), { status: STATUS[refusal], headers })
    }
  })
}

function checkHandlerOptions(options: NotifyHandlerOptions): void {
  checkOptions(
    options,
    {
      onPaid: optional(callback),
      onPartnerPaid: optional(callback),
      onCombinedPaid: optional(callback),
      onRefund: optional(callback),
      onTransfer: optional(callback),
      on: optional(record),
      onProbe: optional(callback),
      onError: optional(callback)
    },
    { owner: 'notifyHandler', product: 'pay' }
  )
  const others = Object.entries(options.on ?? {})
  const wrong = others.find(([, value]) => typeof value !== 'function')
  if (wrong) {
    throw new ConfigError(`notifyHandler: option "on" has no function for "${wrong[0].slice(0, 64)}".`, {
      option: 'on',
      product: 'pay'
    })
  }
  const { onPaid, onPartnerPaid, onCombinedPaid, onRefund, onTransfer } = options
  if (others.length === 0 && ![onPaid, onPartnerPaid, onCombinedPaid, onRefund, onTransfer].some(Boolean)) {
    throw new ConfigError('notifyHandler: give at least one callback, e.g. onPaid.', { product: 'pay' })
  }
}

async function dispatch(options: NotifyHandlerOptions, notification: Notification): Promise<void> {
  const run = callbackOf(options, notification)
  if (!run) {
    throw new UnexpectedResponseError(
      `notifyHandler: a genuine ${notification.event_type} notification has no callback. It was not acknowledged, so that it is not lost: add the callback (or on: { '${notification.event_type}': … }).`,
      { product: 'pay' }
    )
  }
  checkPaid(notification)
  await run(notification.resource as never, notification as never)
}

/** What the type of the callback promises: a number and an amount to compare with the order. */
function checkPaid({ event_type: type, resource }: Notification): void {
  if (type !== 'TRANSACTION.SUCCESS' || 'combine_out_trade_no' in (resource as object)) return
  const { transaction_id: id, amount } = resource as { transaction_id?: unknown; amount?: { total?: unknown } }
  if (typeof id === 'string' && Number.isSafeInteger(amount?.total)) return
  throw new UnexpectedResponseError('notifyHandler: a TRANSACTION.SUCCESS without transaction_id or amount.total.', {
    product: 'pay'
  })
}

function callbackOf(
  options: NotifyHandlerOptions,
  { event_type: type, resource }: Notification
): NotificationCallback<never> | undefined {
  const { on = {} } = options
  if (Object.hasOwn(on, type)) return on[type]
  const known = knownCallback(options, type, resource as AnyTransaction)
  return known ?? (Object.hasOwn(on, '*') ? on['*'] : undefined)
}

function knownCallback(
  options: NotifyHandlerOptions,
  type: string,
  resource: AnyTransaction
): NotificationCallback<never> | undefined {
  if (type.startsWith('REFUND.')) return options.onRefund
  if (type === 'MCHTRANSFER.BILL.FINISHED') return options.onTransfer
  if (type !== 'TRANSACTION.SUCCESS') return undefined
  if ('combine_out_trade_no' in resource) return options.onCombinedPaid
  return 'sp_mchid' in resource ? options.onPartnerPaid : options.onPaid
}

/** By the number of the business, so that the same event under another id is one event; and by its state, so that two are two. */
function eventKey({ id, event_type: type, resource }: Notification): string {
  const fields = resource as Readonly<Record<string, unknown>>
  const part = (...names: string[]) => names.map((name) => fields[name]).filter((value) => typeof value === 'string')
  const number =
    type === 'TRANSACTION.SUCCESS'
      ? part('transaction_id', 'combine_out_trade_no')
      : type.startsWith('REFUND.')
        ? part('refund_id', 'out_refund_no', 'refund_status')
        : type === 'MCHTRANSFER.BILL.FINISHED'
          ? part('transfer_bill_no', 'out_bill_no', 'state')
          : []
  return [type, ...(number.length > 0 ? number : [id])].map((text) => encodeURIComponent(String(text))).join(':')
}

function isProbe(error: unknown): boolean {
  return error instanceof SignatureError && error.reason === 'probe'
}

function reportProbe(context: NotifyHandlerContext, options: NotifyHandlerOptions, request: Request): void {
  try {
    options.onProbe?.(request)
  } catch (thrown) {
    // A failing reporter must not decide what is answered.
    context.logger?.error?.(`notifyHandler: onProbe threw ${String(thrown)}`, { product: 'pay' })
  }
}
