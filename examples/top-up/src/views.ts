import { beijingTime } from '../../shared/beijing-time.ts'
import { pick } from '../../shared/pick.ts'
import type { Expense } from './models/expenses.ts'
import type { Recharge } from './models/recharges.ts'
import type { User } from './models/users.ts'

/** A user as interface 3 shows it. */
export const viewUser = (user: User) => ({
  ...pick(
    user,
    'id',
    'nick_name',
    'head_img_url',
    'mobile',
    'total_account',
    'used_account',
    'balance_account',
    'state'
  ),
  ctime: beijingTime(user.ctime),
  utime: beijingTime(user.utime)
})

export function viewRecharge({ id, total_fee, transaction_id, paid_at, utime, created_at }: Recharge, user: User) {
  return {
    id,
    user: viewUser(user),
    amount: total_fee,
    transaction_id,
    pay_time: paid_at && beijingTime(paid_at),
    utime: beijingTime(utime),
    ctime: beijingTime(created_at)
  }
}

/** `cost_time` is in whole minutes, as the document computes it; the price counts started ones. */
export const viewExpense = (expense: Expense) => ({
  ...pick(expense, 'id', 'user_id', 'device_id', 'province', 'city', 'area', 'location', 'cost_money'),
  ctime: beijingTime(expense.ctime),
  utime: beijingTime(expense.utime),
  end_time: expense.end_time && beijingTime(expense.end_time),
  cost_time: expense.cost_time === null ? null : Math.floor(expense.cost_time / 60)
})
