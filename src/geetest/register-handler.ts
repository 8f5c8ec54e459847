import { checkRequest } from '../core/byte-handler.ts'
import type { FetchHandler } from '../core/fetch-handler.ts'
import { callback, checkOptions, optional, required } from '../core/options.ts'
import { report } from '../core/report.ts'
import { WeixinKitError } from '../errors/index.ts'
import type { RegisterParams, Registration } from './registration.ts'

/** Options of `geetest.registerHandler`. */
export interface RegisterHandlerOptions {
  /** Returns the session of a request (cookie, token, openid); `undefined` is refused with 401. */
  session(request: Request): string | undefined | Promise<string | undefined>
  /** Extra user data sent to Geetest. */
  userInfo?:
    | ((request: Request) => Omit<RegisterParams, 'session'> | Promise<Omit<RegisterParams, 'session'>>)
    | undefined
  /** Called when the failback was used: the captcha then proves nothing. */
  onFailback?: ((registration: Registration, context: { request: Request }) => unknown) | undefined
  /** Called with the error; the page gets a 500 without details. Without it the error is thrown to the framework. */
  onError?: ((error: unknown, context: { request: Request }) => unknown) | undefined
}

// Pages append a time to bypass caches; the response must not be stored either.
const HEADERS = { 'cache-control': 'no-store' }

/** Makes the handler that serves challenges to pages; see `Geetest.registerHandler`. */
export function makeRegisterHandler(
  register: (params: RegisterParams, signal: AbortSignal) => Promise<Registration>,
  options: RegisterHandlerOptions
): FetchHandler {
  checkOptions(
    options,
    {
      session: required(callback),
      userInfo: optional(callback),
      onFailback: optional(callback),
      onError: optional(callback)
    },
    { owner: 'registerHandler', product: 'geetest' }
  )
  const respond = async (request: Request): Promise<Response> => {
    const session = await options.session(request)
    if (!session) return Response.json({ error: 'no session' }, { status: 401, headers: HEADERS })
    const registration = await register({ ...(await options.userInfo?.(request)), session }, request.signal)
    if (registration.failback) await options.onFailback?.(registration, { request })
    return Response.json(registration.challenge, { headers: HEADERS })
  }
  return async (request) => {
    checkRequest(request)
    try {
      return await respond(request)
    } catch (error) {
      if (!options.onError) throw error
      await report(options.onError, error, { request })
      const code = error instanceof WeixinKitError ? error.code : 'failed'
      return Response.json({ error: code }, { status: 500, headers: HEADERS })
    }
  }
}
