import type { MessageContent } from './content.ts'
import type { Message, Side } from './models/chat.ts'
import type { findProduct } from './models/shop.ts'
import type { Customer, Staff } from './signature.ts'

/** `YYYY-MM-DDTHH:mm:ss.SSS` in Beijing, without a zone. */
export const beijing = (date: Date) => new Date(date.getTime() + 8 * 3600_000).toISOString().slice(0, 23)

export const SOURCES: Readonly<Record<number, string>> = { 1: '扫码', 2: '转发' }
const STATUS = { 1: '已发布', 2: '已下架', 3: '推荐' } as const
const AVATAR = 'statics/imgs/setAvator.svg'

/** What a card and a list of cards have in common. */
export function viewStaff(
  { id, username, avatar, position, email, mingpian_phone, create_date }: Staff,
  company: string
) {
  return { id, username, avatar, company, position, email, mingpian_phone, create_date: beijing(create_date) }
}

export function viewProduct({ product, user_avatar }: Awaited<ReturnType<typeof findProduct>>) {
  const { id, name, price, reason, publisher_date, content, status } = product
  const published = beijing(publisher_date)
  const state = { create_date: published.slice(0, 10), status: STATUS[status], status_code: status }
  return { id, name, price, user_avatar, reason, publisher_date: published, content, ...state }
}

/** A phone number of a customer is shown to the staff they gave it to, and masked to everybody else. */
export type OpenPhone = (sealed: string, reader: Side) => string

/** Messages as a reader sees them; `src` and `name` are those of who wrote. */
export function viewMessages(
  messages: Message[],
  parties: { customer: Customer; staff: Staff; reader: Side },
  openPhone: OpenPhone
) {
  const { customer, staff, reader } = parties
  const writers = {
    1: { src: staff.avatar, name: staff.username },
    2: { src: customer.headimgurl || AVATAR, name: customer.username || `客户${customer.id}` }
  } as const
  return messages.map(({ id, customer_id, staff_id, send_type, content, created_at }) => {
    const shown = showContent(content, reader, openPhone)
    const msg = 'msg' in shown ? shown.msg : 'product_name' in shown ? shown.product_name : ''
    const both = { id, customer_id, user_id: staff_id, ...writers[send_type], dateTime: beijing(created_at) }
    return { ...both, msg, send_type, content: shown }
  })
}

function showContent(content: MessageContent, reader: Side, openPhone: OpenPhone): MessageContent {
  if (!('phone_sealed' in content) || content.phone_sealed === undefined) return content
  const { phone_sealed, ...rest } = content
  return { ...rest, msg: `${rest.msg}：${openPhone(phone_sealed, reader)}` }
}
