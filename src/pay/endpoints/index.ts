import type { Endpoint } from '../endpoint.ts'
import { BILL_ENDPOINTS } from './bills.ts'
import { COMPLAINT_ENDPOINTS } from './complaints.ts'
import { COUPON_ENDPOINTS } from './coupons.ts'
import { PROFIT_SHARING_ENDPOINTS } from './profit-sharing.ts'
import { REFUND_ENDPOINTS } from './refunds.ts'
import { COMBINE_ENDPOINTS, PARTNER_ENDPOINTS, TRANSACTION_ENDPOINTS } from './transactions.ts'
import { TRANSFER_BATCH_ENDPOINTS, TRANSFER_ENDPOINTS } from './transfers.ts'

const TABLES = {
  transactions: TRANSACTION_ENDPOINTS,
  partnerTransactions: PARTNER_ENDPOINTS,
  combinedTransactions: COMBINE_ENDPOINTS,
  refunds: REFUND_ENDPOINTS,
  bills: BILL_ENDPOINTS,
  transfers: TRANSFER_ENDPOINTS,
  transferBatches: TRANSFER_BATCH_ENDPOINTS,
  profitSharing: PROFIT_SHARING_ENDPOINTS,
  coupons: COUPON_ENDPOINTS,
  complaints: COMPLAINT_ENDPOINTS
} as const

type Tables = typeof TABLES

/** Family and line of its table, e.g. `refunds.create`: how the methods name an endpoint without loading the tables. */
export type EndpointName = { [F in keyof Tables]: `${F}.${keyof Tables[F] & string}` }[keyof Tables]

export function endpointOf(name: EndpointName): Endpoint {
  const at = name.indexOf('.')
  const table: Readonly<Record<string, Endpoint>> = TABLES[name.slice(0, at) as keyof Tables]
  return table[name.slice(at + 1)] as Endpoint
}
