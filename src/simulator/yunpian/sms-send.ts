import { formDecode } from '../crypto/yunpian.ts'
import type { Route } from '../framework/service.ts'
import { call, required, type YunpianCall } from './call.ts'
import { DEFAULT_TEMPLATES } from './default-templates.ts'
import { checkNumber, countMessage } from './number-limits.ts'
import { messageOf, YunpianRefusal } from './refusal.ts'
import type { ReportOffice } from './reports.ts'
import type { SmsRecord } from './state.ts'
import { fillTemplate, matchesTemplate, segmentsOf, signOf } from './template-match.ts'

/** Thousandths of a yuan per segment. */
const FEE = 50
const FEE_ABROAD = 500
const MAX_NUMBERS = 1000
const MAX_TEXT = 500

const MAINLAND = /^(?:\+?86)?(1\d{10})$/
const ABROAD = /^\+(?!86)[1-9]\d{5,14}$/

/** A number as it is stored: mainland ones without +86. */
export function normalMobile(mobile: string): string {
  const plain = MAINLAND.exec(mobile)?.[1] ?? (ABROAD.test(mobile) ? mobile : undefined)
  if (plain === undefined) throw new YunpianRefusal(2, `手机号 ${mobile} 格式不正确`)
  return plain
}

function numbersOf(form: URLSearchParams): string[] {
  const numbers = required(form, 'mobile').split(',')
  if (numbers.length > MAX_NUMBERS) throw new YunpianRefusal(2, `手机号个数不能超过 ${MAX_NUMBERS} 个`)
  return numbers
}

