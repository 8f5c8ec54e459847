import type { RequestOptions } from '../../core/client-options.ts'
import type { OptionRules } from '../../core/options.ts'
import type { WeChatPayError } from '../../errors/index.ts'
import type { Bill } from '../common/bill.ts'
import type { Identity } from './identity.ts'
import type { ParamProblem, WireFields } from './params.ts'
import type { IndexedList, ResultFields } from './result.ts'
import type { SignType } from './signer.ts'

/** The method of a row: what the client's field of that name is. */
export type Call<Params, Result> = (params: Params, options?: RequestOptions) => Promise<Result>

/** Only the compiler looks at it. */
declare const METHOD: unique symbol

/** One row per endpoint of API v2: all that is known of it, and, as types, what its method takes and returns. */
export interface Endpoint<Method = unknown> {
  readonly [METHOD]?: Method | undefined
  readonly path: string
  /** Where it is not the main host. */
  readonly host?: string | undefined
  /** Rules of the parameters; a function chooses by the parameters. */
  readonly rules: OptionRules | ((params: Readonly<Record<string, unknown>>) => OptionRules)
  /** Sent unless the caller says otherwise. */
  readonly defaults?: Readonly<WireFields> | undefined
  /** Option of the client that `notify_url` defaults to. */
  readonly notifyUrl?: 'notifyUrl' | 'refundNotifyUrl' | undefined
  /** Names of which exactly one must be given. */
  readonly oneOf?: readonly string[] | undefined
  /** What rules of single parameters cannot say. */
  readonly check?: ((fields: Readonly<WireFields>) => ParamProblem | undefined) | undefined
  /** Completes the fields, after all checks. */
  readonly write?: ((fields: WireFields) => void) | undefined
  /** The path where it depends on the parameters. */
  readonly pathFor?: ((fields: Readonly<WireFields>) => string) | undefined
  /** A GET whose fields are its query; the response is XML all the same. */
  readonly asQuery?: true | undefined
  /** The names under which the account is sent. */
  readonly identity: Identity
  /** Needs the merchant's certificate (双向证书). */
  readonly certificate: boolean
  /** What a call results in: a converted result, the verified fields as text, or a bill. */
  readonly response: 'result' | 'fields' | 'bill'
  /** `required`: a response without a signature is refused. `absent`: the endpoint does not sign its responses. */
  readonly responseSign: 'required' | 'absent'
  /** Whether `nonce_str` is sent. */
  readonly nonce: boolean
  /** `configured`: that of the client, named in `sign_type`. The others take one type only. */
  readonly signType: SignType | 'configured'
  /** Whether the time in seconds is sent as `timestamp`. */
  readonly writeTime?: true | undefined
  /** Whether `sign_type` is sent. */
  readonly sendsSignType: boolean
  /**
   * Whether the client may repeat the request automatically: always with the identical bytes, thus under the same number.
   * `paced` keeps a second between the attempts.
   */
  readonly retry: 'safe' | 'paced' | 'never'
  /** Fields of the request that a successful response must repeat; others that it repeats are compared as well. */
  readonly echo: readonly string[]
  /** Fields without which a successful response is not one. */
  readonly needs?:
    | readonly string[]
    | ((sent: Readonly<WireFields>, result: ResultFields) => readonly string[])
    | undefined
  /** `false` where a successful response has no `result_code`. */
  readonly hasResultCode?: false | undefined
  /** Elements of the response that are lists. */
  readonly lists?: readonly string[] | undefined
  /** Indexed fields (`coupon_id_0`) that become a list of the result. */
  readonly indexed?: IndexedList | undefined
  /** Makes the result of a converted response; what it throws counts as a response that cannot be read. */
  readonly read?: ((result: ResultFields, sent: Readonly<WireFields>) => ResultFields) | undefined
  /** The result of a refusal that is none, e.g. closing an order that is closed. */
  readonly refusal?: ((error: WeChatPayError) => ResultFields | undefined) | undefined
  /** Present for calls that move money: the method that settles an unknown result, and the parameters it takes. */
  readonly query?: { readonly method: string; readonly by: readonly string[] } | undefined
  /** Codes that, for this endpoint, leave the result open or settle it, unlike elsewhere. */
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

/** A row of the payouts: with certificate, MD5 without `sign_type`, and responses that carry no signature. */
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
