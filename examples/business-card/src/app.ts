import type { FastifyInstance } from 'fastify'
import { toFastifyPlugin } from 'weixin-kit/fastify'
import type { AppParts } from '../../shared/app.ts'
import { Background } from '../../shared/background.ts'
import { addRoutes, createFastify } from '../../shared/fastify-app.ts'
import { Seal } from '../../shared/seal.ts'
import { SigningTokens } from '../../shared/signing-tokens.ts'
import { WakeUp } from '../../shared/wake-up.ts'
import { createClients, NOTIFY_PATH } from './clients.ts'
import type { Config } from './config.ts'
import { AppError, ENVELOPE } from './error-codes.ts'
import { GoodsOrders } from './models/orders.ts'
import { posterDrawer } from './poster.ts'
import { cardEndpoints } from './routes/cards.ts'
import { chatEndpoints } from './routes/chat.ts'
import { loginEndpoints } from './routes/login.ts'
import { pageRoutes } from './routes/page.ts'
import { notifyHandler, payEndpoints } from './routes/pay.ts'
import { posterEndpoints } from './routes/posters.ts'
import { productEndpoints } from './routes/products.ts'
import { profileEndpoints } from './routes/profile.ts'
import { shopEndpoints } from './routes/shop.ts'
import { staffEndpoints } from './routes/staff.ts'
import { Signatures } from './signature.ts'

const ENDPOINTS = [
  ...[loginEndpoints, profileEndpoints, chatEndpoints, cardEndpoints, posterEndpoints],
  ...[productEndpoints, shopEndpoints, payEndpoints, staffEndpoints]
]

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
    drawPoster: posterDrawer(config.POSTER_FONT, log),
    background: new Background(log)
  }
}

/** The notifications of all merchants, the signed interfaces of the document, and what a browser shows. */
export function createApp(context: Context): FastifyInstance {
  const { config, log } = context
  const app = createFastify({ envelope: ENVELOPE, log, proxies: config.TRUST_PROXY, bodyLimitBytes: 64 * 1024 })
  app.register(toFastifyPlugin(notifyHandler(context), { url: `${NOTIFY_PATH}/:account`, methods: ['POST'] }))
  const routes = ENDPOINTS.flatMap((endpoints) => endpoints(context)).map(({ method, path, answer }) => ({
    method,
    url: `/zhugeleida${path}`,
    handler: async (request: Parameters<typeof answer>[1]) => ({ code: 200, ...(await answer(context, request)) })
  }))
  addRoutes(app, routes, () => new AppError(402))
  app.register(pageRoutes(context))
  return app
}
