import type { WeixinKitError } from '../errors/index.ts'

/** What the page needs for `initGeetest`, as JSON. */
export interface GeetestChallenge {
  /** 0: Geetest was unreachable; the page runs offline. */
  success: 0 | 1
  /** The captchaId. */
  gt: string
  /** Can be used once. */
  challenge: string
  /** Always `true`. */
  new_captcha: true
}

/** Parameters of `geetest.register`. */
export interface RegisterParams {
  /**
   * Who the challenge is for: a session id, openid or another id that the server knows and the page cannot choose. Only
   * the same session can validate it.
   */
  session: string
  /** Sent to Geetest as a digest. */
  userId?: string | undefined
  /** Where the captcha is shown. */
  client_type?: 'web' | 'h5' | 'native' | 'unknown' | undefined
  /** IPv4 or IPv6, without a port. */
  ip_address?: string | undefined
}

/** Result of `geetest.register`. */
export interface Registration {
  /** Send this to the page. */
  readonly challenge: GeetestChallenge
  /** Present when Geetest was unreachable: the captcha then proves nothing, so limit rates elsewhere. */
  readonly failback?: { readonly cause: WeixinKitError | 'bypass' }
}
