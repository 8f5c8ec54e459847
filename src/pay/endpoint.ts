import type { OptionRules } from '../core/options.ts'
import type { TRANSFER_SCENES } from './transfer-scenes.ts'
import type { Method } from './transport.ts'

/** Field of the account that the client fills in. */
export type AccountField = 'appId' | 'mchId'

/** A parameter that is refused, and why. */
export interface Wrong {
  readonly field: string
  readonly problem: string
}

/** What an endpoint of API v3 needs and promises; the code has no branches for single endpoints. */
export interface Endpoint {
  /** Name of the method, e.g. `refunds.create`. */
  readonly operation: string
  readonly method: Method
  /** With `{names}` that are taken from the parameters. */
  readonly path: string
  /** Account fields that the client fills into the body or query. */
  readonly fill?: {
    readonly body?: Readonly<Record<string, AccountField>>
    readonly query?: Readonly<Record<string, AccountField>>
  }
  /** Parameters of a call with a body that go into the query nevertheless. */
  readonly inQuery?: readonly string[]
  /** Checks before anything is sent, by dotted names; names in `{}` of the path are always required. */
  readonly rules?: OptionRules
  /** What is wrong between parameters, of those that were given. */
  check?(params: unknown, scenes: typeof TRANSFER_SCENES): Wrong | undefined
  /** Fills `notify_url` from the client's options. */
  readonly notifies?: true
  /** Personal data in the request that is encrypted: `user_name`, `receivers[].name`. */
  readonly encrypted?: readonly string[]
  /** Personal data in the answer that is decrypted. */
  readonly decrypted?: readonly string[]
  /** `empty` is a 204. */
  readonly answer: 'json' | 'empty'
  /** Fields of the answer that must be there and hold text. */
  readonly expects?: readonly string[]
  /** Fields that the answer must repeat as they were sent; with `?` only if it has them. */
  readonly echo?: readonly string[]
  /** Whether the client may repeat the call by itself, with the same bytes and thus the same number. */
  readonly repeat: 'safe' | 'never'
  /** Only for calls that move money. */
  readonly money?: MoneyRule
}

/** When the outcome of a call that moves money is not known, and what settles it. */
export interface MoneyRule {
  /**
   * `ambiguous`: no readable answer, 5xx and 202. `throttled`: 429 as well (refunds). `any`: everything but 200 (transfers).
   */
  readonly open: 'ambiguous' | 'throttled' | 'any'
  /** Method that settles it, and the parameters it takes: of the call, by name. */
  readonly query: { readonly method: string; readonly by: readonly string[] }
}
