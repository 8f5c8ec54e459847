import { checkRequest } from '../core/byte-handler.ts'
import { CONSOLE_LOGGER } from '../core/console-logger.ts'
import { endHanging } from '../core/end-hanging.ts'
import type { FetchHandler } from '../core/fetch-handler.ts'
import type { Logger } from '../core/logger.ts'
import { callback, checkOptions, flag, httpUrl, integer, objectWith, optional, required } from '../core/options.ts'
import { DEFAULT_BODY_LIMIT_BYTES, readBody } from '../core/read-body.ts'
import { report } from '../core/report.ts'
import { type RunOnceResult, runOnce } from '../core/run-once.ts'
import type { Store } from '../core/store.ts'
import { withStoreErrors } from '../core/with-store-errors.ts'
import { BodyAlreadyParsedError, BodyError, SignatureError, WeixinKitError } from '../errors/index.ts'
import { hashHex } from '../internal/hash.ts'
import type { AuthorizationScheme } from './authorization.ts'
import { readCallback, type VerifiedUpload } from './read-callback.ts'
import type { QiniuSigner } from './signer.ts'
import { MAX_SKEW_MS } from './verify-callback.ts'

/** A verified callback. */
export interface UploadedContext {
  /** Which scheme signed it. */
  scheme: AuthorizationScheme
  request: Request
  /** The bytes that were verified. */
  rawBody: Uint8Array
}

/** Options of `qiniu.callbackHandler`. */
export interface CallbackHandlerOptions {
  /**
   * Called with the fields of `callbackBody` (text for a form, as parsed for JSON). What it returns is sent as JSON and
   * reaches the uploader; if it throws, the uploader gets 579 although the object is stored.
   */
  onUploaded(fields: Readonly<Record<string, unknown>>, context: UploadedContext): unknown
  /**
   * Called with what was refused or failed. `status` is what Qiniu gets: 401 and 400 are the sender's fault, 413 is a body
   * above `bodyLimitBytes`, 500 is ours.
   */
  onError?: ((error: unknown, context: { request: Request; status: number }) => unknown) | undefined
  /** The address as Qiniu calls it, when a proxy in front changes host or path. The query is taken from the request. */
  publicUrl?: string | URL | undefined
  /** Given: a callback that is delivered twice runs `onUploaded` once, and the stored response is sent again. */
  store?: Store | undefined
  /**
   * Refuses callbacks whose signature carries no date: all of the scheme `QBox`, and those of `Qiniu` without `X-Qiniu-Date`.
   * Such a callback stays valid for ever, so that whoever saw one can send it again. Default `false`, because Qiniu decides
   * what it sends: look at `context.scheme` before you set this.
   */
  requireDate?: boolean | undefined
  /**
   * Seconds for which callbacks without a date are remembered in the store, default 600. Within it the very same signed bytes
   * count as a repeat, even of a second upload; with `uuid=$(uuid)` in `callbackBody` no two uploads are the same, and this can
   * be long. Callbacks with a date are remembered for as long as they are accepted.
   */
  dedupeSeconds?: number | undefined
  /** Largest body in bytes, default 65 536. */
  bodyLimitBytes?: number | undefined
}

const RULES = {
  onUploaded: required(callback),
  onError: optional(callback),
  publicUrl: optional(httpUrl),
  store: optional(objectWith('get', 'set', 'delete', 'setIfAbsent', 'compareAndDelete')),
  requireDate: optional(flag),
  dedupeSeconds: optional(integer(1, 31_536_000)),
  bodyLimitBytes: optional(integer(1))
}
const UNDATED_SECONDS = 600

interface HandlerContext {
  signer: QiniuSigner
  now: () => number
  logger: Logger | undefined
}

/** Makes the handler of upload callbacks; see `Qiniu.callbackHandler`. */
export function makeCallbackHandler(
  { signer, now, logger }: HandlerContext,
  options: CallbackHandlerOptions
): FetchHandler {
  checkOptions(options, RULES, { owner: 'callbackHandler', product: 'qiniu' })
  const store = options.store && withStoreErrors(options.store)
  const refuse = async (request: Request, error: unknown, status: number): Promise<Response> => {
    const code = error instanceof WeixinKitError ? error.code : 'callback failed'
    const log = logger ?? (options.onError ? undefined : CONSOLE_LOGGER)
    log?.error?.(`An upload callback of Qiniu was refused: ${String(error)}`, { product: 'qiniu', code })
    await report(options.onError, error, { request, status })
    return respond(status, { error: code })
  }
  const handle = (request: Request, rawBody: Uint8Array, upload: VerifiedUpload): Promise<RunOnceResult> => {
    const { scheme, isDated, fields, identity } = upload
    const run = async () => JSON.stringify((await options.onUploaded(fields, { scheme, request, rawBody })) ?? {})
    if (!store) return run().then((value) => ({ outcome: 'ran', value }))
    // A date is accepted from the earliest to the latest clock.
    const doneTtlMs = isDated ? 2 * MAX_SKEW_MS : (options.dedupeSeconds ?? UNDATED_SECONDS) * 1000
    const key = `weixin-kit:qiniu:${signer.accessKey}:callback:${hashHex('sha256', identity)}`
    return runOnce(store, key, () => endHanging(run, 'callbackHandler', 'qiniu'), {
      runningTtlMs: 15_000,
      renewMs: 5_000,
      doneTtlMs,
      waitMs: 4_000
    })
  }
  return async (request) => {
    checkRequest(request)
    if (request.method !== 'POST') return respond(405, { error: 'Qiniu sends callbacks with POST.' }, { allow: 'POST' })
    let rawBody: Uint8Array
    let upload: VerifiedUpload
    try {
      rawBody = await readBody(request, options.bodyLimitBytes ?? DEFAULT_BODY_LIMIT_BYTES)
      upload = readCallback(signer, request, rawBody, { ...options, nowMs: now() })
    } catch (error) {
      // A mistake in the wiring of the application, which nobody would find in a response to Qiniu.
      if (error instanceof BodyAlreadyParsedError) throw error
      return refuse(request, error, statusOf(error))
    }
    try {
      const result = await handle(request, rawBody, upload)
      return result.outcome === 'running' ? respond(503, { error: 'still running' }) : respond(200, result.value)
    } catch (error) {
      // Whatever the application threw, also a refused signature of something else: it is not the sender's fault.
      return refuse(request, error, 500)
    }
  }
}

/** Only a refused signature and an unreadable body are the sender's fault. */
function statusOf(error: unknown): number {
  if (error instanceof SignatureError) return 401
  if (error instanceof BodyError) return error.reason === 'too_large' ? 413 : 400
  return 500
}

// Qiniu wants JSON with this type, or the uploader gets 579.
function respond(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return new Response(typeof body === 'string' ? body : JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json', ...headers }
  })
}
