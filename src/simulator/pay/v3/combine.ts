import { PayFailure, V3Failure } from '../failures.ts'
import { fingerprint } from '../fingerprint.ts'
import type { CombinedOrder } from '../ledger/combined-order.ts'
import type { OrderDraft } from '../ledger/order.ts'
import { checkApp, checkOpenid } from '../payer.ts'
import { combinedObject, partsOf } from './combined-object.ts'
import { draftOrder, type Scene } from './order-draft.ts'
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
import { tokenAnswer } from './transactions.ts'

type CombineScene = Exclude<Scene, 'codepay'>

function shapeOf(scene: CombineScene): ObjectShape {
  const h5 = {
    h5_info: object({
      type: text(1, 32),
      app_name: opt(text(1, 64)),
      app_url: opt(text(1, 128)),
      ...unread('bundle_id', 'package_name')
    })
  }
  const payer = unread('identity', 'sub_openid')
  const scenes = object({ payer_client_ip: text(1, 45), device_id: opt(text(1, 32)), ...(scene === 'h5' ? h5 : {}) })
  const part = object({
    mchid: MCHID,
    attach: text(1, 128),
    amount: object({ total_amount: int(), currency: oneOf('CNY') }),
    out_trade_no: OUT_TRADE_NO,
    sub_mchid: opt(MCHID),
    detail: opt(text(1, 6000)),
    goods_tag: opt(text(1, 32)),
    description: text(1, 127),
    settle_info: opt(object({ profit_sharing: opt(flag()), subsidy_amount: opt(int(0)) })),
    ...unread('sub_appid', 'profit_sharing', 'individual_auth_id', 'individual_name')
  })
  return object({
    combine_appid: APPID,
    combine_mchid: MCHID,
    combine_out_trade_no: OUT_TRADE_NO,
    scene_info: scene === 'h5' ? scenes : opt(scenes),
    sub_orders: list(part, 50, 1),
    combine_payer_info:
      scene === 'jsapi' ? object({ openid: OPENID, ...payer }) : opt(object({ openid: opt(OPENID), ...payer })),
    time_start: opt(text(1, 64)),
    time_expire: opt(text(1, 64)),
    notify_url: NOTIFY_URL,
    limit_pay: opt(list(text(1, 32), 4)),
    ...unread('subsidy_info', 'contract_info', 'prepay_id', 'trade_scenario')
  })
}

function create(scene: CombineScene): (call: V3Call) => Json {
  return (call) => {
    const { world, merchant, body, rawBody } = call
    const appId = str(body, 'combine_appid')
    const outTradeNo = str(body, 'combine_out_trade_no')
    const openid = str(child(body, 'combine_payer_info'), 'openid')
    checkApp(world, merchant, appId)
    if (openid) checkOpenid(world, appId, openid)
    const print = fingerprint(rawBody)
    const known = world.combined.get(`no ${merchant.mchId} ${outTradeNo}`)
    if (known && known.fingerprint !== print) throw new PayFailure('OUT_NO_CHANGED')
    const drafts = (body.sub_orders as Json[]).map((part) => draftOf(call, part, scene, appId))
    const numbers = drafts.map(({ mchId, outTradeNo: number }) => `${mchId} ${number}`)
    if (new Set(numbers).size !== numbers.length) throw new PayFailure('OUT_NO_USED')
    // All are checked before the first is made: a combined order exists as a whole or not at all.
    for (const draft of drafts) {
      const other = world.orders.find(draft.book, draft.outTradeNo)
      if (other && other.combineNo !== draft.combineNo) throw new PayFailure('OUT_NO_USED')
    }
    const orders = drafts.map((draft) => world.orders.create(draft))
    const [first] = orders
    const combined =
      known ??
      world.combined.add(
        compact({
          mchId: merchant.mchId,
          appId,
          outTradeNo,
          parts: orders.map((order) => ({ mchId: order.mchId, outTradeNo: order.outTradeNo })),
          openid,
          notifyUrl: str(body, 'notify_url'),
          deviceId: str(child(body, 'scene_info'), 'device_id'),
          fingerprint: print,
          prepayId: `wx${world.context.random.digits(14)}${first?.prepayId.slice(16) ?? ''}`,
          codeToken: world.context.random.text(10)
        })
      )
    return tokenAnswer(call, scene, combined)
  }
}

function draftOf({ world, exchange, body }: V3Call, part: Json, scene: CombineScene, appId: string): OrderDraft {
  const mchId = str(part, 'mchid')
  if (!world.context.accounts.merchant(mchId)) throw new V3Failure(400, 'MCH_NOT_EXISTS', `商户号${mchId}不存在`)
  const total = num(child(part, 'amount'), 'total_amount')
  const timeExpire = str(body, 'time_expire')
  return {
    ...draftOrder(world, { scene, mchId, appId, order: part, total, timeExpire, exchange }),
    combineNo: str(body, 'combine_out_trade_no'),
    fingerprint: fingerprint(part),
    ...compact({ attach: str(part, 'attach') }),
    ...compact({ openid: str(child(body, 'combine_payer_info'), 'openid') })
  }
}

function combinedOf({ world, merchant, params }: V3Call): CombinedOrder {
  const combined = world.combined.get(`no ${merchant.mchId} ${params.combine_out_trade_no ?? ''}`)
  if (!combined) throw new PayFailure('ORDER_NOT_FOUND')
  return combined
}

const CLOSE = object({
  combine_appid: APPID,
  sub_orders: list(
    object({
      mchid: MCHID,
      out_trade_no: OUT_TRADE_NO,
      sub_mchid: opt(MCHID),
      ...unread('sub_appid', 'individual_auth_id')
    }),
    50,
    1
  )
})

function close(call: V3Call): undefined {
  const { world, body } = call
  const combined = combinedOf(call)
  const named = (body.sub_orders as Json[]).map((one) => `${str(one, 'mchid')} ${str(one, 'out_trade_no')}`)
  const own = combined.parts.map(({ mchId, outTradeNo }) => `${mchId} ${outTradeNo}`)
  if (named.length !== own.length || own.some((one) => !named.includes(one))) {
    throw new V3Failure(400, 'INVALID_REQUEST', '关闭合单时sub_orders必须与下单时一致')
  }
  const orders = partsOf(world, combined)
  if (orders.some((order) => order.payment)) throw new PayFailure('ORDER_PAID')
  for (const order of orders) world.orders.close(order)
  return undefined
}

const BASE = '/v3/combine-transactions'

export const COMBINE_ROUTES: readonly V3Route[] = [
  ...(['jsapi', 'app', 'h5', 'native'] as const).map((scene) =>
    post(`${BASE}/${scene}`, { body: shapeOf(scene), self: 'combine_mchid' }, create(scene))
  ),
  get(`${BASE}/out-trade-no/:combine_out_trade_no`, {}, (call) => combinedObject(call.world, combinedOf(call))),
  post(`${BASE}/out-trade-no/:combine_out_trade_no/close`, { body: CLOSE }, close)
]
