import { V2Failure } from '../failures.ts'
import { compactTime, DAY_MS, plainTime } from '../times.ts'
import { payoutEndpoint, type V2Answer, type V2Call, type V2Endpoint } from './endpoint.ts'
import { amount, type FieldRules, IP, LETTERS_DIGITS, may, need, one, when } from './fields.ts'

const TRANSFER: FieldRules = {
  mch_appid: need(128),
  mchid: need(32),
  device_info: may(32),
  partner_trade_no: need(32, LETTERS_DIGITS),
  openid: need(64),
  check_name: one('NO_CHECK', 'FORCE_CHECK'),
  re_user_name: when(64, (fields) => fields.check_name === 'FORCE_CHECK'),
  amount: amount(),
  desc: need(100),
  spbill_create_ip: may(32, IP)
}

const SAME_FIELDS = ['mch_appid', 'openid', 'check_name', 're_user_name', 'amount'] as const
const LARGEST = 2_000_000
const SMALLEST = 30

function transfer(call: V2Call): V2Answer {
  const { fields, world, merchant } = call
  const fingerprint = SAME_FIELDS.map((name) => fields[name] ?? '').join('\n')
  const number = fields.partner_trade_no ?? ''
  let done = world.v2Transfers.get(`no ${merchant.mchId} ${number}`)
  if (done && done.fingerprint !== fingerprint) throw new V2Failure('FATAL_ERROR', '两次请求参数不一致')
  if (!done) {
    const appId = fields.mch_appid ?? ''
    const user = world.context.users.byOpenid(appId, fields.openid ?? '')
    if (!user) throw new V2Failure('OPENID_ERROR', 'openid与商户appid不匹配')
    if (fields.check_name === 'FORCE_CHECK' && fields.re_user_name !== user.profile.realName) {
      throw new V2Failure('NAME_MISMATCH', '真实姓名不一致')
    }
    const fen = Number(fields.amount)
    if (fen < SMALLEST || fen > LARGEST) {
      throw new V2Failure('AMOUNT_LIMIT', `付款金额超出限制：${SMALLEST}-${LARGEST}分`)
    }
    const time = world.context.clock.now()
    const paymentNo = `1010${world.context.random.digits(10)}${compactTime(time)}`
    world.funds.move({
      book: merchant.mchId,
      businessNo: paymentNo,
      outNo: number,
      name: '企业付款',
      type: '企业付款到零钱',
      amount: -fen
    })
    done = world.v2Transfers.add({
      mchId: merchant.mchId,
      partnerTradeNo: number,
      appId,
      openid: fields.openid ?? '',
      ...(fields.re_user_name ? { name: fields.re_user_name } : {}),
      amount: fen,
      desc: fields.desc ?? '',
      paymentNo,
      time,
      fingerprint
    })
  }
  return {
    mch_appid: done.appId,
    mchid: merchant.mchId,
    ...(fields.device_info ? { device_info: fields.device_info } : {}),
    nonce_str: world.context.random.text(16),
    partner_trade_no: number,
    payment_no: done.paymentNo,
    payment_time: plainTime(done.time)
  }
}

function query(call: V2Call): V2Answer {
  const { fields, world, merchant } = call
  const done = world.v2Transfers.get(`no ${merchant.mchId} ${fields.partner_trade_no ?? ''}`)
  if (!done || done.appId !== fields.appid || world.context.clock.now() - done.time > 30 * DAY_MS) {
    throw new V2Failure('NOT_FOUND', '指定单号数据不存在')
  }
  return {
    partner_trade_no: done.partnerTradeNo,
    appid: done.appId,
    mch_id: done.mchId,
    detail_id: done.paymentNo,
    status: 'SUCCESS',
    openid: done.openid,
    ...(done.name === undefined ? {} : { transfer_name: done.name }),
    payment_amount: done.amount,
    transfer_time: plainTime(done.time),
    payment_time: plainTime(done.time),
    desc: done.desc
  }
}

export const TRANSFER_ENDPOINTS: readonly V2Endpoint[] = [
  payoutEndpoint('/mmpaymkttransfers/promotion/transfers', TRANSFER, transfer, {
    mch: 'mchid',
    app: 'mch_appid',
    signTypes: ['MD5']
  }),
  payoutEndpoint(
    '/mmpaymkttransfers/gettransferinfo',
    { appid: need(32), partner_trade_no: need(32, LETTERS_DIGITS) },
    query,
    { signTypes: ['MD5'] }
  )
]
