import type { Context } from '../app.ts'
import { type Endpoint, endpoint } from '../endpoint.ts'
import { list, ok } from '../error-codes.ts'
import { staffOfCustomer } from '../models/bindings.ts'
import { cardOf, count, logEvent, logOnce, toggle } from '../models/cards.ts'
import { CUSTOMER, withStaff } from '../parties.ts'
import { SOURCES, viewStaff } from '../views.ts'

const WITH_STAFF = withStaff('uid')

/** Interfaces 10 to 16: cards, and what customers do with them. The route says what happened: `action` is ignored. */
export function cardEndpoints({ db }: Context): Endpoint[] {
  const card = endpoint('GET', '/xiaochengxu/mingpian', {
    who: WITH_STAFF,
    handle: async ({ staff, pair }) => {
      const isVisit = await db.transaction(async (tx) => {
        const isNew = await logOnce(tx, pair, 'card')
        if (isNew) await count(tx, staff.id, 'visit', 1)
        return isNew
      })
      const { company, photos, is_praise, is_sign } = await cardOf(db, staff, pair)
      const { mingpian_avatar, wechat, praise_num, forward_num, sign, sign_num } = staff
      const shown = {
        ...viewStaff(staff, company?.name ?? ''),
        mingpian_avatar: mingpian_avatar || staff.avatar,
        address: company?.address ?? '',
        wechat,
        popularity_num: staff.popularity_num + (isVisit ? 1 : 0),
        praise_num,
        forward_num,
        is_praise,
        sign,
        is_sign,
        sign_num,
        // The document mixes objects with lists: the objects are the newer form.
        photo: photos
      }
      return list([shown])
    }
  })

  const all = endpoint('GET', '/xiaochengxu/mingpian/all', {
    who: CUSTOMER,
    handle: async ({ customer }) => {
      const rows = await staffOfCustomer(db, customer.id)
      return list(
        rows.map(({ member, company, source }) => ({ ...viewStaff(member, company), source: SOURCES[source] }))
      )
    }
  })

  const praise = endpoint('GET', '/xiaochengxu/mingpian/praise', {
    who: WITH_STAFF,
    handle: async ({ pair, once }) => {
      await once((tx) => toggle(tx, pair, 'praise'))
      return ok('记录日志成功')
    }
  })

  const sign = endpoint('GET', '/xiaochengxu/mingpian/up_sign', {
    who: WITH_STAFF,
    handle: async ({ pair, once }) => {
      const { isLiked, number } = await once((tx) => toggle(tx, pair, 'sign'))
      return ok('记录日志成功', { ret_data: { sign_num: number, is_sign: isLiked } })
    }
  })

  const logged = (path: string, kind: 'call' | 'save_wechat' | 'forward') =>
    endpoint('GET', `/xiaochengxu/mingpian/${path}`, {
      who: WITH_STAFF,
      handle: async ({ pair, once }) => {
        await once(async (tx) => {
          await logEvent(tx, pair, kind)
          if (kind === 'forward') await count(tx, pair.staff_id, 'forward', 1)
        })
        return ok('记录日志成功')
      }
    })
  const logs = [logged('calling', 'call'), logged('save_wechat', 'save_wechat'), logged('forward', 'forward')]
  return [card, all, praise, sign, ...logs]
}
