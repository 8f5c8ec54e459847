import { V3Failure } from '../failures.ts'
import { fingerprint } from '../fingerprint.ts'
import type { CloseReason, TransferAuthorization } from '../ledger/transfer-authorization.ts'
import { sendEvent } from '../notifier.ts'
import { checkApp } from '../payer.ts'
import { DAY_MS, rfc3339 } from '../times.ts'
import type { PayWorld } from '../world.ts'
import { get, post, type V3Call, type V3Route } from './route.ts'
import { APPID, compact, type Json, NOTIFY_URL, object, opt, str, text } from './shape.ts'

const CONFIRM_PERIOD_MS = DAY_MS
const KEPT_MS = 30 * DAY_MS

const CREATE = object({
  out_authorization_no: text(1, 32),
  appid: APPID,
  openid: text(1, 64),
  transfer_scene_id: text(1, 36),
  user_display_name: text(1, 32),
  user_recv_perception: opt(text(1, 256)),
  authorization_notify_url: NOTIFY_URL,
  scene_info: opt(object({ client_ip: opt(text(1, 64)), device_id: opt(text(1, 128)), device_type: opt(text(1, 16)) }))
})

/** What nobody confirmed within a day is closed; looked at when somebody asks. */
function refresh(world: PayWorld, one: TransferAuthorization): TransferAuthorization {
  const dueAt = one.createdAt + CONFIRM_PERIOD_MS
  if (one.state === 'WAIT_USER_CONFIRM' && world.context.clock.now() > dueAt) {
    one.state = 'CLOSED'
    one.closed = { at: dueAt, reason: 'USER_OVERDUE_UNCONFIRMED' }
  }
  return one
}

/** An authorization by any of its numbers, as it is now. */
export function findAuthorization(world: PayWorld, key: string): TransferAuthorization | undefined {
  const one = world.transferAuthorizations.get(key)
  return one && refresh(world, one)
}

type Draft = Pick<
  TransferAuthorization,
  'mchId' | 'appId' | 'openid' | 'outAuthorizationNo' | 'sceneId' | 'displayName' | 'notifyUrl' | 'fingerprint'
> & { outBillNo?: string }

/** @throws {V3Failure} while another authorization of this user and scene is open */
export function addAuthorization(world: PayWorld, draft: Draft): TransferAuthorization {
  const isOpen = (one: TransferAuthorization) =>
    one.mchId === draft.mchId &&
    one.openid === draft.openid &&
    one.sceneId === draft.sceneId &&
    one.outBillNo === undefined &&
    refresh(world, one).state !== 'CLOSED'
  if (world.transferAuthorizations.filter(isOpen).length > 0) {
    throw new V3Failure(400, 'INVALID_REQUEST', '用户在当前场景下的授权数量达到限制')
  }
  const { random, clock } = world.context
  return world.transferAuthorizations.add({
    ...draft,
    authorizationId: random.digits(32),
    packageInfo: `affffddafdfafddffda${random.text(64)}==`,
    createdAt: clock.now(),
    state: 'WAIT_USER_CONFIRM'
  })
}

export async function confirmAuthorization(world: PayWorld, one: TransferAuthorization): Promise<void> {
  one.state = 'TAKING_EFFECT'
  one.authorizedAt = world.context.clock.now()
  await notify(world, one, 'CONFIRMED', '免确认收款授权成功通知')
}

export async function closeAuthorization(
  world: PayWorld,
  one: TransferAuthorization,
  reason: CloseReason
): Promise<void> {
  one.state = 'CLOSED'
  one.closed = { at: world.context.clock.now(), reason }
  await notify(world, one, 'CLOSED', '免确认收款授权关闭通知')
}

async function notify(world: PayWorld, one: TransferAuthorization, event: string, summary: string): Promise<void> {
  const { package_info: _, create_time: __, ...resource } = authorizationObject(one)
  const eventType = `MCHTRANSFER.AUTHORIZATION.${event}`
  const content = { eventType, originalType: 'mch_payment', summary, resource }
  sendEvent(world, { kind: 'transfer', mchId: one.mchId, url: one.notifyUrl }, content)
  await world.context.clock.settle()
}

function authorizationObject(one: TransferAuthorization): Json {
  const isConfirmed = one.authorizedAt !== undefined
  return compact({
    out_authorization_no: one.outAuthorizationNo,
    appid: one.appId,
    openid: one.openid,
    user_display_name: one.displayName,
    authorization_id: isConfirmed ? one.authorizationId : undefined,
    state: one.state,
    authorize_time: one.authorizedAt === undefined ? undefined : rfc3339(one.authorizedAt),
    close_info: one.closed && { close_time: rfc3339(one.closed.at), close_reason: one.closed.reason },
    transfer_scene_id: one.sceneId,
    create_time: rfc3339(one.createdAt),
    package_info: one.state === 'WAIT_USER_CONFIRM' ? one.packageInfo : undefined
  })
}

function create(call: V3Call): Json {
  const { world, merchant, body } = call
  const appId = str(body, 'appid')
  checkApp(world, merchant, appId)
  const print = fingerprint(body)
  const outAuthorizationNo = str(body, 'out_authorization_no')
  const known = findAuthorization(world, `no ${merchant.mchId} ${outAuthorizationNo}`)
  if (known && known.fingerprint !== print)
    throw new V3Failure(409, 'ALREADY_EXISTS', '商户授权单号已存在，但请求参数不一致')
  const openid = str(body, 'openid')
  if (!world.context.users.byOpenid(appId, openid)) throw new V3Failure(400, 'PARAM_ERROR', 'openid与appid不匹配')
  const one =
    known ??
    addAuthorization(world, {
      mchId: merchant.mchId,
      appId,
      openid,
      outAuthorizationNo,
      sceneId: str(body, 'transfer_scene_id'),
      displayName: str(body, 'user_display_name'),
      notifyUrl: str(body, 'authorization_notify_url'),
      fingerprint: print
    })
  const { out_authorization_no, state, create_time, package_info } = authorizationObject(one)
  return compact({ out_authorization_no, state, create_time, package_info })
}

function byNumber({ world, merchant, params }: V3Call): TransferAuthorization {
  const one = findAuthorization(world, `no ${merchant.mchId} ${params.out_authorization_no}`)
  // With a transfer it exists only once both were confirmed.
  const isMissing = !one || (one.outBillNo !== undefined && one.authorizedAt === undefined)
  const isForgotten =
    one?.closed?.reason === 'USER_OVERDUE_UNCONFIRMED' && world.context.clock.now() - one.createdAt > KEPT_MS
  if (isMissing || isForgotten) throw new V3Failure(404, 'NOT_FOUND', '记录不存在')
  return one
}

async function close(call: V3Call): Promise<Json> {
  const one = byNumber(call)
  if (one.state !== 'CLOSED') await closeAuthorization(call.world, one, 'CLOSE_VIA_MCH_API')
  return authorizationObject(one)
}

const BASE = '/v3/fund-app/mch-transfer/user-confirm-authorization'

export const TRANSFER_AUTHORIZATION_ROUTES: readonly V3Route[] = [
  post(BASE, { body: CREATE }, create),
  get(`${BASE}/out-authorization-no/:out_authorization_no`, {}, (call) => authorizationObject(byNumber(call))),
  post(`${BASE}/out-authorization-no/:out_authorization_no/close`, {}, close)
]
