import type { RequestOptions } from '../../core/client-options.ts'
import type { XmlObject } from '../../internal/xml/index.ts'
import { BankTransfers } from './bank-transfers.ts'
import { Bills } from './bills.ts'
import { Caller, type CallerOptions } from './caller.ts'
import { ENDPOINTS } from './endpoints.ts'
import {
  type MicropayCalls,
  type MicropayOutcome,
  type MicropayWaitOptions,
  micropayAndWait
} from './micropay-and-wait.ts'
import { OrderCalls } from './order-calls.ts'
import type { MicropayParams } from './order-types.ts'
import { RedPacks } from './red-packs.ts'
import { Refunds } from './refunds.ts'
import { type PayV2Request, sendRequest } from './request.ts'
import type { SandboxKey } from './sandbox-key.ts'
import type { Signer } from './signer.ts'
import { Transfers } from './transfers.ts'

const SANDBOX_PREFIX = '/xdc/apiv2sandbox'

export interface CallsOptions extends Omit<CallerOptions, 'pathPrefix' | 'signer'> {
  signer: Signer
  sandbox: SandboxKey | undefined
  notifyUrl: string | undefined
  refundNotifyUrl: string | undefined
}

/** What makes the calls of one account, loaded after the client: see `late-caller.ts`. */
export class Calls {
  readonly orders: OrderCalls
  readonly refunds: Refunds
  readonly bills: Bills
  readonly transfers: Transfers
  readonly redPacks: RedPacks
  readonly bankTransfers: BankTransfers
  /** Of production, also where the others are of the sandbox. */
  readonly #plain: Caller
  readonly #caller: Caller

  constructor({ signer, sandbox, notifyUrl, refundNotifyUrl, ...shared }: CallsOptions) {
    this.#plain = new Caller({ ...shared, pathPrefix: '', signer: () => signer })
    const caller = sandbox
      ? new Caller({ ...shared, pathPrefix: SANDBOX_PREFIX, signer: () => sandbox.get() })
      : this.#plain
    this.#caller = caller
    this.orders = new OrderCalls(caller, notifyUrl)
    this.refunds = new Refunds(caller, refundNotifyUrl)
    this.bills = new Bills(caller)
    this.transfers = new Transfers(caller)
    this.redPacks = new RedPacks(caller)
    this.bankTransfers = new BankTransfers(caller)
  }

  micropayAndWait(
    orders: MicropayCalls,
    params: MicropayParams,
    options: MicropayWaitOptions
  ): Promise<MicropayOutcome> {
    return micropayAndWait(orders, params, options)
  }

  request(request: PayV2Request, options?: RequestOptions): Promise<XmlObject> {
    return sendRequest(this.#caller, request, options)
  }

  async sandboxSignKey(): Promise<unknown> {
    return (await this.#plain.call(ENDPOINTS.sandboxKey, {})).sandbox_signkey
  }
}
