/** The environment of a command; tests provide their own. */
export interface CliIo {
  out(text: string): void
  error(text: string): void
  /** Whether escape sequences for colours are allowed. */
  readonly isColored: boolean
  /** Aborted when the process is asked to terminate. */
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
