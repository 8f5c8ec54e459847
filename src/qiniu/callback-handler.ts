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
  /** The scheme of its signature. */
  scheme: AuthorizationScheme
  request: Request
  /** The verified bytes. */
  rawBody: Uint8Array
}

/** Options of `qiniu.callbackHandler`. */
export interface CallbackHandlerOptions {
  /**
   * Called with the fields of `callbackBody` (text for a form, as parsed for JSON). Its result is sent as JSON to the
   * uploader; if it throws, the uploader gets 579 although the object is stored.
   */
  onUploaded(fields: Readonly<Record<string, unknown>>, context: UploadedContext): unknown
  /**
   * Called for refused and failed requests. `status` is the response to Qiniu: 401 and 400 are the sender's fault, 413
   * is a body above `bodyLimitBytes`, 500 is ours.
   */
  onError?: ((error: unknown, context: { request: Request; status: number }) => unknown) | undefined
  /** The URL as Qiniu calls it, if a proxy in front changes host or path. The query is taken from the request. */
  publicUrl?: string | URL | undefined
  /** If set, a callback that is delivered twice runs `onUploaded` once, and the stored response is sent again. */
  store?: Store | undefined
  /**
   * Whether to refuse callbacks whose signature covers no date: all of the scheme `QBox`, and those of `Qiniu` without
   * `X-Qiniu-Date`. Such a callback stays valid forever, so anybody who has seen one can replay it. Default `false`,
   * because Qiniu decides what it sends: check `context.scheme` before you set this.
   */
  requireDate?: boolean | undefined
  /**
   * Seconds for which callbacks without a date are remembered in the store, default 600. Within that time identical
   * signed bytes count as a redelivery, even if they are a second upload; with `uuid=$(uuid)` in `callbackBody` no two
   * uploads are identical, and the time can be long. Callbacks with a date are remembered as long as they are accepted.
   */
  dedupeSeconds?: number | undefined
  /** Maximum body size in bytes, default 65 536. */
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
    // A date may be off in either direction.
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
      // A wiring mistake in the application, which nobody would notice in a response to Qiniu.
      if (error instanceof BodyAlreadyParsedError) throw error
      return refuse(request, error, statusOf(error))
    }
    try {
      const result = await handle(request, rawBody, upload)
      return result.outcome === 'running' ? respond(503, { error: 'still running' }) : respond(200, result.value)
    } catch (error) {
      // Errors of the application, even a refused signature of something else, are not the sender's fault.
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

// Qiniu requires JSON with this type, otherwise the uploader gets 579.
function respond(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return new Response(typeof body === 'string' ? body : JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json', ...headers }
  })
}
