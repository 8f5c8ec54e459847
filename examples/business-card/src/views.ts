import { pick } from '../../shared/pick.ts'
import type { Seal } from '../../shared/seal.ts'
import type { Context } from './app.ts'
import { type MessageContent, textOf } from './content.ts'
import type { Message, Side } from './models/chat.ts'
import type { findProduct } from './models/shop.ts'
import type { Customer, Staff } from './signature.ts'

/** `YYYY-MM-DDTHH:mm:ss.SSS` in Beijing, without a zone. */
export const beijing = (date: Date) => new Date(date.getTime() + 8 * 3600_000).toISOString().slice(0, 23)

export const SOURCES: Readonly<Record<number, string>> = { 1: '扫码', 2: '转发' }
const STATUS = { 1: '已发布', 2: '已下架', 3: '推荐' } as const
const AVATAR = 'statics/imgs/setAvator.svg'

/** What a card and a list of cards have in common. */
export const viewStaff = (row: Staff, company: string) => ({
  ...pick(row, 'id', 'username', 'avatar', 'position', 'email', 'mingpian_phone'),
  company,
  create_date: beijing(row.create_date)
})

export function viewProduct({ product, user_avatar }: Awaited<ReturnType<typeof findProduct>>) {
  const publisher_date = beijing(product.publisher_date)
  return {
    ...pick(product, 'id', 'name', 'price', 'reason', 'content'),
    user_avatar,
    publisher_date,
    create_date: publisher_date.slice(0, 10),
    status: STATUS[product.status],
    status_code: product.status
  }
}

/** Messages as a reader sees them; `src` and `name` are those of who wrote. */
export function viewMessages(
  messages: Message[],
  { customer, staff, reader }: { customer: Customer; staff: Staff; reader: Side },
  { seal, config }: Context
) {
  // Only here the document has whole addresses.
  const address = (path: string) => new URL(path, `${config.PUBLIC_URL}/`).href
  const writers = {
    1: { src: address(staff.avatar), name: staff.username },
    2: { src: address(customer.headimgurl || AVATAR), name: customer.username || `客户${customer.id}` }
  } as const
  return messages.map((row) => {
    const content = showContent(row.content, reader, seal)
    return {
      ...pick(row, 'id', 'customer_id', 'send_type'),
      user_id: row.staff_id,
      ...writers[row.send_type],
      dateTime: beijing(row.created_at),
      msg: textOf(content),
      content
    }
  })
}

/** A phone number is shown to the staff it was given to, and masked to the customer. */
function showContent(content: MessageContent, reader: Side, seal: Seal): MessageContent {
  if (!('phone_sealed' in content) || content.phone_sealed === undefined) return content
  const { phone_sealed, ...rest } = content
  const phone = seal.open('phone', phone_sealed)
  return { ...rest, msg: `${rest.msg}：${reader === 1 ? phone : phone.replace(/^(.{3}).*(.{4})$/, '$1****$2')}` }
}
