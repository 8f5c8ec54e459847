import type { ErrorCode } from 'weixin-kit'

/** One thing that people do wrong, and what the library says about it. */
export interface Mistake {
  readonly name: string
  /** Makes the mistake as untyped code can. Throws, rejects, or returns what is printed: a line of a log, a page, an output. */
  make(): unknown
  /** Code of the error; `text` for what is printed. */
  readonly code: ErrorCode | 'text'
  /** Words of the cure: what to do, not only what is wrong. */
  readonly cure: RegExp
  /** Words that would lead elsewhere. */
  readonly not?: RegExp
}

/** A request that a handler refused: the error that `onError` or the log got. */
export class Reported {
  readonly errors: unknown[] = []
  readonly lines: string[] = []
  /** Option of handlers and gateways. */
  readonly onError = (error: unknown): undefined => {
    this.errors.push(error)
  }
  /** Option of clients. */
  readonly logger = {
    warn: (message: string, fields?: object) => void this.lines.push(`${message} ${JSON.stringify(fields ?? {})}`),
    error: (message: string, fields?: object) => void this.lines.push(`${message} ${JSON.stringify(fields ?? {})}`)
  }

  /** The last error, thrown; without one the lines of the log. */
  async after(work: unknown): Promise<string> {
    await work
    if (this.errors.length > 0) throw this.errors.at(-1)
    return this.lines.join('\n')
  }
}
