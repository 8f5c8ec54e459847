import { sliceOf } from '../../../shared/numbers.ts'
import { pick } from '../../../shared/pick.ts'
import { type Endpoint, get } from '../endpoint.ts'
import { list, ok } from '../error-codes.ts'
import { id, PAGE } from '../input.ts'
import { logEvent, logOnce } from '../models/cards.ts'
import { countUnread, writeMessage } from '../models/chat.ts'
import { nameOf } from '../models/pair.ts'
import { findProduct, listProducts, websiteOf } from '../models/shop.ts'
import { withStaff } from '../parties.ts'
import { viewProduct } from '../views.ts'

const WITH_STAFF = withStaff('uid')
const NAMED = { product_id: id }
/** A consultation writes into the chat once in this time. */
const CONSULTED_MS = 3600_000

/** Interfaces 19 to 23: products and the website. */
export const PRODUCTS: Endpoint[] = [
  get('/xiaochengxu/product/product_single', WITH_STAFF, NAMED, async ({ staff, pair, input }, { db }) => {
    const row = await findProduct(db, staff.company_id, input.product_id)
    await db.transaction((tx) => logOnce(tx, pair, 'product', input))
    return list([viewProduct(row)], { chatinfo_count: await countUnread(db, pair, 2) })
  }),

  get('/xiaochengxu/product/product_list', WITH_STAFF, PAGE, async ({ staff, input }, { db }) => {
    const { current_page: page = 1, length: size = 100 } = input
    const { rows, number } = await listProducts(db, staff.company_id, sliceOf({ page, size }))
    const shown = rows.map((row) => {
      const content = pick(row.product.content, 'cover_data')
      return { ...viewProduct(row), content, ...pick(row, 'username', 'position') }
    })
    return list(shown, { data_count: number })
  }),

  get('/xiaochengxu/product/forward_product', WITH_STAFF, NAMED, async ({ staff, pair, input, once }, { db }) => {
    const { product } = await findProduct(db, staff.company_id, input.product_id)
    await once((tx) => logEvent(tx, pair, 'forward_product', product.id))
    return ok('记录转发产品成功')
  }),

  get('/xiaochengxu/product/consult_product', WITH_STAFF, NAMED, async ({ staff, pair, input, once }, context) => {
    const { product } = await findProduct(context.db, staff.company_id, input.product_id)
    const { id: product_id, name: product_name, price: product_price, content } = product
    const product_cover_url = content.cover_data[0]?.data[0] ?? ''
    await once(async (tx) => {
      if (!(await logOnce(tx, pair, 'consult', { product_id, withinMs: CONSULTED_MS }))) return
      await writeMessage(tx, pair, 2, { info_type: 2, product_cover_url, product_name, product_price })
    })
    context.chat.wake(nameOf(pair))
    return ok('咨询产品成功')
  }),

  get('/xiaochengxu/website', WITH_STAFF, {}, async ({ staff }, { db }) => {
    const { cover, content } = await websiteOf(db, staff.company_id)
    const pictures = (urls: string[]) => urls.map((picture_url) => ({ picture_url }))
    const ret_data = { cover_picture: pictures(cover), content_picture: pictures(content) }
    return ok('', { ret_data, data_count: cover.length + content.length })
  })
]
