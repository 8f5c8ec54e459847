import { type ClientOptions, clientOptionRules } from '../core/client-options.ts'
import type { Logger, Store } from '../core/index.ts'
import {
  appId,
  callback,
  integer,
  type OptionCheck,
  type OptionRules,
  objectWith,
  oneOf,
  optional,
  record,
  required,
  text
} from '../core/options.ts'
import type { GatewayErrorHandler } from './handler-types.ts'
import { explainEncodingAESKey, type MessageKey } from './message-key.ts'
import type { Reply } from './replies.ts'

/** Former values, accepted while the console still uses them. */
export interface PreviousCredentials {
  token?: string | undefined
  encodingAESKey?: string | undefined
}

/** Options of a gateway. Those of the common ones that are about requests have no effect: a gateway makes none. */
export interface MessageGatewayOptions extends ClientOptions {
  /** AppID of the account; of a third-party platform for messages of the open platform. */
  appId: string
  /** Token (令牌) of the server configuration page. */
  token: string
  /**
   * The 43 characters of the same page. With it only encrypted messages are accepted (compatible and safe mode); without it
   * only plaintext.
   */
  encodingAESKey?: string | undefined
  /** Original id (原始ID, `gh_…`) of the account: messages for another one are refused. */
  originalId?: string | undefined
  /** Former token and key, while the console may still use them. */
  previous?: PreviousCredentials | undefined
  /** Where delivered messages are noted. Default: the memory of this process; give `redisStore` where several processes serve. */
  store?: Store | undefined
  /** Default: the console, each line once a minute. */
  logger?: Logger | undefined
  /** Makes the nonce of encrypted replies. */
  nonce?: (() => string) | undefined
  /**
   * Called with what handlers throw, with messages that cannot be read or may be lost, and with faults of the server. Without it the
   * logger's `error` is. Requests that are not from WeChat, or whose token or key is another, go to the logger's `warn` only.
   */
  onError?: GatewayErrorHandler | undefined
  /** Milliseconds after which the response goes out while the handler goes on. WeChat waits 5 s. Default 4500. */
  deadlineMs?: number | undefined
  /**
   * What a handler that takes longer means. `acknowledge` (default): `success` goes out, and the reply to `onLateReply`.
   * `wait-for-repeat`, for accounts without customer-service messages: messages of people get no response until WeChat delivers them
   * a second and third time (after 5 and 10 s); the reply goes out then, or `placeholder` at the end of the third and the reply with
   * the next message of that person, within ten minutes and in place of that message's handlers.
   */
  late?: 'acknowledge' | 'wait-for-repeat' | undefined
  /** What a person gets at the end of the third delivery. Default: a Chinese sentence that asks for another message. */
  placeholder?: string | Reply | undefined
  /** What becomes of a text of more than 2048 bytes, which WeChat does not take. `cut` (default), or `late`: it goes to `onLateReply`. */
  longText?: 'cut' | 'late' | undefined
  /**
   * Seconds that the timestamp of a request may differ from the clock. Default 300: the three deliveries come within 10 s.
   */
  timestampWindowSeconds?: number | undefined
  /** Bytes of the largest body that is accepted. Default 65536. */
  bodyLimitBytes?: number | undefined
  /** Starts a timer and returns what stops it; default `setTimeout`. For tests. */
  setTimer?: SetTimer | undefined
}

/** Calls back after `ms` milliseconds unless the returned function was called before. */
export type SetTimer = (callback: () => void, ms: number) => () => void

const aesKey: OptionCheck = explainEncodingAESKey
const token: OptionCheck = text(/^[\x21-\x7e]{1,64}$/, 'the token of the server configuration page: letters and digits')

const originalId: OptionCheck = text(/^gh_\w{1,61}$/, 'the original id (原始ID), gh_ and letters and digits')
const reply: OptionCheck = (value) =>
  (typeof value === 'string' && value !== '') || (typeof value === 'object' && value !== null)
    ? undefined
    : 'must be a text or a typed reply'

export const GATEWAY_OPTION_RULES: OptionRules = {
  ...clientOptionRules(),
  appId: required(appId),
  token: required(token),
  encodingAESKey: optional(aesKey),
  originalId: optional(originalId),
  previous: optional(record),
  store: optional(objectWith('get', 'set', 'delete', 'setIfAbsent', 'compareAndDelete')),
  onError: optional(callback),
  deadlineMs: optional(integer(1, 5000)),
  late: optional(oneOf('acknowledge', 'wait-for-repeat')),
  placeholder: optional(reply),
  longText: optional(oneOf('cut', 'late')),
  // At least two repeats of a message must fit in; at most an hour, so that the check stays one.
  timestampWindowSeconds: optional(integer(30, 3600)),
  bodyLimitBytes: optional(integer(1024, 10 * 1024 * 1024)),
  setTimer: optional(callback)
}

export const PREVIOUS_RULES: OptionRules = { token: optional(token), encodingAESKey: optional(aesKey) }

/** What a request can be signed and encrypted with, the current ones first. */
export interface Account {
  readonly appId: string
  readonly originalId: string | undefined
  readonly tokens: readonly string[]
  readonly keys: readonly MessageKey[]
}
