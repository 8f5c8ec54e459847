import { fingerprint } from '../fingerprint.ts'
import { checkApp } from '../payer.ts'
import { post, type V3Call, type V3Route } from '../v3/route.ts'
import { type Json, str } from '../v3/shape.ts'
import { open } from './open-service.ts'
import { checkTotal, completeOrder, create, named } from './order-routes.ts'
import { serviceShapes } from './order-shapes.ts'
import { findServiceOrder, serviceFailure, serviceOrderObject } from './service-order.ts'

/** 创单结单合并: for merchants with a permission of their own. */
function directComplete(call: V3Call): Json {
  const { world, merchant, body } = call
  if (!world.settings.specialServices) {
    throw serviceFailure('NO_AUTH', '商户暂无权限使用此服务', 268503786, 403)
  }
  const appId = str(body, 'appid')
  checkApp(world, merchant, appId)
  const print = fingerprint(body)
  const known = findServiceOrder(world, `no ${merchant.mchId} ${str(body, 'out_order_no')}`)
  if (known && known.fingerprint !== print) {
    throw serviceFailure('INVALID_REQUEST', '订单重入参数校验失败', 271316598)
  }
  if (known) return serviceOrderObject(known)
  checkTotal(call, { riskFund: {} })
  const quiet = { ...call, body: { ...body, need_user_confirm: false, post_discounts: [] } }
  return completeOrder(call, open(quiet, appId, print, true))
}

/** Tells the user; nothing is collected by it. */
function message(call: V3Call): undefined {
  const { body } = call
  // The direct call names no app.
  const order = named({ ...call, body: { appid: appOf(call), ...body } })
  if (order.state !== 'DOING') throw serviceFailure('INVALID_REQUEST', '当前订单状态不合法', 271302262)
  checkTotal(call, order)
  return undefined
}

const appOf = ({ world, merchant, params }: V3Call): string =>
  findServiceOrder(world, `no ${merchant.mchId} ${params.out_order_no}`)?.appId ?? ''

function routesOf(isPartner: boolean): V3Route[] {
  const base = `/v3/payscore${isPartner ? '/partner' : ''}`
  const shapes = serviceShapes(isPartner)
  const one = `${base}/serviceorder/:out_order_no`
  return [
    post(`${base}/serviceorder/direct-complete`, { body: shapes.direct }, (call) => {
      const order = directComplete(call)
      return isPartner ? undefined : order
    }),
    post(`${base}/servicepayondeliveryorder`, { body: shapes.onDelivery }, create),
    post(`${one}/send-prepaidmessage`, { body: shapes.message }, message),
    post(`${one}/send-pendingmessage`, { body: shapes.message }, message)
  ]
}

export const SPECIAL_SERVICE_ROUTES: readonly V3Route[] = [...routesOf(false), ...routesOf(true)]
