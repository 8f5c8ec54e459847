import { type RunOnceResult, runOnce } from '../core/run-once.ts'
import type { Store } from '../core/store.ts'
import { BodyError, SignatureError } from '../errors/index.ts'
import { hashHex } from '../internal/hash.ts'
import { parseJson } from '../internal/json/index.ts'
import type { AuthorizationScheme } from './authorization.ts'
import type { CallbackHandlerOptions } from './callback-handler.ts'
import type { QiniuContext } from './context.ts'

const UNDATED_SECONDS = 600

/** Verifies a callback and hands it to the application, once per store. The value is what is answered as JSON. */
export async function deliverCallback(
  { http, signer, tools }: QiniuContext,
  options: CallbackHandlerOptions,
  { request, rawBody, store }: { request: Request; rawBody: Uint8Array; store: Store | undefined }
): Promise<RunOnceResult> {
  const { host, target } = calledAddress(request, options.publicUrl)
  const contentType = request.headers.get('content-type') ?? undefined
  const authorization = request.headers.get('authorization')
  const { scheme, isDated } = tools.verifyCallback(
    signer,
    { method: 'POST', host, target, contentType, headers: request.headers, body: rawBody, authorization },
    http.now()
  )
  if (options.requireDate && !isDated) throw undated(scheme)
  const fields = parseFields(rawBody, contentType, tools.FORM_TYPE)
  const run = async () => JSON.stringify((await options.onUploaded(fields, { scheme, request, rawBody })) ?? {})
  if (!store) return { outcome: 'ran', value: await run() }
  // A date is accepted from the earliest to the latest clock.
  const doneTtlMs = isDated ? 2 * tools.MAX_SKEW_MS : (options.dedupeSeconds ?? UNDATED_SECONDS) * 1000
  const key = `weixin-kit:qiniu:${signer.accessKey}:callback:${hashHex('sha256', `${authorization} ${target}`)}`
  return runOnce(store, key, run, { runningTtlMs: 60_000, doneTtlMs, waitMs: 4_000 })
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

function parseFields(body: Uint8Array, contentType: string | undefined, formType: string): Record<string, unknown> {
  const text = new TextDecoder().decode(body)
  const type = contentType?.split(';', 1)[0]?.trim().toLowerCase()
  if (type === undefined || type === '' || type === formType) return Object.fromEntries(new URLSearchParams(text))
  const value = parseJson(text)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw new BodyError('malformed', 'The body of the callback is no JSON object; see callbackBody.', {
    product: 'qiniu'
  })
}
