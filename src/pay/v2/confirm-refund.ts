import { UnexpectedResponseError } from '../../errors/index.ts'
import { inStep } from '../../internal/name-error.ts'
import type { RefundNotification } from './notification-types.ts'
import type { QueriedRefunds, Refunds } from './refunds.ts'

/**
 * Compares a refund notification with the result of the query.
 *
 * @throws what the query throws; {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE when the two differ
 */
export async function confirmRefund(notification: RefundNotification, refunds: Pick<Refunds, 'query'>): Promise<void> {
  const { out_refund_no, sub_mch_id } = notification
  const number = { out_refund_no, ...(sub_mch_id === undefined ? {} : { sub_mch_id }) }
  const queried = await inStep('confirmRefund', () => refunds.query(number))
  const wrong = findDifference(notification, queried)
  if (wrong === undefined) return
  throw new UnexpectedResponseError(
    `The refund notification of ${out_refund_no} has another ${wrong} than refunds.query. It was not passed on: investigate it.`,
    { product: 'pay', step: 'confirmRefund' }
  )
}

function findDifference(notification: RefundNotification, queried: QueriedRefunds): string | undefined {
  const refund = queried.refunds.find(({ out_refund_no }) => out_refund_no === notification.out_refund_no)
  if (!refund) return 'out_refund_no'
  const { refund_id = refund.refund_id } = notification
  if (refund_id !== refund.refund_id) return 'refund_id'
  for (const name of ['transaction_id', 'out_trade_no', 'total_fee'] as const) {
    if (notification[name] !== queried[name]) return name
  }
  for (const name of ['refund_fee', 'refund_status'] as const) if (notification[name] !== refund[name]) return name
  return undefined
}
