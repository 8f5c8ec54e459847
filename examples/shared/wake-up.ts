import { EventEmitter, once } from 'node:events'

/** Another process may have done it: so often the caller looks without being woken. */
const LOOK_MS = 1_000

/** Wakes those who wait for something that is looked up elsewhere: a long poll. */
export class WakeUp {
  readonly #emitter = new EventEmitter().setMaxListeners(0)
  readonly #closing = new AbortController()

  wake(name: string): void {
    this.#emitter.emit(name)
  }

  /** Looks until `isThere`, or the time is over, or nobody is there any more to be told. */
  async wait(name: string, forMs: number, isThere: () => Promise<boolean>, isGone: () => boolean): Promise<boolean> {
    const end = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(forMs)])
    for (;;) {
      if (await isThere()) return true
      if (forMs === 0 || end.aborted || isGone()) return false
      const signal = AbortSignal.any([end, AbortSignal.timeout(LOOK_MS)])
      await once(this.#emitter, name, { signal }).catch(() => undefined)
    }
  }

  /** Ends all that wait. */
  close(): void {
    this.#closing.abort()
  }
}
