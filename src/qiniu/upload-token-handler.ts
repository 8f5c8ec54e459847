import { checkRequest } from '../core/byte-handler.ts'
import type { FetchHandler } from '../core/fetch-handler.ts'
import { callback, checkOptions, optional, required } from '../core/options.ts'
import { report } from '../core/report.ts'
import { WeixinKitError } from '../errors/index.ts'
import type { PutPolicy } from './put-policy.ts'

/** Options of `qiniu.uploadTokenHandler`. */
export interface UploadTokenHandlerOptions<User = unknown> {
  /**
   * Returns the user of a request (by session, cookie, token). `undefined`, `null` and `false` are refused with 401, a
   * `Response` is sent as it is, anything else is passed to `policy`. It has no default, because otherwise anybody
   * could fill your bucket; for public uploads return `true`.
   */
  authorize(request: Request): Authorized<User> | Promise<Authorized<User>>
  /**
   * Returns what may be uploaded. `undefined` is refused with 403; a `Response` is sent as it is.
   *
   * @param user The result of `authorize`.
   */
  policy(request: Request, user: User): PutPolicy | Response | undefined | Promise<PutPolicy | Response | undefined>
  /** Called with the error; the browser gets a 500 without details. Without it the error is thrown to the framework. */
  onError?: ((error: unknown, context: { request: Request }) => unknown) | undefined
}

/** The user, or the response that refuses the request. */
export type Authorized<User> = User | Response | undefined | null | false

/** The JSON response of the handler. */
export interface UploadTokenResponse {
  token: string
  /** The same, under the name that Qiniu's older front-end libraries read. */
  uptoken: string
  /** URL to which the browser posts the form. */
  uploadUrl: string
  /** Download domain, if the client has one. */
  domain: string | null
}

const HEADERS = { 'cache-control': 'no-store' }
const RULES = { authorize: required(callback), policy: required(callback), onError: optional(callback) }

/** Makes the handler that serves upload tokens to browsers; see `Qiniu.uploadTokenHandler`. */
export function makeUploadTokenHandler<User>(
  makeResponse: (policy: PutPolicy) => Promise<UploadTokenResponse>,
  options: UploadTokenHandlerOptions<User>
): FetchHandler {
  checkOptions(options, RULES, { owner: 'uploadTokenHandler', product: 'qiniu' })
  const respond = async (request: Request): Promise<Response> => {
    const user = await options.authorize(request)
    if (user instanceof Response) return user
    if (user === undefined || user === null || user === false) return refuse(401, 'not signed in')
    const policy = await options.policy(request, user)
    if (policy instanceof Response) return policy
    if (policy === undefined) return refuse(403, 'not allowed')
    return Response.json(await makeResponse(policy), { headers: HEADERS })
  }
  return async (request) => {
    checkRequest(request)
    if (request.method !== 'GET' && request.method !== 'POST')
      return Response.json({ error: 'GET or POST' }, { status: 405, headers: { allow: 'GET, POST' } })
    try {
      return await respond(request)
    } catch (error) {
      if (!options.onError) throw error
      await report(options.onError, error, { request })
      return refuse(500, error instanceof WeixinKitError ? error.code : 'failed')
    }
  }
}

function refuse(status: number, error: string): Response {
  return Response.json({ error }, { status, headers: HEADERS })
}
