import { oneOf, optional, required } from '../../core/options.ts'
import { tableOf } from '../endpoint-table.ts'
import { chars, day, merchantId } from '../field-rules.ts'
import { PROFIT_SHARING_ENDPOINTS } from './profit-sharing.ts'

const ask = { method: 'GET', answer: 'json', repeat: 'safe' } as const
const FILE = ['hash_type', 'hash_value', 'download_url'] as const
const gzip = optional(oneOf('GZIP'))

/** Bills: asked for here, downloaded by the address in the answer. (申请交易账单, 申请资金账单) */
export const BILL_ENDPOINTS = tableOf({
  trade: {
    ...ask,
    operation: 'bills.trade',
    path: '/v3/bill/tradebill',
    rules: {
      bill_date: required(day),
      bill_type: optional(chars(32)),
      sub_mchid: optional(merchantId),
      tar_type: gzip
    },
    expects: FILE
  },
  fundFlow: {
    ...ask,
    operation: 'bills.fundFlow',
    path: '/v3/bill/fundflowbill',
    rules: {
      bill_date: required(day),
      account_type: optional(oneOf('BASIC', 'OPERATION', 'FEES')),
      tar_type: gzip
    },
    expects: FILE
  },
  subMerchantFundFlow: {
    ...ask,
    operation: 'bills.subMerchantFundFlow',
    path: '/v3/bill/sub-merchant-fundflowbill',
    rules: {
      bill_date: required(day),
      sub_mchid: required(merchantId),
      account_type: required(oneOf('BASIC', 'OPERATION', 'FEES', 'DEPOSIT')),
      algorithm: required(oneOf('AEAD_AES_256_GCM')),
      tar_type: gzip
    }
  },
  profitSharing: PROFIT_SHARING_ENDPOINTS.bill
})
