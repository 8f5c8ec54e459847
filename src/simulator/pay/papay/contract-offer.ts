import { V3Failure } from '../failures.ts'
import type { ContractDraft } from '../ledger/contract.ts'
import { HOUR_MS } from '../times.ts'
import { compact, type Json, NOTIFY_URL, object, opt, str, text } from '../v3/shape.ts'
import type { PayWorld } from '../world.ts'

const PLAN = text(1, 28, /^\d+$/)

/** `contract_info` of an order that signs a contract as well (支付中签约). Inside WeChat a token or a contract may stand for it. */
export const contractInfo = (isJsapi: boolean) => {
  const must = isJsapi ? opt : <S>(shape: S) => shape
  return object({
    plan_id: must(PLAN),
    contract_mchid: must(text(1, 32)),
    contract_appid: must(text(1, 32)),
    contract_code: must(text(1, 128)),
    request_serial: must(text(1, 12, /^\d+$/)),
    contract_display_account: must(text(1, 128)),
    contract_notify_url: opt(NOTIFY_URL),
    ...(isJsapi ? { token: opt(text(1, 128)), password_free_contract_id: opt(text(1, 64)) } : {})
  })
}

/** What signs a contract when the order with this token is paid. */
export function offerWithPayment(world: PayWorld, prepayId: string, draft: ContractDraft): void {
  const token = `prepay ${prepayId}`
  world.contracts.offers.add({ token, draft, expiresAt: world.context.clock.now() + 2 * HOUR_MS })
}

/** The contract of an order of API v3: the order stands where the number of the contract is taken. */
export function draftOf(
  world: PayWorld,
  { mchId, appId, body }: { mchId: string; appId: string; body: Json },
  info: Json
): ContractDraft | undefined {
  const code = str(info, 'contract_code')
  const planId = str(info, 'plan_id')
  if (code === '') return undefined
  if (str(info, 'contract_mchid') !== mchId || str(info, 'contract_appid') !== appId) {
    throw new V3Failure(400, 'PARAM_ERROR', 'contract_mchid、contract_appid应与下单商户号、appid一致')
  }
  const known = world.contracts.byCode(mchId, planId, code)
  if (known && !known.ended) return undefined
  return {
    api: 3,
    mchId,
    appId,
    planId,
    code,
    displayAccount: str(info, 'contract_display_account'),
    notifyUrl: str(info, 'contract_notify_url') || str(body, 'notify_url'),
    signType: 'MD5',
    ...compact({
      requestSerial: str(info, 'request_serial'),
      subMchId: str(body, 'sub_mchid'),
      subAppId: str(body, 'sub_appid')
    })
  }
}
