const SHARE = {
  transaction_id: '4200000001',
  order_id: '3008000001',
  out_order_no: 'S1',
  receiver: { type: 'MERCHANT_ID', account: '1900000110', amount: 30, description: '佣金' },
  success_time: '2026-03-01T12:00:00+08:00'
}
const PERMISSION = { service_id: '2002', openid: 'o1', openorclose_time: '20260301120000', authorization_code: 'A1' }
const SERVICE = { service_id: '2002', out_order_no: 'R1', openid: 'o1', order_id: '1000', total_amount: 200 }

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
  }
]
