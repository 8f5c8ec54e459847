import { V2Failure } from '../failures.ts'
import type { RedPack } from '../ledger/red-pack.ts'
import { beijingDate, DAY_MS, parseDate, plainTime } from '../times.ts'
import { payoutEndpoint, type V2Answer, type V2Call, type V2Endpoint } from './endpoint.ts'
import { amount, count, type FieldRules, IP, LETTERS_DIGITS, may, need, one, oneMay } from './fields.ts'

const SCENES = ['PRODUCT_1', 'PRODUCT_2', 'PRODUCT_3', 'PRODUCT_4', 'PRODUCT_5', 'PRODUCT_6', 'PRODUCT_7', 'PRODUCT_8']

const COMMON: FieldRules = {
  mch_billno: need(28, LETTERS_DIGITS),
  wxappid: need(32),
  send_name: need(32),
  re_openid: need(32),
  total_amount: amount(),
  wishing: need(128),
  act_name: need(32),
  remark: need(256),
  scene_id: oneMay(...SCENES),
  risk_info: may(128)
}

const NORMAL: FieldRules = { ...COMMON, total_num: count(1, 1), client_ip: need(15, IP) }
const GROUP: FieldRules = { ...COMMON, total_num: count(3, 20), amt_type: one('ALL_RAND') }
const MINI: FieldRules = { ...COMMON, total_num: count(1, 1), notify_way: one('MINI_PROGRAM_JSAPI') }

const SMALLEST = 100
const LARGEST = 20_000
const PER_USER_AND_DAY = 10

const FINGERPRINT = ['wxappid', 're_openid', 'total_amount', 'total_num', 'send_name', 'wishing', 'act_name'] as const

function send(kind: RedPack['kind']): (call: V2Call) => V2Answer {
  return (call) => {
    const { fields, world, merchant } = call
    const number = fields.mch_billno ?? ''
    const fingerprint = [kind, ...FINGERPRINT.map((name) => fields[name] ?? '')].join('\n')
    const known = world.redPacks.table.get(`no ${merchant.mchId} ${number}`)
    if (known && known.fingerprint !== fingerprint) throw new V2Failure('FATAL_ERROR', '更换了openid，但商户单号未更新')
    const pack = known ?? world.redPacks.send(draft(call, kind, fingerprint))
    return {
      mch_billno: number,
      mch_id: merchant.mchId,
      wxappid: pack.appId,
      re_openid: pack.openid,
      total_amount: pack.totalAmount,
      send_listid: pack.listId,
      ...(kind === 'GROUP' ? { total_num: pack.totalNum } : {}),
      ...(kind === 'MINI_PROGRAM' ? { package: packageOf(pack) } : {})
    }
  }
}

/** What `wx.sendBizRedPacket` takes. */
export const packageOf = (pack: RedPack): string => `sendid=${pack.listId}&ver=8&mchid=${pack.mchId}`

function draft(call: V2Call, kind: RedPack['kind'], fingerprint: string) {
  const { fields, world, merchant } = call
  const appId = fields.wxappid ?? ''
  const openid = fields.re_openid ?? ''
  const account = world.context.accounts.wechat(appId)
  const wanted = kind === 'MINI_PROGRAM' ? 'miniProgram' : 'officialAccount'
  if (account?.kind !== wanted)
    throw new V2Failure('ILLEGAL_APPID', '非法appid，请确认是否为公众号的appid，不能为APP的appid')
  if (!world.context.users.byOpenid(appId, openid)) throw new V2Failure('OPENID_ERROR', 'openid和appid不匹配')
  const fen = Number(fields.total_amount)
  const num = Number(fields.total_num)
  if (!fields.scene_id && (fen < SMALLEST * num || fen > LARGEST * num)) {
    throw new V2Failure('MONEY_LIMIT', '红包金额发放限制：1.00 至 200.00 元，其他金额要scene_id')
  }
  const today = parseDate(beijingDate(world.context.clock.now())) ?? 0
  if (world.redPacks.countSince(merchant.mchId, openid, today) >= PER_USER_AND_DAY) {
    throw new V2Failure('SENDNUM_LIMIT', '该用户今日领取红包个数超过限制')
  }
  return {
    mchId: merchant.mchId,
    mchBillno: fields.mch_billno ?? '',
    appId,
    kind,
    openid,
    totalAmount: fen,
    totalNum: num,
    sendName: fields.send_name ?? '',
    wishing: fields.wishing ?? '',
    actName: fields.act_name ?? '',
    remark: fields.remark ?? '',
    fingerprint
  }
}

function query(call: V2Call): V2Answer {
  const { fields, world, merchant } = call
  const pack = world.redPacks.table.get(`no ${merchant.mchId} ${fields.mch_billno ?? ''}`)
  if (!pack || world.context.clock.now() - pack.sentAt > 30 * DAY_MS) {
    throw new V2Failure('NOT_FOUND', '指定单号数据不存在')
  }
  const list = pack.received.map((one) => ({ openid: one.openid, amount: one.amount, rcv_time: plainTime(one.time) }))
  return {
    mch_billno: pack.mchBillno,
    mch_id: pack.mchId,
    detail_id: pack.detailId,
    status: pack.status,
    send_type: 'API',
    hb_type: pack.kind === 'GROUP' ? 'GROUP' : 'NORMAL',
    total_num: pack.totalNum,
    total_amount: pack.totalAmount,
    send_time: plainTime(pack.sentAt),
    ...(pack.refundedAt === undefined ? {} : { refund_time: plainTime(pack.refundedAt) }),
    ...(pack.refundAmount === undefined ? {} : { refund_amount: pack.refundAmount }),
    wishing: pack.wishing,
    remark: pack.remark,
    act_name: pack.actName,
    ...(list.length > 0 ? { hblist: { hbinfo: list } } : {})
  }
}

const PREFIX = '/mmpaymkttransfers'
const md5 = { signTypes: ['MD5'] } as const

export const RED_PACK_ENDPOINTS: readonly V2Endpoint[] = [
  payoutEndpoint(`${PREFIX}/sendredpack`, NORMAL, send('NORMAL'), md5),
  payoutEndpoint(`${PREFIX}/sendgroupredpack`, GROUP, send('GROUP'), md5),
  payoutEndpoint(`${PREFIX}/sendminiprogramhb`, MINI, send('MINI_PROGRAM'), md5),
  payoutEndpoint(
    `${PREFIX}/gethbinfo`,
    { mch_billno: need(28, LETTERS_DIGITS), appid: need(32), bill_type: one('MCHT') },
    query,
    md5
  )
]
