import { bodyParser } from '@koa/bodyparser'
import type Koa from 'koa'
import type { AppParts as SharedAppParts } from '../../shared/app.ts'
import { CookieSessions } from '../../shared/cookie-sessions.ts'
import { createKoa } from '../../shared/koa-app.ts'
import type { Orders } from '../../shared/orders.ts'
import type { Config } from './config.ts'
import { ENVELOPE } from './error-codes.ts'
import { Expenses } from './models/expenses.ts'
import { createRecharges, type Recharge } from './models/recharges.ts'
import { Statements } from './models/statements.ts'
import { Users } from './models/users.ts'
import { captchaRoutes } from './routes/captcha.ts'
import { deviceRoutes } from './routes/device.ts'
import { jssdkRoutes } from './routes/jssdk.ts'
import { rechargeRoutes } from './routes/recharge.ts'
import { statementRoutes } from './routes/statements.ts'
import { userRoutes } from './routes/user.ts'
import { wechatHandlers } from './routes/wechat.ts'
import type { Services } from './services.ts'

const DAY_SECONDS = 24 * 3600

export interface AppParts extends SharedAppParts<Config>, Services {}

/** What the routes work with. */
export interface Context extends AppParts {
  users: Users
  recharges: Orders<Recharge>
  expenses: Expenses
  statements: Statements
  /** Subject: the openid. Strict, because a GET makes an order. */
  sessions: CookieSessions
  /** A browser before it is anybody: to it the captcha is bound. */
  visitors: CookieSessions
}

export function createContext(parts: AppParts): Context {
  const { db, store, config } = parts
  const cookie = (name: string, ttlSeconds: number) =>
    new CookieSessions(store, {
      name,
      ttlSeconds,
      publicUrl: config.PUBLIC_URL,
      secret: config.AES_KEY_SEED,
      sameSite: 'Strict'
    })
  return {
    ...parts,
    users: new Users(db),
    recharges: createRecharges(parts),
    expenses: new Expenses(db),
    statements: new Statements(db),
    sessions: cookie('topup_session', 30 * DAY_SECONDS),
    visitors: cookie('topup_visitor', DAY_SECONDS)
  }
}

/** First what WeChat calls and needs its raw body, then JSON, then the interfaces of the document. */
export function createApp(context: Context): Koa {
  const app = createKoa({ ...context, envelope: ENVELOPE })
  // The leftmost address is what a caller writes; the last ones are written by the proxies.
  app.proxy = context.config.TRUST_PROXY > 0
  app.maxIpsCount = context.config.TRUST_PROXY
  app.use(wechatHandlers(context))
  app.use(bodyParser({ enableTypes: ['json'], jsonLimit: '16kb' }))
  for (const routes of [userRoutes, captchaRoutes, rechargeRoutes, statementRoutes, deviceRoutes, jssdkRoutes]) {
    app.use(routes(context).routes())
  }
  return app
}
