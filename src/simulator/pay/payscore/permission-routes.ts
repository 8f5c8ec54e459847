import { V3Failure } from '../failures.ts'
import type { ServicePermission } from '../ledger/service-order.ts'
import { checkApp } from '../payer.ts'
import { get, post, type V3Call, type V3Route } from '../v3/route.ts'
import { APPID, compact, type Json, MCHID, NOTIFY_URL, OPENID, object, opt, str, text } from '../v3/shape.ts'
import { notifyPermission } from './collection.ts'
import { SERVICE_ID, SHOPPING } from './order-shapes.ts'
import { grantOf, permissionObject, serviceFailure } from './service-order.ts'

const CODE = text(1, 32, /^[0-9A-Za-z_\-|*]+$/)
const SUB = { sub_mchid: MCHID, sub_appid: opt(APPID) }
const SERVICE = { service_id: SERVICE_ID }
const APP = { ...SERVICE, appid: APPID }
const REASON = { reason: text(1, 50) }
const APPLY = { ...APP, authorization_code: CODE, notify_url: opt(NOTIFY_URL) }
const USER = { openid: opt(OPENID), sub_openid: opt(OPENID) }

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
      ...compact({ subMchId: str(body, 'sub_mchid'), subAppId: str(body, 'sub_appid') }),
      token: `1230000109AAQ${world.context.random.text(120)}`,
      notifyUrl: str(body, 'notify_url') || undefined,
      createdAt: world.context.clock.now()
    })
  return { apply_permissions_token: one.token }
}

/** The permission that a call names, newest first: by its number, or by its user. */
function named({ world, merchant, params, query, body }: V3Call): ServicePermission {
  const given: Json = { ...query, ...body, ...params }
  const code = str(given, 'authorization_code')
  const openid = str(given, 'openid')
  const subOpenid = str(given, 'sub_openid')
  const isNamed = (one: ServicePermission) =>
    code ? one.code === code : openid ? one.openid === openid : subOpenid !== '' && one.subOpenid === subOpenid
  const found = world.servicePermissions.filter(
    (one) =>
      one.mchId === merchant.mchId &&
      one.serviceId === str(given, 'service_id') &&
      one.subMchId === (str(given, 'sub_mchid') || undefined) &&
      isNamed(one)
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

/** How much risk WeChat sees in a user, for merchants with a permission of their own. */
function assessRisk(call: V3Call): Json {
  if (!call.world.settings.specialServices) {
    throw serviceFailure('NO_AUTH', '商户暂无权限使用此服务', 268503786, 403)
  }
  return { ...permissionObject(named(call)), user_risk_level: 1, risk_level_version: 1, user_label: 'ORDINARY' }
}

const look = (call: V3Call): Json => permissionObject(named(call))

function userState(call: V3Call): Json {
  const { query } = call
  const grant = grantOf(call.world, call.merchant.mchId, str(query, 'service_id'), str(query, 'openid'))
  const { service_id, appid, openid } = query
  return { service_id, appid, openid, use_service_state: grant ? 'AVAILABLE' : 'UNAVAILABLE' }
}

const PERMISSIONS = '/v3/payscore/permissions'
const BY_OPENID = `${PERMISSIONS}/openid/:openid`
const PARTNER = '/v3/payscore/partner/permissions'
const RISK = { ...APP, authorization_code: opt(CODE), shopping_info: SHOPPING }

function byCode(base: string, sub: object): V3Route[] {
  const path = `${base}/authorization-code/:authorization_code`
  return [
    get(path, { query: object({ ...SERVICE, ...sub }) }, look),
    post(`${path}/terminate`, { body: object({ ...SERVICE, ...sub, ...REASON }) }, terminate)
  ]
}

export const SERVICE_PERMISSION_ROUTES: readonly V3Route[] = [
  post(PERMISSIONS, { body: object(APPLY) }, apply),
  ...byCode(PERMISSIONS, {}),
  get(BY_OPENID, { query: object(APP) }, look),
  post(`${BY_OPENID}/terminate`, { body: object({ ...APP, ...REASON }) }, terminate),
  post(`${PERMISSIONS}/assess-user-risk-level`, { body: object({ ...RISK, openid: opt(OPENID) }) }, assessRisk),
  get('/v3/payscore/user-service-state', { query: object({ ...APP, openid: OPENID }) }, userState),
  post(PARTNER, { body: object({ ...APPLY, ...SUB }) }, apply),
  post(
    `${PARTNER}/apply-for-scene`,
    {
      body: object({
        ...APPLY,
        ...SUB,
        scene: text(1, 64),
        transaction_scene_info: opt(object({ mchid: MCHID, sub_mchid: MCHID }))
      })
    },
    (call) => ({
      scene: str(call.body, 'scene'),
      transaction_permissions_token: apply(call).apply_permissions_token
    })
  ),
  ...byCode(PARTNER, { sub_mchid: MCHID }),
  get(`${PARTNER}/search`, { query: object({ ...APP, ...SUB, ...USER }) }, look),
  post(`${PARTNER}/terminate`, { body: object({ ...APP, ...SUB, ...USER, ...REASON }) }, terminate),
  post(
    `${PARTNER}/assess-user-risk-level`,
    { query: object({ sub_mchid: MCHID }), body: object({ ...RISK, ...USER, sub_appid: opt(APPID) }) },
    assessRisk
  )
]
