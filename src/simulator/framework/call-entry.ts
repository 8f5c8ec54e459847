import type { Exchange } from './exchange.ts'
import type { LogEntry } from './log.ts'
import { headersOf, type RawHeaders } from './raw-headers.ts'

/** What came of a call. */
interface Outcome extends Pick<LogEntry, 'service' | 'time' | 'durationMs' | 'note' | 'status'> {
  readonly head: Headers | RawHeaders | undefined
  readonly requestBody: string
  readonly responseBody: string
}

const NONE: readonly string[] = []

/** Thousands are kept: a copy has no room for further notes, and most calls need none. */
const kept = (notes: readonly string[]): readonly string[] => (notes.length === 0 ? NONE : notes.slice())

/** @internal A call in the log. It must not hold the exchange, whose body may be large. */
export class CallEntry implements LogEntry {
  readonly id: number
  readonly time: number
  readonly direction = 'in'
  readonly service: string
  readonly account: string | undefined
  readonly method: string
  readonly url: string
  readonly status: number | undefined
  readonly durationMs: number
  readonly verified: readonly string[]
  readonly refused: readonly string[]
  readonly note: string | undefined
  readonly requestBody: string
  readonly responseBody: string
  readonly signature: LogEntry['signature']
  readonly #sent: Headers | RawHeaders
  readonly #received: Headers | RawHeaders | undefined

  constructor(exchange: Exchange, sent: Headers | RawHeaders, outcome: Outcome) {
    this.id = exchange.id
    this.time = outcome.time
    this.service = outcome.service
    this.account = exchange.account
    this.method = exchange.method
    this.url = exchange.url.href
    this.status = outcome.status
    this.durationMs = outcome.durationMs
    this.verified = kept(exchange.verifiedNotes)
    this.refused = kept(exchange.refusals)
    this.note = outcome.note
    this.requestBody = outcome.requestBody
    this.responseBody = outcome.responseBody
    this.signature = exchange.signature
    this.#sent = sent
    this.#received = outcome.head
  }

  // Few entries are looked at: the headers are made then.
  get requestHeaders(): Headers {
    return headersOf(this.#sent)
  }

  get responseHeaders(): Headers | undefined {
    return this.#received && headersOf(this.#received)
  }

  /** For `/-/log`. */
  toJSON(): LogEntry {
    const { requestHeaders, responseHeaders } = this
    return { ...this, requestHeaders, responseHeaders }
  }
}
