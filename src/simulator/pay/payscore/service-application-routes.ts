import { get, post, type V3Call, type V3Route } from '../v3/route.ts'
import { APPID, compact, int, type Json, MCHID, NOTIFY_URL, object, opt, str, text } from '../v3/shape.ts'
import type { PayWorld } from '../world.ts'
import { SERVICE_ID } from './order-shapes.ts'
import { notFound, parties } from './plan-routes.ts'

const APPLY = object({
  appid: APPID,
  service_id: SERVICE_ID,
  sub_mchid: MCHID,
  sub_appid: opt(APPID),
  out_apply_no: text(1, 64),
  result_notify_url: opt(NOTIFY_URL)
})
const QUOTAS = object({ appid: APPID, sub_mchid: MCHID, sub_appid: opt(APPID), risk_level_version: int(0) })

function apply(call: V3Call): Json {
  const { world, merchant, body } = call
  const number = str(body, 'out_apply_no')
  const known = world.serviceApplications.get(`${merchant.mchId} ${number}`)
  const one =
    known ??
    world.serviceApplications.add({
      ...parties(call),
      number,
      ...compact({ resultUrl: str(body, 'result_notify_url') })
    })
  return applicationObject(one)
}

const applicationObject = (one: ReturnType<PayWorld['serviceApplications']['add']>): Json =>
  compact({
    service_id: one.serviceId,
    appid: one.appId,
    mchid: one.mchId,
    sub_mchid: one.subMchId,
    sub_appid: one.subAppId,
    out_apply_no: one.number,
    result_notify_url: one.resultUrl,
    apply_state: 'SUCCESS'
  })

function queryApplication({ world, merchant, params }: V3Call): Json {
  const one = world.serviceApplications.get(`${merchant.mchId} ${params.out_apply_no}`)
  if (!one) throw notFound('申请单不存在')
  return applicationObject(one)
}

/** What WeChat suggests as limits, by level of risk. */
function quotas({ merchant, params, query }: V3Call): Json {
  const { appid, sub_mchid, sub_appid, risk_level_version } = query
  return compact({
    service_id: params.service_id,
    ...{ appid, sub_mchid, sub_appid, risk_level_version },
    mchid: merchant.mchId,
    quotas: [1, 2, 3].map((level) => ({ risk_level: level, suggested_quota: 100_000 / level }))
  })
}

/** What a provider asks for in the name of its merchants: the service itself, and limits by risk. */
export const SERVICE_APPLICATION_ROUTES: readonly V3Route[] = [
  post('/v3/payscore/partner/service-account-applications', { body: APPLY }, apply),
  get('/v3/payscore/partner/service-account-applications/:out_apply_no', {}, queryApplication),
  get('/v3/payscore/partner/servicequotas/service-id/:service_id', { query: QUOTAS }, quotas)
]
