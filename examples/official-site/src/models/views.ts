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
export const viewAdmin = (row: typeof admins.$inferSelect) => ({ ...base(row), name: row.name })

export const viewWxUser = (row: typeof wxUsers.$inferSelect) => ({
  ...base(row),
  openid: row.openid,
  nickname: row.nickname,
  headimgurl: row.headimgurl,
  is_subscribed: row.is_subscribed
})

export const viewProduct = (row: typeof wxPayProducts.$inferSelect) => ({
  ...base(row),
  body: row.body,
  total_fee: row.total_fee
})

export const viewOrder = (row: typeof wxPayOrders.$inferSelect) => ({
  ...base(row),
  out_trade_no: row.out_trade_no,
  body: row.body,
  total_fee: row.total_fee,
  refunded_fee: row.refunded_fee,
  status: row.status,
  transaction_id: row.transaction_id,
  pay_time: seconds(row.paid_at)
})

export const viewRefund = (row: typeof wxPayRefunds.$inferSelect) => ({
  ...base(row),
  out_refund_no: row.out_refund_no,
  refund_fee: row.refund_fee,
  refund_id: row.refund_id,
  status: row.status
})

export const viewMchPay = (row: typeof wxMchPays.$inferSelect) => ({
  ...base(row),
  partner_trade_no: row.partner_trade_no,
  openid: row.openid,
  amount: row.amount,
  desc: row.desc,
  payment_no: row.payment_no,
  status: row.status
})

export const viewRedPack = (row: typeof wxRedPacks.$inferSelect) => ({
  ...base(row),
  mch_billno: row.mch_billno,
  re_openid: row.re_openid,
  total_amount: row.total_amount,
  send_name: row.send_name,
  wishing: row.wishing,
  act_name: row.act_name,
  remark: row.remark,
  status: row.status
})