function checkCommon(form: URLSearchParams): void {
  if (!/^\d*$/.test(form.get('extend') ?? '')) throw new YunpianRefusal(2, '参数 extend 格式不正确')
  if ((form.get('uid') ?? '').length > 256) throw new YunpianRefusal(2, '参数 uid 超过 256 个字符')
  const callback = form.get('callback_url')
  if (callback && !/^https?:\/\//.test(callback)) throw new YunpianRefusal(2, '参数 callback_url 格式不正确')
}

/** Sign, words and template of a text. */
function checkText({ state, own }: YunpianCall, text: string): void {
  if (text.length > MAX_TEXT) throw new YunpianRefusal(2, `短信内容超过 ${MAX_TEXT} 个字符`)
  const word = [...state.blockedWords].find((blocked) => text.includes(blocked))
  if (word !== undefined) throw new YunpianRefusal(4, `内容中包含屏蔽词 ${word}`)
  const sign = signOf(text)
  if (sign === undefined) throw new YunpianRefusal(5, '内容没有以【签名】开头')
  if (sign.length < 2 || sign.length > 20) throw new YunpianRefusal(16)
  if (own.signs.length > 0 && !own.signs.some((one) => one.sign === sign && one.status === 'SUCCESS'))
    throw new YunpianRefusal(15, `签名【${sign}】未报备或未通过审核`)
  const approved = [...own.templates.values()].filter(({ status, kind }) => status === 'SUCCESS' && kind === 'sms')
  const contents = [...approved.map(({ content }) => content), ...DEFAULT_TEMPLATES.values()]
  if (!contents.some((content) => matchesTemplate(content, text))) throw new YunpianRefusal(5)
}

interface Sent {
  readonly code: number
  readonly msg: string
  readonly count: number
  readonly fee: number
  readonly unit: 'RMB'
  readonly mobile: string
  readonly sid: bigint
}

/** Sends to one number or refuses. */
function sendOne(yunpian: YunpianCall, office: ReportOffice, given: string, text: string): Sent {
  const { state, own, form } = yunpian
  const mobile = normalMobile(given)
  checkText(yunpian, text)
  checkNumber(state, mobile, text)
  const count = segmentsOf(text)
  const fee = count * (mobile.startsWith('+') ? FEE_ABROAD : FEE)
  charge(yunpian, fee)
  countMessage(state, mobile, text)
  const record: SmsRecord = {
    sid: state.context.random.id64(),
    kind: 'sms',
    mobile,
    text,
    uid: form.get('uid') || null,
    extend: form.get('extend') ?? '',
    count,
    fee: fee / 1000,
    sentAt: state.now,
    callbackUrl: form.get('callback_url') || undefined,
    reportStatus: 'UNKNOWN',
    receivedAt: undefined,
    errorMsg: '',
    errorDetail: ''
  }
  own.records.set(record.sid, record)
  office.scheduleReport(own, record)
  return { code: 0, msg: messageOf(0), count, fee: fee / 1000, unit: 'RMB', mobile, sid: BigInt(record.sid) }
}

/** Takes money from the balance, in thousandths of a yuan. */
export function charge({ state, own }: YunpianCall, fee: number): void {
  if (own.balance < fee) throw new YunpianRefusal(3)
  own.balance -= fee
  const day = new Date(state.now + 8 * 3_600_000).toISOString().slice(0, 10)
  own.spent[day] = (own.spent[day] ?? 0) + fee
}

/** Sends to many; what is wrong with one number is said in its item. */
function sendMany(
  yunpian: YunpianCall,
  office: ReportOffice,
  messages: readonly { readonly mobile: string; readonly text: string }[]
): unknown {
  const data = messages.map(({ mobile, text }) => {
    try {
      return sendOne(yunpian, office, mobile, text)
    } catch (error) {
      if (!(error instanceof YunpianRefusal)) throw error
      return { code: error.code, msg: error.detail, count: 0, fee: 0, unit: 'RMB', mobile, sid: 0n }
    }
  })
  const total = data.reduce((sum, { fee }) => sum + fee * 1000, 0)
  return {
    total_count: data.reduce((sum, { count }) => sum + count, 0),
    total_fee: Math.round(total) / 1000,
    unit: 'RMB',
    data
  }
}

/** The text of a template with the values of `tpl_value`. */
export function textOfTemplate({ own, form }: YunpianCall, kind: 'sms' | 'voice' = 'sms'): string {
  const id = Number(required(form, 'tpl_id'))
  if (!Number.isSafeInteger(id)) throw new YunpianRefusal(2, '参数 tpl_id 格式不正确')
  const template = own.templates.get(id)
  const isUsable = template?.status === 'SUCCESS' && template.kind === kind
  const content = isUsable ? template.content : kind === 'sms' ? DEFAULT_TEMPLATES.get(id) : undefined
  if (content === undefined) throw new YunpianRefusal(7, `模板 ${id} 不存在或未通过审核`)
  const text = fillTemplate(content, valuesOf(form.get('tpl_value') ?? ''))
  if (text === undefined) throw new YunpianRefusal(2, '参数 tpl_value 与模板变量不匹配')
  return text
}

function valuesOf(tplValue: string): Map<string, string> {
  const values = new Map<string, string>()
  for (const pair of tplValue.split('&').filter(Boolean)) {
    const [encodedName = '', encodedValue = '', rest] = pair.split('=')
    const name = formDecode(encodedName)
    const value = formDecode(encodedValue)
    if (name === undefined || value === undefined) throw new YunpianRefusal(14, '参数 tpl_value 解码失败')
    const plain = /^#(\w+)#$/.exec(name)?.[1]
    if (plain === undefined || value === '' || rest !== undefined)
      throw new YunpianRefusal(2, '参数 tpl_value 格式不正确')
    values.set(plain, value)
  }
  return values
}

/** The sending calls. */
export function sendRoutes(state: YunpianCall['state'], office: ReportOffice): Route[] {
  const send = (path: string, handler: (yunpian: YunpianCall) => unknown) =>
    call(state, `/v2/sms/${path}.json`, (yunpian) => {
      checkCommon(yunpian.form)
      return handler(yunpian)
    })
  const one = (yunpian: YunpianCall, text: string) => {
    const mobile = required(yunpian.form, 'mobile')
    if (mobile.includes(',')) throw new YunpianRefusal(2, 'single_send 只能发送一个手机号')
    return sendOne(yunpian, office, mobile, text)
  }
  const all = (yunpian: YunpianCall, text: string) => {
    const numbers = numbersOf(yunpian.form)
    checkText(yunpian, text)
    return sendMany(
      yunpian,
      office,
      numbers.map((mobile) => ({ mobile, text }))
    )
  }
  return [
    send('single_send', (yunpian) => one(yunpian, required(yunpian.form, 'text'))),
    send('batch_send', (yunpian) => all(yunpian, required(yunpian.form, 'text'))),
    send('multi_send', (yunpian) => {
      const numbers = numbersOf(yunpian.form)
      const texts = required(yunpian.form, 'text').split(',').map(formDecode)
      if (texts.length !== numbers.length) throw new YunpianRefusal(25)
      if (numbers.some((mobile) => ABROAD.test(mobile))) throw new YunpianRefusal(2, 'multi_send 不支持国际号码')
      const messages = numbers.map((mobile, i) => {
        const text = texts[i]
        if (text === undefined) throw new YunpianRefusal(14, '参数 text 解码失败')
        return { mobile, text }
      })
      return sendMany(yunpian, office, messages)
    }),
    send('tpl_single_send', (yunpian) => {
      required(yunpian.form, 'mobile')
      return one(yunpian, textOfTemplate(yunpian))
    }),
    send('tpl_batch_send', (yunpian) => {
      required(yunpian.form, 'mobile')
      return all(yunpian, textOfTemplate(yunpian))
    })
  ]
}
