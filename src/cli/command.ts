/** What a command may touch; a test gives its own. */
export interface CliIo {
  out(text: string): void
  error(text: string): void
  /** Escape sequences for colours are welcome. */
  readonly isColored: boolean
  /** Aborted when the process is asked to end. */
  readonly signal: AbortSignal
}

/** A command of `weixin-kit <name>`. */
export interface Command {
  readonly summary: string
  readonly usage: string
  /** @returns the exit code */
  run(args: readonly string[], io: CliIo): Promise<number>
}

/** A mistake in the command line: printed without a stack, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
