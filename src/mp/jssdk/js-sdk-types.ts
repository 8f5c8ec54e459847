/** What a page needs signed. */
export interface JsSdkConfigParams {
  /** `location.href` of the page, from the page itself: what a proxy shows the server may differ. `#…` is cut off. */
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

/** How a signature came about. */
export interface JsSdkExplanation {
  config: JsSdkConfig
  /** The text that was signed, the ticket masked. Compare its end with `location.href` up to the `#`. */
  signedText: string
  /** The address as it was signed. */
  signedUrl: string
  warnings: string[]
}

/** Parameters of `jssdk.cardExt`, for `wx.addCard`. */
export interface CardExtParams {
  card_id: string
  /** For cards with codes of your own. */
  code?: string | undefined
  /** For cards of which `bind_openid` is set. */
  openid?: string | undefined
}

/** The value for `cardExt` of `wx.addCard`; give it to the page as `JSON.stringify(…)`. */
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
