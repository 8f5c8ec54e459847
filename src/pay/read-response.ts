import { BodyError, SignatureError, UnexpectedResponseError, type WeixinKitError } from '../errors/index.ts'
import { parseJson } from '../internal/json/index.ts'
import { collectCapped } from './common/collect.ts'
import type { MessageVerifier } from './message-verifier.ts'
import type { PayCall, RawResponse } from './pay-call.ts'
import { readFailure } from './read-failure.ts'

/** Far above every JSON response; files have a separate limit. */
const MAX_RESPONSE_BYTES = 16 * 1024 * 1024

/** @throws {BodyError} ERR_BODY_TOO_LARGE */
export async function readBytes(response: Response, call: PayCall): Promise<Uint8Array> {
  const limit = call.maxBytes ?? MAX_RESPONSE_BYTES
  const tooLarge = () =>
    new BodyError('too_large', `${call.operation}: the response is larger than ${limit} bytes.`, { product: 'pay' })
  const { headers, body } = response
  // The length of a compressed response does not give the decompressed size.
  const length = headers.has('content-encoding') ? Number.NaN : Number(headers.get('content-length') ?? Number.NaN)
  if (length > limit) throw tooLarge()
  if (Number.isNaN(length) && body) return collectCapped(body, limit, tooLarge)
  const bytes = new Uint8Array(await response.arrayBuffer())
  if (bytes.byteLength > limit) throw tooLarge()
  return bytes
}

/**
 * Verifies a response before anything is parsed. A gateway that refuses a call (especially with 401) does not always
 * sign, and its key may be unknown to a new merchant: such a failure is reported as unverified. An invalid signature is
 * rejected at any status.
 *
 * @returns whether the response was verified; always `true` for a success, which throws otherwise
 * @throws {SignatureError} with every reason
 */
export async function verifyResponse(response: RawResponse, verifier: MessageVerifier): Promise<boolean> {
  try {
    const verified = verifier.verify(response.header, response.bytes, 'response')
    if (verified) await verified
    return true
  } catch (error) {
    if (isSuccess(response)) throw nameSender(error, response)
    // If certificates could not be downloaded, the failure of the call is more useful.
    if (!(error instanceof SignatureError)) return false
    if (error.reason === 'missing' || error.reason === 'unknown_serial') return false
    throw error
  }
}

/**
 * A response without a signature is usually not from WeChat Pay, but from a proxy or the server of a wrong `baseUrl`.
 */
function nameSender(error: unknown, { status, host }: RawResponse): unknown {
  if (!(error instanceof SignatureError) || error.reason !== 'missing') return error
  const message = `HTTP ${status} from ${host} without a complete signature, so it is not from WeChat Pay. Check the option baseUrl. ${error.message}`
  return new SignatureError('missing', message, { product: 'pay', cause: error })
}

/**
 * Parses the body of a successful response, and turns everything else into an error.
 *
 * @throws {WeChatPayError} ERR_WECHAT_PAY
 * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE
 */
export function parseResponse(
  response: RawResponse,
  context: { operation: string; isVerified: boolean; nowMs: number }
): unknown {
  if (!isSuccess(response)) throw readFailure(response, context)
  return response.bytes.byteLength === 0 ? undefined : parseJson(response.bytes)
}

function isSuccess({ status }: RawResponse): boolean {
  return status === 200 || status === 204
}

/** Makes the error for a genuine response that cannot be used. */
export function unexpected(operation: string, problem: string, status?: number): WeixinKitError {
  return new UnexpectedResponseError(`${operation}: ${problem}`, {
    product: 'pay',
    ...(status === undefined ? {} : { status })
  })
}
