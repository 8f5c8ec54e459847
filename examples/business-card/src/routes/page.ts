import { readdirSync, readFileSync } from 'node:fs'
import { extname } from 'node:path'
import { asc, eq } from 'drizzle-orm'
import type { FastifyPluginAsync } from 'fastify'
import { toFastifyHandler } from 'weixin-kit/fastify'
import { z } from 'zod'
import { pageRoutes as pageFiles } from '../../../shared/page-files.ts'
import { actAs } from '../../../shared/simulated-person.ts'
import { scriptUrl } from '../../../shared/upstream.ts'
import { miniPrograms, staff } from '../../migrations/schema.ts'
import { goods } from '../../migrations/shop-schema.ts'
import type { Context } from '../app.ts'
import { fieldsOf } from '../endpoint.ts'
import { AppError, ok } from '../error-codes.ts'
import { read } from '../input.ts'
import { findPicture } from '../models/pictures.ts'

const TYPES: Readonly<Record<string, string>> = { '.svg': 'image/svg+xml', '.png': 'image/png', '.jpg': 'image/jpeg' }
const PEOPLE = [
  { id: 'ming', nickname: '小明' },
  { id: 'hong', nickname: '小红' }
]
/** What the phone does in place of WeChat on it. */
const ACT = z.object({
  who: z.enum(PEOPLE.map(({ id }) => id)),
  verb: z.enum(['login', 'encryptedPhone', 'subscribe', 'scanCode', 'messages']),
  args: z.array(z.string()).max(1).default([])
})

/** Pictures; and where WeChat is simulated the two pages, with what the one that plays a phone needs of the simulator. */
export function pageRoutes(context: Context): FastifyPluginAsync {
  const { db, upstream, config } = context
  const folder = new URL('../../statics/', import.meta.url)
  const files = new Set(readdirSync(folder, { recursive: true, withFileTypes: false }).map(String))
  return async (app) => {
    app.get('/statics/*', async (request, reply) => {
      const path = String((request.params as { '*': unknown })['*'])
      const type = TYPES[extname(path)]
      const [, kind = '', name = ''] =
        /^zhugeleida\/imgs\/xiaochengxu\/(qr_code|user_poster)\/([\w.-]+)$/.exec(path) ?? []
      const bytes = files.has(path) ? readFileSync(new URL(path, folder)) : (await findPicture(db, kind, name))?.bytes
      if (type === undefined || bytes === undefined) throw new AppError(404, { status: 404 })
      // An SVG that is opened by itself runs nothing.
      reply.headers({ 'content-type': type, 'cache-control': 'max-age=86400', 'content-security-policy': 'sandbox' })
      return reply.send(Buffer.from(bytes))
    })
    const { controlUrl } = upstream
    if (!controlUrl) return

    const jssdk = scriptUrl(upstream, 'res.wx.qq.com', '/open/js/jweixin-1.6.0.js')
    const pages = pageFiles(new URL('../../page/', import.meta.url), [new URL(jssdk).origin])
    for (const [route, handler] of Object.entries(pages)) {
      app.get(route.replace(/^GET /, '').replace('/staff.html', '/staff'), toFastifyHandler(handler))
    }
    app.get('/testing', async () => {
      const offered = await db.select().from(goods).where(eq(goods.is_on_sale, true)).orderBy(asc(goods.id))
      const members = await db.select({ id: staff.id, username: staff.username }).from(staff).orderBy(asc(staff.id))
      const [mini] = await db.select().from(miniPrograms).orderBy(asc(miniPrograms.id)).limit(1)
      const shown = offered.filter(({ company_id }) => company_id === mini?.company_id)
      const { SUBSCRIBE_TEMPLATE: template } = config
      return { ...ok('', { people: PEOPLE, members, goods: shown, mini: mini?.id, template, jssdk }), code: 200 }
    })
    app.post('/testing/act', async (request) => {
      const { who, verb, args } = read(ACT, fieldsOf(request))
      const result = await actAs(controlUrl, who, verb, args).catch((cause: unknown) => {
        throw new AppError(502, { cause })
      })
      return { code: 200, ...ok('', result) }
    })
  }
}
