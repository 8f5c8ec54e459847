import { V3Failure } from '../failures.ts'
import type { Applyment } from '../ledger/applyment.ts'
import { DAY_MS, MINUTE_MS } from '../times.ts'
import type { PayWorld } from '../world.ts'
import { APPLYMENT } from './applyment-shape.ts'
import { get, post, type V3Call, type V3Route } from './route.ts'
import { child, compact, type Json, str } from './shape.ts'

/** Names of banks (开户银行对照表), some of them. */
export const BANKS = ['工商银行', '农业银行', '中国银行', '建设银行', '交通银行', '招商银行', '邮储银行', '其他银行']
const MERCHANTS_PER_SUBJECT = 5
const SIGN_MS = 30 * MINUTE_MS
const CANCEL_MS = 30 * DAY_MS

const WORDS: Readonly<Record<Applyment['state'], string>> = {
  AUDITING: '审核中',
  REJECTED: '审核已驳回',
  TO_BE_SIGNED: '待签约',
  SIGNING: '开通权限中',
  FINISHED: '已完成',
  CANCELED: '已作废'
}
const wrong = (words: string) => new V3Failure(400, 'PARAM_ERROR', words)

/** An application as it is now: signing takes half an hour, and who does not sign for thirty days loses it. */
export function applymentNow(world: PayWorld, one: Applyment): Applyment {
  const age = world.context.clock.now() - one.at
  if (one.state === 'TO_BE_SIGNED' && age > CANCEL_MS) one.state = 'CANCELED'
  if (one.state === 'SIGNING' && age >= SIGN_MS) {
    one.state = 'FINISHED'
    one.subMchId ??= `19${world.context.random.digits(8)}`
  }
  return one
}

function submit(call: V3Call): object {
  const { world, merchant, body, rawBody } = call
  if (!world.settings.specialServices) throw new V3Failure(403, 'NO_AUTH', '进件特约商户的权限已被受限')
  // What is not used has to be left out.
  if (hasEmpty(rawBody)) throw new V3Failure(500, 'SYSTEM_ERROR', '系统繁忙，请稍后重试')
  checkPictures(call)
  const bank = str(child(body, 'bank_account_info'), 'account_bank')
  if (!BANKS.includes(bank)) throw wrong('开户银行取值有误')
  const { id_card_info: card } = child(child(body, 'subject_info'), 'identity_info')
  const number = card === undefined ? undefined : str(card as Json, 'id_card_number')
  if (number !== undefined && !/^\d{17}[\dX]$/.test(number)) throw wrong('身份证号码格式有误')
  const businessCode = str(body, 'business_code')
  const subject = child(body, 'subject_info')
  const licenseNumber =
    str(child(subject, 'business_license_info'), 'license_number') ||
    str(child(subject, 'certificate_info'), 'cert_number')
  if (licenseNumber === '') throw wrong('营业执照或登记证书信息必填')
  const known = world.applyments.get(`code ${merchant.mchId} ${businessCode}`)
  if (known && applymentNow(world, known).state !== 'REJECTED') {
    throw new V3Failure(400, 'INVALID_REQUEST', '业务申请编号已存在，请更换')
  }
  const others = world.applyments.filter((one) => one.licenseNumber === licenseNumber && one !== known)
  if (others.length >= MERCHANTS_PER_SUBJECT) throw new V3Failure(400, 'INVALID_REQUEST', '商户号数量超过上限')
  if (known) {
    Object.assign(known, { state: 'AUDITING', at: world.context.clock.now(), rejection: undefined })
    return { applyment_id: BigInt(known.applymentId) }
  }
  const one = world.applyments.add({
    mchId: merchant.mchId,
    businessCode,
    // Beyond what a number of JavaScript holds.
    applymentId: `2000002${world.context.random.digits(12)}`,
    licenseNumber,
    state: 'AUDITING',
    at: world.context.clock.now()
  })
  return { applyment_id: BigInt(one.applymentId) }
}

const hasEmpty = (value: unknown): boolean =>
  value === '' ||
  value === null ||
  (typeof value === 'object' &&
    (Array.isArray(value) ? value.length === 0 || value.some(hasEmpty) : Object.values(value).some(hasEmpty)))

/** Pictures are those that this merchant has uploaded. */
function checkPictures({ world, merchant, body }: V3Call): void {
  const ids = mediaIn(body)
  const isUnknown = ids.some((id) => world.media.get(id)?.mchId !== merchant.mchId)
  if (isUnknown) throw wrong('证书图片内容无效，请重新上传')
}

function mediaIn(value: unknown, name = ''): string[] {
  if (typeof value === 'string')
    return /(?:_copy|_copy_back|_national|_letter|_commitment|_video)$/.test(name) ? [value] : []
  if (Array.isArray(value)) return /(?:pics|qualifications)$/.test(name) ? value.map(String) : []
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => mediaIn(inner, key))
}

function query({ world, merchant, params }: V3Call): object {
  const key =
    params.business_code === undefined
      ? `id ${merchant.mchId} ${params.applyment_id}`
      : `code ${merchant.mchId} ${params.business_code}`
  const found = world.applyments.get(key)
  if (!found) throw new V3Failure(404, 'RESOURCE_NOT_EXISTS', '申请单不存在')
  const one = applymentNow(world, found)
  const { field, reason } = one.rejection ?? {}
  return compact({
    business_code: one.businessCode,
    applyment_id: BigInt(one.applymentId),
    applyment_state: `APPLYMENT_STATE_${one.state}`,
    applyment_state_msg: WORDS[one.state],
    sign_url:
      one.state === 'TO_BE_SIGNED'
        ? `https://pay.weixin.qq.com/public/apply4ec_sign/s?applymentId=${one.applymentId}`
        : undefined,
    audit_detail: one.rejection && [{ field, field_name: field, reject_reason: reason }],
    sub_mchid: one.subMchId
  })
}

const BASE = '/v3/applyment4sub/applyment'

/** Onboarding of sub-merchants (特约商户进件). The first path ends with a slash. */
export const APPLYMENT_ROUTES: readonly V3Route[] = [
  post(`${BASE}/`, { body: APPLYMENT }, submit),
  get(`${BASE}/business_code/:business_code`, {}, query),
  get(`${BASE}/applyment_id/:applyment_id`, {}, query)
]
