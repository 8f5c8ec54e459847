import type { FastifyInstance, HTTPMethods } from 'fastify'
import { toFastifyPlugin } from 'weixin-kit/fastify'
import type { AppParts as SharedAppParts } from '../../shared/app.ts'
import { describeError } from '../../shared/describe-error.ts'
import { createFastify } from '../../shared/fastify-app.ts'
import { Seal } from '../../shared/seal.ts'
import { SigningTokens } from '../../shared/signing-tokens.ts'
import { WakeUp } from '../../shared/wake-up.ts'
import { type Clients, createClients, NOTIFY_PATH } from './clients.ts'
import type { Config } from './config.ts'
import type { Endpoint } from './endpoint.ts'
import { AppError, ENVELOPE } from './error-codes.ts'
import { GoodsOrders } from './models/orders.ts'
import { type DrawPoster, posterDrawer } from './poster.ts'
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

const METHODS: HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

export interface BuildParts extends SharedAppParts<Config>, Clients {}

/** What the routes work with. */
export interface Context extends BuildParts {
  orders: GoodsOrders
  seal: Seal
  signatures: Signatures
  /** Wakes those who wait for messages. */
  chat: WakeUp
  drawPoster: DrawPoster
  /** Does something after the answer; a failure is logged. */
  later(what: string, work: Promise<unknown>): void
  close(): Promise<void>
}

export function createContext(parts: SharedAppParts<Config>): Context {
  const { db, store, config, log } = parts
  const seal = new Seal(config.AES_KEY_SEED)
  const tokens = new SigningTokens(seal)
  const chat = new WakeUp()
  const underWay = new Set<Promise<unknown>>()
  const clients = createClients(parts, seal)
  return {
    ...parts,
    ...clients,
    orders: new GoodsOrders({ ...parts, ...clients }),
    seal,
    chat,
    signatures: new Signatures({ db, store, tokens, windowSeconds: config.SIGN_WINDOW_SECONDS }),
    drawPoster: posterDrawer(config.POSTER_FONT, log),
    later: (what, work) => {
      const task = work
        .catch((error: unknown) => log(`${what}: ${describeError(error)}`))
        .finally(() => underWay.delete(task))
      underWay.add(task)
    },
    close: async () => {
      chat.close()
      await Promise.all(underWay)
    }
  }
}

/** The notifications of all merchants, the signed interfaces of the document, and what a browser shows. */
export function createApp(context: Context): FastifyInstance {
  const { config, log } = context
  const app = createFastify({ envelope: ENVELOPE, log, proxies: config.TRUST_PROXY, bodyLimitBytes: 64 * 1024 })
  app.register(toFastifyPlugin(notifyHandler(context), { url: `${NOTIFY_PATH}/:account`, methods: ['POST'] }))
  const groups = [
    loginEndpoints(context),
    profileEndpoints(context),
    chatEndpoints(context),
    cardEndpoints(context),
    posterEndpoints(context),
    productEndpoints(context),
    shopEndpoints(context),
    payEndpoints(context),
    staffEndpoints(context)
  ]
  addEndpoints(app, context, groups.flat())
  app.register(pageRoutes(context))
  return app
}

function addEndpoints(app: FastifyInstance, context: Context, endpoints: readonly Endpoint[]): void {
  const methods = new Map<string, HTTPMethods[]>()
  for (const { method, path, answer } of endpoints) {
    const url = `/zhugeleida${path}`
    methods.set(url, [...(methods.get(url) ?? []), method])
    app.route({ method, url, handler: async (request) => ({ code: 200, ...(await answer(context, request)) }) })
  }
  for (const [url, allowed] of methods) {
    const refuse = async () => {
      throw new AppError(402)
    }
    app.route({
      method: METHODS.filter((one) => !allowed.includes(one)),
      url,
      // Before anything else is checked.
      onRequest: async (_request, reply) => {
        reply.header('allow', allowed.join(', '))
        await refuse()
      },
      handler: refuse
    })
  }
}
