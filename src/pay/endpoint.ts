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

/** When the outcome of a call that moves money is unknown, and which query settles it. */
export interface MoneyRule {
  /**
   * `ambiguous`: unreadable responses, 5xx and 202. `throttled`: 429 as well (refunds). `any`: everything except 200
   * (transfers).
   */
  readonly open: 'ambiguous' | 'throttled' | 'any'
  /**
   * Method that settles the outcome, and the names of its parameters, taken from the call; `wanted=given` if the name
   * differs.
   */
  readonly query: { readonly method: string; readonly by: readonly string[] }
}

/** Rules of an endpoint besides its path; the code has no branches for single endpoints. */
export interface EndpointRules {
  /** Checks before anything is sent, by dotted names; names in `{}` of the path are always required. */
  readonly rules?: OptionRules | undefined
  /** Problems between parameters that are valid on their own. */
  check?(params: Params): ParamProblem | undefined
  /** Filled by the client: `mchId` always, the others unless the caller passes them. */
  readonly fill?: Readonly<Record<string, AccountField>> | undefined
  /** Default parameters. */
  readonly defaults?: Params | undefined
  /** Parameters of a POST that are sent in the query. */
  readonly inQuery?: readonly string[] | undefined
  /** Personal data in the request that is encrypted, e.g. `receivers[].name`. */
  readonly encrypted?: readonly string[] | undefined
  /** Personal data in the response that is decrypted. */
  readonly decrypted?: readonly string[] | undefined
  /** The response is a 204. */
  readonly empty?: true | undefined
  /** Fields of the response that must be present and contain text. */
  readonly expects?: readonly string[] | undefined
  /**
   * Fields that the response must repeat unchanged. Others that it repeats are compared as well: see
   * `check-response.ts`.
   */
  readonly echo?: readonly string[] | undefined
  /** The object of the response that repeats the parameters. Default: the response itself. */
  readonly echoIn?: string | undefined
  /** The list of the response whose entries repeat the parameters, each of them. */
  readonly echoEach?: string | undefined
  /** Whether the client may retry with the same bytes and therefore the same number. Default `true`. */
  readonly idempotent?: boolean | undefined
  /** Only for calls that move money. */
  readonly money?: MoneyRule | undefined
}

/**
 * One operation of API v3, defined in a single place: the method of the client, the checks and the coverage table are
 * derived from it. `P` is the type of the parameters (`undefined`: none), `R` that of the response.
 */
export interface Endpoint<P = never, R = unknown> extends EndpointRules {
  readonly method: HttpMethod
  /** With `{names}` taken from the parameters. If there are several, one parameter selects the path. */
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
