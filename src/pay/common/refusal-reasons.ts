import type { Hint } from '../../errors/index.ts'

type Reason = readonly [pattern: RegExp, en: string, zh: string]

/** Hints by the text of a refusal, where one code stands for many faults. The first match is used. */
const REASONS: readonly Reason[] = [
  [
    /未在API文档中定义的参数/,
    'Fields that the document of a call does not list are refused. An object that was made for another call often has some.',
    '传入了该接口文档中没有的参数：请去掉。常见于直接复用其他接口的请求对象。'
  ],
  [
    /(?:加密后的密文|the field you encrypt is error)/,
    'A field with personal data was not encrypted, or not with the key that Wechatpay-Serial names: pass plain text to the methods of this library, which encrypt it; for pay.request list the fields in encrypt.',
    '敏感字段未加密，或加密所用的密钥与 Wechatpay-Serial 不符：本库的方法请传明文（自动加密）；pay.request 请在 encrypt 中列出字段。'
  ],
  [
    /Wechatpay-Serial/,
    'Personal data needs a current platform key: the public key (PUB_KEY_ID_…) or the platform certificate in platformKeys, not the certificate of the merchant.',
    '敏感字段须用当前的微信支付公钥（PUB_KEY_ID_…）或平台证书加密（platformKeys），不是商户证书。'
  ],
  [
    /受理机构必须传入sub_mch_id/,
    'This merchant id belongs to a service provider: place the order for a sub-merchant (partnerTransactions with sub_mchid; in API v2 the option subMchId).',
    '该商户号是服务商：请为特约商户下单（partnerTransactions 并传 sub_mchid；APIv2 用 subMchId 选项）。'
  ],
  [
    /IP地址不允许调用/,
    'The IP of this server is not on the IP list of the product: add it in the merchant platform, product centre, under the product (for 商家转账: 安全能力, 接口IP). Servers with IPv6 need that address, too.',
    '服务器 IP 不在该产品的白名单中：商户平台 → 产品中心 → 对应产品的 IP 设置（商家转账：前往功能 → 安全能力 → 接口IP）；有 IPv6 地址的也要填。'
  ],
  [
    /尚未获取该转账场景/,
    'This transfer_scene_id is not granted to the merchant: apply for it in the merchant platform, 商家转账, 转账场景.',
    '商户未获得该转账场景：请在商户平台「商家转账」→「转账场景」申请。'
  ],
  [
    /用户收款感知/,
    'user_recv_perception is not one of the texts of this scene: leave it out for the default.',
    'user_recv_perception 不在该场景的可选值内：不传则用默认值。'
  ],
  [
    /升级版本功能|升级前功能/,
    'This merchant has the new transfers: use pay.transfers (transfer-bills) in place of transferBatches and promotion payouts.',
    '该商户已接入新版商家转账：请用 pay.transfers（transfer-bills），不再用批量转账和企业付款。'
  ],
  [
    /产品权限(?:异常|未开通|验证失败)/,
    'The merchant has no permission for this product, or the request is signed for another merchant: merchant platform, product centre.',
    '商户未开通该产品，或请求用了其他商户号的证书：请在商户平台「产品中心」核对。'
  ],
  [
    /授权数量达到限制/,
    'The user has a pending authorization for this scene: query it with is_display_authorization and open its package_info again.',
    '该用户在此场景下已有未完成的授权：请带 is_display_authorization 查询，用返回的 package_info 再次拉起。'
  ],
  [
    /非分账订单/,
    'The order was not marked for profit sharing when it was placed: settle_info.profit_sharing (API v2: profit_sharing Y).',
    '下单时未标记分账：须传 settle_info.profit_sharing（APIv2：profit_sharing=Y）。'
  ],
  [
    /分账接收方.*(?:不存在|未添加)/,
    'The receiver was not added: call addReceiver first, once, by the same merchant and app.',
    '接收方未添加：请先用同一商户号和 appid 调用 addReceiver（只需一次）。'
  ],
  [
    /分账接收方与原请求不一致/,
    'The out_order_no was used with other receivers: retry with the same ones, or use a new number for another share.',
    '该分账单号已用于其他接收方：重试须用相同的接收方，新的分账请换新单号。'
  ],
  [
    /订单处理中/,
    'The order is still being processed: retry the same request later. Shares are possible a minute after the payment and once the money is settled.',
    '订单仍在处理中，请稍后原样重试。分账须在支付成功一分钟后、且资金已结算时发起。'
  ],
  [
    /电商商户(?:暂不支持|不允许)调用/,
    'Orders of ecommerce platforms (收付通) are shared only by /v3/ecommerce/profitsharing, all others never: use pay.request for those.',
    '电商收付通订单只能用 /v3/ecommerce/profitsharing 分账，其他订单不能用该接口；收付通请用 pay.request 调用。'
  ],
  [
    /暂无权限使用[此该]服务/,
    'This service_id does not belong to this merchant and app, or is not enabled: use the service_id of the approval, also when an order is changed or completed.',
    '该 service_id 不属于此商户号与 appid，或尚未开通：请用审核通过的 service_id，修改和完结订单时也要传。'
  ],
  [
    /重入参数校验失败/,
    'The number was used with other fields: retry with exactly the same ones, or use a new number.',
    '该单号已用于其他参数：重试须与首次请求完全一致，否则请换新单号。'
  ],
  [
    /服务开始时间不能早于/,
    'start_time is in the past by the clock of WeChat: use OnAccept, or leave a margin.',
    '按微信的时钟，start_time 已过：请用 OnAccept，或留出余量。'
  ]
]

/** Returns the hint for a text that says more than its code; `undefined` for any other. */
export function reasonOf(message: string): Hint | undefined {
  const start = message.slice(0, 256)
  const found = REASONS.find(([pattern]) => pattern.test(start))
  return found && { en: found[1], zh: found[2] }
}
