import type { MerchantAccount } from '../../framework/accounts.ts'
import type { Exchange } from '../../framework/exchange.ts'
import { misspelt } from '../../framework/real-paths.ts'
import { createRoutes, type RouteParams, route } from '../../framework/service.ts'
import { PayFailure, V3Failure } from '../failures.ts'
import { PAPAY_ROUTES } from '../papay/v3-routes.ts'
import { SERVICE_ORDER_ROUTES } from '../payscore/order-routes.ts'
import { SERVICE_PERMISSION_ROUTES } from '../payscore/permission-routes.ts'
import { SERVICE_PLAN_ROUTES } from '../payscore/plan-routes.ts'
import { SERVICE_APPLICATION_ROUTES } from '../payscore/service-application-routes.ts'
import { SPECIAL_SERVICE_ROUTES } from '../payscore/special-routes.ts'
import { lacksPermission } from '../rates.ts'
import { isRealPayPath } from '../real-paths.ts'
import type { PayWorld } from '../world.ts'
import { failureAnswer, signedAnswer } from './answer.ts'
import { APPLYMENT_ROUTES } from './applyments.ts'
import { authorize, checkHeaders } from './authorize.ts'
import { BILL_ROUTES } from './bills.ts'
import { CERTIFICATE_ROUTES } from './certificates.ts'
import { COMBINE_ROUTES } from './combine.ts'
import { COMPLAINT_ROUTES } from './complaints.ts'
import { COUPON_STOCK_ROUTES } from './coupon-stocks.ts'
import { COUPON_SUBSIDY_ROUTES } from './coupon-subsidies.ts'
import { COUPON_SUBSIDY_RETURN_ROUTES } from './coupon-subsidy-returns.ts'
import { COUPON_ROUTES } from './coupons.ts'
import { DOWNLOAD_ROUTES } from './downloads.ts'
import { MEDIA_ROUTES } from './media.ts'
import { MERCHANT_COUPON_STOCK_ROUTES } from './merchant-coupon-stocks.ts'
import { MERCHANT_COUPON_ROUTES } from './merchant-coupons.ts'
import { openCall, signedBody } from './open-call.ts'
import { PROFIT_SHARING_ROUTES } from './profit-sharing.ts'
import { SHARING_RECEIVER_ROUTES } from './profit-sharing-receivers.ts'
import { SHARING_RETURN_ROUTES } from './profit-sharing-returns.ts'
import { REFUND_ROUTES } from './refunds.ts'
import type { V3Route } from './route.ts'
import { SETTLEMENT_ACCOUNT_ROUTES } from './settlement-accounts.ts'
import { TRANSACTION_ROUTES } from './transactions.ts'
import { TRANSFER_AUTHORIZATION_ROUTES } from './transfer-authorizations.ts'
import { TRANSFER_BATCH_ROUTES } from './transfer-batches.ts'
import { TRANSFER_BILL_ROUTES } from './transfer-bills.ts'
import { TRANSFER_WITHOUT_CONFIRMATION_ROUTES } from './transfer-without-confirmation.ts'

export const V3_ROUTES: readonly V3Route[] = [
  ...TRANSACTION_ROUTES,
  ...COMBINE_ROUTES,
  ...REFUND_ROUTES,
  ...BILL_ROUTES,
  ...DOWNLOAD_ROUTES,
  ...TRANSFER_BILL_ROUTES,
  ...TRANSFER_AUTHORIZATION_ROUTES,
  ...TRANSFER_WITHOUT_CONFIRMATION_ROUTES,
  ...TRANSFER_BATCH_ROUTES,
  ...PAPAY_ROUTES,
  ...SERVICE_ORDER_ROUTES,
  ...SPECIAL_SERVICE_ROUTES,
  ...SERVICE_PLAN_ROUTES,
  ...SERVICE_APPLICATION_ROUTES,
  ...SERVICE_PERMISSION_ROUTES,
  ...PROFIT_SHARING_ROUTES,
  ...SHARING_RETURN_ROUTES,
  ...SHARING_RECEIVER_ROUTES,
  ...COUPON_STOCK_ROUTES,
  ...COUPON_ROUTES,
  ...MERCHANT_COUPON_STOCK_ROUTES,
  ...MERCHANT_COUPON_ROUTES,
  ...COUPON_SUBSIDY_ROUTES,
  ...COUPON_SUBSIDY_RETURN_ROUTES,
  ...COMPLAINT_ROUTES,
  ...MEDIA_ROUTES,
  ...APPLYMENT_ROUTES,
  ...SETTLEMENT_ACCOUNT_ROUTES,
  ...CERTIFICATE_ROUTES
]

/** @internal Answers everything under /v3/. */
export function createV3(world: PayWorld): (exchange: Exchange) => Promise<Response> | Response {
  const rows = V3_ROUTES.map((one) =>
    route(one.method, one.path, (exchange, params) => answer(world, exchange, one, params))
  )
  const refuse = (status: number, code: string, text: string) => (exchange: Exchange) =>
    answer(world, exchange, undefined, {}, new V3Failure(status, code, text))
  const wrongMethod = refuse(405, 'METHOD_NOT_ALLOWED', '请求方法不正确')
  const unknown = refuse(404, 'RESOURCE_NOT_EXISTS', '请求的资源不存在')
  const known = V3_ROUTES.map(({ path }) => path)
  const table = createRoutes(rows, wrongMethod)
  return (exchange) => {
    const answered = table(exchange)
    if (answered) return answered
    if (isRealPayPath(exchange.path) && !misspelt(exchange.path, known)) {
      return refuse(404, 'NOT_SIMULATED', exchange.noteNotSimulated())(exchange)
    }
    exchange.noteUnknownPath(known)
    return unknown(exchange)
  }
}

/** What the gateway refuses before it reads the call. */
function checkAccess(world: PayWorld, { path }: Exchange, one: V3Route, { mchId }: MerchantAccount): void {
  if (lacksPermission(world.settings, path)) throw new V3Failure(403, 'NO_AUTH', '商户无权限发起，请先开通产品权限')
  if (!world.rates.isTooMany(mchId, `${one.method} ${one.path}`)) return
  const code = path.startsWith('/v3/fund-app/') ? 'FREQUENCY_LIMIT_EXCEEDED' : 'FREQUENCY_LIMITED'
  throw new V3Failure(429, code, '频率超限，请降低请求频率')
}

async function answer(
  world: PayWorld,
  exchange: Exchange,
  one: V3Route | undefined,
  params: RouteParams,
  refusal?: V3Failure
): Promise<Response> {
  let merchant: MerchantAccount | undefined
  try {
    checkHeaders(exchange)
    const input = await signedBody(exchange, one)
    merchant = authorize(world, exchange, input.signed)
    if (refusal || !one) throw refusal
    checkAccess(world, exchange, one, merchant)
    const result = await one.run(openCall(world, exchange, one, merchant, params, input))
    if (result instanceof Response) return result
    return signedAnswer(world, exchange, merchant, result === undefined ? 204 : 200, result)
  } catch (error) {
    const failure = error instanceof PayFailure ? new V3Failure(error.v3Status, error.v3Code, error.message) : error
    if (!(failure instanceof V3Failure)) throw error
    return failureAnswer(world, exchange, merchant, failure)
  }
}
