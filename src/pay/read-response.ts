import { BodyError, SignatureError, UnexpectedResponseError, type WeixinKitError } from '../errors/index.ts'
import { parseJson } from '../internal/json/index.ts'
import { collectCapped } from './common/collect.ts'
import type { MessageVerifier } from './message-verifier.ts'
import type { PayCall, RawResponse } from './pay-call.ts'
import { readFailure } from './read-failure.ts'

/** Far above every JSON response; files have a limit of their own. */
const MAX_RESPONSE_BYTES = 16 * 1024 * 1024

/** @throws {BodyError} ERR_BODY_TOO_LARGE */
export async function readBytes(response: Response, call: PayCall): Promise<Uint8Array> {
  const limit = call.maxBytes ?? MAX_RESPONSE_BYTES
  const tooLarge = () =>
    new BodyError('too_large', `${call.operation}: the response is larger than ${limit} bytes.`, { product: 'pay' })
  const { headers, body } = response
  // The length of a compressed response says nothing about what comes out of it.
  const length = headers.has('content-encoding') ? Number.NaN : Number(headers.get('content-length') ?? Number.NaN)
  if (length > limit) throw tooLarge()
  if (Number.isNaN(length) && body) return collectCapped(body, limit, tooLarge)
  const bytes = new Uint8Array(await response.arrayBuffer())
  if (bytes.byteLength > limit) throw tooLarge()
  return bytes
}

/**
 * Verifies a response before anything of it is parsed. A gateway that refuses a call (401 above all) does not always sign, and its
 * key may be unknown to a new merchant: such a failure is reported as unverified. An invalid signature is rejected at any status.
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
    // Where certificates could not be downloaded, the failure at hand says more.
    if (!(error instanceof SignatureError)) return false
    if (error.reason === 'missing' || error.reason === 'unknown_serial') return false
    throw error
  }
}

/** Who answers without a signature is mostly not WeChat Pay: a proxy, or the server of a wrong `baseUrl`. */
function nameSender(error: unknown, { status, host }: RawResponse): unknown {
  if (!(error instanceof SignatureError) || error.reason !== 'missing') return error
  const message = `HTTP ${status} from ${host} without a complete signature: that is not WeChat Pay's. Check the option baseUrl. ${error.message}`
  return new SignatureError('missing', message, { product: 'pay', cause: error })
}

/**
 * Parses the body of a success, and turns everything else into an error.
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

/** A response that cannot be used although it is genuine. */
export function unexpected(operation: string, problem: string, status?: number): WeixinKitError {
  return new UnexpectedResponseError(`${operation}: ${problem}`, {
    product: 'pay',
    ...(status === undefined ? {} : { status })
  })
}
