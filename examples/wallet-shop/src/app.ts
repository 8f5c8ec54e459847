import type { Express } from 'express'
import { route } from 'weixin-kit'
import { toExpressHandler } from 'weixin-kit/express'
import type { AppParts as SharedAppParts } from '../../shared/app.ts'
import { CookieSessions } from '../../shared/cookie-sessions.ts'
import { createExpress, errorHandler, notFoundHandler, parseJson } from '../../shared/express-app.ts'
import { pageRoutes } from '../../shared/page-files.ts'
import type { Config } from './config.ts'
import { ENVELOPE } from './error-codes.ts'
import { Cart } from './models/cart.ts'
import { Catalogue } from './models/catalogue.ts'
import { Checkout } from './models/checkout.ts'
import { createTopUps, type TopUps } from './models/top-ups.ts'
import { Users } from './models/users.ts'
import { accountRoutes } from './routes/account.ts'
import { cartRoutes } from './routes/cart.ts'
import { notifyRoutes, paymentRoutes } from './routes/payment.ts'
import { productRoutes } from './routes/products.ts'
import { testingRoutes } from './routes/testing.ts'
import { userRoutes } from './routes/user.ts'
import type { Services } from './services.ts'

const SESSION_SECONDS = 30 * 24 * 3600

export interface AppParts extends SharedAppParts<Config>, Services {}

/** What the routes work with. */
export interface Context extends AppParts {
  users: Users
  catalogue: Catalogue
  cart: Cart
  checkout: Checkout
  topUps: TopUps
  sessions: CookieSessions
}

export function createContext(parts: AppParts): Context {
  const { config, db, store } = parts
  return {
    ...parts,
    users: new Users(db),
    catalogue: new Catalogue(db),
    cart: new Cart(db),
    checkout: new Checkout(db),
    topUps: createTopUps(parts),
    // Strict, because a GET buys: a link or a picture on another site comes without the cookie.
    sessions: new CookieSessions(store, {
      name: 'wallet_session',
      publicUrl: config.PUBLIC_URL,
      ttlSeconds: SESSION_SECONDS,
      secret: config.AES_KEY_SEED,
      sameSite: 'Strict'
    })
  }
}

/** Puts the routes together: first what needs the raw body, then JSON, then the routes of the document. */
export function createApp(context: Context): Express {
  const app = createExpress({ ...context, envelope: ENVELOPE })
  app.use(notifyRoutes(context))
  app.use(parseJson)
  app.use(toExpressHandler(route(pageRoutes(new URL('../page/', import.meta.url)))))
  app.use(accountRoutes(context))
  app.use(userRoutes(context))
  app.use(productRoutes(context))
  app.use(cartRoutes(context))
  app.use(paymentRoutes(context))
  app.use(testingRoutes(context))
  app.use(notFoundHandler(ENVELOPE))
  app.use(errorHandler(ENVELOPE, context.log))
  return app
}
