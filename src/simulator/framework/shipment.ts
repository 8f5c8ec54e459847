import type { ScheduledTask, SimulatorClock } from './clock.ts'
import type { Delivery, DeliveryAttempt, DeliverySpec } from './delivery.ts'

/** What a shipment needs of the office that sends it. */
export interface ShipmentOffice {
  readonly clock: SimulatorClock
  /** Makes one attempt; the first is 0. */
  attempt(attempt: number): Promise<DeliveryAttempt>
  /** How many more times the first attempt is made. */
  duplicates(): number
  /** Another attempt is due later. */
  waits(giveUp: (reason: string) => void): void
  /** Nothing more will happen. */
  ended(): void
  note(text: string): void
}

/** @internal One callback with its attempts. */
export class Shipment implements Delivery {
  readonly id: number
  readonly kind: Delivery['kind']
  readonly account: string | undefined
  readonly subject: string | undefined
  readonly url: string
  readonly retryAfterMs: readonly number[]
  readonly attempts: DeliveryAttempt[] = []
  readonly first: Promise<Delivery>
  readonly done: Promise<Delivery>
  state: Delivery['state'] = 'pending'
  readonly #office: ShipmentOffice
  readonly #finished: DeliverySpec['finished']
  #firstDone: (delivery: Delivery) => void = () => {}
  #allDone: (delivery: Delivery) => void = () => {}
  #next: ScheduledTask | undefined
  /** Number of the attempt that comes next. */
  #step = 0
  #isHeld = false

  constructor(id: number, spec: DeliverySpec, url: string, office: ShipmentOffice) {
    this.id = id
    this.kind = spec.kind
    this.account = spec.account
    this.subject = spec.subject
    this.url = url
    this.retryAfterMs = spec.retryAfterMs
    this.#finished = spec.finished
    this.#office = office
    this.first = new Promise((resolve) => (this.#firstDone = resolve))
    this.done = new Promise((resolve) => (this.#allDone = resolve))
  }

  get nextAt(): number | undefined {
    return this.#next?.dueAt
  }

  redeliver(): Promise<DeliveryAttempt> {
    return this.#office.clock.track(this.#again())
  }

  async sendNow(): Promise<void> {
    if (this.#isOver) await this.redeliver()
    else {
      this.#cancel()
      this.#isHeld = false
      await this.start()
    }
  }

  hold(): void {
    if (this.#isOver) return
    this.#cancel()
    this.#isHeld = true
    this.state = 'held'
  }

  async release(): Promise<void> {
    if (this.state === 'held') await this.sendNow()
  }

  /** Makes the attempt that comes next, now. */
  start(): Promise<void> {
    this.state = 'pending'
    const work = this.#run().catch((error: unknown) => {
      this.#office.note(error instanceof Error ? error.message : String(error))
      this.finish('failed')
    })
    return this.#office.clock.track(work)
  }

  finish(state: Delivery['state']): void {
    this.state = state
    this.#cancel()
    this.#office.ended()
    this.#finished?.(this)
    this.#firstDone(this)
    this.#allDone(this)
  }

  get #isOver(): boolean {
    return this.state !== 'held' && this.state !== 'pending'
  }

  async #again(): Promise<DeliveryAttempt> {
    const result = await this.#office.attempt(this.attempts.length)
    this.attempts.push(result)
    return result
  }

  async #run(): Promise<void> {
    const step = this.#step++
    this.#cancel()
    const result = await this.#office.attempt(step)
    this.attempts.push(result)
    if (step === 0)
      for (let i = this.#office.duplicates(); i > 0; i--) this.attempts.push(await this.#office.attempt(0))
    const wait = this.retryAfterMs[step]
    // It was delivered or given up meanwhile, by an attempt beside this one.
    if (this.#isOver) return
    if (result.delivered) this.finish('delivered')
    else if (wait === undefined) this.finish('failed')
    else {
      this.#firstDone(this)
      if (!this.#isHeld) this.#schedule(result.time + wait, step + 1)
    }
  }

  // From start to start: an attempt that hangs takes its time out of the wait.
  #schedule(at: number, step: number): void {
    const { clock } = this.#office
    const label = `${this.kind} ${this.subject ?? ''} #${step + 1}`.replace(/ {2,}/g, ' ')
    this.#next = clock.schedule(at - clock.now(), () => this.start(), label)
    this.#office.waits((reason) => {
      this.#office.note(`given up: ${reason}`)
      this.finish('failed')
    })
  }

  #cancel(): void {
    this.#next?.cancel()
    this.#next = undefined
  }
}
