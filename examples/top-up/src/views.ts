import { beijingTime } from '../../shared/beijing-time.ts'
import type { Expense } from './models/expenses.ts'
import type { Recharge } from './models/recharges.ts'
import type { User } from './models/users.ts'

/** A user as interface 3 shows it. */
export function viewUser(user: User) {
  const { id, nick_name, head_img_url, mobile, total_account, used_account, balance_account, state, ctime, utime } =
    user
  return {
    id,
    nick_name,
    head_img_url,
    mobile,
    total_account,
    used_account,
    balance_account,
    state,
    ctime: beijingTime(ctime),
    utime: beijingTime(utime)
  }
}

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
export function viewExpense(expense: Expense) {
  const { id, user_id, device_id, province, city, area, location, cost_money, ctime, utime, end_time, cost_time } =
    expense
  return {
    id,
    user_id,
    device_id,
    province,
    city,
    area,
    location,
    cost_money,
    ctime: beijingTime(ctime),
    utime: beijingTime(utime),
    end_time: end_time && beijingTime(end_time),
    cost_time: cost_time === null ? null : Math.floor(cost_time / 60)
  }
}
