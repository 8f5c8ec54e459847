import { checkOptions, integer, optional } from '../../core/options.ts'
import { ConfigError } from '../../errors/index.ts'

/** A callback that waits for its time on a {@link SimulatorClock}. */
export interface ScheduledTask {
  readonly dueAt: number
  /** What happens then, for people. */
  readonly label: string
  /** Keeps the task from running; does nothing once it ran. */
  cancel(): void
}

interface Task extends ScheduledTask {
  readonly order: number
  readonly run: () => void | Promise<void>
  timer: ReturnType<typeof setTimeout> | undefined
}

/** Options of `SimulatorClock`. */
export interface SimulatorClockOptions {
  /** Milliseconds since 1970 at which a manual clock starts. Without it the clock follows the real time. */
  startAt?: number | undefined
}

// setTimeout fires at once above this; the longest schedule of an upstream (24 hours and more) is cut into steps.
const LONGEST_TIMEOUT_MS = 2_000_000_000
/** Times are written with four digits of the year. */
const LAST_TIME_MS = Date.UTC(9999, 11, 31)

/**
 * The time of a simulator: of orders, tokens, bills and repeats. It follows the real time, or stands still until `advance`
 * when `startAt` is given. In both cases `advance` jumps ahead and runs all that becomes due on the way, in the order of
 * time. Signatures over HTTP keep the real time (`transport`), so that other processes go on after a jump.
 */
export class SimulatorClock {
  /** `true` when the time moves by `advance` only. */
  readonly manual: boolean
  #offset = 0
  #order = 0
  #tasks: Task[] = []
  readonly #pending = new Set<Promise<unknown>>()
  readonly #listeners = new Set<(task: ScheduledTask) => void>()
  readonly #startAt: number

  /** @throws {ConfigError} ERR_CONFIG */
  constructor(options: SimulatorClockOptions = {}) {
    checkOptions(options, { startAt: optional(integer()) }, { owner: 'SimulatorClock', product: 'simulator' })
    this.manual = options.startAt !== undefined
    this.#startAt = options.startAt ?? 0
  }

