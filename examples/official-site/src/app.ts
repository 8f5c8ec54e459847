import express, { type Express, type RequestHandler } from 'express'
import type { Store } from 'weixin-kit'
import type { Database } from '../../shared/database.ts'
import { SessionCookie } from '../../shared/session-cookie.ts'
import { Sessions } from '../../shared/sessions.ts'
import { AdminSessions } from './admin-sessions.ts'
import type { Config } from './config.ts'
import { errorHandler, notFound } from './envelope.ts'
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
/** Far below the nesting (some 10,000 levels) that ends a process of Node.js 26 inside `JSON.parse`. */
const BODY_LIMIT = '16kb'

/** What the routes work with. */
export interface Context extends Services {
  config: Config
  store: Store
  log: (line: string) => void
  admins: Admins
  wxUsers: WxUsers
  orders: Orders
  refunds: Refunds
  mchPays: MchPays
  redPacks: RedPacks
  adminSessions: AdminSessions
  userSessions: Sessions
  userCookie: SessionCookie
}

export interface AppParts extends Services {
  config: Config
  db: Database
  store: Store
  log: (line: string) => void
}

/** Builds the app: first what needs the raw body, then JSON, then the routes of the document. */
export function createApp({ db, ...parts }: AppParts): Express {
  const { config, store } = parts
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
    userSessions: new Sessions(store, 'wx-user', { ttlSeconds: USER_SESSION_SECONDS, secret }),
    userCookie: new SessionCookie('wx_session', config.PUBLIC_URL, USER_SESSION_SECONDS)
  }
  const app = express()
  app.disable('x-powered-by')
  app.set('trust proxy', config.TRUST_PROXY)
  app.use(securityHeaders)
  app.use(callbackRoutes(context))
  // Only `application/json` is read: a form of another site cannot send it, so no cookie is misused for a request of theirs.
  app.use(express.json({ limit: BODY_LIMIT, strict: true }))
  app.use(userRoutes(context))
  app.use(mediaRoutes(context))
  app.use(adminRoutes(context))
  app.use(orderRoutes(context))
  app.use(payoutRoutes(context))
  app.use(smsRoutes(context))
  if (config.FLASK_CONFIG !== 'production') app.use(testingRoutes(context))
  app.use(notFound)
  app.use(errorHandler(parts.log))
  return app
}

const securityHeaders: RequestHandler = (_request, response, next) => {
  response.set({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' })
  next()
}
