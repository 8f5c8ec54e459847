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

/** Previous values, accepted while the console still uses them. */
export interface PreviousCredentials {
  token?: string | undefined
  encodingAESKey?: string | undefined
}

/** Options of a gateway. The common options for outgoing requests have no effect: a gateway sends none. */
export interface MessageGatewayOptions extends ClientOptions {
  /** AppID of the account; for messages of the open platform, that of the third-party platform. */
  appId: string
  /** Token (令牌) of the server configuration page. */
  token: string
  /**
   * The 43 characters on the same page. With it only encrypted messages are accepted (compatible and safe mode),
   * without it only plaintext ones.
   */
  encodingAESKey?: string | undefined
  /** Original id (原始ID, `gh_…`) of the account: messages for another account are refused. */
  originalId?: string | undefined
  /** Previous token and key, while the console may still use them. */
  previous?: PreviousCredentials | undefined
  /**
   * Where marks of delivered messages are kept. Default: the memory of this process; use `redisStore` for several
   * processes.
   */
  store?: Store | undefined
  /** Default: the console, each line at most once a minute. */
  logger?: Logger | undefined
  /** Generates the nonce of encrypted replies. */
  nonce?: (() => string) | undefined
  /**
   * Called with errors of handlers, messages that cannot be read or may be lost, and faults of the server; without it,
   * the logger's `error` is called. Requests that are not from WeChat, or use another token or key, only go to the
   * logger's `warn`.
   */
  onError?: GatewayErrorHandler | undefined
  /** Milliseconds after which the response is sent while the handler continues. WeChat waits 5 s. Default 4500. */
  deadlineMs?: number | undefined
  /**
   * What happens if a handler takes longer. `acknowledge` (default): `success` is sent, and the reply goes to
   * `onLateReply`. `wait-for-repeat`, for accounts without customer-service messages: messages of users get no response
   * until WeChat delivers them a second and third time (after 5 and 10 s). The reply is sent then; failing that,
   * `placeholder` is sent at the end of the third, and the reply answers that user's next message within ten minutes,
   * in place of the handlers.
   */
  late?: 'acknowledge' | 'wait-for-repeat' | undefined
  /** What the user gets at the end of the third delivery. Default: a Chinese sentence that asks for another message. */
  placeholder?: string | Reply | undefined
  /**
   * What happens to a text of more than 2048 bytes, which WeChat does not accept: `cut` (default), or `late`: it goes
   * to `onLateReply`.
   */
  longText?: 'cut' | 'late' | undefined
  /**
   * Seconds by which the timestamp of a request may differ from the clock. Default 300; the three deliveries arrive
   * within 10 s.
   */
  timestampWindowSeconds?: number | undefined
  /** Maximum size in bytes of an accepted body. Default 65536. */
  bodyLimitBytes?: number | undefined
  /** Starts a timer and returns a function that stops it; default `setTimeout`. For tests. */
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
  // At least enough for two redeliveries of a message; at most an hour, so that the check remains meaningful.
  timestampWindowSeconds: optional(integer(30, 3600)),
  bodyLimitBytes: optional(integer(1024, 10 * 1024 * 1024)),
  setTimer: optional(callback)
}

export const PREVIOUS_RULES: OptionRules = { token: optional(token), encodingAESKey: optional(aesKey) }

/** Tokens and keys that a request may use, the current ones first. */
export interface Account {
  readonly appId: string
  readonly originalId: string | undefined
  readonly tokens: readonly string[]
  readonly keys: readonly MessageKey[]
}
