/** The account of a client, by its options. */
export interface Account {
  readonly appId: string
  /** Additional apps of the same merchant, accepted per call and in notifications. */
  readonly furtherAppIds: readonly string[]
  readonly mchId: string
  readonly subAppId: string | undefined
  readonly subMchId: string | undefined
}

export type AccountPart = 'appId' | 'mchId' | 'subAppId' | 'subMchId'

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
  /** `appid`, `mch_id`, and in service provider mode `sub_mch_id` */
  | 'provider'
  /** `mch_id`, and in service provider mode `sub_mch_id` */
  | 'subMerchant'

/** Names on the wire, and their part of the account. */
export const IDENTITIES: Readonly<Record<Identity, Readonly<Record<string, AccountPart>>>> = {
  account: { appid: 'appId', mch_id: 'mchId', sub_appid: 'subAppId', sub_mch_id: 'subMchId' },
  plain: { appid: 'appId', mch_id: 'mchId' },
  merchant: { mch_id: 'mchId' },
  transfer: { mch_appid: 'appId', mchid: 'mchId' },
  redPack: { wxappid: 'appId', mch_id: 'mchId', sub_mch_id: 'subMchId' },
  provider: { appid: 'appId', mch_id: 'mchId', sub_mch_id: 'subMchId' },
  subMerchant: { mch_id: 'mchId', sub_mch_id: 'subMchId' }
}

/** Parts of the account that a call may choose. */
export interface AccountParams {
  /** App of the merchant: `appId` (default) or one of `furtherAppIds` of the client. */
  appid?: string | undefined
  /** Service provider mode (服务商模式): the app of the sub-merchant. Default `subAppId` of the client. */
  sub_appid?: string | undefined
  /** Service provider mode (服务商模式): the sub-merchant. Default `subMchId` of the client. */
  sub_mch_id?: string | undefined
}

/** The problem of a part of the account that a call chose. */
export function checkAccountParam(part: AccountPart | undefined, value: unknown, account: Account): string | undefined {
  switch (part) {
    case 'appId':
      return value === account.appId || account.furtherAppIds.some((other) => other === value)
        ? undefined
        : 'must be appId of the client or one of its furtherAppIds'
    case 'subAppId':
      return typeof value === 'string' && /^[A-Za-z0-9_-]{1,32}$/.test(value)
        ? undefined
        : 'must be an appid such as wx0123456789abcdef'
    case 'subMchId':
      return typeof value === 'string' && /^\d{6,32}$/.test(value)
        ? undefined
        : 'must be a merchant id (商户号): digits only, as text'
    default:
      return 'is filled by the client: leave it out'
  }
}
