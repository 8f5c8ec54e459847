const SHARE = {
  transaction_id: '4200000001',
  order_id: '3008000001',
  out_order_no: 'S1',
  receiver: { type: 'MERCHANT_ID', account: '1900000110', amount: 30, description: '佣金' },
  success_time: '2026-03-01T12:00:00+08:00'
}
const PERMISSION = { service_id: '2002', openid: 'o1', openorclose_time: '20260301120000', authorization_code: 'A1' }
const SERVICE = { service_id: '2002', out_order_no: 'R1', openid: 'o1', order_id: '1000', total_amount: 200 }

const COUPON = { stock_id: '9856000', openid: 'o1' }
const SIGN_PLAN = { service_id: '2002', openid: 'o1', plan_id: '1', merchant_sign_plan_no: 'P1', sign_plan_id: '2' }

/** One notification of every kind of API v3 beside payments. */
export const NOTICES: readonly { eventType: string; originalType: string; summary?: string; resource: object }[] = [
  { eventType: 'PROFITSHARING.SUCCESS', originalType: 'profitsharing', summary: '分账', resource: SHARE },
  { eventType: 'TRANSACTION.SUCCESS', originalType: 'profitsharing', summary: '分账回退', resource: SHARE },
  {
    eventType: 'MCHTRANSFER.AUTHORIZATION.CONFIRMED',
    originalType: 'mch_payment',
    resource: { out_authorization_no: 'A1', openid: 'o1', state: 'TAKING_EFFECT', authorization_id: '1' }
  },
  {
    eventType: 'PAYSCORE.USER_CONFIRM',
    originalType: 'payscore',
    resource: { ...SERVICE, state: 'DOING', state_description: 'USER_CONFIRM' }
  },
  {
    eventType: 'PAYSCORE.USER_PAID',
    originalType: 'payscore',
    resource: { ...SERVICE, state: 'DONE', collection: { state: 'USER_PAID', total_amount: 200, paid_amount: 200 } }
  },
  {
    eventType: 'PAYSCORE.USER_OPEN_SERVICE',
    originalType: 'payscore',
    resource: { ...PERMISSION, user_service_status: 'USER_OPEN_SERVICE' }
  },
  {
    eventType: 'ENTRUST.SIGN',
    originalType: 'entrust',
    resource: { contract_id: 'Wx1', contract_state: 'SIGNED', out_contract_code: 'C1', plan_id: 1, openid: 'o1' }
  },
  {
    eventType: 'TRANSACTION.FAIL',
    originalType: 'transaction',
    resource: { out_trade_no: 'T1', trade_state: 'PAY_FAIL', trade_type: 'PAP', amount: { total: 100 } }
  },
  { eventType: 'PROFITSHARING.RETURN', originalType: 'profitsharing', resource: SHARE },
  {
    eventType: 'MCHTRANSFER.AUTHORIZATION.CLOSED',
    originalType: 'mch_payment',
    resource: {
      out_authorization_no: 'A1',
      openid: 'o1',
      state: 'CLOSED',
      close_info: { close_reason: 'USER_CLOSE', close_time: '2026-03-01T12:00:00+08:00' }
    }
  },
  {
    eventType: 'PAYSCORE.USER_CLOSE_SERVICE',
    originalType: 'payscore',
    resource: { ...PERMISSION, user_service_status: 'USER_CLOSE_SERVICE' }
  },
  {
    eventType: 'PAYSCORE.USER_SIGN_PLAN',
    originalType: 'payscore',
    resource: { ...SIGN_PLAN, sign_state: 'SIGNED' }
  },
  {
    eventType: 'PAYSCORE.USER_CANCEL_SIGN_PLAN',
    originalType: 'payscore',
    resource: { ...SIGN_PLAN, sign_state: 'UNSIGNED' }
  },
  {
    eventType: 'ENTRUST.TERMINATE',
    originalType: 'entrust',
    resource: { contract_id: 'Wx1', contract_state: 'TERMINATED', out_contract_code: 'C1', plan_id: 1, openid: 'o1' }
  },
  {
    eventType: 'COUPON.SEND',
    originalType: 'coupon',
    resource: {
      ...COUPON,
      event_type: 'EVENT_TYPE_BUSICOUPON_SEND',
      coupon_code: '1227944923',
      send_time: '2026-03-01T12:00:00+08:00',
      send_channel: 'BUSICOUPON_SEND_CHANNEL_API'
    }
  },
  {
    eventType: 'COUPON.USE',
    originalType: 'coupon',
    resource: { ...COUPON, coupon_id: '98', consume_information: { consume_mchid: '1900000109', transaction_id: '42' } }
  }
]
