import type { RequestOptions } from '../core/client-options.ts'
import type { QueryValue } from '../core/endpoints.ts'
import { oneOf, record, text } from '../core/options.ts'
import { checkFields } from './check-params.ts'
import type { DownloadedFile } from './downloaded-file.ts'
import type { Endpoint } from './endpoint.ts'
import { readFile } from './read-file.ts'
import type { Payload, WeChatApiClient } from './wechat-api-client.ts'

/** Parameters of `client.request`, for APIs without a method of their own. */
export interface WeChatRequest {
  method: 'GET' | 'POST'
  /** With leading slash, e.g. `/cgi-bin/user/info`. */
  path: string
  query?: Readonly<Record<string, QueryValue>> | undefined
  /**
   * An object is sent as JSON. Text, bytes, a `Blob` and a `FormData` are sent as they are; the content type of text is
   * `application/json` where it begins like JSON. The option `headers` sets another.
   */
  body?: unknown
  /** Default `true`: `access_token` is added to the query. */
  withAccessToken?: boolean | undefined
  /** Default: `true` for GET, `false` for POST. */
  idempotent?: boolean | undefined
  /** `json` (default), or `file` for pictures, sound and other binary data. */
  returns?: 'json' | 'file' | undefined
}

const RULES = {
  method: oneOf('GET', 'POST'),
  // "@host" or "//host" after the host of the API would send the access token there.
  path: text(/^\/[^/\\\s#][^\\\s#]*$/, 'a path with one leading slash, such as /cgi-bin/user/info'),
  'query?': record,
  'returns?': oneOf('json', 'file')
}

/** Calls any API by its path. See {@link WeChatRequest}. */
export async function request<T>(
  api: WeChatApiClient,
  given: WeChatRequest,
  options?: RequestOptions
): Promise<T | DownloadedFile> {
  checkFields({ operation: 'request', product: api.product }, given, RULES)
  const { method, path, query, body, withAccessToken, idempotent = method === 'GET', returns } = given
  const endpoint: Endpoint<never, T | DownloadedFile> = {
    operation: `request ${path}`,
    method,
    path,
    idempotent,
    ...(withAccessToken === false ? { auth: 'none' } : {}),
    ...(returns === 'file'
      ? { read: (response, context) => readFile(response, context, path.split('/').pop() ?? 'file') }
      : { returns: '*' })
  }
  return api.send(endpoint, { query: query ?? {}, ...payloadOf(body, options) }, options)
}

function payloadOf(body: unknown, options: RequestOptions | undefined): Omit<Payload<never>, 'read'> {
  if (typeof body === 'string') {
    // Exactly these bytes are signed or compared, so they are not serialised again.
    if (Object.keys(options?.headers ?? {}).some((name) => name.toLowerCase() === 'content-type')) return { body }
    const type = /^\s*[[{]/.test(body) ? 'application/json' : 'text/plain;charset=UTF-8'
    return { body, headers: { 'content-type': type } }
  }
  if (
    body instanceof FormData ||
    body instanceof Blob ||
    body instanceof ReadableStream ||
    body instanceof Uint8Array
  ) {
    return { body }
  }
  return { json: body }
}
