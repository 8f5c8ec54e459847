import type { GatewayResult } from './gateway.ts'
import type { ReceivedMessage } from './records.ts'
import type { ScannedCode } from './scan-code.ts'
import type { VirtualPaymentPush } from './virtual-payment/virtual-payment-push.ts'
import type { VirtualOrderRecord } from './virtual-payment/virtual-payment-state.ts'
import type { VirtualPaymentRequest } from './virtual-payment/virtual-payment-verbs.ts'

/** What a mini program hands to its back end after `getUserInfo`, `getUserProfile` or `getPhoneNumber`. */
export interface EncryptedOpenData {
  readonly encryptedData: string
  readonly iv: string
  /** JSON without openid, as `getUserInfo` gives it. */
  readonly rawData: string
  /** Over `rawData`. */
  readonly signature: string
}

/** Which account: an app id, or a kind (`officialAccount`, `miniProgram`, `website`). */
export interface InAccount {
  account?: string
}

/** What a person does in WeChat. */
export interface WeChatUserVerbs {
  /**
   * `wx.login`: a code for `jscode2session`. Replaces the session key.
   *
   * @param options `account`: which account; a default one if absent.
   * @returns The code, for one use.
   */
  login(options?: InAccount): string
  /**
   * Logs in to a mobile app (移动应用): a code for `/sns/oauth2/access_token`.
   *
   * @param options `account`: which account; a default one if absent.
   * @returns The code, for one use.
   */
  appLogin(options?: InAccount): string
  /**
   * Open data under the current session key: the profile, or fields of your own. The watermark is added.
   *
   * @param fields What is encrypted; the profile by default.
   * @param options `account`: which account; a default one if absent.
   */
  encryptedData(fields?: Readonly<Record<string, unknown>>, options?: InAccount): EncryptedOpenData
  /**
   * What `wx.getUserProfile` gives: name and picture under the current session key, without openid and unionid.
   *
   * @param options `account`: which account; a default one if absent.
   */
  encryptedProfile(options?: InAccount): EncryptedOpenData
  /** The old encrypted form of the phone number button. */
  encryptedPhone(options?: InAccount): EncryptedOpenData
  /**
   * A code of the phone number button for `getuserphonenumber`.
   *
   * @param options `account`: which account; a default one if absent.
   * @returns The code, for one use.
   */
  phoneCode(options?: InAccount): string
  /**
   * Opens an authorize URL (web login, QR login) and returns where the browser goes: `redirect_uri?code=…&state=…`.
   *
   * @param url What `authorizeUrl` makes.
   * @param options `accept: false`: the person refuses; `snapshot`: as a snapshot page (快照页); `expired`: with a code that
   *   has expired (42003).
   */
  authorize(url: string | URL, options?: { accept?: boolean; snapshot?: boolean; expired?: boolean }): URL
  /**
   * Opens the page of a one-time subscription.
   *
   * @param url The page of the subscription.
   * @param options `accept: false`: the person refuses.
   */
  subscribeOnce(url: string | URL, options?: { accept?: boolean }): URL
  /**
   * Accepts subscribe messages, `times` each; `Infinity` for long-term templates. Sends the popup event.
   *
   * @param templateIds One template or several.
   * @param options `times`: how many messages of each are allowed; `account`: which account.
   * @throws {RangeError} if the simulator has no such account.
   */
  subscribe(templateIds: string | readonly string[], options?: InAccount & { times?: number }): Promise<void>
  /**
   * Refuses further subscribe messages and sends the change event.
   *
   * @param templateIds One template or several.
   * @param options `account`: which account; a default one if absent.
   * @throws {RangeError} if the simulator has no such account.
   */
  unsubscribe(templateIds: string | readonly string[], options?: InAccount): Promise<void>
  /**
   * Follows the account: the event `subscribe` goes out.
   *
   * @param options `scene`: the scene of the scanned code; `account`: which account.
   * @throws {RangeError} if the simulator has no such account.
   */
  follow(options?: InAccount & { scene?: string }): Promise<GatewayResult>
  /**
   * Stops following the account: the event `unsubscribe` goes out.
   *
   * @param options `account`: which account; a default one if absent.
   * @throws {RangeError} if the simulator has no such account.
   */
  unfollow(options?: InAccount): Promise<GatewayResult>
  /**
   * Scans a QR code with a scene: follows, or sends `SCAN` when following already.
   *
   * @param ticket Ticket of the code.
   * @throws {Error} if there is no such code, or it expired.
   */
  scan(ticket: string): Promise<GatewayResult>
  /**
   * Scans the picture of a mini program code (小程序码): opens the mini program, and returns what it is opened with.
   *
   * @param picture Bytes as `wxacode` returned them, also inside of another file that holds them whole; base64 or a data URL.
   */
  scanCode(picture: Uint8Array | string): ScannedCode
  /**
   * Writes into the chat: text, or the fields of another kind of message. Pictures and voice are stored as media.
   *
   * @param message The text, or fields such as `MsgType` and `Content`.
   * @param options `account`: which account; a default one if absent.
   * @throws {RangeError} if the simulator has no such account.
   */
  send(message: string | Readonly<Record<string, unknown>>, options?: InAccount): Promise<GatewayResult>
  /**
   * Touches a menu button by its key.
   *
   * @param key `key` of the button.
   * @param options `account`: which account; a default one if absent.
   * @throws {RangeError} if the simulator has no such account.
   */
  click(key: string, options?: InAccount): Promise<GatewayResult>
  /**
   * Any other event, by its fields.
   *
   * @param fields `Event` and what belongs to it.
   * @param options `account`: which account; a default one if absent.
   * @throws {RangeError} if the simulator has no such account.
   */
  event(fields: Readonly<Record<string, unknown>>, options?: InAccount): Promise<GatewayResult>
  /**
   * Writes a comment under a sent article; `index` from 0. Returns its number.
   *
   * @param msgDataId `msg_data_id` of the article.
   * @param content The text.
   * @param options `index` of the article, from 0; `account`: which account.
   * @returns Number of the comment.
   */
  comment(msgDataId: string | number, content: string, options?: InAccount & { index?: number }): number
  /**
   * Pays with virtual payment, as `wx.requestVirtualPayment(params)` does: the event goes out and is repeated until it is processed.
   * `apple`: with an Apple account, whose event has no numbers of WeChat Pay.
   *
   * @param params What `virtualPayment.clientParams` makes.
   * @param options `apple`: with an Apple account; `account`: which account.
   * @throws {Error} if the client would show an error, such as a wrong signature.
   */
  buyVirtual(
    params: VirtualPaymentRequest,
    options?: InAccount & { apple?: boolean }
  ): Promise<VirtualPaymentPush & { order: VirtualOrderRecord }>
  /**
   * Asks Apple for the money back: the iOS refund query reaches the application.
   *
   * @param outTradeNo Number of the order.
   * @param options `account`: which account; a default one if absent.
   * @throws {Error} if there is no such order.
   */
  askIosRefund(outTradeNo: string, options?: InAccount): Promise<VirtualPaymentPush>
  /**
   * Confirms the receipt of a shipped order (确认收货): the money of a managed mini program is released.
   *
   * @param transactionId Transaction of WeChat Pay.
   * @param options `account`: which account; a default one if absent.
   */
  confirmReceipt(transactionId: string, options?: InAccount): void
  /** Opens the mini program: counts as use for content checks. */
  openMiniProgram(options?: InAccount): void
  /**
   * Opens the customer-service chat of a mini program.
   *
   * @param options `sessionFrom`: what the button hands over; `account`: which account.
   * @throws {RangeError} if the simulator has no such account.
   */
  enterChat(options?: InAccount & { sessionFrom?: string }): Promise<GatewayResult>
  /**
   * Records speech with the JS-SDK and returns its `serverId`.
   *
   * @param bytes An AMR file; a short one by default.
   * @param options `account`: which account; a default one if absent.
   * @returns The `serverId`.
   */
  recordVoice(bytes?: Uint8Array, options?: InAccount): string
  /** What this person received, the oldest first. */
  messages(options?: InAccount): ReceivedMessage[]
}
