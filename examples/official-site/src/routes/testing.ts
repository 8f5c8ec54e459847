import { type Request, Router } from 'express'
import { z } from 'zod'
import type { Context } from '../app.ts'
import { AppError } from '../error-codes.ts'

const UUID = z.uuid()

/** Login and logout without WeChat, for tests by hand. Not mounted in production. */
export function testingRoutes({ wxUsers, userSessions }: Context): Router {
  const router = Router()

  router.get('/extensions/testing/wx/user/:uuid/login/', async (request, response) => {
    const uuid = UUID.safeParse(request.params.uuid)
    const user = uuid.success ? await wxUsers.findByUuid(uuid.data) : undefined
    if (!user) throw new AppError(1104)
    const target = returnPath(request)
    response.set('set-cookie', await userSessions.start(user.uuid, request.headers.cookie))
    response.redirect(302, target)
  })

  router.get('/extensions/testing/wx/user/logout/', async (request, response) => {
    const target = returnPath(request)
    response.set('set-cookie', await userSessions.end(request.headers.cookie))
    response.redirect(302, target)
  })
  return router
}

/** A path on this site, or 1202: a test address must not become an open redirect either. */
function returnPath(request: Request): string {
  const { state = '/' } = request.query
  // Beyond ASCII there are paths too (/商店): the redirect carries them encoded.
  const isPath = typeof state === 'string' && /^\/(?!\/)[^\\\p{Cc}\p{Zl}\p{Zp}\p{Cf}]*$/u.test(state)
  if (!isPath || new URL(state, 'http://self.invalid').host !== 'self.invalid') throw new AppError(1202)
  return state
}
