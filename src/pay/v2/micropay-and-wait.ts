import type { RequestOptions } from '../../core/client-options.ts'
import { ConnectionError, UnknownResultError, WeChatPayError } from '../../errors/index.ts'
import { given } from '../../internal/given.ts'
import { inStep } from '../../internal/name-error.ts'
import { sleep } from '../../internal/sleep.ts'
import type { AccountParams } from './identity.ts'
import type { MicropayParams, OrderNumber, PaidOrder, QueriedOrder, ReversedOrder } from './order-types.ts'

/** Waiting times of the document (付款码支付: 业务流程). */
const FIRST_QUERY_MS = 5_000
const NEXT_QUERY_MS = 10_000
const QUERY_FOR_MS = 45_000
const REVERSE_PAUSE_MS = 5_000
const REVERSE_TRIES = 6

/** Options of `orders.micropayAndWait`. */
export interface MicropayWaitOptions extends RequestOptions {
  /** Called on every state change: on `userPaying` the cashier asks the customer to enter the password. */
  onWaiting?: ((state: 'userPaying' | 'querying' | 'reversing') => void) | undefined
}

/** How a payment by code ended. Money moved only when `paid`. */
export type MicropayOutcome =
  | { readonly outcome: 'paid'; readonly order: PaidOrder }
  /** Still open after 45 seconds and therefore reversed. */
  | { readonly outcome: 'reversed' }
  /** The customer refused, lacked the money, … `order` is the last query. */
  | { readonly outcome: 'failed'; readonly order: QueriedOrder }

/** The calls that it uses: those of the client, even if they are wrapped. */
export interface MicropayCalls {
  micropay(params: MicropayParams, options?: RequestOptions): Promise<PaidOrder>
  query(params: OrderNumber, options?: RequestOptions): Promise<QueriedOrder>
  reverse(params: OrderNumber, options?: RequestOptions): Promise<ReversedOrder>
}

type MicropayNumber = AccountParams & { out_trade_no: string }

/**
 * Charges, queries while the result is open, and reverses the order if it stays open.
 *
 * @throws {WeChatPayError} ERR_WECHAT_PAY when the charge was refused
 * @throws {UnknownResultError} ERR_UNKNOWN_RESULT when even reversing gave no result, or the caller aborted in between
 */
export async function micropayAndWait(
  calls: MicropayCalls,
  params: MicropayParams,
  waitOptions: MicropayWaitOptions
): Promise<MicropayOutcome> {
  const { onWaiting, ...options } = waitOptions
  const number = numberOf(params)
  let isUserPaying: boolean
  try {
    return { outcome: 'paid', order: await inStep('charge', () => calls.micropay(params, options)) }
  } catch (error) {
    if (!(error instanceof UnknownResultError) || options.signal?.aborted) throw error
    isUserPaying = error.cause instanceof WeChatPayError && error.cause.upstreamCode === 'USERPAYING'
  }
  try {
    onWaiting?.(isUserPaying ? 'userPaying' : 'querying')
    return (await queryUntilFinal(calls, number, waitOptions)) ?? (await reverseUntilDone(calls, number, options))
  } catch (error) {
    // Whatever failed here (a wrong key, a refused reversal, the caller's abort or callback), the charge itself is
    // still open.
    throw stillOpen(number, error)
  }
}

/** Parameters of the query: the number of the order, and the account of the payment. */
function numberOf(params: MicropayParams): MicropayNumber {
  const number: MicropayNumber = { out_trade_no: params.out_trade_no }
  for (const name of ['appid', 'sub_appid', 'sub_mch_id'] as const) {
    const value = params[name]
    if (value !== undefined) number[name] = value
  }
  return number
}

async function queryUntilFinal(
  calls: MicropayCalls,
  number: MicropayNumber,
  { onWaiting, ...options }: MicropayWaitOptions
): Promise<MicropayOutcome | undefined> {
  for (let waitedMs = 0, pauseMs = FIRST_QUERY_MS; waitedMs + pauseMs <= QUERY_FOR_MS; pauseMs = NEXT_QUERY_MS) {
    await sleep(pauseMs, options.signal)
    waitedMs += pauseMs
    const order = await queryOrNothing(calls, number, options)
    if (order?.trade_state === 'SUCCESS') return { outcome: 'paid', order }
    if (order && isFinal(order)) return { outcome: 'failed', order }
    if (order) onWaiting?.(order.trade_state === 'USERPAYING' ? 'userPaying' : 'querying')
  }
  onWaiting?.('reversing')
  return undefined
}

/** NOTPAY may still become USERPAYING, ACCEPT still SUCCESS: only these are final. */
function isFinal(order: QueriedOrder): boolean {
  return ['PAYERROR', 'REVOKED', 'CLOSED', 'REFUND'].includes(order.trade_state)
}

async function queryOrNothing(
  calls: MicropayCalls,
  number: MicropayNumber,
  options: RequestOptions
): Promise<QueriedOrder | undefined> {
  try {
    return await inStep('query', () => calls.query(number, options))
  } catch (error) {
    // A query that fails temporarily, or finds nothing yet, is retried; waiting does not fix a wrong key or
    // certificate.
    const isPassing =
      error instanceof ConnectionError ||
      (error instanceof WeChatPayError && (error.retryable || error.upstreamCode === 'ORDERNOTEXIST'))
    if (isPassing) return undefined
    throw error
  }
}

async function reverseUntilDone(
  calls: MicropayCalls,
  number: MicropayNumber,
  options: RequestOptions
): Promise<MicropayOutcome> {
  for (let attempt = 1; ; attempt++) {
    try {
      const { recall } = await inStep('reverse', () => calls.reverse(number, options))
      if (recall !== 'Y') return { outcome: 'reversed' }
    } catch (error) {
      const isPassing =
        error instanceof UnknownResultError || (error instanceof WeChatPayError && error.upstreamCode === 'USERPAYING')
      if (!isPassing || attempt === REVERSE_TRIES) throw error
    }
    if (attempt === REVERSE_TRIES) throw stillOpen(number)
    await sleep(REVERSE_PAUSE_MS, options.signal)
  }
}

function stillOpen(number: MicropayNumber, cause?: unknown): UnknownResultError {
  if (cause instanceof UnknownResultError) return cause
  return new UnknownResultError(
    'orders.micropayAndWait: the order is neither known to be paid nor reversed. Run orders.query, and reverse it within 7 days if it is not wanted.',
    { product: 'pay', cause, query: { method: 'orders.query', params: given(number) } }
  )
}
