import type { Route } from '../framework/service.ts'
import { call, page, required, type YunpianCall } from './call.ts'
import { DEFAULT_TEMPLATES } from './default-templates.ts'
import { messageOf, YunpianRefusal } from './refusal.ts'
import {
  accountLabel,
  type ReviewStatus,
  type SmsSign,
  type SmsTemplate,
  type YunpianAccountState,
  type YunpianState
} from './state.ts'
import { signOf } from './template-match.ts'

function describeTemplate({ id, content, status, reason, lang }: SmsTemplate): Record<string, unknown> {
  return { tpl_id: id, tpl_content: content, check_status: status, reason, lang, country_code: null }
}

function checkContent(content: string): void {
  const sign = signOf(content)
  if (sign === undefined) throw new YunpianRefusal(6, '模板必须以【签名】开头')
  if (!sign.startsWith('#') && (sign.length < 2 || sign.length > 20)) throw new YunpianRefusal(16)
}

const MAX_TEMPLATES = 1000
const MAX_SIGNS = 1000
const LANGUAGES = ['zh_cn', 'en', 'zh_tw', 'ko', 'ja']

function language(form: URLSearchParams): string {
  const lang = form.get('lang') || 'zh_cn'
  if (!LANGUAGES.includes(lang)) throw new YunpianRefusal(2, '参数 lang 格式不正确')
  return lang
}

/** Decides over a template and pushes the result where the account asked for it. */
export function reviewTemplate(
  state: YunpianState,
  own: YunpianAccountState,
  template: SmsTemplate,
  status: Exclude<ReviewStatus, 'CHECKING'>,
  reason: string | null = null
): void {
  Object.assign(template, { status, reason })
  if (!template.callback) return
  const body = new URLSearchParams({
    tpl_id: String(template.id),
    tpl_content: template.content,
    check_status: status,
    reason: reason ?? ''
  })
  state.context.deliver({
    kind: 'yunpian',
    account: accountLabel(own.account.apiKey),
    url: template.callback,
    request: (_, url) => new Request(url, { method: 'POST', body }),
    retryAfterMs: [],
    timeoutMs: 5_000,
    judge: (response) => ({ delivered: response.ok, note: `status ${response.status}` })
  })
}

function submit(state: YunpianState, own: YunpianAccountState, template: SmsTemplate): Record<string, unknown> {
  template.status = 'CHECKING'
  const { content } = template
  state.context.clock.schedule(state.reviewMs, () => {
    // Changed or decided meanwhile: that submission is not this one.
    if (template.status === 'CHECKING' && template.content === content) reviewTemplate(state, own, template, 'SUCCESS')
  })
  return describeTemplate(template)
}

/** Takes up reviews again that a restart interrupted. */
export function resumeReviews(state: YunpianState): void {
  for (const own of state.accounts.values()) {
    for (const template of own.templates.values()) if (template.status === 'CHECKING') submit(state, own, template)
    for (const sign of own.signs) if (sign.status === 'CHECKING') submitSign(state, sign)
  }
}

export function addTemplate(
  own: YunpianAccountState,
  content: string,
  kind: SmsTemplate['kind'],
  lang = 'zh_cn'
): SmsTemplate {
  const template: SmsTemplate = { id: own.nextTemplateId++, content, status: 'CHECKING', reason: null, lang, kind }
  own.templates.set(template.id, template)
  return template
}

function templateOf({ own, form }: YunpianCall): SmsTemplate {
  const template = own.templates.get(Number(required(form, 'tpl_id')))
  if (!template) throw new YunpianRefusal(7, '模板不存在')
  return template
}

function add(state: YunpianState, kind: SmsTemplate['kind']) {
  return ({ own, form }: YunpianCall) => {
    const content = required(form, 'tpl_content')
    if (kind === 'sms') checkContent(content)
    const lang = language(form)
    if ([...own.templates.values()].some((one) => one.content === content)) throw new YunpianRefusal(-54)
    if (own.templates.size >= MAX_TEMPLATES) throw new YunpianRefusal(6, `模板不能超过 ${MAX_TEMPLATES} 个`)
    const template = addTemplate(own, content, kind, lang)
    template.callback = form.get('callback') || undefined
    return submit(state, own, template)
  }
}

