import type { SetTimer } from 'weixin-kit/gateway'

/** Timers that run out when the test says so. */
export class ManualTimer {
  readonly delays: number[] = []
  readonly #callbacks = new Set<() => void>()

  get pending(): number {
    return this.#callbacks.size
  }

  readonly set: SetTimer = (callback, ms) => {
    this.delays.push(ms)
    this.#callbacks.add(callback)
    return () => this.#callbacks.delete(callback)
  }

  fire(): void {
    for (const callback of this.#callbacks) {
      this.#callbacks.delete(callback)
      callback()
    }
  }
}
