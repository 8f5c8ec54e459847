import type { FetchHandler } from '../core/fetch-handler.ts'
import { callback, checkOptions, required } from '../core/options.ts'
import type { PutPolicy } from './put-policy.ts'

export interface UploadTokenHandlerOptions {
  /**
   * Decides by the request (session, query) what may be uploaded. `undefined` refuses with 403; a `Response` is answered
   * as it is. Without it anybody could fill your bucket, so it has no default.
   */
  policy(request: Request): PutPolicy | Response | undefined | Promise<PutPolicy | Response | undefined>
}

/** What the handler answers as JSON. */
export interface UploadTokenAnswer {
  token: string
  /** The same, under the name that Qiniu's older front-end libraries read. */
  uptoken: string
  /** Where the browser posts the form. */
  uploadUrl: string
  /** Download domain, if the client knows one. */
  domain: string | null
}

/** Makes the handler that gives upload tokens to browsers; see `Qiniu.uploadTokenHandler`. */
export function makeUploadTokenHandler(
  makeAnswer: (policy: PutPolicy, signal: AbortSignal) => Promise<UploadTokenAnswer>,
  options: UploadTokenHandlerOptions
): FetchHandler {
  checkOptions(options, { policy: required(callback) }, { owner: 'uploadTokenHandler', product: 'qiniu' })
  return async (request) => {
    if (request.method !== 'GET' && request.method !== 'POST')
      return Response.json({ error: 'GET or POST' }, { status: 405, headers: { allow: 'GET, POST' } })
    const policy = await options.policy(request)
    if (policy instanceof Response) return policy
    if (policy === undefined) return Response.json({ error: 'not allowed' }, { status: 403, headers: NOT_CACHED })
    return Response.json(await makeAnswer(policy, request.signal), { headers: NOT_CACHED })
  }
}

const NOT_CACHED = { 'cache-control': 'no-store' }
