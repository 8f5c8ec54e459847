import type { RequestOptions } from '../../core/client-options.ts'
import { checkOptions, flag, oneOf, optional, record, required, text } from '../../core/options.ts'
import type { ResultQuery } from '../../errors/index.ts'
import type { XmlObject } from '../../internal/xml/index.ts'
import { BANK_TRANSFERS } from './bank-transfers.ts'
import { BILLS } from './bills.ts'
import { type Call, type Endpoint, signed } from './endpoint.ts'
import { IDENTITIES, type Identity } from './identity.ts'
import { invalid } from './invalid.ts'
import { ORDERS } from './orders.ts'
import { PAPAY } from './papay.ts'
import { HEADERS, type PayV2Client, writeRequest } from './pay-v2-client.ts'
import { PROFIT_SHARING } from './profit-sharing.ts'
import { parseXmlResponse } from './read-response.ts'
import { RED_PACKS } from './red-packs.ts'
import { REFUND_WITH_GOODS, REFUNDS } from './refunds.ts'
import type { Signer, SignType } from './signer.ts'
import { TRANSFERS } from './transfers.ts'
import { verifyResponse } from './verify-response.ts'

/** Parameters of `pay2.request`, for APIs without a method of their own. */
export interface PayV2Request {
  /** With leading slash, e.g. `/tools/shorturl`. Known properties of a path (certificate, sign type …) apply. */
  path: string
  /** Without nonce and signature; the client fills in the account. */
  params?: Readonly<Record<string, unknown>> | undefined
  /** If it is not the main host. */
  host?: string | undefined
  /** Whether to present the merchant certificate; default `false`. */
  withCertificate?: boolean | undefined
  /** Default: that of the client. */
  signType?: SignType | undefined
  /** `absent` for an API whose document shows no `sign` in the response; default `required`. */
  responseSign?: 'required' | 'absent' | undefined
  /** Field names of the account; default `account`: `appid`, `mch_id`. */
  identity?: Identity | undefined
  /** Whether the identical request may be retried; default `false`. */
  idempotent?: boolean | undefined
  /**
   * For an API that moves money: the query that settles an unknown result, which is then thrown as UnknownResultError.
   */
  query?: ResultQuery | undefined
}

const RULES = {
  path: required(text(/^\/[\w./-]{1,200}$/, 'a path such as "/tools/shorturl"')),
  params: optional(record),
  host: optional(text(/^[a-z0-9.-]+$/i, 'a host name')),
  withCertificate: optional(flag),
  signType: optional(oneOf('HMAC-SHA256', 'MD5')),
  responseSign: optional(oneOf('required', 'absent')),
  identity: optional(oneOf(...Object.keys(IDENTITIES))),
  idempotent: optional(flag),
  query: optional(record)
}

/** Paths without a method. */
const OTHERS = {
  shortUrl: signed('/tools/shorturl', { rules: {}, echo: ['appid', 'mch_id'] }),
  report: signed('/payitil/report', { rules: {}, responseSign: 'absent', echo: [] }),
  // The upstream's own spelling.
  platformCertificates: signed('/risk/getcertficates', {
    rules: {},
    signType: 'HMAC-SHA256',
    identity: 'merchant',
    echo: []
  }),
  refundWithGoods: REFUND_WITH_GOODS
}

/** All rows, by name of their family. */
export const FAMILIES: Readonly<Record<string, Readonly<Record<string, Endpoint>>>> = {
  orders: ORDERS,
  refunds: REFUNDS,
  bills: BILLS,
  transfers: TRANSFERS,
  redPacks: RED_PACKS,
  bankTransfers: BANK_TRANSFERS,
  profitSharing: PROFIT_SHARING,
  papay: PAPAY,
  others: OTHERS
}

/** A signed request for your own HTTP stack. It is valid as long as its number and nonce may be used. */
export interface SignedPayV2Request {
  readonly method: 'POST'
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  /** XML. Send these bytes: a change breaks the signature. */
  readonly body: string
  /** Whether WeChat Pay requires the merchant certificate (双向证书). */
  readonly needsCertificate: boolean
  /**
   * Verifies the response, like every response of the client.
   *
   * @param response HTTP status, and the body as received
   * @returns the verified fields, as text
   * @throws {WeChatPayError} ERR_WECHAT_PAY when WeChat Pay refused
   * @throws {SignatureError} ERR_SIGNATURE_MISSING, ERR_SIGNATURE_MISMATCH
   * @throws {UnexpectedResponseError} ERR_UNEXPECTED_RESPONSE
   */
  readResponse(response: { status: number; body: string | Uint8Array }): XmlObject
}

/** Signs any call without sending it. */
export function buildRequest(client: PayV2Client, request: PayV2Request, signer: Signer): SignedPayV2Request {
  const { operation, endpoint } = describeRequest(request)
  const fields = client.fields(operation, endpoint, request.params ?? {})
  const { url, sent } = client.describe(operation, endpoint, fields, signer)
  return {
    method: 'POST',
    url: new URL(url),
    headers: { ...HEADERS },
    body: writeRequest(sent),
    needsCertificate: endpoint.certificate,
    readResponse: ({ status, body }) => ({
      ...verifyResponse(parseXmlResponse(body, status, operation, endpoint.lists), status, sent)
    })
  }
}

/** Sends any call, signed and verified like every other. */
export async function sendRequest(
  client: PayV2Client,
  request: PayV2Request,
  options?: RequestOptions
): Promise<XmlObject> {
  const { operation, endpoint } = describeRequest(request)
  const fields = client.fields(operation, endpoint, request.params ?? {})
  return client.send(operation, endpoint, fields, options, request.query)
}

/** The row of a request. @throws {ConfigError} ERR_INVALID_PARAM */
export function describeRequest(request: PayV2Request): {
  operation: string
  endpoint: Endpoint<Call<unknown, XmlObject>>
} {
  checkOptions(request, RULES, { owner: 'request', product: 'pay', of: 'params' })
  const known = findEndpoint(request.path)
  if (known && request.responseSign === 'absent' && known.responseSign === 'required') {
    throw invalid('request', 'responseSign', `must not be "absent": responses of ${request.path} are signed`)
  }
  if (known?.asQuery) throw invalid('request', 'path', 'is not sent as XML: use pay2.papay.signH5')
  if (known?.response === 'bill') throw invalid('request', 'path', 'is a bill, not XML: use pay2.bills')
  const operation = `request ${request.path}`
  if (!known) return { operation, endpoint: describeUnknown(request) }
  // Of a row with a method, only the protocol properties: here the caller decides what is sent.
  const { rules: _, defaults: _d, notifyUrl: _n, oneOf: _o, check: _c, write: _w, pathFor: _p, ...protocol } = known
  return { operation, endpoint: signed(request.path, { ...protocol, rules: {}, response: 'fields' }) }
}

function findEndpoint(path: string): Endpoint | undefined {
  const rows = Object.values(FAMILIES).flatMap((family) => Object.values(family))
  return rows.find((row) => row.path === path)
}

function describeUnknown(request: PayV2Request): Endpoint<Call<unknown, XmlObject>> {
  return signed(request.path, {
    rules: {},
    response: 'fields',
    certificate: request.withCertificate ?? false,
    responseSign: request.responseSign ?? 'required',
    signType: request.signType ?? 'configured',
    identity: request.identity ?? 'account',
    retry: request.idempotent ? 'safe' : 'never',
    echo: [],
    ...(request.host ? { host: request.host } : {})
  })
}
