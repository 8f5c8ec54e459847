import { BodyError, UnexpectedResponseError, type WeChatPayError } from '../../errors/index.ts'
import { redactText } from '../../internal/redact.ts'
import { parseXml, type XmlObject } from '../../internal/xml/index.ts'
import { collectCapped } from '../common/collect.ts'
import { payErrorOf } from './pay-error.ts'

/** Far above the longest response, a refund query with all its coupons. */
const MAX_RESPONSE_BYTES = 1024 * 1024

/**
 * Reads a response as XML.
 *
 * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE when it is not: gateways send HTML, also with status 200.
 */
export async function readXmlResponse(
  response: Response,
  operation: string,
  lists?: readonly string[]
): Promise<XmlObject> {
  return parseXmlResponse(await readCapped(response, operation), response.status, operation, lists)
}

export function parseXmlResponse(
  body: Uint8Array | string,
  status: number,
  operation: string,
  lists: readonly string[] = []
): XmlObject {
  try {
    return parseXml(body, { maxBytes: MAX_RESPONSE_BYTES, lists })
  } catch (cause) {
    const head = typeof body === 'string' ? body.slice(0, 80) : Buffer.from(body.subarray(0, 80)).toString('utf8')
    if (status === 400 && NO_CERTIFICATE.test(head)) throw certificateRefused(head, status, operation)
    const start = head.replace(/\s+/g, ' ')
    // Nothing of an XML message is shown: if truncated, its fields cannot be distinguished from secrets.
    const what = /^.?<(?:xml|\?xml)/i.test(start) ? 'damaged XML' : `"${redactText(start)}…"`
    throw new UnexpectedResponseError(
      `${operation}: expected XML from WeChat Pay, got HTTP ${status} with ${body.length} bytes: ${what}. Check baseUrl and any proxy in between.`,
      { product: 'pay', status, ...(cause instanceof BodyError ? { cause } : {}) }
    )
  }
}

/** An error page of WeChat Pay's gateway, which closes such a connection before anything is executed. */
const NO_CERTIFICATE = /<title>400 (?:No required SSL certificate was sent|The SSL certificate error)/

function certificateRefused(page: string, status: number, operation: string): WeChatPayError {
  const return_msg = NO_CERTIFICATE.exec(page)?.[0].replace(/<title>400 /, '') ?? ''
  return payErrorOf({ return_code: 'FAIL', return_msg, err_code: 'CA_ERROR' }, status, operation)
}

function readCapped(response: Response, operation: string): Promise<Uint8Array | string> {
  const { headers } = response
  // The length of a compressed response does not give the decompressed size.
  const length = headers.has('content-encoding') ? Number.NaN : Number(headers.get('content-length') ?? Number.NaN)
  // Invalid UTF-8 is replaced here, and then no longer matches the signature.
  if (length <= MAX_RESPONSE_BYTES) return response.text()
  if (Number.isNaN(length) && response.body) return collect(response.body, response.status, operation)
  if (Number.isNaN(length)) return response.text()
  throw tooLarge(response.status, operation)
}

/** Collects the bytes of a stream up to the size of a response. */
export function collect(body: AsyncIterable<Uint8Array>, status: number, operation: string): Promise<Uint8Array> {
  return collectCapped(body, MAX_RESPONSE_BYTES, () => tooLarge(status, operation))
}

function tooLarge(status: number, operation: string): UnexpectedResponseError {
  return new UnexpectedResponseError(`${operation}: the response has more than ${MAX_RESPONSE_BYTES} bytes.`, {
    product: 'pay',
    status
  })
}
