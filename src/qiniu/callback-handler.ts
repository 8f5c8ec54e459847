import type { FetchHandler } from '../core/fetch-handler.ts'
import { guardStore } from '../core/guard-store.ts'
import type { Logger } from '../core/logger.ts'
import { callback, checkOptions, flag, httpUrl, integer, objectWith, optional, required } from '../core/options.ts'
import { DEFAULT_BODY_LIMIT_BYTES, readBody } from '../core/read-body.ts'
import { runOnce } from '../core/run-once.ts'
import type { Store } from '../core/store.ts'
import { BodyAlreadyParsedError, BodyError, SignatureError, WeixinKitError } from '../errors/index.ts'
import { hashHex } from '../internal/hash.ts'
import { parseJson } from '../internal/json/index.ts'
import { type AuthorizationScheme, FORM_TYPE } from './authorization.ts'
import type { QiniuSigner } from './signer.ts'
import { MAX_SKEW_MS, verifyCallback } from './verify-callback.ts'

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

const RULES = {
  onUploaded: required(callback),
  publicUrl: optional(httpUrl),
  store: optional(objectWith('get', 'set', 'delete', 'setIfAbsent', 'compareAndDelete')),
  requireDate: optional(flag),
  dedupeSeconds: optional(integer(1, 31_536_000)),
  maxBodyBytes: optional(integer(1))
}

/** From the earliest to the latest clock that accepts a date. */
const DATED_MS = 2 * MAX_SKEW_MS
const UNDATED_SECONDS = 600

interface HandlerContext {
  signer: QiniuSigner
  now: () => number
  logger: Logger | undefined
}

/** Makes the handler of upload callbacks; see `Qiniu.callbackHandler`. */
export function makeCallbackHandler(context: HandlerContext, options: CallbackHandlerOptions): FetchHandler {
  checkOptions(options, RULES, { owner: 'callbackHandler', product: 'qiniu' })
  const { signer, now, logger } = context
  const store = options.store && guardStore(options.store)
  return async (request) => {
    if (request.method !== 'POST') return answer(405, { error: 'Qiniu sends callbacks with POST.' }, { allow: 'POST' })
    try {
      const rawBody = await readBody(request, options.maxBodyBytes ?? DEFAULT_BODY_LIMIT_BYTES)
      const { host, target } = calledAddress(request, options.publicUrl)
      const contentType = request.headers.get('content-type') ?? undefined
      const authorization = request.headers.get('authorization')
      const { scheme, isDated } = verifyCallback(
        signer,
        { method: 'POST', host, target, contentType, headers: request.headers, body: rawBody, authorization },
        now()
      )
      if (options.requireDate && !isDated) throw undated(scheme)
      const fields = parseFields(rawBody, contentType)
      const run = async () => JSON.stringify((await options.onUploaded(fields, { scheme, request, rawBody })) ?? {})
      const doneTtlMs = isDated ? DATED_MS : (options.dedupeSeconds ?? UNDATED_SECONDS) * 1000
      return await deliver(store, callbackKey(signer, `${authorization} ${target}`), run, doneTtlMs)
    } catch (error) {
      // A mistake in the wiring of the application, which nobody would find in an answer to Qiniu.
      if (error instanceof BodyAlreadyParsedError) throw error
      const code = error instanceof WeixinKitError ? error.code : 'callback failed'
      logger?.error?.(`An upload callback of Qiniu was refused: ${String(error)}`, { product: 'qiniu', code })
      return answer(statusOf(error), { error: code })
    }
  }
}

async function deliver(
  store: Store | undefined,
  key: string,
  run: () => Promise<string>,
  doneTtlMs: number
): Promise<Response> {
  if (!store) return answer(200, await run())
  const result = await runOnce(store, key, run, { runningTtlMs: 60_000, doneTtlMs, waitMs: 4_000 })
  return result.outcome === 'running' ? answer(503, { error: 'still running' }) : answer(200, result.value)
}

function callbackKey(signer: QiniuSigner, identity: string): string {
  return `weixin-kit:qiniu:${signer.accessKey}:callback:${hashHex('sha256', identity)}`
}

function undated(scheme: AuthorizationScheme): SignatureError {
  const message =
    `The callback is signed (${scheme}) without a date, so that nobody can tell how old it is, and "requireDate" is set. ` +
    'Have the bucket sign callbacks with the scheme Qiniu and X-Qiniu-Date, or leave the option out.'
  return new SignatureError('missing', message, { product: 'qiniu' })
}

function calledAddress(request: Request, publicUrl: string | URL | undefined): { host: string; target: string } {
  const called = new URL(request.url)
  if (publicUrl === undefined) return { host: called.host, target: called.pathname + called.search }
  const visible = new URL(publicUrl)
  return { host: visible.host, target: visible.pathname + called.search }
}

function parseFields(body: Uint8Array, contentType: string | undefined): Record<string, unknown> {
  const text = new TextDecoder().decode(body)
  const type = contentType?.split(';', 1)[0]?.trim().toLowerCase()
  if (type === undefined || type === '' || type === FORM_TYPE) return Object.fromEntries(new URLSearchParams(text))
  const value = parseJson(text)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw new BodyError('malformed', 'The body of the callback is no JSON object; see callbackBody.', {
    product: 'qiniu'
  })
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
