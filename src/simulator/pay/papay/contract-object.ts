import { type Contract, ENDED_BY } from '../ledger/contract.ts'
import { rfc3339 } from '../times.ts'
import { compact, type Json } from '../v3/shape.ts'
import { scheduleObject } from './schedule.ts'

/** 签约协议 of API v3: in queries and, as `isNotice`, in notifications, whose amounts have another name. */
export function contractObject(contract: Contract, isNotice = false): Json {
  const { ended, plannedAmount } = contract
  const planned =
    contract.plannedDate === undefined
      ? undefined
      : {
          estimated_deduct_date: contract.plannedDate,
          estimated_deduct_amount: { [isNotice ? 'amount' : 'total']: plannedAmount, currency: 'CNY' },
          ...scheduleObject(contract)
        }
  return compact({
    ...(contract.subMchId === undefined
      ? { mchid: contract.mchId, appid: contract.appId, openid: contract.openid }
      : {
          sp_mchid: contract.mchId,
          sp_appid: contract.appId,
          sp_openid: contract.openid,
          sub_mchid: contract.subMchId,
          sub_appid: contract.subAppId,
          sub_openid: contract.subOpenid
        }),
    contract_id: contract.contractId,
    plan_id: Number(contract.planId),
    out_contract_code: contract.code,
    contract_display_account: contract.displayAccount,
    contract_state: ended ? 'TERMINATED' : 'SIGNED',
    contract_signed_time: rfc3339(contract.signedAt),
    contract_expired_time: rfc3339(contract.expiresAt),
    contract_terminate_info: ended && {
      contract_termination_mode: ENDED_BY[ended.by][1],
      contract_terminated_time: rfc3339(ended.at),
      contract_termination_remark: ended.remark
    },
    out_user_code: contract.userCode,
    deduct_schedule: planned
  })
}
