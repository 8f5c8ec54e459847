import { pick } from '../../../shared/pick.ts'
import type {
  admins,
  wxMchPays,
  wxPayOrders,
  wxPayProducts,
  wxPayRefunds,
  wxRedPacks,
  wxUsers
} from '../../migrations/schema.ts'

/** Unix seconds, as all times of this API. */
const seconds = (date: Date | null) => (date ? Math.floor(date.getTime() / 1000) : null)

interface Row {
  uuid: string
  created_at: Date
  updated_at: Date
}
const base = (row: Row) => ({
  uuid: row.uuid,
  create_time: seconds(row.created_at),
  update_time: seconds(row.updated_at)
})

/** What the network sees of each row: never the numeric id, never a hash. */
export const viewAdmin = (row: typeof admins.$inferSelect) => ({ ...base(row), ...pick(row, 'name') })

export const viewWxUser = (row: typeof wxUsers.$inferSelect) => ({
  ...base(row),
  ...pick(row, 'openid', 'nickname', 'headimgurl', 'is_subscribed')
})

export const viewProduct = (row: typeof wxPayProducts.$inferSelect) => ({
  ...base(row),
  ...pick(row, 'body', 'total_fee')
})

export const viewOrder = (row: typeof wxPayOrders.$inferSelect) => ({
  ...base(row),
  ...pick(row, 'out_trade_no', 'body', 'total_fee', 'refunded_fee', 'status', 'transaction_id'),
  pay_time: seconds(row.paid_at)
})

export const viewRefund = (row: typeof wxPayRefunds.$inferSelect) => ({
  ...base(row),
  ...pick(row, 'out_refund_no', 'refund_fee', 'refund_id', 'status')
})

export const viewMchPay = (row: typeof wxMchPays.$inferSelect) => ({
  ...base(row),
  ...pick(row, 'partner_trade_no', 'openid', 'amount', 'desc', 'payment_no', 'status')
})

export const viewRedPack = (row: typeof wxRedPacks.$inferSelect) => ({
  ...base(row),
  ...pick(row, 'mch_billno', 're_openid', 'total_amount', 'send_name', 'wishing', 'act_name', 'remark', 'status')
})
