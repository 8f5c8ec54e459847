import { V3Failure } from '../failures.ts'
import type { ServicePermission } from '../ledger/service-order.ts'
import { checkApp } from '../payer.ts'
import { get, post, type V3Call, type V3Route } from '../v3/route.ts'
import { APPID, type Json, NOTIFY_URL, object, opt, str, text } from '../v3/shape.ts'
import { notifyPermission } from './collection.ts'
import { SERVICE_ID } from './order-shapes.ts'
import { permissionObject, serviceFailure } from './service-order.ts'

const CODE = text(1, 32, /^[0-9A-Za-z_\-|*]+$/)
const APPLY = object({
  service_id: SERVICE_ID,
  appid: APPID,
  authorization_code: CODE,
  notify_url: opt(NOTIFY_URL)
})

function apply({ world, merchant, body }: V3Call): Json {
  const appId = str(body, 'appid')
  const code = str(body, 'authorization_code')
  checkApp(world, merchant, appId)
  const known = world.servicePermissions.get(`code ${merchant.mchId} ${code}`)
  if (known && (known.openid !== undefined || known.serviceId !== str(body, 'service_id'))) {
    throw new V3Failure(400, 'INVALID_REQUEST', '授权协议号已存在')
  }
  const one =
    known ??
    world.servicePermissions.add({
      mchId: merchant.mchId,
      appId,
      serviceId: str(body, 'service_id'),
      code,
      token: `1230000109AAQ${world.context.random.text(120)}`,
      notifyUrl: str(body, 'notify_url') || undefined,
      createdAt: world.context.clock.now()
    })
  return { apply_permissions_token: one.token }
}

/** The permission that a path names, newest first. */
function named({ world, merchant, params, query, body }: V3Call): ServicePermission {
  const serviceId = str(query, 'service_id') || str(body, 'service_id')
  const found = world.servicePermissions.filter(
    (one) =>
      one.mchId === merchant.mchId &&
      one.serviceId === serviceId &&
      (params.openid === undefined ? one.code === params.authorization_code : one.openid === params.openid)
  )
  const one = found.at(-1)
  if (!one) throw new V3Failure(404, 'RESOURCE_NOT_EXISTS', '授权记录不存在')
  return one
}

function terminate(call: V3Call): undefined {
  const one = named(call)
  const isOpen = call.world.serviceOrders.filter(
    (order) => order.mchId === one.mchId && order.openid === one.openid && order.state === 'DOING'
  )
  if (isOpen.length > 0) throw serviceFailure('INVALID_REQUEST', '存在未完成订单', 271302262)
  if (one.openid !== undefined && one.endedAt === undefined) {
    one.endedAt = call.world.context.clock.now()
    notifyPermission(call.world, one, 'USER_CLOSE_SERVICE')
  }
  return undefined
}

const PERMISSIONS = '/v3/payscore/permissions'
const BY_CODE = `${PERMISSIONS}/authorization-code/:authorization_code`
const BY_OPENID = `${PERMISSIONS}/openid/:openid`
const SERVICE = { service_id: SERVICE_ID }
const APP = { ...SERVICE, appid: APPID }
const REASON = { reason: text(1, 50) }
const look = (call: V3Call): Json => permissionObject(named(call))

export const SERVICE_PERMISSION_ROUTES: readonly V3Route[] = [
  post(PERMISSIONS, { body: APPLY }, apply),
  get(BY_CODE, { query: object(SERVICE) }, look),
  get(BY_OPENID, { query: object(APP) }, look),
  post(`${BY_CODE}/terminate`, { body: object({ ...SERVICE, ...REASON }) }, terminate),
  post(`${BY_OPENID}/terminate`, { body: object({ ...APP, ...REASON }) }, terminate)
]
