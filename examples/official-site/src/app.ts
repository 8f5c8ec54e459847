import type { Express } from 'express'
import type { AppParts as SharedAppParts } from '../../shared/app.ts'
import { CookieSessions } from '../../shared/cookie-sessions.ts'
import { createExpress, errorHandler, notFoundHandler, parseJson } from '../../shared/express-app.ts'
import { Sessions } from '../../shared/sessions.ts'
import { AdminSessions } from './admin-sessions.ts'
import type { Config } from './config.ts'
import { ENVELOPE } from './envelope.ts'
import { Admins, WxUsers } from './models/accounts.ts'
import { Orders } from './models/orders.ts'
import { MchPays, RedPacks } from './models/payouts.ts'
import { Refunds } from './models/refunds.ts'
import { adminRoutes } from './routes/admin.ts'
import { callbackRoutes } from './routes/callbacks.ts'
import { mediaRoutes } from './routes/media.ts'
import { orderRoutes } from './routes/orders.ts'
import { payoutRoutes } from './routes/payouts.ts'
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
  orders: Orders
  refunds: Refunds
  mchPays: MchPays
  redPacks: RedPacks
  adminSessions: AdminSessions
  userSessions: CookieSessions
}

export interface AppParts extends SharedAppParts<Config>, Services {}

/** Builds the app: first what needs the raw body, then JSON, then the routes of the document. */
export function createApp(parts: AppParts): Express {
  const { config, db, store } = parts
  const secret = config.AES_KEY_SEED
  const admins = new Admins(db)
  const context: Context = {
    ...parts,
    admins,
    wxUsers: new WxUsers(db),
    orders: new Orders(db),
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
  const app = createExpress(config.TRUST_PROXY)
  app.use(callbackRoutes(context))
  app.use(parseJson)
  app.use(userRoutes(context))
  app.use(mediaRoutes(context))
  app.use(adminRoutes(context))
  app.use(orderRoutes(context))
  app.use(payoutRoutes(context))
  app.use(smsRoutes(context))
  if (config.FLASK_CONFIG !== 'production') app.use(testingRoutes(context))
  app.use(notFoundHandler(ENVELOPE))
  app.use(errorHandler(ENVELOPE, parts.log))
  return app
}
