import type { FetchHandler } from '../core/fetch-handler.ts'
import { callback, checkOptions, optional, required } from '../core/options.ts'
import type { RegisterParams, Registration } from './registration.ts'

export interface RegisterHandlerOptions {
  /** Names the session of a request (cookie, token, openid); `undefined` refuses with 401. */
  session(request: Request): string | undefined | Promise<string | undefined>
  /** What else Geetest is told of the user. */
  about?(request: Request): Omit<RegisterParams, 'session'> | Promise<Omit<RegisterParams, 'session'>>
  /** Told when the failback was used. */
  onFailback?(registration: Registration, request: Request): void
}

/** Makes the handler that gives challenges to pages; see `Geetest.registerHandler`. */
export function makeRegisterHandler(
  register: (params: RegisterParams, signal: AbortSignal) => Promise<Registration>,
  options: RegisterHandlerOptions
): FetchHandler {
  checkOptions(
    options,
    { session: required(callback), about: optional(callback), onFailback: optional(callback) },
    { owner: 'registerHandler', product: 'geetest' }
  )
  return async (request) => {
    // Pages append a time to get past caches; the answer must not be kept either.
    const headers = { 'cache-control': 'no-store' }
    const session = await options.session(request)
    if (!session) return Response.json({ error: 'no session' }, { status: 401, headers })
    const registration = await register({ ...(await options.about?.(request)), session }, request.signal)
    if (registration.failback) options.onFailback?.(registration, request)
    return Response.json(registration.challenge, { headers })
  }
}
