import type { WeChatLanguage } from '../../wechat-api/wire-types.ts'

/** `snsapi_base`: silent, openid only. `snsapi_userinfo`: consent page, profile. */
export type OAuthScope = 'snsapi_base' | 'snsapi_userinfo'

/** Parameters of `oauth.authorizeUrl`. */
export interface AuthorizeUrlParams {
  /**
   * URL to which WeChat redirects the browser. Its exact host must be registered in the console (else page error
   * 10003).
   */
  redirectUri: string | URL
  scope: OAuthScope
  /** Up to 128 letters and digits; use the one from `oauth.createState()`. */
  state: string
  /** Whether to show the consent page even if the user has already agreed. */
  forcePopup?: boolean | undefined
  /** Whether to open the page as a snapshot, whose visitors are virtual users. */
  forceSnapShot?: boolean | undefined
}

/** Parameters of `oauth.qrConnectUrl`: the QR login of an Open Platform website app (网站应用). */
export interface QrConnectUrlParams {
  redirectUri: string | URL
  state: string
  /** Language of the page: `cn` (default) or `en`. */
  lang?: 'cn' | 'en' | undefined
}

/** Response of `oauth.exchangeCode` and `oauth.refreshToken`. This access token is not the one of `mp.accessToken`. */
export interface OAuthToken {
  access_token: string
  /** Seconds, 7200. */
  expires_in: number
  /** Expires after 30 days. */
  refresh_token: string
  openid: string
  /** Comma-separated. */
  scope: string
  /** 1: a visitor of a snapshot page, whose openid and profile are virtual. Do not create an account for it. */
  is_snapshotuser?: number
  /** Only if the account is bound to an Open Platform account. */
  unionid?: string
}

/** Response of `oauth.userInfo`. Since 2021 `sex`, `province`, `city` and `country` are empty. */
export interface OAuthUserInfo {
  openid: string
  nickname: string
  /** 0 unknown, 1 male, 2 female. */
  sex: number
  province: string
  city: string
  country: string
  /** May be empty. Ends in the size: /0 /46 /64 /96 /132. */
  headimgurl: string
  privilege: string[]
  unionid?: string
}

/** Parameters of `oauth.userInfo` and `oauth.checkToken`, e.g. an `OAuthToken`. */
export interface OAuthCredential {
  access_token: string
  openid: string
}

/** Parameters of `oauth.userInfo`. */
export interface OAuthUserInfoParams extends OAuthCredential {
  /** Language of country and city; default `zh_CN`. */
  lang?: WeChatLanguage | undefined
}
