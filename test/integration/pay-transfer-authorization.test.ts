import { afterEach, beforeEach, expect, it } from 'vitest'
import { type NotificationKind, type TransferAuthorization, WeChatPay } from 'weixin-kit/pay'
import { createSimulator, type Simulator } from 'weixin-kit/simulator'

const DAY_MS = 24 * 3_600_000
const SCENE = {
  transfer_scene_id: '1005',
  transfer_scene_report_infos: [
    { info_type: '岗位类型', info_content: '外卖员' },
    { info_type: '报酬说明', info_content: '高温补贴' }
  ]
}
const URL_OF_SHOP = 'https://shop.example.com/pay/notify'

let simulator: Simulator
let pay: WeChatPay
let seen: string[]
let isDown: boolean

beforeEach(() => {
  seen = []
  isDown = false
  simulator = createSimulator({
    seed: 'authorizations',
    paySettings: { refuseUnknownFields: true },
    deliver: (request) => handler(request)
  })
  pay = new WeChatPay({ ...simulator.credentials.payV3, ...simulator.clientOptions, notifyUrl: URL_OF_SHOP })
  const note = (kind: NotificationKind, state: string, number: string) => {
    if (isDown) throw new Error('the process was killed')
    seen.push(`${kind} ${number} ${state}`)
  }
  const handler = pay.notifyHandler({
    onTransfer: ({ out_bill_no, state }, { kind }) => note(kind, state, out_bill_no),
    onTransferAuthorization: ({ out_authorization_no, state }, { kind }) => note(kind, state, out_authorization_no)
  })
})
afterEach(() => simulator.close())

const ming = () => simulator.user('ming')
const authorize = (out_authorization_no: string, user = ming()) =>
  pay.transferAuthorizations.create({
    out_authorization_no,
    openid: user.openid(),
    transfer_scene_id: '1005',
    user_display_name: 'Rider 7'
  })
const bill = (out_bill_no: string) => ({
  out_bill_no,
  ...SCENE,
  transfer_amount: 3_000,
  transfer_remark: 'Commission',
  notify_url: URL_OF_SHOP
})
const failureOf = (call: Promise<unknown>) =>
  call.then(
    () => 'made',
    (error: { code: string; upstreamCode?: string; cause?: { upstreamCode?: string } }) =>
      `${error.code} ${error.upstreamCode ?? error.cause?.upstreamCode ?? ''}`
  )

it('a user permits once, is paid without confirming, and ends it', async () => {
  const created = await authorize('A1')
  expect(created).toMatchObject({ out_authorization_no: 'A1', state: 'WAIT_USER_CONFIRM' })
  expect(pay.transfers.confirmParams(created)).toMatchObject({ package: created.package_info })
  expect(await authorize('A1')).toEqual(created)
  expect(await failureOf(authorize('A2'))).toBe('ERR_WECHAT_PAY INVALID_REQUEST')
  // Before the user has said yes no money moves.
  const early = pay.transferAuthorizations.transfer({ ...bill('W0'), out_authorization_no: 'A1' })
  expect(await failureOf(early)).toBe('ERR_UNKNOWN_RESULT INVALID_REQUEST')

  await ming().authorizeTransfers(created.package_info ?? '')
  const authorization: TransferAuthorization = await pay.transferAuthorizations.query({ out_authorization_no: 'A1' })
  expect(authorization).toMatchObject({ state: 'TAKING_EFFECT', openid: ming().openid() })
  const { authorization_id = '' } = authorization
  const paid = await pay.transferAuthorizations.transfer({ ...bill('W1'), authorization_id })
  expect(paid).toMatchObject({ out_bill_no: 'W1', state: 'SUCCESS', transfer_amount: 3_000 })
  const named = { ...bill('W2'), transfer_amount: 200_000, user_name: simulator.user('ming').profile.realName ?? '' }
  expect(await pay.transferAuthorizations.transfer({ ...named, out_authorization_no: 'A1' })).toMatchObject({
    state: 'SUCCESS',
    user_name: named.user_name
  })
  expect(await pay.transfers.query({ out_bill_no: 'W1' })).toMatchObject({ state: 'SUCCESS' })

  await ming().endTransferAuthorization('A1')
  const late = pay.transferAuthorizations.transfer({ ...bill('W3'), authorization_id })
  expect(await failureOf(late)).toBe('ERR_UNKNOWN_RESULT INVALID_REQUEST')
  expect(await failureOf(pay.transfers.query({ out_bill_no: 'W3' }))).toBe('ERR_WECHAT_PAY NOT_FOUND')
  expect(await pay.transferAuthorizations.close({ out_authorization_no: 'A1' })).toMatchObject({
    state: 'CLOSED',
    close_info: { close_reason: 'USER_CLOSE' }
  })
  expect(seen).toEqual([
    'transferAuthorization A1 TAKING_EFFECT',
    'transfer W1 SUCCESS',
    'transfer W2 SUCCESS',
    'transferAuthorization A1 CLOSED'
  ])
})

