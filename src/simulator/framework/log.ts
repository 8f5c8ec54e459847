import type { SimulatorLimits } from './limits.ts'
import type { SignatureFinding } from './signature-finding.ts'

/** One line of the log: a call that the simulator answered (`in`) or a callback that it made (`out`). */
export interface LogEntry {
  readonly id: number
  /** Milliseconds since 1970, on the clock of the simulator. */
  readonly time: number
  readonly direction: 'in' | 'out'
  /** The service or the kind of delivery. */
  readonly service: string
  readonly account: string | undefined
  readonly method: string
  readonly url: string
  /** HTTP status; `undefined` when there was no response. */
  readonly status: number | undefined
  readonly durationMs: number
  /** What was verified about the request. */
  readonly verified: readonly string[]
  /** Checks that did not pass, and why. */
  readonly refused: readonly string[]
  /** Why it failed, or what is worth knowing (a fault that was injected, the verdict over a callback). */
  readonly note: string | undefined
  readonly requestBody: string
  readonly responseBody: string
  readonly requestHeaders?: Headers | undefined
  readonly responseHeaders?: Headers | undefined
  /** What had to be signed, where a signature did not fit. */
  readonly signature?: SignatureFinding | undefined
  /** What a callback is about: the number of an order, the kind of a message, the key of an object. */
  readonly subject?: string | undefined
  /** The callback of which this is an attempt: its `id` in `simulator.deliveries.recent`. */
  readonly deliveryId?: number | undefined
}

/** The exchanges of a simulator, the newest last. */
export interface SimulatorLog extends Iterable<LogEntry> {
  readonly entries: readonly LogEntry[]
  /**
   * The entry of this number, while it is kept.
   *
   * @param id Its `id`.
   */
  byId(id: number): LogEntry | undefined
  /** Calls `listener` for every further entry; the result ends it. */
  subscribe(listener: (entry: LogEntry) => void): () => void
  /**
   * Entries of a service whose URL contains `text`.
   *
   * @param text Part of the URL.
   */
  find(text: string): LogEntry[]
  /** Forgets all entries. */
  clear(): void
}

const DECODER = new TextDecoder()

/** @internal */
export class ExchangeLog implements SimulatorLog {
  /** The newest `#limit` of them; when it is full, the oldest is at `#next`. */
  #ring: LogEntry[] = []
  #next = 0
  readonly #limit: number
  readonly #listeners = new Set<(entry: LogEntry) => void>()
  readonly #bodyBytes: number
  #id = 0

  constructor(limits: SimulatorLimits) {
    this.#limit = limits.logEntries
    this.#bodyBytes = limits.logBodyBytes
  }

  get entries(): readonly LogEntry[] {
    return [...this.#ring.slice(this.#next), ...this.#ring.slice(0, this.#next)]
  }

  [Symbol.iterator](): Iterator<LogEntry> {
    return this.entries.values()
  }

  nextId(): number {
    return ++this.#id
  }

  add(entry: LogEntry): void {
    this.#ring[this.#next] = entry
    this.#next = (this.#next + 1) % this.#limit
    for (const listener of this.#listeners) listener(entry)
  }

  /** A body as text for the log: cut, and counted only when it is binary. */
  bodyText(body: string | Uint8Array): string {
    if (body.length === 0) return ''
    if (typeof body === 'string') {
      if (body.length <= this.#bodyBytes) return body
      return `${body.slice(0, this.#bodyBytes)}… (${Buffer.byteLength(body)} bytes)`
    }
    const head = body.subarray(0, this.#bodyBytes)
    if (head.subarray(0, 512).some((byte) => byte < 9 || (byte > 13 && byte < 32))) return `[${body.length} bytes]`
    const text = DECODER.decode(head)
    return body.length > head.length ? `${text}… (${body.length} bytes)` : text
  }

  subscribe(listener: (entry: LogEntry) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  byId(id: number): LogEntry | undefined {
    return this.#ring.find((entry) => entry.id === id)
  }

  find(text: string): LogEntry[] {
    return this.entries.filter((entry) => entry.url.includes(text) || entry.service === text)
  }

  clear(): void {
    this.#ring = []
    this.#next = 0
  }
}
