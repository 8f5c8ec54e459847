import { V2Failure } from '../failures.ts'
import type { Share, SharingOrder, SharingReturn } from '../ledger/sharing-order.ts'
import { compactTime } from '../times.ts'
import type { V2Answer, V2Call } from './endpoint.ts'

const TYPES = ['MERCHANT_ID', 'PERSONAL_OPENID', 'PERSONAL_SUB_OPENID']
const WRONG = '分账接收方列表格式错误'

type Json = Readonly<Record<string, unknown>>

export function readJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '')
  } catch {
    throw new V2Failure('PARAM_ERROR', WRONG)
  }
}

/** `receivers` as the platform reads it: amounts are numbers there, text is refused. */
export function sharesOf({ fields, world }: V2Call): Share[] {
  const list = readJson(fields.receivers)
  if (!Array.isArray(list) || list.length === 0) throw new V2Failure('PARAM_ERROR', WRONG)
  if (list.length > 50) throw new V2Failure('PARAM_ERROR', '分账接收方数量超过50个')
  const shares = (list as Json[]).map(({ type, account, amount, description }) => {
    const isRight =
      TYPES.includes(String(type)) &&
      typeof account === 'string' &&
      Number.isSafeInteger(amount) &&
      Number(amount) > 0 &&
      typeof description === 'string' &&
      description !== '' &&
      description.length <= 80
    if (!isRight) throw new V2Failure('PARAM_ERROR', WRONG)
    const detailId = `3601${world.context.random.digits(28)}`
    return {
      type: String(type),
      account: String(account),
      amount: Number(amount),
      description: String(description),
      detailId
    }
  })
  const names = new Set(shares.map(({ type, account }) => `${type} ${account}`))
  if (names.size < shares.length) throw new V2Failure('PARAM_ERROR', '分账接收方重复')
  return shares
}

/** What became of the receivers, as JSON. Shares name the account by its kind, queries by `account`: both occur. */
export function receiversAnswer({ world }: V2Call, sharing: SharingOrder, byKind = false): string {
  const isDone = world.context.clock.now() >= sharing.dueAt
  const accountName = (type: string) =>
    !byKind ? 'account' : type === 'MERCHANT_ID' ? 'receiver_mchid' : 'receiver_account'
  return JSON.stringify(
    sharing.shares.map(({ type, account, amount, description, detailId }) => ({
      type,
      [accountName(type)]: account,
      amount,
      description,
      result: isDone ? 'SUCCESS' : 'PENDING',
      detail_id: detailId,
      ...(isDone ? { finish_time: compactTime(sharing.dueAt) } : {})
    }))
  )
}

export function returnAnswer({ world }: V2Call, done: SharingReturn): V2Answer {
  const isDone = world.context.clock.now() >= done.dueAt
  return {
    order_id: done.orderId,
    out_order_no: done.outOrderNo,
    out_return_no: done.outReturnNo,
    return_no: done.returnId,
    return_account_type: 'MERCHANT_ID',
    return_account: done.returnMchId,
    return_amount: done.amount,
    description: done.description,
    result: isDone ? 'SUCCESS' : 'PROCESSING',
    ...(isDone ? { finish_time: compactTime(done.dueAt) } : {})
  }
}
