import type { NotificationKind } from './notification-kind.ts'

/**
 * Fields of payment score notifications that may differ from those of the calls: the total of an order in digits as
 * text (支付成功回调通知), the merchants of a permission as `mch_id` and `sub_mch_id` (开启/解除授权服务回调通知, 服务商).
 */
export function unifyPayscore(kind: NotificationKind, resource: object): void {
  const fields = resource as Record<string, unknown>
  if (kind === 'serviceOrder') {
    const { total_amount: total } = fields
    if (typeof total === 'string' && /^\d{1,15}$/.test(total)) fields.total_amount = Number(total)
  }
  if (kind === 'payscorePermission') {
    for (const [name, other] of [
      ['mchid', 'mch_id'],
      ['sub_mchid', 'sub_mch_id']
    ] as const) {
      if (fields[name] === undefined && fields[other] !== undefined) fields[name] = fields[other]
    }
  }
}