it('the same number never pays twice, another scene or account not at all', async () => {
  const created = await authorize('A1')
  await ming().authorizeTransfers(created.package_info ?? '')
  const params = { ...bill('W1'), out_authorization_no: 'A1' }
  const first = await pay.transferAuthorizations.transfer(params)
  expect(await pay.transferAuthorizations.transfer(params)).toEqual(first)
  const more = pay.transferAuthorizations.transfer({ ...params, transfer_amount: 3_001 })
  expect(await failureOf(more)).toBe('ERR_UNKNOWN_RESULT ALREADY_EXISTS')
  const scene = {
    transfer_scene_id: '1009',
    transfer_scene_report_infos: [{ info_type: '采购商品名称', info_content: '茶' }]
  }
  const other = pay.transferAuthorizations.transfer({ ...params, out_bill_no: 'W2', ...scene })
  expect(await failureOf(other)).toBe('ERR_UNKNOWN_RESULT INVALID_REQUEST')
  const neither = pay.transferAuthorizations.transfer(bill('W3') as never)
  expect(await failureOf(neither)).toBe('ERR_INVALID_PARAM ')
  expect(simulator.pay.transfers).toHaveLength(1)
})

it('a response that is lost leaves the result open until it is queried', async () => {
  const created = await authorize('A1')
  await ming().authorizeTransfers(created.package_info ?? '')
  simulator.fail('/transfer-bills/transfer', 'reset', 1)
  const error = await pay.transferAuthorizations.transfer({ ...bill('W1'), out_authorization_no: 'A1' }).catch((e) => e)
  expect(error).toMatchObject({
    code: 'ERR_UNKNOWN_RESULT',
    outcome: 'unknown',
    query: { method: 'transfers.query', params: { out_bill_no: 'W1' } }
  })
})

it('a notification that failed comes again and counts once', async () => {
  const created = await authorize('A1')
  isDown = true
  await ming().authorizeTransfers(created.package_info ?? '')
  expect(seen).toEqual([])
  isDown = false
  await simulator.clock.advance(DAY_MS)
  expect(seen).toEqual(['transferAuthorization A1 TAKING_EFFECT'])
})

it('forged notifications count for nothing, and late ones in any order count once', async () => {
  const created = await authorize('A1')
  simulator.pay.forgeNotifications(1)
  await ming().authorizeTransfers(created.package_info ?? '')
  expect(seen).toEqual([])
  await simulator.clock.advance(DAY_MS)
  isDown = true
  await pay.transferAuthorizations.transfer({ ...bill('W1'), out_authorization_no: 'A1' })
  await ming().endTransferAuthorization('A1')
  isDown = false
  await simulator.clock.advance(DAY_MS)
  const all = ['transfer W1 SUCCESS', 'transferAuthorization A1 CLOSED', 'transferAuthorization A1 TAKING_EFFECT']
  expect([...seen].sort()).toEqual(all)
  for (const delivery of [...simulator.deliveries.recent].reverse()) await delivery.redeliver()
  expect([...seen].sort()).toEqual(all)
  // The order of arrival proves nothing: the state is what the query says.
  expect(await pay.transferAuthorizations.query({ out_authorization_no: 'A1' })).toMatchObject({ state: 'CLOSED' })
})

it('after a day without a response it is closed, and another number is needed', async () => {
  const created = await authorize('A1')
  await simulator.clock.advance(DAY_MS + 1_000)
  expect(await pay.transferAuthorizations.query({ out_authorization_no: 'A1' })).toMatchObject({
    state: 'CLOSED',
    close_info: { close_reason: 'USER_OVERDUE_UNCONFIRMED' }
  })
  await expect(ming().authorizeTransfers(created.package_info ?? '')).rejects.toThrow(/CLOSED/)
  expect(await authorize('A2')).toMatchObject({ state: 'WAIT_USER_CONFIRM' })
})

it.each([true, false])('a transfer asks for the permission as well; agreed: %s', async (authorizes) => {
  const created = await pay.transferAuthorizations.createWithTransfer({
    ...bill('W1'),
    openid: ming().openid(),
    authorization_info: {
      out_authorization_no: 'A1',
      user_display_name: 'Rider 7',
      authorization_notify_url: URL_OF_SHOP
    }
  })
  expect(created).toMatchObject({ state: 'WAIT_USER_CONFIRM', out_authorization_no: 'A1' })
  await ming().confirmTransfer('W1', { authorizes })
  const query = pay.transferAuthorizations.query({ out_authorization_no: 'A1' })
  if (authorizes) expect(await query).toMatchObject({ state: 'TAKING_EFFECT' })
  else expect(await failureOf(query)).toBe('ERR_WECHAT_PAY NOT_FOUND')
  expect(seen.filter((entry) => entry.startsWith('transferAuthorization'))).toHaveLength(authorizes ? 1 : 0)
})
