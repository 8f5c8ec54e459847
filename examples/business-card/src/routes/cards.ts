import { pick } from '../../../shared/pick.ts'
import { type Endpoint, get } from '../endpoint.ts'
import { list, ok } from '../error-codes.ts'
import { staffOfCustomer } from '../models/bindings.ts'
import { cardOf, companyOf, type EventKind, logEvent, logOnce, toggle } from '../models/cards.ts'
import { CUSTOMER, withStaff } from '../parties.ts'
import { SOURCES, viewStaff } from '../views.ts'

const WITH_STAFF = withStaff('uid')

const logged = (path: string, kind: EventKind) =>
  get(path, WITH_STAFF, {}, async ({ pair, once }) => {
    await once((tx) => logEvent(tx, pair, kind))
    return ok('记录日志成功')
  })

/** Interfaces 10 to 16: cards, and what customers do with them. The route says what happened: `action` is ignored. */
export const CARDS: Endpoint[] = [
  get('/xiaochengxu/mingpian', WITH_STAFF, {}, async ({ staff, pair }, { db }) => {
    const isVisit = await db.transaction((tx) => logOnce(tx, pair, 'card'))
    const company = await companyOf(db, staff)
    const shown = {
      ...viewStaff(staff, company.name),
      ...pick(staff, 'wechat', 'praise_num', 'forward_num', 'sign', 'sign_num'),
      ...(await cardOf(db, pair)),
      mingpian_avatar: staff.mingpian_avatar || staff.avatar,
      address: company.address,
      popularity_num: staff.popularity_num + (isVisit ? 1 : 0)
    }
    return list([shown])
  }),

  get('/xiaochengxu/mingpian/all', CUSTOMER, {}, async ({ customer }, { db }) => {
    const rows = await staffOfCustomer(db, customer.id)
    return list(rows.map(({ member, company, source }) => ({ ...viewStaff(member, company), source: SOURCES[source] })))
  }),

  logged('/xiaochengxu/mingpian/calling', 'call'),
  logged('/xiaochengxu/mingpian/save_wechat', 'save_wechat'),
  logged('/xiaochengxu/mingpian/forward', 'forward'),

  get('/xiaochengxu/mingpian/praise', WITH_STAFF, {}, async ({ pair, once }) => {
    await once((tx) => toggle(tx, pair, 'praise'))
    return ok('记录日志成功')
  }),

  get('/xiaochengxu/mingpian/up_sign', WITH_STAFF, {}, async ({ pair, once }) => {
    const { isLiked, number } = await once((tx) => toggle(tx, pair, 'sign'))
    return ok('记录日志成功', { ret_data: { sign_num: number, is_sign: isLiked } })
  })
]
