import type { OptionRules } from '../core/options.ts'

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

export type Params = Readonly<Record<string, unknown>>

/** Fields of the account that the client fills in. */
export type AccountField = 'mchId' | 'ownMchId' | 'appId' | 'subMchId' | 'subAppId' | 'notifyUrl'

/** Why a parameter is refused. */
export interface ParamProblem {
  readonly field: string
  readonly problem: string
}

/** When the outcome of a call that moves money is not known, and which query settles it. */
export interface MoneyRule {
  /**
   * `ambiguous`: unreadable responses, 5xx and 202. `throttled`: 429 as well (refunds). `any`: everything but 200
   * (transfers).
   */
  readonly open: 'ambiguous' | 'throttled' | 'any'
  /** Method that settles it, and the names of its parameters, taken from the call; `wanted=given` where it has another name there. */
  readonly query: { readonly method: string; readonly by: readonly string[] }
}

/** What an endpoint needs and promises, apart from its address; the code has no branches for single endpoints. */
export interface EndpointRules {
  /** Checks before anything is sent, by dotted names; names in `{}` of the path are always required. */
  readonly rules?: OptionRules | undefined
  /** What is wrong between parameters that are each right. */
  check?(params: Params): ParamProblem | undefined
  /** Filled from the client: `mchId` always, the others where the caller gives none. */
  readonly fill?: Readonly<Record<string, AccountField>> | undefined
  /** Parameters that are sent although the caller leaves them out. */
  readonly defaults?: Params | undefined
  /** Parameters of a POST that belong into the query. */
  readonly inQuery?: readonly string[] | undefined
  /** Personal data in the request that is encrypted, e.g. `receivers[].name`. */
  readonly encrypted?: readonly string[] | undefined
  /** Personal data in the response that is decrypted. */
  readonly decrypted?: readonly string[] | undefined
  /** The response is a 204. */
  readonly empty?: true | undefined
  /** Fields of the response that must be there and hold text. */
  readonly expects?: readonly string[] | undefined
  /** Fields that the response must repeat as they were sent. Others that it repeats are compared as well: see `check-response.ts`. */
  readonly echo?: readonly string[] | undefined
  /** The object of the response that repeats the parameters. Default: the response itself. */
  readonly echoIn?: string | undefined
  /** The list of the response whose entries repeat the parameters, each of them. */
  readonly echoEach?: string | undefined
  /** Whether the client may retry with the same bytes and thus the same number. Default `true`. */
  readonly idempotent?: boolean | undefined
  /** Only for calls that move money. */
  readonly money?: MoneyRule | undefined
}

/**
 * One operation of API v3: the only place that knows it. The method of the client, the checks and the coverage table are derived
 * from it. `P` is the type of the parameters (`undefined`: none), `R` that of the response.
 */
export interface Endpoint<P = never, R = unknown> extends EndpointRules {
  readonly method: HttpMethod
  /** With `{names}` taken from the parameters. Several: by the one parameter that chooses. */
  readonly path: string | Readonly<Record<string, string>>
  /** Carries the types; never set. */
  readonly types?: ((params: P) => R) | undefined
}

type Row = <P, R>(path: Endpoint['path'], rules?: EndpointRules) => Endpoint<P, R>

const row =
  (method: HttpMethod): Row =>
  (path, rules) => ({ method, path, ...rules })

export const get: Row = row('GET')
export const post: Row = row('POST')
export const put: Row = row('PUT')
export const patch: Row = row('PATCH')
export const del: Row = row('DELETE')
