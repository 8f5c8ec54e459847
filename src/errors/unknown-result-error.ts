import { WeixinKitError, type WeixinKitErrorOptions } from './weixin-kit-error.ts'

/** The call that settles an unknown result, e.g. `{ method: 'refunds.query', params: { out_refund_no } }`. */
export interface ResultQuery {
  readonly method: string
  readonly params: Readonly<Record<string, string>>
}

/**
 * Thrown when a call that moves money was sent and its outcome is unknown: timeout, lost connection, unreadable or
 * unverifiable response, SYSTEMERROR, or the caller's abort (then `cause` is the reason of the signal). Never retry it
 * under a new number: run `query` first.
 */
export class UnknownResultError extends WeixinKitError {
  static override readonly brand: string = 'UnknownResultError'
  declare readonly code: 'ERR_UNKNOWN_RESULT'
  /** The call that settles the outcome: make it before anything else. */
  readonly query: ResultQuery

  constructor(message: string, options: WeixinKitErrorOptions & { query: ResultQuery }) {
    super('ERR_UNKNOWN_RESULT', message, { outcome: 'unknown', ...options })
    this.query = options.query
  }
}
