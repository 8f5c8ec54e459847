import Koa from 'koa'
import { type FetchHandler, route, type Store } from 'weixin-kit'
import { toKoaMiddleware } from 'weixin-kit/koa'
import type { Database } from '../../shared/database.ts'
import { describeError } from '../../shared/describe-error.ts'
import { SessionCookie } from '../../shared/session-cookie.ts'
import { Sessions } from '../../shared/sessions.ts'
import type { Config } from './config.ts'
import { AppError, ERROR_CODES, type ErrorCode } from './error-codes.ts'
import { API, INDEX, WECHAT_API } from './paths.ts'
import { gatewayHandler } from './routes/gateway.ts'
import { indexPage } from './routes/index-page.ts'
import { miniappRoutes } from './routes/miniapp.ts'
import { mpLogin } from './routes/mp-login.ts'
import type { Services } from './services.ts'
import { Users } from './users.ts'

const SESSION_SECONDS = 30 * 24 * 3600

/** What the routes work with. */
export interface Context extends Services {
  config: Config
  users: Users
  sessions: Sessions
  cookie: SessionCookie
  log: (line: string) => void
}

export interface AppParts extends Services {
  config: Config
  db: Database
  store: Store
  log: (line: string) => void
}

/** The whole app is a route table of handlers; Koa carries it. */
export function createApp({ db, store, ...parts }: AppParts): Koa {
  const sessions = new Sessions(store, 'openid', { ttlSeconds: SESSION_SECONDS })
  const cookie = new SessionCookie('boilerplate_openid_token', parts.config.PUBLIC_URL, SESSION_SECONDS)
  const context: Context = { ...parts, users: new Users(db), sessions, cookie }
  const login = mpLogin(context)
  const gateway = gatewayHandler(context)
  const miniapp = miniappRoutes(context)
  const guarded = (handler: FetchHandler): FetchHandler => guard(handler, context.log)

  const app = new Koa()
  app.silent = true
  app.on('error', (error: unknown) => context.log(`failed: ${describeError(error)}`))
  app.use(
    toKoaMiddleware(
      route({
        [`POST ${API}/wechat-miniapp/user`]: guarded(miniapp.login),
        [`PUT ${API}/wechat-miniapp/user`]: guarded(miniapp.update),
        [`GET ${API}/wechat-mp/authorize`]: guarded(login.authorize),
        [`GET ${WECHAT_API}/wechat-mp/callback`]: guarded(login.callback),
        [`GET ${API}/wechat-mp/callback`]: guarded(login.callback),
        [`${WECHAT_API}/wechat-mp/gateway`]: gateway,
        [`${API}/wechat-mp/gateway`]: gateway,
        [`GET ${INDEX}`]: guarded(indexPage(context))
      })
    )
  )
  app.use((koa) => {
    koa.status = ERROR_CODES[1003].status
    koa.body = { error_code: 1003 }
  })
  return app
}

/** Errors leave as `{ error_code }` and nothing else. */
function guard(handler: FetchHandler, log: (line: string) => void): FetchHandler {
  return async (request) => {
    try {
      return await handler(request)
    } catch (error) {
      const code: ErrorCode = error instanceof AppError ? error.errorCode : 1000
      if (code === 1000 || code === 2003)
        log(`${request.method} → ${code} ${describeError(error instanceof AppError ? error.cause : error)}`)
      return Response.json({ error_code: code }, { status: ERROR_CODES[code].status })
    }
  }
}
