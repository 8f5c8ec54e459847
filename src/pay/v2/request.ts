import type { RequestOptions } from '../../core/client-options.ts'
import { checkOptions, flag, oneOf, optional, record, required, text } from '../../core/options.ts'
import type { ResultQuery } from '../../errors/index.ts'
import type { XmlObject } from '../../internal/xml/index.ts'
import type { Caller } from './caller.ts'
import type { Endpoint, Identity } from './endpoint.ts'
import { ENDPOINTS } from './endpoints.ts'
import { invalid } from './invalid.ts'
import { checkParams } from './params.ts'
import type { SignType } from './signer.ts'

/** What `pay2.request` takes: an API that has no method here yet. */
export interface PayV2Request {
  /** With leading slash, e.g. `/pay/profitsharing`. What the library knows of a path (certificate, sign type …) counts. */
  path: string
  /** Without account, nonce and signature. */
  params?: Readonly<Record<string, unknown>>
  /** Where it is not the main host. */
  host?: string
  /** Present the merchant certificate; default `false`. */
  withCertificate?: boolean
  /** Default: that of the client. */
  signType?: SignType
  /** `absent` for an API whose document shows no `sign` in the answer; default `required`. */
  answerSign?: 'required' | 'absent'
  /** How the account is named; default `account`: `appid`, `mch_id`. */
  identity?: Identity
  /** Whether the identical request may be sent again; default `false`. */
  idempotent?: boolean
  /** For an API that moves money: what settles an unknown result, which is then thrown as UnknownResultError. */
  query?: ResultQuery
}

const RULES = {
  path: required(text(/^\/[\w./-]{1,200}$/, 'a path such as "/pay/profitsharing"')),
  params: optional(record),
  host: optional(text(/^[a-z0-9.-]+$/i, 'a host name')),
  withCertificate: optional(flag),
  signType: optional(oneOf('HMAC-SHA256', 'MD5')),
  answerSign: optional(oneOf('required', 'absent')),
  identity: optional(oneOf('account', 'plain', 'merchant', 'transfer', 'redPack')),
  idempotent: optional(flag),
  query: optional(record)
}

const NUMBERS = ['out_trade_no', 'out_refund_no', 'partner_trade_no', 'mch_billno']

/** Sends any call, signed and verified like every other. */
export async function sendRequest(caller: Caller, request: PayV2Request, options?: RequestOptions): Promise<XmlObject> {
  checkOptions(request, RULES, { owner: 'request', product: 'pay', of: 'params' })
  const known = Object.values(ENDPOINTS).find(({ path }) => path === request.path)
  const endpoint = known ?? describe(request)
  if (known && request.answerSign === 'absent' && known.answerSign === 'required') {
    throw invalid('request', 'answerSign', `must not be "absent": answers of ${known.path} are signed`)
  }
  if (endpoint === ENDPOINTS.tradeBill || endpoint === ENDPOINTS.fundFlowBill) {
    throw invalid('request', 'path', 'is a bill, not XML: use pay2.bills')
  }
  const fields = checkParams(request.params ?? {}, {}, `request ${request.path}`)
  return { ...(await caller.call(endpoint, fields, options, ...(request.query ? [request.query] : []))) }
}

function describe(request: PayV2Request): Endpoint {
  return {
    operation: `request ${request.path}`,
    path: request.path,
    ...(request.host ? { host: request.host } : {}),
    certificate: request.withCertificate ?? false,
    answerSign: request.answerSign ?? 'required',
    nonceField: 'nonce_str',
    signType: request.signType ?? 'configured',
    sendsSignType: true,
    identity: request.identity ?? 'account',
    repeat: request.idempotent ? 'safe' : 'never',
    echo: [],
    mayEcho: ['appid', 'mch_id', 'sub_appid', 'sub_mch_id', ...NUMBERS]
  }
}
