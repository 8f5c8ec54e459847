import { describeError } from './describe-error.ts'

/** Work that goes on after the response. A failure is logged. */
export class Background {
  readonly #log: (line: string) => void
  readonly #underWay = new Set<Promise<void>>()

  constructor(log: (line: string) => void) {
    this.#log = log
  }

  run(what: string, work: Promise<unknown>): void {
    const task = work
      .then(() => undefined)
      .catch((error: unknown) => this.#log(`${what}: ${describeError(error)}`))
      .finally(() => this.#underWay.delete(task))
    this.#underWay.add(task)
  }

  /** Waits for what is under way. */
  async close(): Promise<void> {
    await Promise.all(this.#underWay)
  }
}