  /**
   * Milliseconds since 1970. Bound, so that it can be given as the `clock` option of a client.
   *
   * @returns Milliseconds since 1970.
   */
  readonly now = (): number => (this.manual ? this.#startAt : Date.now()) + this.#offset

  /**
   * Whole seconds since 1970, as most upstreams print time.
   *
   * @returns Seconds since 1970.
   */
  readonly seconds = (): number => Math.floor(this.now() / 1000)

  /**
   * What a process outside of this one has on its clock, in milliseconds since 1970: real time, which `advance` leaves alone. A clock that
   * stands still is the time of everybody.
   *
   * @returns Milliseconds since 1970.
   */
  readonly transport = (): number => (this.manual ? this.now() : Date.now())

  /**
   * Runs `run` once, `delayMs` from now. Timers do not keep the process alive.
   *
   * @param delayMs Milliseconds from now, on this clock.
   * @param run What to do; `advance` awaits it.
   * @param label What it is, for people.
   */
  schedule(delayMs: number, run: () => void | Promise<void>, label = ''): ScheduledTask {
    const task: Task = {
      label,
      dueAt: this.now() + Math.max(0, delayMs),
      order: this.#order++,
      run,
      timer: undefined,
      cancel: () => this.#remove(task)
    }
    this.#tasks.push(task)
    this.#arm(task)
    return task
  }

  /** @internal What waits for its time, the next first. */
  upcoming(most: number): ScheduledTask[] {
    return [...this.#tasks].sort((a, b) => a.dueAt - b.dueAt || a.order - b.order).slice(0, most)
  }

  /** @internal Calls `listener` for everything that becomes due; the result ends it. */
  onDue(listener: (task: ScheduledTask) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** How many callbacks wait for their time. */
  get scheduled(): number {
    return this.#tasks.length
  }

  /**
   * Moves the time ahead and resolves when everything that became due has been done.
   *
   * @param ms Milliseconds, not below 0: time that runs backwards would bring expired tokens back to life. Not beyond the year 9999.
   * @param maxWaitMs How long to wait for work that was set off, in real milliseconds; without end by default. What takes
   *   longer (an application that hangs) goes on beside.
   * @throws {ConfigError} ERR_INVALID_PARAM
   */
  async advance(ms: number, maxWaitMs: number = Number.POSITIVE_INFINITY): Promise<void> {
    const waitUntil = performance.now() + maxWaitMs
    const settle = () => this.#settleUntil(waitUntil)
    if (typeof ms !== 'number' || !(ms >= 0 && this.now() + ms <= LAST_TIME_MS)) {
      throw new ConfigError(
        'clock.advance: expected a number of milliseconds, not below 0 and not beyond the year 9999.',
        {
          code: 'ERR_INVALID_PARAM',
          option: 'ms',
          product: 'simulator'
        }
      )
    }
    const target = this.now() + ms
    await settle()
    for (let task = this.#next(target); task; task = this.#next(target)) {
      if (task.dueAt > this.now()) this.#offset += task.dueAt - this.now()
      this.#fire(task)
      await settle()
    }
    const missing = target - this.now()
    if (missing > 0) this.#offset += missing
    for (const task of this.#tasks) this.#arm(task)
  }

  /** @internal Takes up the time of a snapshot: what was issued then must not lie in the future. */
  resumeAt(time: number): void {
    this.#offset += Math.max(0, time - this.now())
  }

  /**
   * Resolves when no work that {@link track} knows of is running. Does not wait for callbacks of the future.
   *
   * @throws Nothing: rejections of the work belong to whoever started it.
   */
  async settle(): Promise<void> {
    while (this.#pending.size > 0) await Promise.allSettled([...this.#pending])
  }

  async #settleUntil(time: number): Promise<void> {
    if (time === Number.POSITIVE_INFINITY) return this.settle()
    let timer: ReturnType<typeof setTimeout> | undefined
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, Math.max(0, time - performance.now()))
    })
    await Promise.race([this.settle(), late])
    clearTimeout(timer)
  }

  /**
   * Makes `advance` and `settle` wait for a piece of work.
   *
   * @param work The work to wait for; returned as it is.
   * @throws What `work` rejects with.
   */
  track<T>(work: Promise<T>): Promise<T> {
    const done = work.then(
      () => {},
      () => {}
    )
    this.#pending.add(done)
    void done.then(() => this.#pending.delete(done))
    return work
  }

  /** Cancels everything that waits. */
  stop(): void {
    for (const task of [...this.#tasks]) task.cancel()
  }

  #next(until: number): Task | undefined {
    let first: Task | undefined
    for (const task of this.#tasks) {
      if (task.dueAt > until) continue
      if (!first || task.dueAt < first.dueAt || (task.dueAt === first.dueAt && task.order < first.order)) first = task
    }
    return first
  }

  #fire(task: Task): void {
    this.#remove(task)
    for (const listener of this.#listeners) listener(task)
    // A callback that throws is a mistake of the simulator and must not be lost in a timer.
    const work = Promise.resolve().then(task.run)
    this.track(work)
    work.catch((error: unknown) =>
      queueMicrotask(() => {
        throw error
      })
    )
  }

  #arm(task: Task): void {
    if (this.manual) return
    clearTimeout(task.timer)
    const wait = Math.min(Math.max(0, task.dueAt - this.now()), LONGEST_TIMEOUT_MS)
    task.timer = setTimeout(() => (task.dueAt > this.now() ? this.#arm(task) : this.#fire(task)), wait)
    task.timer.unref?.()
  }

  #remove(task: Task): void {
    clearTimeout(task.timer)
    this.#tasks = this.#tasks.filter((other) => other !== task)
  }
}
