import type { InFlight } from './in-flight.ts'
import type { Settled } from './outcome.ts'

const MAX_ENTRIES = 50_000

/**
 * Remembers recent messages, in progress or handled, for one to two periods. Two alternating maps need neither an
 * expiry per entry nor a sweep.
 */
export class MessageMemory {
  readonly #periodMs: number
  readonly #clock: () => number
  #current = new Map<string, InFlight | Settled>()
  #former = new Map<string, InFlight | Settled>()
  #turnAt: number

  constructor(periodMs: number, clock: () => number) {
    this.#periodMs = periodMs
    this.#clock = clock
    this.#turnAt = clock() + periodMs
  }

  get(key: string): InFlight | Settled | undefined {
    this.#turn()
    return this.#current.get(key) ?? this.#former.get(key)
  }

  set(key: string, entry: InFlight | Settled): void {
    this.#current.set(key, entry)
  }

  delete(key: string): void {
    this.#current.delete(key)
    this.#former.delete(key)
  }

  #turn(): void {
    const now = this.#clock()
    if (now < this.#turnAt && this.#current.size < MAX_ENTRIES) return
    // No message arrived for more than a period: both maps are out of date.
    this.#former = now < this.#turnAt + this.#periodMs ? this.#current : new Map()
    this.#current = new Map()
    this.#turnAt = now + this.#periodMs
  }
}
