import { createHash } from 'node:crypto'
import { pick } from '../../../shared/pick.ts'
import type { Context } from '../app.ts'
import { type Endpoint, get } from '../endpoint.ts'
import { ok } from '../error-codes.ts'
import { companyOf } from '../models/cards.ts'
import { pictureOf } from '../models/pictures.ts'
import { type Both, withStaff } from '../parties.ts'
import { posterSvg } from '../poster.ts'

const WITH_STAFF = withStaff('uid')

/** Interfaces 17 and 18: what a poster is made of, and the poster. Whoever scans its code becomes a customer of `u`, brought by `p`. */
export const POSTERS: Endpoint[] = [
  get('/xiaochengxu/mingpian/create_poster', WITH_STAFF, {}, async (both, context) => {
    const { id: user_id, avatar: user_avatar } = both.staff
    const { path: qr_code_url } = await codeOf(both, context)
    return ok('请求成功', [{ user_id, user_avatar, ...(await dataOf(both, context)), qr_code_url }])
  }),

  get('/xiaochengxu/mingpian/save_poster', WITH_STAFF, {}, async (both, context) => {
    const [code, data] = await Promise.all([codeOf(both, context), dataOf(both, context)])
    const fingerprint = createHash('sha256').update(posterSvg(data, code.path)).digest('hex')
    const draw = () => context.drawPoster(data, code.bytes, 'image/jpeg')
    const { path: poster_url } = await pictureOf(context.db, 'user_poster', both.pair, fingerprint, draw)
    return ok('请求成功', { user_id: String(both.staff.id), poster_url })
  })
]

async function dataOf({ staff }: Both, { db }: Context) {
  return { ...pick(staff, 'username', 'position', 'mingpian_phone'), company: (await companyOf(db, staff)).name }
}

/** The mini program code of a pair. WeChat makes any number of them; each is asked for once. */
function codeOf({ customer, pair }: Both, { db, config, miniOf }: Context) {
  const page = config.CARD_PAGE
  const scene = `u=${pair.staff_id}&p=${pair.customer_id}`
  return pictureOf(db, 'qr_code', pair, `${page}?${scene}`, async () => {
    const { mini } = await miniOf(customer.mini_program_id)
    return (await mini.wxacode.unlimited({ scene, page })).bytes
  })
}
