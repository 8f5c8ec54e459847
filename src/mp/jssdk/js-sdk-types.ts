/** Parameters of `jssdk.config`. */
export interface JsSdkConfigParams {
  /**
   * `location.href` of the page, sent by the page itself: behind a proxy the server may see another URL. `#…` is cut
   * off.
   */
  url: string | URL
  jsApiList: readonly string[]
  openTagList?: readonly string[] | undefined
  /** Makes WeChat show the result of every JS-SDK call in an alert. */
  debug?: boolean | undefined
}

/** The argument of `wx.config`. */
export interface JsSdkConfig {
  appId: string
  /** Seconds since 1970. */
  timestamp: number
  nonceStr: string
  signature: string
  jsApiList: string[]
  openTagList?: string[]
  debug?: boolean
}

/** Parameters of `jssdk.sign`. */
export interface JsSdkSignParams {
  /** A `jsapi_ticket`. */
  ticket: string
  url: string | URL
  nonceStr: string
  /** Seconds since 1970. */
  timestamp: number
}

/** Details of how a signature was made. */
export interface JsSdkExplanation {
  config: JsSdkConfig
  /** The signed text, the ticket masked. Compare its end with `location.href` up to the `#`. */
  signedText: string
  /** The URL as signed. */
  signedUrl: string
  warnings: string[]
}

/** Parameters of `jssdk.cardExt`, for `wx.addCard`. */
export interface CardExtParams {
  card_id: string
  /** For cards with custom codes. */
  code?: string | undefined
  /** For cards with `bind_openid` set. */
  openid?: string | undefined
}

/** The value for `cardExt` of `wx.addCard`; pass it to the page as `JSON.stringify(…)`. */
export interface CardExt {
  code?: string
  openid?: string
  /** Seconds since 1970, as text. */
  timestamp: string
  nonce_str: string
  signature: string
}

/** Parameters of `jssdk.chooseCard`. All are filters. */
export interface ChooseCardParams {
  shopId?: string | undefined
  cardType?: string | undefined
  cardId?: string | undefined
}

/** The argument of `wx.chooseCard`. */
export interface ChooseCard extends ChooseCardParams {
  /** Seconds since 1970. */
  timestamp: number
  nonceStr: string
  signType: 'SHA1'
  cardSign: string
}
