import type { SimulatorContext } from '../../framework/context.ts'
import { Listeners } from '../../framework/listeners.ts'
import type { UserRecord } from '../../framework/users.ts'
import { compactTime, DAY_MS } from '../times.ts'
import type { Contract, ContractDraft, ContractOffer, EndedBy } from './contract.ts'
import { Table } from './table.ts'

/** From the signature to the end of a contract that nobody ends before. */
const LIFE_MS = 10 * 365 * DAY_MS

/** Contracts for deductions, of v2 and v3. */
export class ContractBook {
  readonly table: Table<Contract>
  readonly offers: Table<ContractOffer>
  /** A contract was signed, or ended. */
  readonly changed = new Listeners<Contract>()
  readonly #context: SimulatorContext

  constructor(context: SimulatorContext) {
    const { records } = context.limits
    this.#context = context
    this.table = new Table(records, (one) => [
      `id ${one.mchId} ${one.contractId}`,
      `code ${one.mchId} ${one.planId} ${one.code}`,
      `any ${one.contractId}`,
      `any ${one.code}`
    ])
    this.offers = new Table(records, ({ token }) => [token])
  }

  /** A contract that can still be signed, by the token that stands for it. */
  offered(token: string): ContractDraft | undefined {
    const offer = this.offers.get(token)
    return offer && offer.expiresAt > this.#context.clock.now() ? offer.draft : undefined
  }

  byId(mchId: string, contractId: string): Contract | undefined {
    return this.#current(this.table.get(`id ${mchId} ${contractId}`))
  }

  byCode(mchId: string, planId: string, code: string): Contract | undefined {
    return this.#current(this.table.get(`code ${mchId} ${planId} ${code}`))
  }

  /** Signs. A contract that is signed already stays as it is. */
  sign(draft: ContractDraft, user: UserRecord): Contract {
    const known = this.byCode(draft.mchId, draft.planId, draft.code)
    if (known && !known.ended) return known
    const { clock, random } = this.#context
    const now = clock.now()
    const contract = this.table.add({
      ...draft,
      openid: user.openid(draft.appId),
      ...(draft.subAppId === undefined ? {} : { subOpenid: user.openid(draft.subAppId) }),
      contractId: `Wx${compactTime(now)}${random.digits(12)}`,
      signedAt: now,
      expiresAt: now + LIFE_MS
    })
    this.changed.call(contract)
    return contract
  }

  end(contract: Contract, by: EndedBy, remark: string): void {
    contract.ended = { at: this.#context.clock.now(), by, remark }
    this.changed.call(contract)
  }

  #current(contract: Contract | undefined): Contract | undefined {
    if (contract && !contract.ended && contract.expiresAt <= this.#context.clock.now()) {
      contract.ended = { at: contract.expiresAt, by: 'expiry', remark: '' }
    }
    return contract
  }
}
