import type Koa from 'koa'
import { route } from 'weixin-kit'
import { toKoaMiddleware } from 'weixin-kit/koa'
import type { AppParts as SharedAppParts } from '../../shared/app.ts'
import { CookieSessions } from '../../shared/cookie-sessions.ts'
import { createKoa } from '../../shared/koa-app.ts'
import { ownAddress } from '../../shared/own-address.ts'
import type { Config } from './config.ts'
import { ENVELOPE } from './error-codes.ts'
import { API, AUTHORIZE, INDEX, WECHAT_API } from './paths.ts'
import { gatewayHandler } from './routes/gateway.ts'
import { indexPage } from './routes/index-page.ts'
import { miniappRoutes } from './routes/miniapp.ts'
import { mpLogin } from './routes/mp-login.ts'
import type { Services } from './services.ts'
import { Users } from './users.ts'

const SESSION_SECONDS = 30 * 24 * 3600

/** What the routes work with. */
export interface Context extends AppParts {
  users: Users
  sessions: CookieSessions
}

export interface AppParts extends SharedAppParts<Config>, Services {}

/** What WeChat has to do with is a route table of handlers; Koa carries it, and whatever middleware a site has. */
export function createApp(parts: AppParts): Koa {
  const { config, db, store, log } = parts
  const sessions = new CookieSessions(store, {
    name: 'boilerplate_openid_token',
    publicUrl: config.PUBLIC_URL,
    ttlSeconds: SESSION_SECONDS
  })
  const context: Context = { ...parts, users: new Users(db), sessions }
  const login = mpLogin(context)
  const gateway = gatewayHandler(context)
  const miniapp = miniappRoutes(context)

  const app = createKoa({ envelope: ENVELOPE, log, config })
  // Koa's own idiom, beside the table: what is of the site and not of WeChat.
  const findOwnAddress = ownAddress(config.PUBLIC_URL, log)
  app.use(async (koa, next) => {
    if (koa.method === 'GET' && koa.path === '/') return koa.redirect(INDEX)
    const target = koa.path.startsWith(AUTHORIZE) ? findOwnAddress(koa.host, koa.originalUrl) : undefined
    return target === undefined ? next() : koa.redirect(target)
  })
  app.use(
    toKoaMiddleware(
      route({
        [`POST ${API}/wechat-miniapp/user`]: miniapp.login,
        [`PUT ${API}/wechat-miniapp/user`]: miniapp.update,
        [`GET ${AUTHORIZE}`]: login.authorize,
        [`GET ${WECHAT_API}/wechat-mp/callback`]: login.callback,
        [`GET ${API}/wechat-mp/callback`]: login.callback,
        [`${WECHAT_API}/wechat-mp/gateway`]: gateway,
        [`${API}/wechat-mp/gateway`]: gateway,
        [`GET ${INDEX}`]: indexPage(context)
      })
    )
  )
  return app
}
