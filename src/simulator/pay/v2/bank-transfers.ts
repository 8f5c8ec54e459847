import { createHash } from 'node:crypto'
import { decryptSensitive } from '../../crypto/pay-v3.ts'
import { V2Failure } from '../failures.ts'
import { compactTime, plainTime } from '../times.ts'
import { payoutEndpoint, type V2Answer, type V2Call, type V2Endpoint } from './endpoint.ts'
import { amount, type FieldRules, LETTERS_DIGITS, may, need } from './fields.ts'

const PAY_BANK: FieldRules = {
  partner_trade_no: { ...need(32, LETTERS_DIGITS), pattern: /^[0-9A-Za-z]{8,32}$/ },
  // The documents say 64, which no RSA ciphertext fits in; 2,048 bits make 344 characters.
  enc_bank_no: need(1024),
  enc_true_name: need(1024),
  bank_code: need(64, /^\d{4,}$/),
  amount: amount(1, 5_000_000),
  desc: may(100)
}

const md5 = (text: string): string => createHash('md5').update(text).digest('hex')

// 0.1 %, at least 1 yuan and at most 25.
const feeOf = (fen: number): number => Math.min(2500, Math.max(100, Math.ceil(fen / 1000)))

function payBank(call: V2Call): V2Answer {
  const { fields, world, merchant } = call
  const bankNo = decrypt(call, 'enc_bank_no')
  const name = decrypt(call, 'enc_true_name')
  if (!/^\d{12,25}$/.test(bankNo)) throw new V2Failure('PARAM_ERROR', '银行卡号格式有误')
  const number = fields.partner_trade_no ?? ''
  const fen = Number(fields.amount)
  let done = world.bankTransfers.get(`no ${merchant.mchId} ${number}`)
  if (done && (done.amount !== fen || done.bankNoMd5 !== md5(bankNo) || done.nameMd5 !== md5(name))) {
    throw new V2Failure('FATAL_ERROR', '商户单号重复，参数与首次请求不一致')
  }
  if (!done) {
    const time = world.context.clock.now()
    const paymentNo = `2010${world.context.random.digits(10)}${compactTime(time)}`
    const entry = { book: merchant.mchId, businessNo: paymentNo, outNo: number, name: '企业付款到银行卡' }
    const fee = feeOf(fen)
    world.funds.move({ ...entry, type: '付款及手续费', amount: -(fen + fee) })
    done = world.bankTransfers.add({
      mchId: merchant.mchId,
      partnerTradeNo: number,
      paymentNo,
      bankNoMd5: md5(bankNo),
      nameMd5: md5(name),
      bankCode: fields.bank_code ?? '',
      amount: fen,
      fee,
      time,
      dueAt: time + world.settings.payoutDelayMs
    })
  }
  return {
    mch_id: merchant.mchId,
    partner_trade_no: number,
    amount: done.amount,
    nonce_str: world.context.random.text(16),
    payment_no: done.paymentNo,
    cmms_amt: done.fee
  }
}

function decrypt(call: V2Call, name: string): string {
  try {
    return decryptSensitive(call.fields[name] ?? '', call.world.context.keys.privateKey('authorityRsa'))
  } catch {
    throw new V2Failure('PARAM_ERROR', `${name}解密失败：请用risk/getpublickey的公钥，填充方式RSA_PKCS1_OAEP_PADDING`)
  }
}

function queryBank(call: V2Call): V2Answer {
  const { fields, world, merchant } = call
  const done = world.bankTransfers.get(`no ${merchant.mchId} ${fields.partner_trade_no ?? ''}`)
  if (!done) throw new V2Failure('ORDERNOTEXIST', '订单不存在')
  const isDone = world.context.clock.now() >= done.dueAt
  return {
    mch_id: merchant.mchId,
    partner_trade_no: done.partnerTradeNo,
    payment_no: done.paymentNo,
    bank_no_md5: done.bankNoMd5,
    true_name_md5: done.nameMd5,
    amount: done.amount,
    status: isDone ? 'SUCCESS' : 'PROCESSING',
    cmms_amt: done.fee,
    create_time: plainTime(done.time),
    ...(isDone ? { pay_succ_time: plainTime(done.dueAt) } : {})
  }
}

export const BANK_ENDPOINTS: readonly V2Endpoint[] = [
  payoutEndpoint('/mmpaysptrans/pay_bank', PAY_BANK, payBank),
  payoutEndpoint('/mmpaysptrans/query_bank', { partner_trade_no: need(32, LETTERS_DIGITS) }, queryBank),
  payoutEndpoint('/risk/getpublickey', {}, ({ world, merchant }) => ({
    mch_id: merchant.mchId,
    pub_key: String(world.context.keys.publicKey('authorityRsa').export({ type: 'pkcs1', format: 'pem' }))
  }))
]
