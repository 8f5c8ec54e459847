import type { Express } from 'express'
import type { AppParts as SharedAppParts } from '../../shared/app.ts'
import { CookieSessions } from '../../shared/cookie-sessions.ts'
import { createExpress, errorHandler, notFoundHandler, parseJson } from '../../shared/express-app.ts'
import { isLoopbackHost } from '../../shared/loopback-host.ts'
import { Sessions } from '../../shared/sessions.ts'
import { AdminSessions } from './admin-sessions.ts'
import type { Config } from './config.ts'
import { ENVELOPE } from './envelope.ts'
import { Admins, WxUsers } from './models/accounts.ts'
import { Orders } from './models/orders.ts'
import { MchPays, RedPacks } from './models/payouts.ts'
import { Products } from './models/products.ts'
import { Refunds } from './models/refunds.ts'
import { adminRoutes } from './routes/admin.ts'
import { callbackRoutes } from './routes/callbacks.ts'
import { homeRoutes } from './routes/home.ts'
import { mediaRoutes } from './routes/media.ts'
import { orderRoutes } from './routes/orders.ts'
import { payoutRoutes } from './routes/payouts.ts'
import { productRoutes } from './routes/products.ts'
import { smsRoutes } from './routes/sms.ts'
import { testingRoutes } from './routes/testing.ts'
import { userRoutes } from './routes/users.ts'
import type { Services } from './services.ts'

const ADMIN_SESSION_SECONDS = 24 * 3600
const USER_SESSION_SECONDS = 30 * 24 * 3600

/** What the routes work with. */
export interface Context extends AppParts {
  admins: Admins
  wxUsers: WxUsers
  products: Products
  orders: Orders
  refunds: Refunds
  mchPays: MchPays
  redPacks: RedPacks
  adminSessions: AdminSessions
  userSessions: CookieSessions
}

export interface AppParts extends SharedAppParts<Config>, Services {}

export function createContext(parts: AppParts): Context {
  const { config, db, store } = parts
  const secret = config.AES_KEY_SEED
  const admins = new Admins(db)
  return {
    ...parts,
    admins,
    wxUsers: new WxUsers(db),
    products: new Products(db),
    orders: new Orders(parts),
    refunds: new Refunds(db),
    mchPays: new MchPays(db),
    redPacks: new RedPacks(db),
    adminSessions: new AdminSessions(
      new Sessions(store, 'admin', { ttlSeconds: ADMIN_SESSION_SECONDS, secret }),
      admins
    ),
    userSessions: new CookieSessions(store, {
      name: 'wx_session',
      publicUrl: config.PUBLIC_URL,
      ttlSeconds: USER_SESSION_SECONDS,
      secret
    })
  }
}

/** Builds the app: first what needs the raw body, then JSON, then the routes of the document. */
export function createApp(context: Context): Express {
  const app = createExpress({ ...context, envelope: ENVELOPE })
  app.use(callbackRoutes(context))
  app.use(parseJson)
  app.use(homeRoutes(context))
  app.use(userRoutes(context))
  app.use(mediaRoutes(context))
  app.use(adminRoutes(context))
  app.use(productRoutes(context))
  app.use(orderRoutes(context))
  app.use(payoutRoutes(context))
  app.use(smsRoutes(context))
  if (hasTestLogin(context)) app.use(testingRoutes(context))
  app.use(notFoundHandler(ENVELOPE))
  app.use(errorHandler(ENVELOPE, context.log))
  return app
}

/** Login without WeChat is for a simulated one, or for this machine alone: a test site that others can open is no place for it. */
function hasTestLogin({ config, upstream }: Context): boolean {
  const isOwnMachine = isLoopbackHost(new URL(config.PUBLIC_URL).hostname)
  return config.FLASK_CONFIG !== 'production' && (upstream.controlUrl !== undefined || isOwnMachine)
}
