import type { SignType } from './signer.ts'

/** How an endpoint names the account in a request. */
export type Identity =
  /** `appid`, `mch_id`, and in service provider mode `sub_appid`, `sub_mch_id` */
  | 'account'
  /** `appid`, `mch_id` only */
  | 'plain'
  /** `mch_id` only */
  | 'merchant'
  /** `mch_appid`, `mchid` */
  | 'transfer'
  /** `wxappid`, `mch_id`, and in service provider mode `sub_mch_id` */
  | 'redPack'

/** What is to be known of an endpoint of API v2. */
export interface Endpoint {
  /** Name of the method, e.g. `orders.unified`. */
  readonly operation: string
  readonly path: string
  /** Where it is not the main host. */
  readonly host?: string
  /** Needs the merchant's certificate (双向证书). */
  readonly certificate: boolean
  /** `required`: an answer without a signature is refused. `absent`: the endpoint signs no answers. */
  readonly answerSign: 'required' | 'absent'
  /** Name of the field that carries the nonce, `undefined` where there is none. */
  readonly nonceField: 'nonce_str' | undefined
  /** `configured`: that of the client, named in `sign_type`. The others take one type only. */
  readonly signType: SignType | 'configured'
  /** Whether `sign_type` is sent. */
  readonly sendsSignType: boolean
  readonly identity: Identity
  /**
   * Whether the client may repeat the request by itself: always with the identical bytes, thus under the same number.
   * `paced` keeps a second between the attempts.
   */
  readonly repeat: 'safe' | 'paced' | 'never'
  /** Fields of the request that a successful answer must repeat. */
  readonly echo: readonly string[]
  /** Fields of the request that an answer need not repeat, but not contradict either. */
  readonly mayEcho?: readonly string[]
  /** `false` where a successful answer has no `result_code`. */
  readonly hasResultCode?: false
  /** Elements of the answer that are lists. */
  readonly lists?: readonly string[]
  /** Present for calls that move money: the method that settles an unknown result, and the parameters it takes. */
  readonly query?: { readonly method: string; readonly by: readonly string[] }
  /** Codes that, for this endpoint, leave the result open or settle it, unlike elsewhere. */
  readonly outcomes?: Readonly<Record<string, 'open' | 'refused'>>
}
