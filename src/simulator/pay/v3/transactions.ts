import { askForPassword, reverseOrder } from '../code-payment.ts'
import { PayFailure, V3Failure } from '../failures.ts'
import { fingerprint } from '../fingerprint.ts'
import type { Order, OrderDraft } from '../ledger/order.ts'
import { draftOf as contractDraftOf, contractInfo, offerWithPayment } from '../papay/contract-offer.ts'
import { checkApp, checkOpenid } from '../payer.ts'
import { h5Url } from '../v2/orders.ts'
import type { PayWorld } from '../world.ts'
import { draftOrder, SCENES, type Scene } from './order-draft.ts'
import { get, post, type V3Call, type V3Route } from './route.ts'
import {
  APPID,
  child,
  compact,
  flag,
  int,
  type Json,
  list,
  MCHID,
  NOTIFY_URL,
  num,
  type ObjectShape,
  OPENID,
  OUT_TRADE_NO,
  object,
  oneOf,
  opt,
  str,
  text,
  unread
} from './shape.ts'
import { transactionObject } from './transaction-object.ts'

const GOODS = object({
  merchant_goods_id: text(1, 32),
  wechatpay_goods_id: opt(text(1, 32)),
  // Its name in the document of code payments.
  wxpay_goods_id: opt(text(1, 32)),
  goods_name: opt(text(1, 256)),
  quantity: int(),
  unit_price: int(0)
})

const sceneInfo = (isH5: boolean): ObjectShape =>
  object({
    payer_client_ip: text(1, 45),
    device_id: opt(text(1, 32)),
    store_info: opt(
      object({
        id: text(1, 32),
        name: opt(text(1, 256)),
        area_code: opt(text(1, 32)),
        address: opt(text(1, 512))
      })
    ),
    ...(isH5
      ? {
          h5_info: object({
            type: text(1, 32),
            app_name: opt(text(1, 64)),
            app_url: opt(text(1, 128)),
            bundle_id: opt(text(1, 128)),
            package_name: opt(text(1, 128))
          })
        }
      : {})
  })

const CODEPAY_SCENE = object({
  device_id: opt(text(1, 32)),
  device_ip: opt(text(1, 45)),
  store_info: object({ id: opt(text(1, 32)), out_id: opt(text(1, 32)) })
})

function orderShape(scene: Scene, isPartner: boolean): ObjectShape {
  const parties = isPartner
    ? { sp_appid: APPID, sp_mchid: MCHID, sub_appid: opt(APPID), sub_mchid: MCHID }
    : { appid: APPID, mchid: MCHID }
  const identity = unread('identity')
  const payers = isPartner
    ? object({ sp_openid: opt(OPENID), sub_openid: opt(OPENID), ...identity })
    : object({ openid: OPENID, ...identity })
  const isCode = scene === 'codepay'
  return object({
    ...parties,
    description: text(1, 127),
    out_trade_no: OUT_TRADE_NO,
    time_expire: opt(text(1, 64)),
    attach: opt(text(1, 128)),
    notify_url: isCode ? opt(NOTIFY_URL) : NOTIFY_URL,
    goods_tag: opt(text(1, 32)),
    limit_pay: opt(list(oneOf('no_balance', 'no_credit', 'no_debit', 'balance_only'), 4)),
    support_fapiao: opt(flag()),
    amount: object({ total: int(), currency: opt(oneOf('CNY')) }),
    ...(scene === 'jsapi'
      ? { payer: payers }
      : isCode
        ? { payer: object({ auth_code: text(1, 32) }) }
        : unread('payer')),
    ...(scene === 'jsapi' || scene === 'app' ? unread('subsidy_info') : {}),
    detail: opt(
      object({
        cost_price: opt(int(0)),
        invoice_id: opt(text(1, 32)),
        goods_detail: opt(list(GOODS, 6000))
      })
    ),
    scene_info: isCode ? CODEPAY_SCENE : scene === 'h5' ? sceneInfo(true) : opt(sceneInfo(false)),
    settle_info: opt(object({ profit_sharing: opt(flag()), ...(isPartner ? unread('subsidy_amount') : {}) }))
  })
}

function draftOf({ world, exchange, merchant, body, rawBody }: V3Call, scene: Scene): OrderDraft {
  const appId = str(body, 'appid') || str(body, 'sp_appid')
  const payer = child(body, 'payer')
  const request = {
    scene,
    mchId: merchant.mchId,
    appId,
    order: body,
    total: num(child(body, 'amount'), 'total'),
    timeExpire: str(body, 'time_expire'),
    exchange
  }
  return {
    ...draftOrder(world, request),
    fingerprint: fingerprint(rawBody),
    ...compact({
      subMchId: str(body, 'sub_mchid'),
      subAppId: str(body, 'sub_appid'),
      attach: str(body, 'attach'),
      deviceInfo: str(child(body, 'scene_info'), 'device_id'),
      openid: str(payer, 'openid') || str(payer, 'sp_openid'),
      subOpenid: str(payer, 'sub_openid'),
      notifyUrl: str(body, 'notify_url')
    })
  } as OrderDraft
}

