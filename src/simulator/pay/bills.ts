import { cashOf, type Order } from './ledger/order.ts'
import type { Refund } from './ledger/refund.ts'
import { beijingDate, beijingHour, DAY_MS, parseDate, plainTime } from './times.ts'
import type { PayWorld } from './world.ts'

export type BillType = 'ALL' | 'SUCCESS' | 'REFUND' | 'RECHARGE_REFUND'
export type BillProblem = 'date' | 'none' | 'creating'

interface Row {
  readonly order: Order
  readonly refund?: Refund
  readonly time: number
}

type Column = readonly [title: string, value: (row: Row, world: PayWorld) => string]

export const yuan = (fen: number): string => (fen / 100).toFixed(2)
const fee = (fen: number, rate: number): string => ((fen * rate) / 1_000_000).toFixed(5)
const coupon = ({ order }: Row): number => order.payment?.coupon?.amount ?? 0

const HEAD: readonly Column[] = [
  ['交易时间', ({ time }) => plainTime(time)],
  ['公众账号ID', ({ order }) => order.appId],
  ['商户号', ({ order }) => order.mchId],
  ['特约商户号', ({ order }) => order.subMchId ?? '0'],
  ['设备号', ({ order }) => order.deviceInfo ?? ''],
  ['微信订单号', ({ order }) => order.payment?.transactionId ?? ''],
  ['商户订单号', ({ order }) => order.outTradeNo],
  ['用户标识', ({ order }) => order.payment?.openid ?? ''],
  ['交易类型', ({ order }) => order.tradeType],
  ['交易状态', ({ order, refund }) => (order.state === 'REVOKED' ? 'REVOKED' : refund ? 'REFUND' : 'SUCCESS')],
  ['付款银行', ({ order }) => order.payment?.bankType ?? ''],
  ['货币种类', ({ order }) => order.currency],
  ['应结订单金额', ({ order, refund }) => yuan(refund ? 0 : cashOf(order))],
  ['代金券金额', (row) => yuan(row.refund ? 0 : coupon(row))]
]
const REFUND_TIMES: readonly Column[] = [
  ['退款申请时间', ({ refund }) => plainTime(refund?.createdAt ?? 0)],
  ['退款成功时间', ({ refund }) => (refund?.successAt === undefined ? '' : plainTime(refund.successAt))]
]
const REFUND: readonly Column[] = [
  ['微信退款单号', ({ refund }) => refund?.refundId ?? '0'],
  ['商户退款单号', ({ refund }) => refund?.outRefundNo ?? '0'],
  ['退款金额', ({ refund }) => yuan(refund?.cash ?? 0)],
  ['充值券退款金额', ({ refund }) => yuan(refund ? refund.refund - refund.cash : 0)],
  ['退款类型', ({ refund }) => (refund ? 'ORIGINAL' : '')],
  ['退款状态', ({ refund }) => (refund ? (refund.status === 'ABNORMAL' ? 'CHANGE' : refund.status) : '')]
]
const TAIL: readonly Column[] = [
  ['商品名称', ({ order }) => order.description],
  ['商户数据包', ({ order }) => order.attach ?? ''],
  [
    '手续费',
    ({ order, refund }, { settings }) =>
      refund ? fee(-refund.cash, settings.feeRate) : fee(cashOf(order), settings.feeRate)
  ],
  ['费率', (_row, { settings }) => `${(settings.feeRate / 100).toFixed(2)}%`],
  ['订单金额', ({ order, refund }) => yuan(refund ? 0 : order.total)]
]
const REQUESTED: Column = ['申请退款金额', ({ refund }) => yuan(refund?.refund ?? 0)]
const REMARK: Column = ['费率备注', () => '']

const COLUMNS: Readonly<Record<BillType, readonly Column[]>> = {
  ALL: [...HEAD, ...REFUND, ...TAIL, REQUESTED, REMARK],
  SUCCESS: [...HEAD, ...TAIL, REMARK],
  REFUND: [...HEAD, ...REFUND_TIMES, ...REFUND, ...TAIL, REQUESTED, REMARK],
  RECHARGE_REFUND: [...HEAD, ...REFUND_TIMES, ...REFUND, ...TAIL, REQUESTED, REMARK]
}

