import type { RequestOptions } from '../../core/client-options.ts'
import type { OptionRules } from '../../core/options.ts'
import type { WeChatPayError } from '../../errors/index.ts'
import type { Bill } from '../common/bill.ts'
import type { Identity } from './identity.ts'
import type { ParamProblem, WireFields } from './params.ts'
import type { IndexedList, ResultFields } from './result.ts'
import type { SignType } from './signer.ts'

/** The method of a row, under the same name in the client. */
export type Call<Params, Result> = (params: Params, options?: RequestOptions) => Promise<Result>

/** Only used by the compiler. */
declare const METHOD: unique symbol

/** One row per endpoint of API v2: all its properties and, as types, the parameters and result of its method. */
export interface Endpoint<Method = unknown> {
  readonly [METHOD]?: Method | undefined
  readonly path: string
  /** If it is not the main host. */
  readonly host?: string | undefined
  /** Rules of the parameters; a function chooses by the parameters. */
  readonly rules: OptionRules | ((params: Readonly<Record<string, unknown>>) => OptionRules)
  /** Default parameters. */
  readonly defaults?: Readonly<WireFields> | undefined
  /** Option of the client that is the default of `notify_url`. */
  readonly notifyUrl?: 'notifyUrl' | 'refundNotifyUrl' | undefined
  /** Names of which exactly one must be passed. */
  readonly oneOf?: readonly string[] | undefined
  /** Problems that rules of single parameters cannot find. */
  readonly check?: ((fields: Readonly<WireFields>) => ParamProblem | undefined) | undefined
  /** Completes the fields, after all checks. */
  readonly write?: ((fields: WireFields) => void) | undefined
  /** The path, if it depends on the parameters. */
  readonly pathFor?: ((fields: Readonly<WireFields>) => string) | undefined
  /** A GET with the fields in its query; the response is nevertheless XML. */
  readonly asQuery?: true | undefined
  /** The field names of the account. */
  readonly identity: Identity
  /** Needs the merchant's certificate (双向证书). */
  readonly certificate: boolean
  /** Kind of result: a converted result, the verified fields as text, or a bill. */
  readonly response: 'result' | 'fields' | 'bill'
  /** `required`: a response without a signature is refused. `absent`: the endpoint does not sign its responses. */
  readonly responseSign: 'required' | 'absent'
  /** Whether `nonce_str` is sent. */
  readonly nonce: boolean
  /** `configured`: that of the client, sent in `sign_type`. The others accept only one type. */
  readonly signType: SignType | 'configured'
  /** Whether the time in seconds is sent as `timestamp`. */
  readonly writeTime?: true | undefined
  /** Whether `sign_type` is sent. */
  readonly sendsSignType: boolean
  /**
   * Whether the client may retry the request automatically, always with identical bytes and therefore the same number.
   * `paced` keeps a second between the attempts.
   */
  readonly retry: 'safe' | 'paced' | 'never'
  /** Fields of the request that a successful response must repeat; others that it repeats are compared as well. */
  readonly echo: readonly string[]
  /** Required fields of a successful response. */
  readonly needs?:
    | readonly string[]
    | ((sent: Readonly<WireFields>, result: ResultFields) => readonly string[])
    | undefined
  /** `false` if a successful response has no `result_code`. */
  readonly hasResultCode?: false | undefined
  /** Elements of the response that are lists. */
  readonly lists?: readonly string[] | undefined
  /** Indexed fields (`coupon_id_0`) that become a list of the result. */
  readonly indexed?: IndexedList | undefined
  /** Makes the result from a converted response; if it throws, the response counts as unreadable. */
  readonly read?: ((result: ResultFields, sent: Readonly<WireFields>) => ResultFields) | undefined
  /** The result of a refusal that is not a failure, e.g. closing a closed order. */
  readonly refusal?: ((error: WeChatPayError) => ResultFields | undefined) | undefined
  /** Present for calls that move money: the method that settles an unknown result, and the parameters it takes. */
  readonly query?: { readonly method: string; readonly by: readonly string[] } | undefined
  /** Codes that leave the result open or settle it for this endpoint, unlike for others. */
  readonly outcomes?: Readonly<Record<string, 'open' | 'refused'>> | undefined
}

/** The methods of a family of rows. Homomorphic, so that docstrings and hover text are those of the rows. */
export type Methods<Rows> = {
  readonly [Name in keyof Rows]: Rows[Name] extends Endpoint<infer Method> ? Method : never
}

type Details = Pick<Endpoint, 'rules' | 'echo'> & Partial<Omit<Endpoint, 'path' | 'rules' | 'echo' | typeof METHOD>>

/** A row whose requests and responses are signed with the type of the client. */
export function signed<Params, Result, Method = Call<Params, Result>>(
  path: string,
  details: Details
): Endpoint<Method> {
  return {
    path,
    identity: 'account',
    certificate: false,
    response: 'result',
    responseSign: 'required',
    nonce: true,
    signType: 'configured',
    sendsSignType: true,
    retry: 'safe',
    ...details
  }
}

/** A row of the payouts: with certificate, MD5 without `sign_type`, and unsigned responses. */
export function payout<Params, Result, Method = Call<Params, Result>>(
  path: string,
  details: Details
): Endpoint<Method> {
  return signed<Params, Result, Method>(path, {
    certificate: true,
    responseSign: 'absent',
    signType: 'MD5',
    sendsSignType: false,
    retry: 'paced',
    ...details
  })
}

/** A row whose successful response is a bill. */
export function bill<Params>(path: string, details: Omit<Details, 'echo'>): Endpoint<Call<Params, Bill>> {
  return signed<Params, Bill>(path, { response: 'bill', responseSign: 'absent', echo: [], ...details })
}
