import type { Request, Response } from 'express'
import type { Context } from './app.ts'
import { AppError } from './error-codes.ts'
import type { User } from './models/users.ts'
import { viewUser } from './views.ts'

/** The user of the session cookie, or 10003. */
export async function requireUser({ sessions, users }: Context, request: Request): Promise<User> {
  const id = await sessions.find(request.headers.cookie)
  const user = id === undefined ? undefined : await users.find(Number(id))
  if (!user) throw new AppError(10003)
  return user
}

/** Starts a new session and answers the user, as each login does. */
export async function logIn({ sessions }: Context, user: User, request: Request, response: Response): Promise<void> {
  response.set('set-cookie', await sessions.start(String(user.id), request.headers.cookie))
  response.json({ code: 0, data: viewUser(user) })
}
