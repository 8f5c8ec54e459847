import { readResponseText } from '../core/read-response-text.ts'
import { type Product, UnexpectedResponseError, WeChatApiError } from '../errors/index.ts'
import { parseJson } from '../internal/json/index.ts'
import { redactData, redactText, redactUrl } from '../internal/redact.ts'
import { type ErrcodeContext, type ErrcodeInfo, UNKNOWN_ERRCODE } from './errcodes/index.ts'

/** The call whose response is read. */
export interface ResponseContext {
  product: Product
  operation: string
  /** Where the request went. */
  host: string
}

/**
 * Reads a JSON response and returns the parsed body if `errcode` is absent or 0.
 *
 * @throws {WeChatApiError} for any other errcode (WeChat sends them with status 200).
 * @throws {UnexpectedResponseError} if the body is not a JSON object.
 * @throws {BodyError} ERR_BODY_TOO_LARGE above 64 MiB.
 */
export async function readJsonResponse(response: Response, context: ResponseContext): Promise<unknown> {
  return parseJsonResponse(await readResponseText(response, context), response.status, context)
}

/** {@link readJsonResponse} for a body that is already read. */
export async function parseJsonResponse(text: string, status: number, context: ResponseContext): Promise<unknown> {
  let body: unknown
  try {
    body = parseJson(text)
  } catch (cause) {
    throw unexpected(text, status, context, cause)
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw unexpected(text, status, context)
  const data = await checkErrcode(body as Record<string, unknown>, status, context)
  if (status < 200 || status > 299) throw unexpected(text, status, context)
  return data
}

/**
 * Returns a parsed body without its errcode.
 *
 * @throws {WeChatApiError} for any errcode but 0
 */
export async function checkErrcode(
  body: Readonly<Record<string, unknown>>,
  status: number,
  context: ResponseContext
): Promise<object> {
  const error = await apiErrorOf(body, status, context)
  if (error) throw error
  return withoutEnvelope(body)
}

/** `errcode: 0` and `errmsg: "ok"` only say that there is no error. */
function withoutEnvelope(body: object): object {
  const { errcode, errmsg, ...data } = body as Record<string, unknown>
  return data
}

/** Returns the error in a parsed response, if there is one. */
async function apiErrorOf(
  body: Readonly<Record<string, unknown>>,
  status: number,
  { product, operation }: ResponseContext
): Promise<WeChatApiError | undefined> {
  const errcode = readErrcode(body)
  if (errcode === 0) return undefined
  const upstreamMessage = mask(String(body.errmsg ?? '').slice(0, 500))
  const info = await explain(errcode, { operation, errmsg: upstreamMessage })
  return new WeChatApiError(`${product} ${operation}: ${errcode} ${upstreamMessage} — ${info.hint.en}`, {
    ...info,
    product,
    status,
    errcode,
    upstreamCode: String(errcode),
    upstreamMessage,
    requestId: /(?:rid|req_id):\s*([\w-]{4,64})/.exec(upstreamMessage)?.[1],
    // The text inside the body is masked like the message, because WeChat may quote secrets in it.
    body: redactData({ ...body, errmsg: upstreamMessage })
  })
}

/** The table is as large as the rest of this folder, so it is loaded on the first refusal. */
async function explain(errcode: number, context: ErrcodeContext): Promise<ErrcodeInfo> {
  try {
    const { describeErrcode } = await import('./errcodes/describe-errcode.ts')
    return describeErrcode(errcode, context)
  } catch {
    // The files of a running process were replaced: WeChat's message matters more than our hint.
    return UNKNOWN_ERRCODE
  }
}

/** An integer in practice, a numeric string in some responses; anything else is an unknown failure. */
function readErrcode({ errcode }: Readonly<Record<string, unknown>>): number {
  if (errcode === undefined || errcode === null || errcode === '') return 0
  const isNumeric = typeof errcode === 'number' || (typeof errcode === 'string' && /^-?\d+$/.test(errcode))
  return isNumeric ? Number(errcode) : Number.NaN
}

const WECHAT_HOST = /(?:^|\.)weixin\.qq\.com$/

function unexpected(text: string, status: number, { product, operation, host }: ResponseContext, cause?: unknown) {
  const advice = WECHAT_HOST.test(host)
    ? 'WeChat itself or a proxy in between'
    : status === 404
      ? 'This path does not exist there: check the option baseUrl'
      : 'This is not the host of WeChat: check the option baseUrl and what runs there'
  return new UnexpectedResponseError(
    `${operation}: expected a JSON object from WeChat, got HTTP ${status} from ${host} with ${describe(text)}. ${advice}.`,
    { product, status, cause }
  )
}

/** Enough to recognise a proxy's page. Truncated JSON is not quoted: it may end in the middle of a token. */
function describe(text: string): string {
  if (text.trim() === '') return 'an empty body'
  const size = `${text.length} characters`
  if (/^\s*[[{"]/.test(text)) return `${size} of JSON that is damaged or has another structure`
  return `${size} beginning "${mask(text.slice(0, 80).replace(/\s+/g, ' '))}"`
}

/** A quoted URL may contain the code of a login, whose name is harmless elsewhere. */
function mask(text: string): string {
  return redactText(text.replace(/https?:\/\/[^\s"'<>]+/g, (address) => redactUrl(address)))
}
