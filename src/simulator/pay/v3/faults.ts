import type { MerchantAccount } from '../../framework/accounts.ts'
import type { Exchange } from '../../framework/exchange.ts'
import type { Fault } from '../../framework/faults.ts'
import { V3Failure } from '../failures.ts'
import type { PayWorld } from '../world.ts'
import { failureAnswer } from './answer.ts'

const STATUS: Readonly<Record<number, readonly string[]>> = {
  202: ['USERPAYING'],
  400: [
    'PARAM_ERROR',
    'INVALID_REQUEST',
    'APPID_MCHID_NOT_MATCH',
    'MCH_NOT_EXISTS',
    'ORDER_CLOSED',
    'ORDER_PAID',
    'NO_STATEMENT_EXIST',
    'STATEMENT_CREATING'
  ],
  401: ['SIGN_ERROR'],
  403: [
    'NO_AUTH',
    'OUT_TRADE_NO_USED',
    'RULE_LIMIT',
    'RULELIMIT',
    'TRADE_ERROR',
    'NOT_ENOUGH',
    'ACCOUNT_ERROR',
    'ACCOUNTERROR',
    'USER_ACCOUNT_ABNORMAL',
    'REQUEST_BLOCKED'
  ],
  404: ['RESOURCE_NOT_EXISTS', 'ORDER_NOT_EXIST', 'NOT_FOUND'],
  405: ['METHOD_NOT_ALLOWED'],
  409: ['ALREADY_EXISTS'],
  429: ['FREQUENCY_LIMITED', 'RATELIMIT_EXCEEDED', 'FREQUENCY_LIMIT_EXCEED', 'FREQUENCY_LIMIT_EXCEEDED'],
  500: ['SYSTEM_ERROR', 'OPENID_MISMATCH', 'BANK_ERROR', 'INVALID_TRANSACTIONID'],
  503: ['SERVICE_UNAVAILABLE']
}

const statusOf = (code: string): number =>
  Number(Object.entries(STATUS).find(([, codes]) => codes.includes(code))?.[0] ?? 400)

/** The response that a fault stands for, signed as the platform signs it. */
export async function faultV3(
  world: PayWorld,
  exchange: Exchange,
  fault: Fault,
  real: Response | undefined
): Promise<Response | undefined> {
  if (fault.kind === 'bad-signature') return real && badSignature(real)
  if (fault.errcode === undefined && fault.status === undefined) return undefined
  const code =
    fault.errcode === undefined ? (STATUS[fault.status ?? 500]?.[0] ?? 'SYSTEM_ERROR') : String(fault.errcode)
  const status = fault.status ?? statusOf(code)
  if (status === 502 || status === 504) {
    return new Response(`<html><head><title>${status}</title></head></html>`, {
      status,
      headers: { 'content-type': 'text/html' }
    })
  }
  return failureAnswer(world, exchange, callerOf(world, exchange), new V3Failure(status, code, fault.errmsg ?? code))
}

// The signature of the request is not checked here: a fault comes whoever asks. The response is signed for the caller.
function callerOf(world: PayWorld, exchange: Exchange): MerchantAccount | undefined {
  const [, mchId = ''] = /mchid="(\d+)"/.exec(exchange.headers.get('authorization') ?? '') ?? []
  return world.context.accounts.merchant(mchId)
}

function badSignature(real: Response): Response {
  const headers = new Headers(real.headers)
  const signature = headers.get('wechatpay-signature')
  if (signature) headers.set('wechatpay-signature', (signature[0] === 'A' ? 'B' : 'A') + signature.slice(1))
  return new Response(real.body, { status: real.status, headers })
}
