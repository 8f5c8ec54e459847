import type { UserRecord } from '../../framework/users.ts'
import type { Contract } from '../ledger/contract.ts'
import { refuse } from '../pay-target.ts'
import type { PayWorld } from '../world.ts'
import { EntrustProblem, readEntrustLink } from './entrust-link.ts'

/** What came of signing. */
export interface SignedContract {
  readonly contractId: string
  readonly contractCode: string
  readonly state: 'SIGNED' | 'TERMINATED'
}

/** @internal What a person does with contracts for deductions. */
export function createContractVerbs(world: PayWorld, user: UserRecord) {
  const draftOf = (target: string | URL | object) => {
    if (typeof target === 'object' && !(target instanceof URL)) {
      const { extraData = target } = target as { extraData?: object }
      const fields = Object.fromEntries(Object.entries(extraData).map(([name, value]) => [name, String(value)]))
      const token = fields.pre_entrustweb_id
      if (token !== undefined) return world.contracts.offered(token)
      return readEntrustLink(world, fields, 'miniProgram', fields.sub_mch_id !== undefined)
    }
    const text = String(target)
    if (!URL.canParse(text)) return world.contracts.offered(text)
    const url = new URL(text)
    const token = url.searchParams.get('pre_entrustweb_id')
    if (token !== null) return world.contracts.offered(token)
    return readEntrustLink(world, Object.fromEntries(url.searchParams), 'web', url.pathname.includes('/partner/'))
  }

  return {
    /**
     * Signs a contract for deductions (委托代扣签约), and resolves when the notification was tried once.
     *
     * @param target the address of `entrustUrl`, what `entrustMiniProgramParams` gives (the signature is verified), a `redirect_url`
     *   or a `pre_entrustweb_id`
     * @throws ConfigError `ERR_INVALID_PARAM` where WeChat shows an error
     */
    signContract: async (target: string | URL | object): Promise<SignedContract> => {
      let contract: Contract
      try {
        const draft = draftOf(target)
        if (!draft) throw new EntrustProblem('签约链接已失效: unknown or too old')
        if (draft.openid !== undefined && draft.openid !== user.openid(draft.appId)) {
          throw new EntrustProblem('The contract is for another user.')
        }
        contract = world.contracts.sign(draft, user)
      } catch (error) {
        throw error instanceof EntrustProblem ? refuse(error.message) : error
      }
      await world.context.clock.settle()
      return outcomeOf(contract)
    },

    /**
     * Ends a contract in WeChat (解约), and resolves when the notification was tried once.
     *
     * @param target contract id, or the merchant's number of the contract
     * @throws {ConfigError} ERR_INVALID_PARAM if it does not exist, or has ended.
     */
    endContract: async (target: string): Promise<SignedContract> => {
      const contract = world.contracts.table.get(`any ${target}`)
      if (!contract) throw refuse('There is no such contract: give its contract_id or contract_code.')
      if (contract.openid !== user.openid(contract.appId)) throw refuse('The contract is of another user.')
      if (contract.ended) throw refuse('The contract has ended already.')
      world.contracts.end(contract, 'user', '')
      await world.context.clock.settle()
      return outcomeOf(contract)
    }
  }
}

const outcomeOf = (contract: Contract): SignedContract => ({
  contractId: contract.contractId,
  contractCode: contract.code,
  state: contract.ended ? 'TERMINATED' : 'SIGNED'
})
