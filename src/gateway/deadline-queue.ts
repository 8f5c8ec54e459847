import type { SetTimer } from './gateway-options.ts'

interface Entry {
  dueAt: number
  callback: () => void
  before: Entry | undefined
  after: Entry | undefined
  isGone: boolean
}

/**
 * A `SetTimer` for many short-lived timers of few durations: one system timer per duration and period, not one per
 * message. A stopped timer is removed at once, so that nothing outlives its message.
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

/** A linked list in order of time, because all entries have the same duration. */
class DeadlineQueue {
  readonly #ms: number
  #first: Entry | undefined
  #last: Entry | undefined
  #isArmed = false

  constructor(ms: number) {
    this.#ms = ms
  }

  add(callback: () => void): () => void {
    const entry: Entry = {
      dueAt: performance.now() + this.#ms,
      callback,
      before: this.#last,
      after: undefined,
      isGone: false
    }
    if (this.#last) this.#last.after = entry
    else this.#first = entry
    this.#last = entry
    if (!this.#isArmed) this.#arm(this.#ms)
    return () => this.#remove(entry)
  }

  #remove(entry: Entry): void {
    if (entry.isGone) return
    entry.isGone = true
    const { before, after } = entry
    if (before) before.after = after
    else this.#first = after
    if (after) after.before = before
    else this.#last = before
  }

  #arm(ms: number): void {
    this.#isArmed = true
    // Unreferenced: the connection that waits for the response keeps the process alive.
    setTimeout(() => this.#fire(), ms).unref()
  }

  #fire(): void {
    this.#isArmed = false
    // System timers may fire a millisecond early.
    const now = performance.now() + 1
    for (let entry = this.#first; entry; entry = this.#first) {
      if (entry.dueAt > now) {
        this.#arm(entry.dueAt - now + 1)
        return
      }
      this.#remove(entry)
      entry.callback()
    }
  }
}
