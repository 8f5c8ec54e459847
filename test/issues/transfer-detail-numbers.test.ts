import { afterEach, expect, it } from 'vitest'
import { WeChatPay } from 'weixin-kit/pay'
import { createSimulator } from 'weixin-kit/simulator'

const simulator = createSimulator()
afterEach(() => simulator.close())

const pay = new WeChatPay({
  ...simulator.credentials.payV3,
  ...simulator.clientOptions,
  notifyUrl: 'https://shop.example.com/n'
})
const batch = (out_detail_no: string) => ({
  out_batch_no: `B00${out_detail_no.length}`.padEnd(5, '0'),
  batch_name: '佣金',
  batch_remark: '三月',
  total_amount: 100,
  total_num: 1,
  transfer_detail_list: [
    { out_detail_no, transfer_amount: 100, transfer_remark: '佣金', openid: simulator.user('ming').openid() }
  ]
})

// 商家明细单号 is string[1,32] in the document, 商家批次单号 string[5,32].
it('the number of one transfer has 1 to 32 letters and digits', async () => {
  for (const out_detail_no of ['7', 'D'.repeat(32)]) {
    const { out_batch_no } = await pay.transferBatches.create(batch(out_detail_no))
    expect(await pay.transferBatches.queryDetail({ out_batch_no, out_detail_no })).toMatchObject({ out_detail_no })
  }
  for (const wrong of ['', 'D'.repeat(33), 'D-1']) {
    await expect(pay.transferBatches.create(batch(wrong))).rejects.toMatchObject({ code: 'ERR_INVALID_PARAM' })
  }
  const short = { ...batch('7'), out_batch_no: 'B007' }
  await expect(pay.transferBatches.create(short)).rejects.toMatchObject({ code: 'ERR_INVALID_PARAM' })
})
