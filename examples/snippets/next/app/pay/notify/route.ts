import type { FetchHandler } from 'weixin-kit'
import { markAsPaid } from '../../../lib/orders'
import { pay } from '../../../lib/pay'

export const dynamic = 'force-dynamic'

let handler: FetchHandler | undefined

export function POST(request: Request): Promise<Response> {
  handler ??= pay().notifyHandler({
    // Acknowledged only after it resolves. Compare the amount with your order.
    onPaid: ({ out_trade_no, amount }) => markAsPaid(out_trade_no, amount.total)
  })
  return handler(request)
}