/** Why there is no bill of a day; `undefined` when it can be made. */
export function billProblem(world: PayWorld, date: string): BillProblem | undefined {
  const now = world.context.clock.now()
  const start = parseDate(date)
  if (start === undefined) return 'date'
  const end = start + DAY_MS
  if (end > now || now - start > 92 * DAY_MS) return 'none'
  const isYesterday = beijingDate(now - DAY_MS) === beijingDate(start)
  return isYesterday && beijingHour(now) < world.settings.billHour ? 'creating' : undefined
}

/** A row: every value with a back-tick before it, so that no spreadsheet takes a number for one. */
export const billLine = (values: readonly string[]): string => values.map((value) => `\`${clean(value)}`).join(',')
const clean = (value: string): string => value.replace(/[\r\n,`]/g, ' ')

/** Trade bill (交易账单) of a day, or `undefined` when nothing happened. */
export function tradeBill(world: PayWorld, book: string, date: string, type: BillType): string | undefined {
  const start = parseDate(date) ?? 0
  const isOfDay = (time: number | undefined) => time !== undefined && time >= start && time < start + DAY_MS
  const rows: Row[] = []
  if (type === 'ALL' || type === 'SUCCESS') {
    for (const order of world.orders.table.filter((one) => one.book === book && isOfDay(one.payment?.paidAt))) {
      rows.push({ order, time: order.payment?.paidAt ?? 0 })
    }
  }
  if (type !== 'SUCCESS') {
    for (const refund of world.refunds.table.filter((one) => one.book === book && isOfDay(one.createdAt))) {
      const order = world.orders.find(book, refund.outTradeNo)
      const isCoupon = refund.refund > refund.cash
      if (order && (type !== 'RECHARGE_REFUND' || isCoupon)) rows.push({ order, refund, time: refund.createdAt })
    }
  }
  if (rows.length === 0) return undefined
  rows.sort((a, b) => a.time - b.time)
  const columns = COLUMNS[type]
  const sum = (value: (row: Row) => number) => rows.reduce((total, row) => total + value(row), 0)
  const totals: readonly (readonly [string, string])[] = [
    ['总交易单数', String(rows.length)],
    ['应结订单总金额', yuan(sum(({ order, refund }) => (refund ? 0 : cashOf(order))))],
    ['退款总金额', yuan(sum(({ refund }) => refund?.cash ?? 0))],
    ['充值券退款总金额', yuan(sum(({ refund }) => (refund ? refund.refund - refund.cash : 0)))],
    [
      '手续费总金额',
      fee(
        sum(({ order, refund }) => (refund ? -refund.cash : cashOf(order))),
        world.settings.feeRate
      )
    ],
    ['订单总金额', yuan(sum(({ order, refund }) => (refund ? 0 : order.total)))],
    ['申请退款总金额', yuan(sum(({ refund }) => refund?.refund ?? 0))]
  ]
  return [
    columns.map(([title]) => title).join(','),
    ...rows.map((row) => billLine(columns.map(([, value]) => value(row, world)))),
    totals.map(([title]) => title).join(','),
    billLine(totals.map(([, value]) => value)),
    ''
  ].join('\r\n')
}

const FLOW_TITLES =
  '记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额（元）,账户结余（元）,资金变更提交申请人,备注,业务凭证号'
const FLOW_TOTALS = '资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额'

/** Fund-flow bill (资金账单) of a day, or `undefined` when nothing moved. */
export function fundFlowBill(world: PayWorld, book: string, date: string): string | undefined {
  const start = parseDate(date) ?? 0
  const flows = world.funds.table.filter(
    (flow) => flow.book === book && flow.time >= start && flow.time < start + DAY_MS
  )
  if (flows.length === 0) return undefined
  const income = flows.filter(({ amount }) => amount >= 0)
  const outgo = flows.filter(({ amount }) => amount < 0)
  const sum = (list: typeof flows) => yuan(Math.abs(list.reduce((total, { amount }) => total + amount, 0)))
  const rows = flows.map((flow) =>
    billLine([
      plainTime(flow.time),
      flow.businessNo,
      flow.id,
      flow.name,
      flow.type,
      flow.amount < 0 ? '支出' : '收入',
      yuan(Math.abs(flow.amount)),
      yuan(flow.balance),
      'system',
      flow.remark,
      flow.outNo
    ])
  )
  const totals = [String(flows.length), String(income.length), sum(income), String(outgo.length), sum(outgo)]
  return [FLOW_TITLES, ...rows, FLOW_TOTALS, billLine(totals), ''].join('\r\n')
}
