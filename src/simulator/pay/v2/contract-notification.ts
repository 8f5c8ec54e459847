import { buildXml } from '../../../internal/xml/index.ts'
import { signPayV2 } from '../../crypto/pay-v2.ts'
import type { MerchantAccount } from '../../framework/accounts.ts'
import { type Contract, ENDED_BY } from '../ledger/contract.ts'
import { plainTime } from '../times.ts'
import { compact } from '../v3/shape.ts'

const SECOND = 1000
/** 0/10/10/10/30/30/30/300 × 23 s */
export const CONTRACT_RETRIES: readonly number[] = [
  ...[10, 10, 10, 30, 30, 30].map((seconds) => seconds * SECOND),
  ...Array.from({ length: 23 }, () => 300 * SECOND)
]

/** 签约、解约结果通知: in its basic form, without appid and nonce_str; its end in the newer one. */
export function contractXml(merchant: MerchantAccount, contract: Contract, wrongKey: boolean): string {
  const { ended } = contract
  const fields = compact({
    return_code: 'SUCCESS',
    result_code: 'SUCCESS',
    mch_id: contract.mchId,
    sub_mch_id: contract.subMchId,
    contract_code: contract.code,
    plan_id: contract.planId,
    openid: contract.openid,
    sub_openid: contract.subOpenid,
    change_type: ended ? 'DELETE' : 'ADD',
    operate_time: plainTime(ended?.at ?? contract.signedAt),
    contract_id: contract.contractId,
    contract_expired_time: plainTime(contract.expiresAt),
    ...(ended
      ? {
          appid: contract.appId,
          contract_state: '1',
          contract_display_account: contract.displayAccount,
          contract_signed_time: plainTime(contract.signedAt),
          contract_terminated_time: plainTime(ended.at),
          contract_termination_mode: ENDED_BY[ended.by][0],
          contract_termination_remark: ended.remark
        }
      : {}),
    request_serial: contract.requestSerial
  })
  const key = wrongKey ? 'f'.repeat(32) : merchant.apiKey
  return buildXml({ ...fields, sign: signPayV2(fields, key, contract.signType) })
}
