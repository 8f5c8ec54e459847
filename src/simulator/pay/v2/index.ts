import type { Exchange } from '../../framework/exchange.ts'
import type { Fault } from '../../framework/faults.ts'
import { misspelt } from '../../framework/real-paths.ts'
import { certificateList } from '../certificate-list.ts'
import { PayFailure, V2Failure } from '../failures.ts'
import { PAPAY_ENDPOINTS } from '../papay/v2-endpoints.ts'
import { checkApp } from '../payer.ts'
import { lacksPermission } from '../rates.ts'
import { isRealPayPath } from '../real-paths.ts'
import type { PayWorld } from '../world.ts'
import { failure, success, transportFailure } from './answer.ts'
import { BANK_ENDPOINTS } from './bank-transfers.ts'
import { BILL_ENDPOINTS } from './bills.ts'
import { payEndpoint, type V2Call, type V2Endpoint } from './endpoint.ts'
import { checkFields } from './fields.ts'
import { MICROPAY_ENDPOINTS } from './micropay.ts'
import { openCall } from './open-call.ts'
import { ORDER_ENDPOINTS } from './orders.ts'
import { SHARING_ENDPOINTS } from './profit-sharing.ts'
import { SHARING_QUERY_ENDPOINTS } from './profit-sharing-queries.ts'
import { RED_PACK_ENDPOINTS } from './red-packs.ts'
import { REFUND_ENDPOINTS } from './refunds.ts'
import { SANDBOX_KEY_ENDPOINTS, withoutSandbox } from './sandbox.ts'
import { TRANSFER_ENDPOINTS } from './transfers.ts'

const { app: _, ...CERTIFICATES } = payEndpoint(
  '/risk/getcertficates',
  {},
  ({ world, merchant }) => ({ certificates: JSON.stringify(certificateList(world, merchant)) }),
  { signTypes: ['HMAC-SHA256'] }
)

export const V2_ENDPOINTS: readonly V2Endpoint[] = [
  ...ORDER_ENDPOINTS,
  ...MICROPAY_ENDPOINTS,
  ...REFUND_ENDPOINTS,
  ...BILL_ENDPOINTS,
  ...TRANSFER_ENDPOINTS,
  ...RED_PACK_ENDPOINTS,
  ...BANK_ENDPOINTS,
  ...SHARING_ENDPOINTS,
  ...SHARING_QUERY_ENDPOINTS,
  ...PAPAY_ENDPOINTS,
  ...SANDBOX_KEY_ENDPOINTS,
  CERTIFICATES
]

const BY_PATH: ReadonlyMap<string, V2Endpoint> = new Map(V2_ENDPOINTS.map((one) => [one.path, one]))

const PATHS: readonly string[] = [...BY_PATH.keys()]

const NO_CERTIFICATE_PAGE =
  '<html>\r\n<head><title>400 No required SSL certificate was sent</title></head>\r\n<body><center><h1>400 Bad Request</h1></center>\r\n<center>No required SSL certificate was sent</center></body>\r\n</html>'

/** Endpoint of a path, sandbox prefix or not. */
export function v2EndpointOf(path: string): V2Endpoint | undefined {
  return BY_PATH.get(path) ?? BY_PATH.get(withoutSandbox(path).path)
}

export function handleV2(world: PayWorld, exchange: Exchange): Response {
  const endpoint = v2EndpointOf(exchange.path)
  if (!endpoint) {
    if (isRealPayPath(exchange.path) && !misspelt(exchange.path, PATHS)) {
      return transportFailure(exchange.noteNotSimulated())
    }
    exchange.noteUnknownPath(PATHS)
    return new Response('<html><title>404 Not Found</title></html>', { status: 404 })
  }
  let call: V2Call | undefined
  try {
    const isSandbox = !BY_PATH.has(exchange.path)
    call = openCall(world, exchange, endpoint, isSandbox)
    checkAccess(call, endpoint)
    noteEmptyIp(call)
    checkFields(call.fields, endpoint.rules, world.settings.acceptEmptyIp)
    if (endpoint.app) checkApp(world, call.merchant, call.fields[endpoint.app] ?? '')
    const answer = endpoint.run(call)
    return answer instanceof Response ? answer : success(call, endpoint, answer)
  } catch (error) {
    return refusal(endpoint, call, error)
  }
}

/** Shares and payouts spell the missing permission otherwise than payments. */
function checkAccess({ world, merchant }: V2Call, { path, errors }: V2Endpoint): void {
  if (lacksPermission(world.settings, path)) {
    const isPayment = errors !== 'payout' && !path.includes('profitsharing')
    throw new V2Failure(isPayment ? 'NOAUTH' : 'NO_AUTH', '商户无此接口权限')
  }
  if (world.rates.isTooMany(merchant.mchId, `POST ${path}`)) {
    throw new V2Failure('FREQUENCY_LIMITED', '频率限制，请降低请求频率')
  }
}

function noteEmptyIp({ exchange, fields, world }: V2Call): void {
  if (fields.spbill_create_ip !== '' || world.settings.acceptEmptyIp) return
  exchange.hint =
    'spbill_create_ip is empty; reports differ on what the real service does: paySettings.acceptEmptyIp takes it'
}

function refusal(endpoint: V2Endpoint, call: V2Call | undefined, error: unknown): Response {
  if (error instanceof PayFailure && call) return failure(call, endpoint, error.v2Code, error.message)
  if (!(error instanceof V2Failure)) throw error
  if (call && !error.isTransport) return failure(call, endpoint, error.code, error.message)
  // The gateway of /secapi stops a connection without a certificate before any XML is read.
  if (error.code === 'CA_ERROR' && endpoint.path.startsWith('/secapi/')) {
    return new Response(NO_CERTIFICATE_PAGE, { status: 400, headers: { 'content-type': 'text/html' } })
  }
  return transportRefusal(endpoint, error)
}

function transportRefusal(endpoint: V2Endpoint, { code, message }: V2Failure): Response {
  if (endpoint.errors !== 'payout' || code === 'FAIL') return transportFailure(message)
  return transportFailure(message, code)
}

/** The response that a fault stands for. */
export function faultV2(
  world: PayWorld,
  exchange: Exchange,
  fault: Fault,
  real: Response | undefined
): Promise<Response | undefined> | Response | undefined {
  const endpoint = v2EndpointOf(exchange.path)
  if (!endpoint) return undefined
  if (fault.kind === 'bad-signature') return real && badSignature(real)
  if (fault.errcode === undefined) return fault.status === undefined ? undefined : page(fault.status)
  const code = String(fault.errcode)
  const text = fault.errmsg ?? code
  if (code === 'FAIL') return transportFailure(text)
  try {
    const call = openCall(world, exchange, endpoint, !BY_PATH.has(exchange.path))
    // Somebody has to be there who types the password, or the order could never be finished.
    if (code === 'USERPAYING' && endpoint.path === '/pay/micropay') {
      world.authCodes.asksPasswordNext = true
      return handleV2(world, exchange)
    }
    return failure(call, endpoint, code, text)
  } catch (error) {
    return refusal(endpoint, undefined, error)
  }
}

async function badSignature(real: Response): Promise<Response> {
  const text = (await real.text()).replace(
    /(<sign><!\[CDATA\[)([0-9A-F])/,
    (_all, before: string, digit: string) => before + (digit === '0' ? '1' : '0')
  )
  return new Response(text, { status: real.status, headers: real.headers })
}

function page(status: number): Response {
  return new Response(`<html><head><title>${status}</title></head></html>`, {
    status,
    headers: { 'content-type': 'text/html' }
  })
}
