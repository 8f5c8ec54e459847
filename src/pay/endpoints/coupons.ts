import { anything, flag, integer, optional, required } from '../../core/options.ts'
import { fen } from '../common/fen.ts'
import type { Endpoint } from '../endpoint.ts'
import { tableOf } from '../endpoint-table.ts'
import { chars, merchantId, notifyUrl, openid, rfc3339 } from '../field-rules.ts'

const stockId = chars(20, /^\d{1,20}$/, 'a stock_id: digits')
const couponId = chars(20, /^\d{1,20}$/, 'a coupon_id: digits')
const outRequestNo = chars(128, /^[0-9A-Za-z_|*@-]{1,128}$/, '1 to 128 of the characters 0-9 A-Z a-z _ - | * @')
const read = { method: 'GET', answer: 'json', repeat: 'safe' } as const
const write = { method: 'POST', answer: 'json', repeat: 'safe' } as const
const CREATOR = { body: { stock_creator_mchid: 'mchId' } } as const
const state = (verb: string): Endpoint => ({
  ...write,
  operation: `coupons.${verb}Stock`,
  path: `/v3/marketing/favor/stocks/{stock_id}/${verb}`,
  fill: CREATOR,
  rules: { stock_id: required(stockId) },
  echo: ['stock_id']
})

/** Cash coupons, the basics. (代金券) */
export const COUPON_ENDPOINTS = tableOf({
  createStock: {
    ...write,
    operation: 'coupons.createStock',
    path: '/v3/marketing/favor/coupon-stocks',
    fill: { body: { belong_merchant: 'mchId' } },
    rules: {
      stock_name: required(chars(20)),
      comment: optional(chars(60)),
      available_begin_time: required(rfc3339),
      available_end_time: required(rfc3339),
      stock_use_rule: required(anything),
      coupon_use_rule: required(anything),
      pattern_info: optional(anything),
      no_cash: required(flag),
      stock_type: required(chars(16)),
      out_request_no: required(outRequestNo)
    },
    expects: ['stock_id']
  },
  startStock: state('start'),
  pauseStock: state('pause'),
  restartStock: state('restart'),
  send: {
    ...write,
    operation: 'coupons.send',
    path: '/v3/marketing/favor/users/{openid}/coupons',
    fill: { body: { appid: 'appId', stock_creator_mchid: 'mchId' } },
    rules: {
      openid: required(openid),
      stock_id: required(stockId),
      out_request_no: required(outRequestNo),
      coupon_value: optional(fen()),
      coupon_minimum: optional(fen())
    },
    expects: ['coupon_id']
  },
  listStocks: {
    ...read,
    operation: 'coupons.listStocks',
    path: '/v3/marketing/favor/stocks',
    fill: { query: { stock_creator_mchid: 'mchId' } },
    rules: {
      offset: required(integer(0)),
      limit: required(integer(1, 10)),
      status: optional(chars(16)),
      create_start_time: optional(rfc3339),
      create_end_time: optional(rfc3339)
    }
  },
  getStock: {
    ...read,
    operation: 'coupons.getStock',
    path: '/v3/marketing/favor/stocks/{stock_id}',
    fill: { query: { stock_creator_mchid: 'mchId' } },
    rules: { stock_id: required(stockId) },
    echo: ['stock_id']
  },
  getCoupon: {
    ...read,
    operation: 'coupons.getCoupon',
    path: '/v3/marketing/favor/users/{openid}/coupons/{coupon_id}',
    fill: { query: { appid: 'appId' } },
    rules: { openid: required(openid), coupon_id: required(couponId) },
    echo: ['coupon_id']
  },
  listCoupons: {
    ...read,
    operation: 'coupons.listCoupons',
    path: '/v3/marketing/favor/users/{openid}/coupons',
    fill: { query: { appid: 'appId' } },
    rules: {
      openid: required(openid),
      stock_id: optional(stockId),
      status: optional(chars(16)),
      creator_mchid: optional(merchantId),
      offset: optional(integer(0)),
      limit: optional(integer(1, 20))
    }
  },
  setCallback: {
    ...write,
    operation: 'coupons.setCallback',
    path: '/v3/marketing/favor/callbacks',
    fill: { body: { mchid: 'mchId' } },
    rules: { notify_url: required(notifyUrl), switch: optional(flag) }
  }
})
