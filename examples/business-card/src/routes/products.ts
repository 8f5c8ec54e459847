import { maybe } from '../../../shared/fields.ts'
import { sliceOf, wholeBetween } from '../../../shared/numbers.ts'
import type { Context } from '../app.ts'
import { type Endpoint, endpoint } from '../endpoint.ts'
import { list, ok } from '../error-codes.ts'
import { id } from '../input.ts'
import { logEvent, logOnce } from '../models/cards.ts'
import { countUnread, writeMessage } from '../models/chat.ts'
import * as shop from '../models/shop.ts'
import { withStaff } from '../parties.ts'
import { viewProduct } from '../views.ts'

const WITH_STAFF = withStaff('uid')
const PAGE = { current_page: maybe(wholeBetween(1, 1_000_000)), length: maybe(wholeBetween(1, 100)) }
/** A consultation writes into the chat once in this time. */
const CONSULTED_MS = 3600_000

/** Interfaces 19 to 23: products and the website. */
export function productEndpoints({ db, chat }: Context): Endpoint[] {
  const single = endpoint('GET', '/xiaochengxu/product/product_single', {
    who: WITH_STAFF,
    input: { product_id: id },
    handle: async ({ staff, pair, input: { product_id } }) => {
      const row = await shop.findProduct(db, staff.company_id, product_id)
      await db.transaction((tx) => logOnce(tx, pair, 'product', { product_id }))
      return list([viewProduct(row)], { chatinfo_count: await countUnread(db, pair, 2) })
    }
  })

  const all = endpoint('GET', '/xiaochengxu/product/product_list', {
    who: WITH_STAFF,
    input: PAGE,
    handle: async ({ staff, input: { current_page = 1, length = 100 } }) => {
      const slice = sliceOf({ page: current_page, size: length })
      const { rows, number } = await shop.listProducts(db, staff.company_id, slice)
      const shown = rows.map((row) => {
        const { content, ...view } = viewProduct(row)
        const { username, position } = row
        return { ...view, content: { cover_data: content.cover_data }, username, position }
      })
      return list(shown, { data_count: number })
    }
  })

  const forward = endpoint('GET', '/xiaochengxu/product/forward_product', {
    who: WITH_STAFF,
    input: { product_id: id },
    handle: async ({ staff, pair, input: { product_id }, once }) => {
      await shop.findProduct(db, staff.company_id, product_id)
      await once((tx) => logEvent(tx, pair, 'forward_product', product_id))
      return ok('记录转发产品成功')
    }
  })

  const consult = endpoint('GET', '/xiaochengxu/product/consult_product', {
    who: WITH_STAFF,
    input: { product_id: id },
    handle: async ({ staff, pair, input: { product_id }, once }) => {
      const { product } = await shop.findProduct(db, staff.company_id, product_id)
      const { name: product_name, price: product_price } = product
      const product_cover_url = product.content.cover_data[0]?.data[0] ?? ''
      await once(async (tx) => {
        if (!(await logOnce(tx, pair, 'consult', { product_id, withinMs: CONSULTED_MS }))) return
        await writeMessage(tx, pair, 2, { info_type: 2, product_cover_url, product_name, product_price })
      })
      chat.wake(`${pair.customer_id} ${pair.staff_id}`)
      return ok('咨询产品成功')
    }
  })

  const website = endpoint('GET', '/xiaochengxu/website', {
    who: WITH_STAFF,
    handle: async ({ staff }) => {
      const { cover, content } = await shop.websiteOf(db, staff.company_id)
      const pictures = (urls: string[]) => urls.map((picture_url) => ({ picture_url }))
      const ret_data = { cover_picture: pictures(cover), content_picture: pictures(content) }
      return ok('', { ret_data, data_count: cover.length + content.length })
    }
  })

  return [single, all, forward, consult, website]
}
