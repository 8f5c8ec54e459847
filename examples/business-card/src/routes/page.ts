import { and, asc, eq } from 'drizzle-orm'
import type { FastifyPluginAsync } from 'fastify'
import { toFastifyHandler } from 'weixin-kit/fastify'
import { z } from 'zod'
import { pageRoutes as pageFiles } from '../../../shared/page-files.ts'
import { actAs, PEOPLE, who } from '../../../shared/simulated-person.ts'
import { pictureHeaders, staticPictures } from '../../../shared/static-files.ts'
import { scriptUrl } from '../../../shared/upstream.ts'
import { miniPrograms, staff } from '../../migrations/schema.ts'
import { goods } from '../../migrations/shop-schema.ts'
import type { Context } from '../app.ts'
import { fieldsOf } from '../endpoint.ts'
import { AppError, ok } from '../error-codes.ts'
import { read } from '../input.ts'
import { findPicture } from '../models/pictures.ts'

const MADE = /^zhugeleida\/imgs\/xiaochengxu\/(qr_code|user_poster)\/([\w.-]+)$/
/** What the phone does in place of WeChat on it. */
const ACT = z.object({
  who,
  verb: z.enum(['login', 'encryptedPhone', 'subscribe', 'scanCode', 'messages']),
  args: z.array(z.string()).max(1).default([])
})

/** Pictures; and where WeChat is simulated the two pages, with what the one that plays a phone needs of the simulator. */
export function pageRoutes(context: Context): FastifyPluginAsync {
  const { db, upstream, config } = context
  const pictures = staticPictures(new URL('../../statics/', import.meta.url))
  return async (app) => {
    app.get('/statics/*', async (request, reply) => {
      const path = String((request.params as { '*': unknown })['*'])
      const [, kind = '', name = ''] = MADE.exec(path) ?? []
      const bytes = pictures(path) ?? (await findPicture(db, kind, name))?.bytes
      if (bytes === undefined) throw new AppError(404, { status: 404 })
      return reply.headers(pictureHeaders(path)).send(Buffer.from(bytes))
    })
    const { controlUrl } = upstream
    if (!controlUrl) return

    const jssdk = scriptUrl(upstream, 'res.wx.qq.com', '/open/js/jweixin-1.6.0.js')
    const pages = pageFiles(new URL('../../page/', import.meta.url), [new URL(jssdk).origin])
    for (const [route, handler] of Object.entries(pages)) {
      app.get(route.replace(/^GET /, '').replace('/staff.html', '/staff'), toFastifyHandler(handler))
    }
    app.get('/testing', async () => {
      const [mini] = await db.select().from(miniPrograms).orderBy(asc(miniPrograms.id)).limit(1)
      const isOffered = and(eq(goods.is_on_sale, true), eq(goods.company_id, mini?.company_id ?? 0))
      const offered = await db.select().from(goods).where(isOffered).orderBy(asc(goods.id))
      const members = await db.select({ id: staff.id, username: staff.username }).from(staff).orderBy(asc(staff.id))
      const { SUBSCRIBE_TEMPLATE: template } = config
      return ok('', { people: PEOPLE, members, goods: offered, mini: mini?.id, template, jssdk })
    })
    app.post('/testing/act', async (request) => {
      const { who, verb, args } = read(ACT, fieldsOf(request))
      return ok('', await actAs(controlUrl, who, verb, args))
    })
  }
}
