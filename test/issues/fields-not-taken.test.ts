import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WeChatPay } from 'weixin-kit/pay'
import { WeChatPayV2 } from 'weixin-kit/pay/v2'
import { createSimulator, type Simulator } from 'weixin-kit/simulator'
import { v2Caller, v3Caller } from '../support/pay-callers.ts'

// What WeChat Pay refuses although every value is right: a field that is said twice, or that the call does not have.

let simulator: Simulator
let pay: WeChatPay

beforeEach(() => {
  simulator = createSimulator({ seed: 'fields' })
  pay = new WeChatPay({ ...simulator.credentials.payV3, ...simulator.clientOptions, maxRetries: 0 })
})
afterEach(() => simulator.close())

const refusal = (call: Promise<unknown>) =>
  call.then(
    () => 'accepted',
    ({ upstreamCode, upstreamMessage }) => `${upstreamCode} ${upstreamMessage}`
  )

describe('API v3', () => {
  const v3Refusal = async (target: string) => {
    const { body } = await v3Caller(simulator)('GET', target)
    return `${body.code} ${body.message}`
  }
  const out_order_no = 'R1'
  const path = `/v3/payscore/serviceorder/${out_order_no}/cancel`
  const body = { service_id: '2002000000000558128851361561536', reason: 'x' }

  it('refuses a number that the path has said already', async () => {
    const appid = pay.appId
    expect(await refusal(pay.request({ method: 'POST', path, body: { ...body, appid, out_order_no } }))).toBe(
      'PARAM_ERROR 无法将输入源“/body/out_order_no”映射到目标字段“out_order_no”中，' +
        '此字段并非多重字段但被输入源“/uri_template/out_order_no”映射过了。'
    )
    const query = { mchid: pay.mchId, out_trade_no: 'T10001' }
    const order = { method: 'GET', path: '/v3/pay/transactions/out-trade-no/T10001', query } as const
    expect(await refusal(pay.request(order))).toContain('输入源“/query/out_trade_no”映射')
    // The client says it once.
    expect(await refusal(pay.payscore.cancel({ out_order_no, ...body }))).not.toContain('映射')
  })

  it('refuses a parameter that is there twice', async () => {
    // https://github.com/binarywang/WxJava/issues/3023
    const twice = '/v3/transfer/batches/batch-id/B1?need_query_detail=true&detail_status=ALL&detail_status=FAIL'
    expect(await v3Refusal(twice)).toBe(
      'PARAM_ERROR 无法将输入源“/query/detail_status#2”映射到目标字段“detail_status”中，' +
        '此字段并非多重字段但被输入源“/query/detail_status”映射过了。'
    )
  })

  it('passes over a field that it does not know, or refuses the call', async () => {
    const order = { description: '茶', out_trade_no: 'T10001', amount: { total: 1 }, notify_url: 'https://a.example/n' }
    const unknown = { ...order, colour: 'red' }
    const { prepay_id } = await pay.transactions.app(unknown)
    expect(prepay_id).toMatch(/^wx/)
    simulator.pay.settings.refuseUnknownFields = true
    expect(await refusal(pay.transactions.app(unknown))).toBe('PARAM_ERROR 请求中含有未在API文档中定义的参数')
    expect(await pay.transactions.app({ ...order, out_trade_no: 'T10002' })).not.toEqual({ prepay_id })
  })
})

it('queries of shares in API v2 take no app of the sub-merchant: the sign would be called wrong', async () => {
  const subAppId = 'wxsub0000000000001'
  const pay2 = new WeChatPayV2({
    ...simulator.credentials.payV2,
    ...simulator.clientOptions,
    subMchId: '1900000999',
    subAppId,
    maxRetries: 0
  })
  const transaction_id = '4200000000000000000000000001'
  const numbers = { transaction_id, out_order_no: 'S1' }
  const back = { out_order_no: 'S1', out_return_no: 'B1' }
  const { appId } = pay2
  for (const [path, fields] of [
    ['/pay/profitsharingquery', { ...numbers, appid: appId }],
    ['/pay/profitsharingquery', { ...numbers, sub_appid: subAppId }],
    ['/pay/profitsharingreturnquery', { ...back, appid: appId, sub_appid: subAppId }],
    ['/pay/profitsharingorderamountquery', { transaction_id, appid: appId }],
    ['/pay/profitsharingmerchantratioquery', { sub_mch_id: '1900000999', appid: appId }],
    ['/secapi/pay/profitsharingfinish', { ...numbers, description: 'x', appid: appId, sub_appid: subAppId }]
  ] as const) {
    const response = await v2Caller(simulator)(path, fields, { signType: 'HMAC-SHA256' })
    expect(response, path).toEqual({ return_code: 'FAIL', return_msg: '验证签名失败' })
  }
  const { profitSharing } = pay2
  expect(await profitSharing.maxRatio({})).toMatchObject({ max_ratio: 3_000 })
  for (const call of [
    profitSharing.query(numbers),
    profitSharing.queryReturn(back),
    profitSharing.remainingAmount({ transaction_id }),
    profitSharing.finish({ ...numbers, description: 'x' })
  ]) {
    expect(await refusal(call)).toMatch(/^(ORDERNOTEXIST|INVALID_TRANSACTIONID) /)
  }
})
