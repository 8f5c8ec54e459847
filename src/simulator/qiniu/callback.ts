import { urlSafe } from '../crypto/qiniu.ts'
import { signedCallback } from '../crypto/qiniu-callback.ts'
import type { QiniuAccount } from '../framework/accounts.ts'
import { QiniuFailure } from './failure.ts'
import type { QiniuState } from './state.ts'

export interface QiniuCallback {
  readonly account: QiniuAccount
  /** Several, separated by `;`, are tried in order. */
  readonly urls: string
  readonly host?: string | undefined
  readonly body: string
  readonly contentType: string
  /** Key of the object. */
  readonly key?: string | undefined
}

export type CallbackResult =
  | { readonly ok: true; readonly body: string }
  | { readonly ok: false; readonly status: number; readonly error: string }

/** Waits this long for the response of a callback. */
const TIMEOUT_MS = 5_000

/** Calls the application back, signed, and returns what it answered. */
export async function callBack(state: QiniuState, callback: QiniuCallback): Promise<CallbackResult> {
  let failure: CallbackResult = { ok: false, status: 0, error: 'no callbackUrl' }
  for (const named of callback.urls.split(';').filter(Boolean)) {
    const url = callback.host && state.context.hasTarget('qiniu') ? withHost(named, callback.host) : named
    const delivery = state.context.deliver({
      kind: 'qiniu',
      account: callback.account.accessKey,
      subject: callback.key,
      url,
      request: (_, target, timeMs) => {
        const { account, body, contentType } = callback
        const { callbackScheme: scheme } = state
        const date = scheme === 'Qiniu' ? timeMs : undefined
        return signedCallback({ ...account, scheme, date, url: target, body, contentType })
      },
      retryAfterMs: [],
      timeoutMs: TIMEOUT_MS,
      judge: (response, body) => judge(response, body)
    })
    await delivery.done
    const attempt = delivery.attempts[0]
    if (attempt?.delivered) return { ok: true, body: attempt.body }
    failure = { ok: false, status: attempt?.status ?? 0, error: attempt?.note ?? 'no target for callbacks' }
  }
  return failure
}

/** `callbackHost` stands for the host of the URL: what the application sees in `Host`. */
function withHost(url: string, host: string): string {
  if (!URL.canParse(url)) return url
  const address = new URL(url)
  address.host = host
  return address.href
}

function judge(response: Response, body: string): { delivered: boolean; note: string } {
  if (response.status !== 200) return { delivered: false, note: `status ${response.status}, expected 200` }
  if (!/\bjson\b/i.test(response.headers.get('content-type') ?? ''))
    return { delivered: false, note: 'the response is not of the type application/json' }
  try {
    JSON.parse(body)
    return { delivered: true, note: 'JSON' }
  } catch {
    return { delivered: false, note: 'the response is not JSON' }
  }
}

/** `returnUrl` with the result of the upload in `upload_ret`. */
export function redirectTo(returnUrl: string, uploadResult: string): Response {
  return redirect(returnUrl, `upload_ret=${urlSafe(uploadResult)}`)
}

/** `returnUrl` with an error. */
export function redirectFailure(returnUrl: string, code: number, error: string): Response {
  return redirect(returnUrl, `code=${code}&error=${encodeURIComponent(error)}`)
}

function redirect(returnUrl: string, query: string): Response {
  if (!URL.canParse(returnUrl)) throw new QiniuFailure(400, 'invalid returnUrl')
  const location = `${new URL(returnUrl).href}${returnUrl.includes('?') ? '&' : '?'}${query}`
  return new Response(null, { status: 303, headers: { location } })
}
