import { type PayV2SignType, verifyPayV2 } from '../../crypto/pay-v2.ts'
import { PayFailure } from '../failures.ts'
import type { ContractDraft } from '../ledger/contract.ts'
import { checkApp } from '../payer.ts'
import type { PayWorld } from '../world.ts'

/** Where a contract is signed: each has its own set of fields, and a field beyond it is refused. */
export type EntrustForm = 'web' | 'h5' | 'app' | 'miniProgram'

const COMMON = [
  'appid',
  'mch_id',
  'plan_id',
  'contract_code',
  'request_serial',
  'contract_display_account',
  'notify_url',
  'timestamp'
]
const OPTIONAL: Readonly<Record<EntrustForm, readonly string[]>> = {
  web: ['return_web'],
  h5: ['clientip', 'return_appid', 'deviceid', 'mobile', 'email', 'qq', 'openid', 'creid', 'outerid'],
  app: ['return_app'],
  miniProgram: []
}
const REQUIRED: Readonly<Record<EntrustForm, readonly string[]>> = {
  web: ['version'],
  h5: ['version', 'clientip'],
  app: ['version'],
  miniProgram: []
}

/** What the page says in place of the contract. */
export class EntrustProblem extends Error {}

/** @throws {EntrustProblem} in the words of the platform */
export function readEntrustLink(
  world: PayWorld,
  fields: Readonly<Record<string, string>>,
  form: EntrustForm,
  isPartner: boolean
): ContractDraft {
  const required = [...COMMON, ...REQUIRED[form], ...(isPartner ? ['sub_mch_id'] : [])]
  const known = [...required, ...OPTIONAL[form], 'sign', 'sign_type', ...(isPartner ? ['sub_appid'] : [])]
  const missing = [...required, 'sign'].find((name) => !fields[name])
  const unknown = Object.keys(fields).find((name) => !known.includes(name))
  if (missing || unknown) {
    throw new EntrustProblem(`参数构造错误: ${missing ? `${missing} is missing` : `${unknown} is not documented`}`)
  }
  const { mch_id: mchId = '', sign = '', appid: appId = '' } = fields
  const merchant = world.context.accounts.merchant(mchId)
  if (!merchant) throw new EntrustProblem('商户号不存在: unknown mch_id')
  const signType: PayV2SignType = fields.sign_type === 'HMAC-SHA256' || sign.length === 64 ? 'HMAC-SHA256' : 'MD5'
  if (!verifyPayV2(fields, merchant.apiKey, signType)) {
    throw new EntrustProblem('签约参数签名校验错误: it needs the API v2 key, and values that are encoded once')
  }
  try {
    checkApp(world, merchant, appId)
  } catch (error) {
    throw error instanceof PayFailure ? new EntrustProblem(error.message) : error
  }
  const wrong = wrongValue(fields)
  if (wrong) throw new EntrustProblem(`参数构造错误: ${wrong}`)
  return {
    api: 2,
    mchId,
    appId,
    planId: fields.plan_id ?? '',
    code: fields.contract_code ?? '',
    requestSerial: fields.request_serial ?? '',
    displayAccount: fields.contract_display_account ?? '',
    notifyUrl: fields.notify_url ?? '',
    signType,
    ...(fields.sub_mch_id ? { subMchId: fields.sub_mch_id } : {}),
    ...(fields.sub_appid ? { subAppId: fields.sub_appid } : {})
  }
}

/** Also for `/pay/contractorder`, which has the same fields. */
export function wrongValue(fields: Readonly<Record<string, string>>): string | undefined {
  const { plan_id = '', request_serial = '', contract_display_account = '', version = '1.0' } = fields
  if (!/^\d{1,28}$/.test(plan_id)) return 'plan_id must be digits'
  if (!/^\d{1,12}$/.test(request_serial)) return 'request_serial must be at most 12 digits'
  if (/[\u{10000}-\u{10ffff}]/u.test(contract_display_account)) return 'contract_display_account has an emoji'
  if (version !== '1.0') return 'version must be 1.0'
  const url = fields.contract_notify_url ?? fields.notify_url ?? ''
  return /^https?:\/\/[^?#\s]+$/.test(url) ? undefined : 'notify_url must be an address without query'
}
