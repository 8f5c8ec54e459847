import { inspect } from 'node:util'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { WeChatPay } from 'weixin-kit/pay'
import { createSimulator, type Simulator } from 'weixin-kit/simulator'
import { payWith, signedAnswer } from '../support/pay-v3.ts'

// In what words WeChat Pay refuses parameters: the text names the field, `detail` has its value or the length that broke a rule.

let simulator: Simulator
let pay: WeChatPay

beforeEach(() => {
  simulator = createSimulator({ seed: 'params' })
  pay = new WeChatPay({ ...simulator.credentials.payV3, ...simulator.clientOptions, maxRetries: 0 })
})
afterEach(() => simulator.close())

const order = () => ({
  appid: pay.appId,
  mchid: pay.mchId,
  description: '茶',
  out_trade_no: 'T10001',
  notify_url: 'https://shop.example.com/n',
  amount: { total: 1 }
})
const place = (change: object) =>
  pay.request({ method: 'POST', path: '/v3/pay/transactions/native', body: { ...order(), ...change } }).then(
    () => 'accepted',
    (error) => [error.upstreamMessage, error.body.detail.value]
  )

// https://github.com/wechatpay-apiv3/wechatpay-php/issues/126
it.each([
  [
    '/v3/transfer/batches/out-batch-no/-c-t620000000',
    '输入源“/uri_template/out_batch_no”映射到值字段“out_batch_no”字符串规则校验失败，字符串只能是数字和字母',
    '-c-t620000000'
  ],
  [
    '/v3/fund-app/mch-transfer/transfer-bills/out-bill-no/B_1',
    '输入源“/uri_template/out_bill_no”映射到值字段“out_bill_no”字符串规则校验失败，字符串只能是数字和字母',
    'B_1'
  ],
  [
    '/v3/pay/transactions/out-trade-no/T1',
    '输入源“/uri_template/out_trade_no”映射到值字段“out_trade_no”字符串规则校验失败，字符数 2，小于最小值 6',
    2
  ]
])('GET %s', async (path, message, value) => {
  const call = pay.request({ method: 'GET', path, query: path.startsWith('/v3/pay/') ? { mchid: pay.mchId } : {} })
  await expect(call).rejects.toMatchObject({
    upstreamCode: 'PARAM_ERROR',
    upstreamMessage: message,
    body: { detail: { location: 'uri_template', value } }
  })
})

it('a state that no transfer of a batch has', async () => {
  const out_batch_no = 'BATCH1'
  await pay.transferBatches.create({
    out_batch_no,
    batch_name: 'x',
    batch_remark: 'x',
    total_amount: 100,
    total_num: 1,
    transfer_detail_list: [
      {
        out_detail_no: 'D1001',
        transfer_amount: 100,
        transfer_remark: 'x',
        openid: simulator.user('ming').openid(pay.appId ?? '')
      }
    ]
  })
  const path = `/v3/transfer/batches/out-batch-no/${out_batch_no}`
  const query = { need_query_detail: true, detail_status: '-a-l-l' }
  const call = pay.request({ method: 'GET', path, query })
  await expect(call).rejects.toMatchObject({ upstreamMessage: '传入的转账明细状态无效' })
})

it.each<[object, string, unknown]>([
  // https://github.com/TheNorthMemory/wechatpay-axios-plugin/issues/38
  [
    { amount: { total: 0.01 } },
    '无法将 JSON 输入源“/body/amount/total”映射到目标字段“total”中，此字段需要一个合法的 64 位有符号整数',
    0.01
  ],
  // https://github.com/minibear2021/wechatpayv3/issues/57
  [
    { amount: [{ total: 1 }] },
    '无法将 JSON 输入源“/body/amount”映射到目标字段“amount”中，此字段需要一个合法的 Json 对象',
    [{ total: 1 }]
  ],
  // https://github.com/yansongda/pay/issues/863, https://github.com/JeffreySu/WeiXinMPSDK/issues/3044
  [{ appid: '' }, '输入源“/body/appid”映射到值字段“appid”字符串规则校验失败，字符数 0，小于最小值 1', 0],
  [{ attach: '' }, '输入源“/body/attach”映射到值字段“attach”字符串规则校验失败，字符数 0，小于最小值 1', 0],
  [
    { out_trade_no: 'T'.repeat(36) },
    '输入源“/body/out_trade_no”映射到值字段“out_trade_no”字符串规则校验失败，字符数 36，大于最大值 32',
    36
  ],
  // https://github.com/wechatpay-apiv3/wechatpay-postman-script/issues/7
  [
    { out_trade_no: '20190522_中文' },
    '输入源“/body/out_trade_no”映射到值字段“out_trade_no”字符串规则校验失败，字符串必须匹配正则表达式“^[0-9A-Za-z_\\-|*]+$”',
    '20190522_中文'
  ],
  // https://github.com/hpyer/node-easywechat/issues/69
  [{ description: undefined }, '输入源“/body/description”映射到字段“description”必填性规则校验失败，此字段为必填项', '']
])('%j', async (change, message, value) => {
  expect(await place(change)).toEqual([message, value])
})

it('fields that a call does not have are named only in detail: the error says which', async () => {
  // https://github.com/ArtisanCloud/PowerWeChat/issues/5
  const detail = { location: null, value: ['/body/appid', '/body/mchid'] }
  const body = { code: 'PARAM_ERROR', message: '请求中含有未在API文档中定义的参数', detail }
  const refused = (more: object) =>
    payWith(() => signedAnswer({ ...body, ...more }, 400)).pay.refunds.query({ out_refund_no: 'R1' })
  await expect(refused({})).rejects.toThrow('This call has no /body/appid, /body/mchid: leave out fields')
  for (const value of [['<a>\n'], 'x', [1], null]) {
    await expect(refused({ detail: { location: null, value } })).rejects.not.toThrow('This call has no')
  }
  simulator.pay.settings.refuseUnknownFields = true
  expect(await place({ colour: 'red' })).toEqual(['请求中含有未在API文档中定义的参数', ['/body/colour']])
})

it('says what is wrong before it is sent, where it is certain', async () => {
  const { payer, ...params } = { ...order(), payer: { openid: '' } }
  await expect(pay.transactions.jsapi({ ...params, mchid: undefined, payer } as never)).rejects.toMatchObject({
    code: 'ERR_INVALID_PARAM',
    message: expect.stringContaining('payer.openid')
  })
  const { description, mchid: _, ...rest } = { ...order(), description: '' }
  await expect(pay.transactions.native({ ...rest, description })).rejects.toThrow(
    'parameter "description" must not be empty. Nothing was sent'
  )
})

it.each([
  { message: '输入源“/body/payer/auth_code”映射到值字段“auth_code”字符串规则校验失败', more: {} },
  { message: '参数错误', more: { field: '/body/payer/auth_code' } },
  { message: '字段“auth_code”有误', more: { field: { toString: 1 } } }
])('the value of a secret field is not in the error: $message', async ({ message, more }) => {
  const value = '130061098828009406'
  const content = { code: 'PARAM_ERROR', message, detail: { location: 'body', value, ...more } }
  const { pay } = payWith(() => signedAnswer(content, 400))
  const error = await pay.refunds.query({ out_refund_no: 'R1' }).catch((thrown) => thrown)
  expect(error.body.detail).toEqual({ location: 'body', value: '[redacted]', ...more })
  expect(inspect(error, { depth: 9 })).not.toContain(value)
})
