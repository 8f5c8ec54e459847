import type { SetTimer } from './gateway-options.ts'

interface Entry {
  dueAt: number
  callback: () => void
}

/**
 * A `SetTimer` for many short-lived timers of few durations: one timer of the system per duration and period, not one per
 * message. What is stopped leaves at once, so that nothing outlives its message.
 */
export function deadlineQueue(): SetTimer {
  const queues = new Map<number, DeadlineQueue>()
  return (callback, ms) => {
    let queue = queues.get(ms)
    if (!queue) {
      queue = new DeadlineQueue(ms)
      queues.set(ms, queue)
    }
    return queue.add(callback)
  }
}

class DeadlineQueue {
  readonly #ms: number
  /** In the order of their time, because all have the same duration. */
  readonly #entries = new Set<Entry>()
  #isArmed = false

  constructor(ms: number) {
    this.#ms = ms
  }

  add(callback: () => void): () => void {
    const entry: Entry = { dueAt: performance.now() + this.#ms, callback }
    const entries = this.#entries.add(entry)
    if (!this.#isArmed) this.#arm(this.#ms)
    return () => entries.delete(entry)
  }

  #arm(ms: number): void {
    this.#isArmed = true
    // Unreferenced: the connection that waits for the answer keeps the process alive.
    setTimeout(() => this.#fire(), ms).unref()
  }

  #fire(): void {
    this.#isArmed = false
    // Timers of the system may come a millisecond early.
    const now = performance.now() + 1
    for (const entry of this.#entries) {
      if (entry.dueAt > now) {
        this.#arm(entry.dueAt - now + 1)
        return
      }
      this.#entries.delete(entry)
      entry.callback()
    }
  }
}
