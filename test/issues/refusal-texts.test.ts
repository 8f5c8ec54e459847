import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WeChatPay } from 'weixin-kit/pay'
import { createSimulator, type Simulator } from 'weixin-kit/simulator'
import { payWith, signedAnswer } from '../support/pay-v3.ts'

// One code stands for many faults: where the text says which, the hint says what to do.

const hintOf = async (code: string, message: string, status = 400) => {
  const { pay } = payWith(() => signedAnswer({ code, message }, status))
  const error = await pay.bills.trade({ bill_date: '2024-08-01' }).catch((thrown) => thrown)
  expect(error).toMatchObject({ upstreamCode: code, upstreamMessage: message })
  expect(error.message).toContain(error.hint.en)
  return `${error.hint.en} ${error.hint.zh}`
}

it.each([
  // https://hey99.cn/shot/CSDN_155394294
  ['INVALID_REQUEST', '此IP地址不允许调用接口,请按开发指引设置', '接口IP'],
  ['INVALID_REQUEST', '你尚未获取该转账场景', '转账场景'],
  ['INVALID_REQUEST', '暂不支持展示当前传入的用户收款感知', 'user_recv_perception'],
  // https://github.com/wechatpay-apiv3/wechatpay-go/issues/248
  ['NO_AUTH', '当前商户号接入升级版本功能，暂不支持使用升级前功能', 'pay.transfers'],
  // https://github.com/wechatpay-apiv3/wechatpay-php/issues/145
  ['PARAM_ERROR', '请确认待处理的消息是否为加密后的密文', 'plain text'],
  // https://github.com/go-pay/gopay/issues/206, https://github.com/yansongda/pay/issues/565
  ['PARAM_ERROR', '平台证书序列号Wechatpay-Serial错误', 'PUB_KEY_ID_'],
  ['PARAM_ERROR', 'HTTP header缺少微信支付平台证书序列号(Wechatpay-Serial)', 'PUB_KEY_ID_'],
  // https://github.com/yansongda/pay/issues/1049
  ['PARAM_ERROR', '受理机构必须传入sub_mch_id', 'partnerTransactions'],
  // https://github.com/minibear2021/wechatpayv3/pull/87
  ['PARAM_ERROR', '请求中含有未在API文档中定义的参数', 'made for another call'],
  // https://github.com/wechatpay-apiv3/wechatpay-php/issues/21
  ['PARAM_ERROR', '服务开始时间不能早于调用接口时间，或传入固定值OnAccept', 'OnAccept'],
  // https://github.com/dromara/payment-spring-boot/issues/112
  ['INVALID_REQUEST', '产品权限异常', 'product centre'],
  ['INVALID_REQUEST', '分账接收方关系不存在', 'addReceiver'],
  ['RULE_LIMIT', '非分账订单不支持分账', 'settle_info.profit_sharing'],
  ['INVALID_REQUEST', '用户在当前场景下的授权数量达到限制', 'is_display_authorization'],
  ['NO_AUTH', '非电商商户暂不支持调用此API', '/v3/ecommerce/profitsharing'],
  ['NO_AUTH', '电商商户不允许调用非电商分账API', '/v3/ecommerce/profitsharing'],
  // Of any product: red packets have a list of their own.
  ['NO_AUTH', '此IP地址不允许调用该接口', 'the IP list of the product'],
  // https://github.com/wechatpay-apiv3/wechatpay-guzzle-middleware/issues/49
  ['PARAM_ERROR', 'the field you encrypt is error', 'plain text'],
  // https://github.com/binarywang/WxJava/issues/3664
  ['NO_AUTH', '商户暂无权限使用此服务', 'service_id'],
  // https://seasidecrab.com/1030
  ['INVALID_REQUEST', '订单重入参数校验失败', 'exactly the same']
])('%s %s', async (code, message, hint) => {
  expect(await hintOf(code, message)).toContain(hint)
})

it('a text that says no more keeps the hint of its code', async () => {
  expect(await hintOf('NOT_ENOUGH', '资金不足', 403)).toContain('top it up')
  expect(await hintOf('INVALID_REQUEST', '其他原因185')).toContain('business rule')
  expect(await hintOf('NO_AUTH', '商户暂不支持调用此API')).not.toContain('ecommerce')
})

describe('the simulator', () => {
  let simulator: Simulator
  let pay: WeChatPay
  beforeEach(() => {
    simulator = createSimulator({ seed: 'texts' })
    pay = new WeChatPay({ ...simulator.credentials.payV3, ...simulator.clientOptions, maxRetries: 0 })
  })
  afterEach(() => simulator.close())

  const transfer = (change: object) =>
    pay.transfers
      .create({
        out_bill_no: 'B1',
        openid: simulator.user('ming').openid(pay.appId ?? ''),
        transfer_scene_id: '1011',
        transfer_amount: 100,
        transfer_remark: 'x',
        transfer_scene_report_infos: [{ info_type: '赔付原因', info_content: 'x' }],
        ...change
      })
      .then(
        ({ state }) => state,
        ({ cause }) => `${cause.upstreamCode} ${cause.upstreamMessage}`
      )

  it('says of transfers what WeChat Pay says', async () => {
    expect(await transfer({ transfer_scene_id: '1999' })).toBe('INVALID_REQUEST 你尚未获取该转账场景')
    const path = '/v3/fund-app/mch-transfer/transfer-bills'
    const body = {
      appid: pay.appId,
      out_bill_no: 'B2',
      openid: simulator.user('ming').openid(pay.appId ?? ''),
      transfer_scene_id: '1011',
      transfer_amount: 200_000,
      transfer_remark: 'x',
      transfer_scene_report_infos: [{ info_type: '赔付原因', info_content: 'x' }]
    }
    const send = (more: object) =>
      pay.request({ method: 'POST', path, body: { ...body, ...more } }).catch(({ upstreamMessage }) => upstreamMessage)
    expect(await send({ user_recv_perception: '现金奖励' })).toBe('暂不支持展示当前传入的用户收款感知')
    expect(await send({ user_name: '张三' })).toBe('请确认待处理的消息是否为加密后的密文')
  })
})