function update(state: YunpianState, kind: SmsTemplate['kind']) {
  return (yunpian: YunpianCall) => {
    const template = templateOf(yunpian)
    const content = required(yunpian.form, 'tpl_content')
    if (kind === 'sms') checkContent(content)
    language(yunpian.form)
    template.content = content
    template.callback = yunpian.form.get('callback') || template.callback
    return submit(state, yunpian.own, template)
  }
}

function submitSign(state: YunpianState, sign: SmsSign): void {
  sign.status = 'CHECKING'
  state.context.clock.schedule(state.reviewMs, () => {
    if (sign.status === 'CHECKING') sign.status = 'SUCCESS'
  })
}

function checkSign(sign: string): string {
  if (sign.length < 2 || sign.length > 20 || /[【】]/.test(sign) || sign === '云片网') throw new YunpianRefusal(16)
  return sign
}

function answerSign({ sign, status, vip, onlyGlobal, industry }: SmsSign): unknown {
  const shown = { apply_state: status, sign, is_apply_vip: vip, is_only_global: onlyGlobal, industry_type: industry }
  return { code: 0, msg: messageOf(0), sign: shown }
}

const flagsOf = (form: URLSearchParams) => ({
  vip: form.get('apply_vip') === 'true',
  onlyGlobal: form.get('is_only_global') === 'true',
  industry: form.get('industry_type') || '其它'
})

/** Templates and signs. */
export function templateRoutes(state: YunpianState): Route[] {
  return [
    call(state, '/v2/tpl/get_default.json', ({ form }) => {
      const all = [...DEFAULT_TEMPLATES].map(([id, content]) =>
        describeTemplate({ id, content, status: 'SUCCESS', reason: null, lang: 'zh_cn', kind: 'sms' })
      )
      const id = form.get('tpl_id')
      if (!id) return all
      const one = all.find((template) => String(template.tpl_id) === id)
      if (!one) throw new YunpianRefusal(7, '模板不存在')
      return one
    }),
    call(state, '/v2/tpl/get.json', (yunpian) => {
      if (yunpian.form.get('tpl_id')) return describeTemplate(templateOf(yunpian))
      return page(yunpian.form, [...yunpian.own.templates.values()]).map(describeTemplate)
    }),
    call(state, '/v2/tpl/add.json', add(state, 'sms')),
    call(state, '/v2/tpl/update.json', update(state, 'sms')),
    call(state, '/v2/tpl/add_voice_notify.json', add(state, 'voice')),
    call(state, '/v2/tpl/update_voice_notify.json', update(state, 'voice')),
    call(state, '/v2/tpl/del.json', (yunpian) => {
      const template = templateOf(yunpian)
      yunpian.own.templates.delete(template.id)
      return describeTemplate(template)
    }),
    call(state, '/v2/sign/add.json', ({ own, form }) => {
      const sign = checkSign(required(form, 'sign'))
      if (own.signs.some((one) => one.sign === sign)) throw new YunpianRefusal(-54)
      if (own.signs.length >= MAX_SIGNS) throw new YunpianRefusal(2, `签名不能超过 ${MAX_SIGNS} 个`)
      const added: SmsSign = { sign, status: 'CHECKING', ...flagsOf(form) }
      own.signs.push(added)
      submitSign(state, added)
      return answerSign(added)
    }),
    call(state, '/v2/sign/update.json', ({ own, form }) => {
      const held = own.signs.find((one) => one.sign === required(form, 'old_sign'))
      if (!held) throw new YunpianRefusal(-55)
      if (held.status === 'SUCCESS') throw new YunpianRefusal(2, '审核通过的签名不能修改')
      Object.assign(held, { sign: checkSign(form.get('sign') || held.sign), ...flagsOf(form) })
      submitSign(state, held)
      return answerSign(held)
    }),
    call(state, '/v2/sign/get.json', ({ own, form }) => {
      const found = own.signs.filter(({ sign }) => !form.get('sign') || sign === form.get('sign'))
      return {
        code: 0,
        total: found.length,
        sign: page(form, found).map(({ sign, status, vip, onlyGlobal, industry }) => ({
          chan: '',
          check_status: status,
          enabled: status === 'SUCCESS',
          extend: '',
          industry_type: industry,
          only_global: onlyGlobal,
          remark: '',
          sign,
          vip
        }))
      }
    })
  ]
}
