import type { Route } from '../framework/service.ts'
import { call, required, type YunpianCall } from './call.ts'
import { checkNumber, countMessage } from './number-limits.ts'
import { YunpianRefusal } from './refusal.ts'
import type { ReportOffice } from './reports.ts'
import { pullStatus } from './sms-query.ts'
import { charge, normalMobile, textOfTemplate } from './sms-send.ts'
import type { SmsRecord, YunpianState } from './state.ts'

/** Thousandths of a yuan. */
const CALL_FEE = 100

const PACKAGES = [
  { sn: '1008601', carrier: '10086', carrier_price: 3, discount: 0.95, capacity: 10, name: '移动10M' },
  { sn: '1008602', carrier: '10086', carrier_price: 5, discount: 0.95, capacity: 30, name: '移动30M' },
  { sn: '1001001', carrier: '10010', carrier_price: 3, discount: 0.9, capacity: 20, name: '联通20M' },
  { sn: '1000001', carrier: '10000', carrier_price: 2, discount: 0.9, capacity: 10, name: '电信10M' }
]

/** A landline may be called, with its area code. */
function phoneOf(form: URLSearchParams): string {
  const number = required(form, 'mobile')
  return /^0\d{2,3}-?\d{7,8}$/.test(number) ? number : normalMobile(number)
}

function record(
  { state, own, form }: YunpianCall,
  office: ReportOffice,
  facts: Pick<SmsRecord, 'mobile' | 'text' | 'fee' | 'isNotice'> & { kind: 'voice' | 'flow' }
) {
  const entry: SmsRecord = {
    ...facts,
    sid: state.context.random.hex(32),
    uid: form.get('uid') || null,
    extend: '',
    count: 1,
    fee: facts.fee / 1000,
    sentAt: state.now,
    callbackUrl: form.get('callback_url') || undefined,
    reportStatus: 'UNKNOWN',
    receivedAt: undefined,
    errorMsg: '',
    errorDetail: ''
  }
  own.records.set(entry.sid, entry)
  office.scheduleReport(own, entry)
  return { count: 1, fee: entry.fee, sid: entry.sid }
}

function callPhone(yunpian: YunpianCall, office: ReportOffice, text: string, isNotice = false) {
  const mobile = phoneOf(yunpian.form)
  checkNumber(yunpian.state, mobile, `voice ${text}`)
  charge(yunpian, CALL_FEE)
  countMessage(yunpian.state, mobile, `voice ${text}`)
  return record(yunpian, office, { kind: 'voice', mobile, text, fee: CALL_FEE, isNotice })
}

/** Voice calls (the host voice.yunpian.com). */
export function voiceRoutes(state: YunpianState, office: ReportOffice): Route[] {
  return [
    call(state, '/v2/voice/send.json', (yunpian) => {
      const code = required(yunpian.form, 'code')
      if (!/^\d{4,6}$/.test(code)) throw new YunpianRefusal(2, '参数 code 必须是 4 到 6 位数字')
      return callPhone(yunpian, office, `您的验证码是${code}`)
    }),
    call(state, '/v2/voice/tpl_notify.json', (yunpian) => {
      phoneOf(yunpian.form)
      return callPhone(yunpian, office, textOfTemplate(yunpian, 'voice'), true)
    }),
    call(state, '/v2/voice/pull_status.json', (yunpian) => {
      const type = yunpian.form.get('type')
      const fits = ({ kind, isNotice = false }: SmsRecord) => kind === 'voice' && (!type || isNotice === (type === '2'))
      return pullStatus(yunpian, fits)
    })
  ]
}

/** Data packages (the host flow.yunpian.com). */
export function flowRoutes(state: YunpianState, office: ReportOffice): Route[] {
  return [
    call(state, '/v2/flow/get_package.json', ({ form }) => {
      const carrier = form.get('carrier')
      return PACKAGES.filter((one) => !carrier || one.carrier === carrier)
    }),
    call(state, '/v2/flow/recharge.json', (yunpian) => {
      const mobile = normalMobile(required(yunpian.form, 'mobile'))
      const sn = required(yunpian.form, 'sn')
      const chosen = PACKAGES.find((one) => one.sn === sn)
      if (!chosen) throw new YunpianRefusal(26)
      const fee = Math.round(chosen.carrier_price * chosen.discount * 1000)
      charge(yunpian, fee)
      return record(yunpian, office, { kind: 'flow', mobile, text: chosen.name, fee })
    }),
    call(state, '/v2/flow/pull_status.json', (yunpian) => pullStatus(yunpian, ({ kind }) => kind === 'flow'))
  ]
}
