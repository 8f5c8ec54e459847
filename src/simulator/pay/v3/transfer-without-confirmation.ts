import { V3Failure } from '../failures.ts'
import { fingerprint } from '../fingerprint.ts'
import type { TransferBill } from '../ledger/transfer-bill.ts'
import { checkApp } from '../payer.ts'
import { post, type V3Call, type V3Route } from './route.ts'
import { compact, type Json, NOTIFY_URL, num, object, opt, str, text, unread } from './shape.ts'
import { addAuthorization, findAuthorization } from './transfer-authorizations.ts'
import { BILL_FIELDS, checkName, created, queried, USER_FIELDS } from './transfer-bills.ts'
import { checkScene } from './transfer-scenes.ts'

const TRANSFER = object({
  ...BILL_FIELDS,
  ...unread('sponsor_mchid'),
  authorization_id: opt(text(1, 64)),
  out_authorization_no: opt(text(1, 32))
})
const WITH_AUTHORIZATION = object({
  ...BILL_FIELDS,
  ...USER_FIELDS,
  ...unread('sponsor_mchid'),
  authorization_info: object({
    out_authorization_no: text(1, 32),
    user_display_name: text(1, 32),
    authorization_notify_url: NOTIFY_URL
  })
})

/** A bill of the same number: the same call again, or a refusal. */
function known({ world, merchant, body }: V3Call, print: string): TransferBill | undefined {
  const bill = world.transferBills.table.get(`no ${merchant.mchId} ${str(body, 'out_bill_no')}`)
  if (bill && bill.fingerprint !== print) {
    throw new V3Failure(409, 'ALREADY_EXISTS', '商户单号已存在，但请求参数不一致')
  }
  return bill
}

function bill(call: V3Call, openid: string, print: string): TransferBill {
  const { world, merchant, body } = call
  const appId = str(body, 'appid')
  const name = str(body, 'user_name')
  const user = world.context.users.byOpenid(appId, openid)
  if (!user) throw new V3Failure(400, 'PARAM_ERROR', 'openid与appid不匹配')
  const added = world.transferBills.create({
    mchId: merchant.mchId,
    appId,
    outBillNo: str(body, 'out_bill_no'),
    openid,
    amount: num(body, 'transfer_amount'),
    remark: str(body, 'transfer_remark'),
    sceneId: str(body, 'transfer_scene_id'),
    fingerprint: print,
    ...compact({ userName: name }),
    ...compact({ notifyUrl: str(body, 'notify_url') })
  })
  if (name && name !== user.profile.realName && added.state === 'WAIT_USER_CONFIRM') {
    world.transferBills.fail(added, 'NAME_NOT_CORRECT')
  }
  return added
}

/** 免确认收款转账: made at once. */
function transfer(call: V3Call): Json {
  const { world, merchant, body } = call
  checkScene(body)
  checkApp(world, merchant, str(body, 'appid'))
  checkName(body)
  const print = fingerprint(body)
  const before = known(call, print)
  if (before) return queried(world, before)
  const id = str(body, 'authorization_id')
  const key = id ? `id ${merchant.mchId} ${id}` : `no ${merchant.mchId} ${str(body, 'out_authorization_no')}`
  const one = findAuthorization(world, key)
  if (one?.state !== 'TAKING_EFFECT') throw new V3Failure(400, 'INVALID_REQUEST', '授权不存在或未生效')
  if (one.sceneId !== str(body, 'transfer_scene_id') || one.appId !== str(body, 'appid')) {
    throw new V3Failure(400, 'INVALID_REQUEST', '转账场景与授权不一致')
  }
  const added = bill(call, one.openid, print)
  if (added.state === 'WAIT_USER_CONFIRM') world.transferBills.confirm(added)
  return queried(world, added)
}

/** 发起转账并完成免确认收款授权 */
function transferWithAuthorization(call: V3Call): Json {
  const { world, merchant, body } = call
  checkScene(body)
  checkApp(world, merchant, str(body, 'appid'))
  checkName(body)
  const info = body.authorization_info as Json
  const out_authorization_no = str(info, 'out_authorization_no')
  const user_display_name = str(info, 'user_display_name')
  const print = fingerprint(body)
  const before = known(call, print)
  const added = before ?? bill(call, str(body, 'openid'), print)
  if (!before) {
    addAuthorization(world, {
      mchId: merchant.mchId,
      appId: added.appId,
      openid: added.openid,
      outAuthorizationNo: out_authorization_no,
      sceneId: added.sceneId,
      displayName: user_display_name,
      notifyUrl: str(info, 'authorization_notify_url'),
      fingerprint: print,
      outBillNo: added.outBillNo
    })
  }
  return { ...created(added), out_authorization_no, user_display_name }
}

const BASE = '/v3/fund-app/mch-transfer/transfer-bills'

export const TRANSFER_WITHOUT_CONFIRMATION_ROUTES: readonly V3Route[] = [
  post(`${BASE}/transfer`, { body: TRANSFER }, transfer),
  post(`${BASE}/pre-transfer-with-authorization`, { body: WITH_AUTHORIZATION }, transferWithAuthorization)
]
