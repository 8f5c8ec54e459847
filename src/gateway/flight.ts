import { TimeoutError } from '../errors/index.ts'

/** One message under way in this process, and the requests that wait for its reply. */
export class Flight {
  /** Requests that still can carry the reply. */
  waiters = 0
  readonly reply: Promise<string>
  /** The first answer counts. */
  resolve: (reply: string) => void = () => undefined
  reject: (error: unknown) => void = () => undefined
  #controller: AbortController | undefined
  #dueMs: number | undefined

  constructor() {
    this.reply = new Promise<string>((resolve, reject) => {
      this.resolve = resolve
      this.reject = reject
    })
  }

  /** Made on first use: most handlers never look at it. */
  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController()
      if (this.#dueMs !== undefined) this.#controller.abort(lateness(this.#dueMs))
    }
    return this.#controller.signal
  }

  /** The answer was due and went out without the reply. */
  expire(dueMs: number): void {
    this.#dueMs ??= dueMs
    this.#controller?.abort(lateness(dueMs))
  }
}

function lateness(dueMs: number): TimeoutError {
  return new TimeoutError(
    `The answer was due after ${dueMs} ms and went out without a reply. The handler may go on: what it returns goes to onLateReply.`,
    { product: 'gateway' }
  )
}
