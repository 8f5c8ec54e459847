import { afterEach, beforeEach, expect, it } from 'vitest'
import { type ContractNotification, WeChatPayV2 } from 'weixin-kit/pay/v2'
import { createSimulator, type Simulator } from 'weixin-kit/simulator'

// What entrusted deductions (委托代扣) have beside the basic form of their documents.

let simulator: Simulator
let pay: WeChatPayV2
let notices: ContractNotification[]

beforeEach(() => {
  notices = []
  simulator = createSimulator({ seed: 'deductions', deliver: (request) => handler(request) })
  pay = new WeChatPayV2({
    ...simulator.credentials.payV2,
    ...simulator.clientOptions,
    notifyUrl: 'https://shop.example.com/n'
  })
  const handler = pay.contractNotifyHandler({ onContract: (notice) => notices.push(notice), onError: () => {} })
})
afterEach(() => simulator.close())

async function signed(): Promise<string> {
  const url = pay.entrustUrl({
    plan_id: '100',
    contract_code: 'C1',
    request_serial: '1',
    contract_display_account: '张三',
    notify_url: 'https://shop.example.com/contract'
  })
  const { contractId = '' } = await simulator.user('ming').signContract(url)
  return contractId
}

it('what is deducted can be shared', async () => {
  // https://github.com/binarywang/WxJava/issues/1277
  const contract_id = await signed()
  const deduct = (out_trade_no: string, profit_sharing: 'Y' | 'N') =>
    pay.papay.deduct({
      contract_id,
      body: '会员',
      out_trade_no,
      total_fee: 1_000,
      spbill_create_ip: '203.0.113.7',
      profit_sharing
    })
  await deduct('T10001', 'Y')
  await deduct('T10002', 'N')
  await simulator.clock.advance(120_000)
  const left = async (out_trade_no: string) => {
    const { transaction_id = '' } = await pay.papay.queryDeduction({ out_trade_no })
    return pay.profitSharing.remainingAmount({ transaction_id }).then(
      ({ unsplit_amount }) => unsplit_amount,
      ({ upstreamMessage }) => upstreamMessage
    )
  }
  expect(await left('T10001')).toBe(994)
  expect(await left('T10002')).toBe('非分账订单不支持分账')
})

it('the end of a contract is notified in the newer form', async () => {
  // https://pay.weixin.qq.com/doc/v2/partner/4011988378
  const contract_id = await signed()
  await pay.papay.terminate({ contract_id, contract_termination_remark: '不再续费' })
  await simulator.clock.settle()
  expect(notices).toMatchObject([
    { change_type: 'ADD', contract_id },
    {
      change_type: 'DELETE',
      contract_id,
      contract_state: '1',
      contract_signed_time: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
      contract_terminated_time: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
      contract_termination_mode: '3',
      contract_termination_remark: '不再续费'
    }
  ])
  expect(notices[0]).not.toHaveProperty('appid')
})
