import type { FastifyInstance, FastifyRequest } from 'fastify'
import { RateLimit } from 'weixin-kit'
import { toFastifyPlugin } from 'weixin-kit/fastify'
import type { AppParts } from '../../shared/app.ts'
import { Background } from '../../shared/background.ts'
import { addRoutes, createFastify } from '../../shared/fastify-app.ts'
import { LoginLimits } from '../../shared/login-limits.ts'
import { Seal } from '../../shared/seal.ts'
import { SigningTokens } from '../../shared/signing-tokens.ts'
import { WakeUp } from '../../shared/wake-up.ts'
import { createClients, NOTIFY_PATH } from './clients.ts'
import type { Config } from './config.ts'
import { AppError, ENVELOPE } from './error-codes.ts'
import { GoodsOrders } from './models/orders.ts'
import { posterDrawer } from './poster.ts'
import { CARDS } from './routes/cards.ts'
import { CHATS } from './routes/chat.ts'
import { LOGINS } from './routes/login.ts'
import { pageRoutes } from './routes/page.ts'
import { notifyHandler, PAY } from './routes/pay.ts'
import { POSTERS } from './routes/posters.ts'
import { PRODUCTS } from './routes/products.ts'
import { PROFILE } from './routes/profile.ts'
import { SHOP } from './routes/shop.ts'
import { STAFF_SIDE } from './routes/staff.ts'
import { Signatures } from './signature.ts'

const ENDPOINTS = [LOGINS, PROFILE, CHATS, CARDS, POSTERS, PRODUCTS, SHOP, PAY, STAFF_SIDE].flat()

/** What the routes work with. */
export type Context = ReturnType<typeof createContext>

export function createContext(parts: AppParts<Config>) {
  const { db, store, config, log } = parts
  const seal = new Seal(config.AES_KEY_SEED)
  const clients = createClients(parts, seal)
  const windowSeconds = config.SIGN_WINDOW_SECONDS
  return {
    ...parts,
    ...clients,
    seal,
    orders: new GoodsOrders({ ...parts, ...clients }),
    signatures: new Signatures({ db, store, tokens: new SigningTokens(seal), windowSeconds }),
    /** Wakes those who wait for messages. */
    chat: new WakeUp(),
    chatLimit: new RateLimit({ store, name: 'chat', limit: 60, windowSeconds: 60 }),
    logins: new LoginLimits(store),
    drawPoster: posterDrawer(config.POSTER_FONT, log),
    background: new Background(log)
  }
}

/** The notifications of all merchants, the signed interfaces of the document, and what a browser shows. */
export function createApp(context: Context): FastifyInstance {
  const { config, log } = context
  const app = createFastify({ envelope: ENVELOPE, log, proxies: config.TRUST_PROXY, bodyLimitBytes: 64 * 1024 })
  app.register(toFastifyPlugin(notifyHandler(context), { url: `${NOTIFY_PATH}/:account`, methods: ['POST'] }))
  const routes = ENDPOINTS.map(({ method, path, answer }) => ({
    method,
    url: `/zhugeleida${path}`,
    handler: (request: FastifyRequest) => answer(context, request)
  }))
  addRoutes(app, routes, () => new AppError(402))
  app.register(pageRoutes(context))
  return app
}