function checkPayers(world: PayWorld, draft: OrderDraft): void {
  if (draft.openid) checkOpenid(world, draft.appId, draft.openid)
  if (draft.subOpenid && draft.subAppId) checkOpenid(world, draft.subAppId, draft.subOpenid)
  const isNobody = !draft.openid && !draft.subOpenid
  if (draft.tradeType === 'JSAPI' && isNobody) throw new V3Failure(400, 'PARAM_ERROR', 'sp_openid与sub_openid二选一')
}

export const tokenAnswer = (call: V3Call, scene: Scene, order: Pick<Order, 'prepayId' | 'codeToken'>): Json => {
  if (scene === 'native') return { code_url: `weixin://wxpay/bizpayurl?pr=${order.codeToken}` }
  if (scene === 'h5') return { h5_url: call.exchange.publicUrl(h5Url(order)) }
  return { prepay_id: order.prepayId }
}

function prepay(scene: Scene): (call: V3Call) => Json {
  return (call) => {
    const draft = draftOf(call, scene)
    checkApp(call.world, call.merchant, draft.appId)
    checkPayers(call.world, draft)
    return tokenAnswer(call, scene, call.world.orders.create(draft))
  }
}

/** 支付中签约: an order, and a contract that comes of its payment, or not. */
function prepayWithContract(scene: Scene): (call: V3Call) => Json {
  const order = prepay(scene)
  return (call) => {
    const { world, merchant, body } = call
    const appId = str(body, 'appid') || str(body, 'sp_appid')
    const draft = contractDraftOf(world, { mchId: merchant.mchId, appId, body }, child(body, 'contract_info'))
    const answer = order(call)
    if (draft) offerWithPayment(world, str(answer, 'prepay_id'), draft)
    return answer
  }
}

function codepay(call: V3Call): Json {
  const { world, body } = call
  const draft = draftOf(call, 'codepay')
  checkApp(world, call.merchant, draft.appId)
  const order = askForPassword(world, draft, str(child(body, 'payer'), 'auth_code'))
  if (order.state === 'USERPAYING') throw new PayFailure('USERPAYING')
  return transactionObject(order)
}

/** The order of a path, when it belongs to the caller and to the sub-merchant that is named. */
export function orderOf({ world, merchant, params, query, body }: V3Call): Order {
  const order = params.transaction_id
    ? world.orders.findPaid(merchant.mchId, params.transaction_id)
    : world.orders.find(merchant.mchId, params.out_trade_no ?? '')
  const sub = str(query, 'sub_mchid') || str(body, 'sub_mchid') || undefined
  if (!order || order.subMchId !== sub) throw new PayFailure('ORDER_NOT_FOUND')
  return order
}

function reverse(call: V3Call): Json {
  const order = orderOf(call)
  reverseOrder(call.world, order)
  return { appid: order.appId, mchid: order.mchId, out_trade_no: order.outTradeNo }
}

function routesOf(isPartner: boolean): V3Route[] {
  const base = isPartner ? '/v3/pay/partner/transactions' : '/v3/pay/transactions'
  const self = isPartner ? 'sp_mchid' : 'mchid'
  const owner = isPartner ? { sp_mchid: MCHID, sub_mchid: MCHID } : { mchid: MCHID }
  const reverser = isPartner ? { sp_appid: APPID, ...unread('sub_appid'), ...owner } : { appid: APPID, ...owner }
  const scenes = (Object.keys(SCENES) as Scene[]).map((scene) =>
    post(
      `${base}/${scene}`,
      { body: orderShape(scene, isPartner), self },
      scene === 'codepay' ? codepay : prepay(scene)
    )
  )
  const withContract = (['jsapi', 'app'] as const).map((scene) => {
    const { fields } = orderShape(scene, isPartner)
    const body = object({ ...fields, contract_info: contractInfo(scene === 'jsapi') })
    return post(`${base}/${scene}-with-contract`, { body, self }, prepayWithContract(scene))
  })
  return [
    ...scenes,
    ...withContract,
    get(`${base}/id/:transaction_id`, { query: object(owner), self }, (call) => transactionObject(orderOf(call))),
    get(`${base}/out-trade-no/:out_trade_no`, { query: object(owner), self }, (call) =>
      transactionObject(orderOf(call))
    ),
    post(`${base}/out-trade-no/:out_trade_no/close`, { body: object(owner), self }, (call) => {
      call.world.orders.close(orderOf(call))
      return undefined
    }),
    post(`${base}/out-trade-no/:out_trade_no/reverse`, { body: object(reverser), self }, reverse)
  ]
}

export const TRANSACTION_ROUTES: readonly V3Route[] = [...routesOf(false), ...routesOf(true)]
