import { createHash } from 'node:crypto'
import type { Context } from '../app.ts'
import { type Endpoint, endpoint } from '../endpoint.ts'
import { AppError, ok } from '../error-codes.ts'
import { cardOf } from '../models/cards.ts'
import { pictureOf } from '../models/pictures.ts'
import { type Both, withStaff } from '../parties.ts'
import { posterSvg } from '../poster.ts'

const WITH_STAFF = withStaff('uid')

/** Interfaces 17 and 18: what a poster is made of, and the poster. Whoever scans its code becomes a customer of `u`, brought by `p`. */
export function posterEndpoints({ db, minis, config, drawPoster }: Context): Endpoint[] {
  const dataOf = async ({ staff, pair }: Both) => {
    const { company } = await cardOf(db, staff, pair)
    const { username, position, mingpian_phone } = staff
    return { username, position, mingpian_phone, company: company?.name ?? '' }
  }
  return [
    endpoint('GET', '/xiaochengxu/mingpian/create_poster', {
      who: WITH_STAFF,
      handle: async (both) => {
        const { path: qr_code_url } = await codeOf(both)
        return ok('请求成功', [
          { user_id: both.staff.id, user_avatar: both.staff.avatar, ...(await dataOf(both)), qr_code_url }
        ])
      }
    }),

    endpoint('GET', '/xiaochengxu/mingpian/save_poster', {
      who: WITH_STAFF,
      handle: async (both) => {
        const [code, data] = await Promise.all([codeOf(both), dataOf(both)])
        const fingerprint = createHash('sha256').update(posterSvg(data, code.path)).digest('hex')
        const draw = () => drawPoster(data, code.bytes, 'image/jpeg')
        const { path: poster_url } = await pictureOf(db, 'user_poster', both.pair, fingerprint, draw)
        return ok('请求成功', { user_id: String(both.staff.id), poster_url })
      }
    })
  ]

  /** The mini program code of a pair. WeChat makes any number of them; each is asked for once. */
  function codeOf({ customer, pair }: Both) {
    const page = config.CARD_PAGE
    const scene = `u=${pair.staff_id}&p=${pair.customer_id}`
    return pictureOf(db, 'qr_code', pair, `${page}?${scene}`, async () => {
      const mini = await minis.get(String(customer.mini_program_id))
      if (!mini) throw new AppError(302)
      const { bytes } = await mini.wxacode.unlimited({ scene, page })
      return bytes
    })
  }
}
