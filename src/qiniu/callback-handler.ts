import type { FetchHandler } from '../core/fetch-handler.ts'
import type { Logger } from '../core/logger.ts'
import { callback, checkOptions, flag, httpUrl, integer, objectWith, optional, required } from '../core/options.ts'
import { DEFAULT_BODY_LIMIT_BYTES, readBody } from '../core/read-body.ts'
import type { RunOnceResult } from '../core/run-once.ts'
import type { Store } from '../core/store.ts'
import { withStoreErrors } from '../core/with-store-errors.ts'
import { BodyAlreadyParsedError, BodyError, SignatureError, WeixinKitError } from '../errors/index.ts'
import { onFirstUse } from '../internal/on-first-use.ts'
import type { AuthorizationScheme } from './authorization.ts'

/** A verified callback. */
export interface UploadedContext {
  scheme: AuthorizationScheme
  request: Request
  /** The bytes that were verified. */
  rawBody: Uint8Array
}

export interface CallbackHandlerOptions {
  /**
   * Called with the fields of `callbackBody` (text for a form, as parsed for JSON). What it returns is answered as JSON and
   * reaches the uploader; if it throws, the uploader gets 579 although the object is stored.
   */
  onUploaded(fields: Readonly<Record<string, unknown>>, context: UploadedContext): unknown
  /** The address as Qiniu calls it, when a proxy in front changes host or path. The query is taken from the request. */
  publicUrl?: string | URL
  /** Given: a callback that is delivered twice runs `onUploaded` once, and the stored answer is repeated. */
  store?: Store
  /**
   * Refuses callbacks whose signature carries no date: all of the scheme `QBox`, and those of `Qiniu` without `X-Qiniu-Date`.
   * Such a callback stays valid for ever, so that whoever saw one can send it again. Default `false`, because Qiniu decides
   * what it sends: look at `context.scheme` before you set this.
   */
  requireDate?: boolean
  /**
   * For how long callbacks without a date are remembered in the store, default 600. Within it the very same signed bytes count
   * as a repeat, even of a second upload; with `uuid=$(uuid)` in `callbackBody` no two uploads are the same, and this can be
   * long. Callbacks with a date are remembered for as long as they are accepted.
   */
  dedupeSeconds?: number
  /** Largest body, default 65 536 bytes. */
  maxBodyBytes?: number
}

const rules = onFirstUse(() => ({
  onUploaded: required(callback),
  publicUrl: optional(httpUrl),
  store: optional(objectWith('get', 'set', 'delete', 'setIfAbsent', 'compareAndDelete')),
  requireDate: optional(flag),
  dedupeSeconds: optional(integer(1, 31_536_000)),
  maxBodyBytes: optional(integer(1))
}))

/** Verifies the callback and runs `onUploaded`; the value is the JSON to answer. */
export type Deliver = (request: Request, rawBody: Uint8Array, store: Store | undefined) => Promise<RunOnceResult>

/** Makes the handler of upload callbacks; see `Qiniu.callbackHandler`. */
export function makeCallbackHandler(
  deliver: Deliver,
  logger: Logger | undefined,
  options: CallbackHandlerOptions
): FetchHandler {
  checkOptions(options, rules(), { owner: 'callbackHandler', product: 'qiniu' })
  const store = options.store && withStoreErrors(options.store)
  return async (request) => {
    if (request.method !== 'POST') return answer(405, { error: 'Qiniu sends callbacks with POST.' }, { allow: 'POST' })
    try {
      const rawBody = await readBody(request, options.maxBodyBytes ?? DEFAULT_BODY_LIMIT_BYTES)
      const result = await deliver(request, rawBody, store)
      return result.outcome === 'running' ? answer(503, { error: 'still running' }) : answer(200, result.value)
    } catch (error) {
      // A mistake in the wiring of the application, which nobody would find in an answer to Qiniu.
      if (error instanceof BodyAlreadyParsedError) throw error
      const code = error instanceof WeixinKitError ? error.code : 'callback failed'
      logger?.error?.(`An upload callback of Qiniu was refused: ${String(error)}`, { product: 'qiniu', code })
      return answer(statusOf(error), { error: code })
    }
  }
}

function statusOf(error: unknown): number {
  if (error instanceof SignatureError) return 401
  if (error instanceof BodyError) return error.reason === 'too_large' ? 413 : 400
  return 500
}

// Qiniu wants JSON with this type, or the uploader gets 579.
function answer(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return new Response(typeof body === 'string' ? body : JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json', ...headers }
  })
}
