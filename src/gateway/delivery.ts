import { type RunOnceOptions, runOnce, type Store } from '../core/index.ts'
import { traceOutcome } from '../core/tracing.ts'
import { StoreError } from '../errors/index.ts'
import type { SetTimer } from './gateway-options.ts'
import { InFlight, type Waiter } from './in-flight.ts'
import { MessageMemory } from './message-memory.ts'
import type { Answer, Delivered, Outcome, Settled } from './outcome.ts'

/** What a delivery needs to know about its message. */
export interface DeliveryTask {
  readonly key: string
  /** Milliseconds until the response to the last delivery is due; `waitMs` is the same for earlier ones. */
  readonly dueMs: number
  readonly waitMs: number
  /** Milliseconds for which a redelivery gets the same reply; 0: never (a query). */
  readonly doneTtlMs: number
  /** Whether the platform does not redeliver it if this request gets no response in time. */
  readonly isLast: boolean
}

/** State that the deliveries of one gateway share. */
export interface DeliveryOptions<T extends DeliveryTask> {
  /** Shared with other processes; absent if there are none. */
  store: Store | undefined
  /** Prefix of the keys in the store. */
  keyPrefix: string
  setTimer: SetTimer
  clock: () => number
  /** Calls the handlers. Never rejects. */
  run: (task: T, flight: InFlight) => Outcome | Promise<Outcome>
  /**
   * Called when the reply was sent but not stored for other processes, or (`hasRun` false) when no request waits for
   * the error any more.
   */
  onStoreError: (error: unknown, hasRun: boolean, task: T) => void
}

/**
 * Redeliveries arrive 5 and 10 s after the first delivery: a dead process must be detected within that time, or its
 * message is lost.
 */
const RUNNING_TTL_MS = 7_000
const RENEW_MS = 2_000
/** By then the platform has closed the last of three requests. */
const MAX_DELIVERIES = 3
/** A query is kept while it runs, so that it runs only once at a time. */
const SINGLE_FLIGHT_MS = 60_000
const NOTHING: Settled = { answer: undefined }

/**
 * Runs the handlers once per message and gives the reply to every delivery that can still carry it: from memory in this
 * process, through the store in others.
 */
export class Delivery<T extends DeliveryTask> {
  readonly #options: DeliveryOptions<T>
  /** By how long they are kept. */
  readonly #memories = new Map<number, MessageMemory>()

  constructor(options: DeliveryOptions<T>) {
    this.#options = options
  }

  /** @throws {StoreError} ERR_STORE when the store fails before the handlers ran. */
  deliver(task: T): Delivered | Promise<Delivered> {
    const memory = this.#memoryFor(task.doneTtlMs || SINGLE_FLIGHT_MS)
    const known = memory.get(task.key)
    if (known) {
      if (task.doneTtlMs > 0) traceOutcome(known instanceof InFlight ? 'running' : 'repeated')
      return known instanceof InFlight ? this.#wait(known, task) : known
    }
    const flight = new InFlight()
    const { store, run } = this.#options
    if (store && task.doneTtlMs > 0) {
      memory.set(task.key, flight)
      void this.#runShared(task, flight, memory, store)
      return this.#wait(flight, task)
    }
    const outcome = run(task, flight)
    if (!(outcome instanceof Promise)) {
      const settled = outcome.answer === undefined ? NOTHING : { answer: outcome.answer }
      if (!outcome.isFailed && task.doneTtlMs > 0) {
        memory.set(task.key, settled)
        traceOutcome('ran')
      }
      return settled
    }
    memory.set(task.key, flight)
    void this.#finish(outcome, task, flight, memory)
    return this.#wait(flight, task)
  }

  #wait(flight: InFlight, task: T): Promise<Delivered> {
    const isLast = ++flight.deliveries >= MAX_DELIVERIES || task.isLast
    const dueMs = isLast ? task.dueMs : task.waitMs
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        resolve: (result) => {
          stopTimer()
          resolve(result)
        },
        reject: (error) => {
          stopTimer()
          reject(error)
        }
      }
      const stopTimer = this.#options.setTimer(() => {
        // With one deadline for all deliveries no later one is waited for: the response that is sent now is the last.
        const isOver = isLast || (flight.holder === 'us' && task.waitMs <= task.dueMs)
        flight.leave(waiter, isOver)
        if (flight.holder === 'us') resolve({ isLate: true, isLast: isOver })
        else if (flight.holder === 'elsewhere') resolve({ isElsewhere: true })
        else reject(new StoreError(`The store did not respond within ${dueMs} ms.`, { product: 'gateway' }))
      }, dueMs)
      flight.join(waiter)
    })
  }

  #memoryFor(ttlMs: number): MessageMemory {
    let memory = this.#memories.get(ttlMs)
    if (!memory) {
      memory = new MessageMemory(ttlMs, this.#options.clock)
      this.#memories.set(ttlMs, memory)
    }
    return memory
  }

  async #finish(running: Promise<Outcome>, task: T, flight: InFlight, memory: MessageMemory): Promise<void> {
    try {
      const outcome = await running
      const answer = await finalAnswer(outcome, flight)
      if (outcome.isFailed || task.doneTtlMs === 0) memory.delete(task.key)
      else {
        memory.set(task.key, answer === undefined ? NOTHING : { answer })
        traceOutcome('ran')
      }
      flight.settle(answer)
    } catch (error) {
      // The logger may throw, and nothing else awaits this promise: an unhandled rejection would end the process.
      memory.delete(task.key)
      flight.fail(error)
    }
  }

  async #runShared(task: T, flight: InFlight, memory: MessageMemory, store: Store): Promise<void> {
    const options: RunOnceOptions = {
      runningTtlMs: RUNNING_TTL_MS,
      renewMs: RENEW_MS,
      doneTtlMs: task.doneTtlMs,
      waitMs: Math.max(task.dueMs, task.waitMs),
      onStoreError: (error) => this.#options.onStoreError(error, true, task)
    }
    flight.holder = 'unknown'
    const watched: Store = {
      ...store,
      setIfAbsent: async (key, value, ttlMs) => {
        const isNew = await store.setIfAbsent(key, value, ttlMs)
        flight.holder = isNew ? 'us' : 'elsewhere'
        return isNew
      }
    }
    let outcome: Outcome | undefined
    const work = async (): Promise<string> => {
      outcome = await this.#options.run(task, flight)
      const kept = await finalAnswer(outcome, flight)
      flight.settle(kept)
      if (outcome.isFailed) throw new Error('The mark was removed, so a redelivery runs the handlers again.')
      return kept === undefined ? '' : JSON.stringify(kept)
    }
    try {
      const result = await runOnce(watched, `${this.#options.keyPrefix}${task.key}`, work, options)
      if (result.outcome === 'running') flight.settleElsewhere()
      else if (result.outcome === 'repeated') flight.settle(result.value === '' ? undefined : readAnswer(result.value))
    } catch (error) {
      if (outcome === undefined) {
        if (!flight.isAwaited) this.#options.onStoreError(error, false, task)
        flight.fail(error)
      }
    } finally {
      // From now on the store decides: it may be shared, and expires entries by its own clock.
      memory.delete(task.key)
    }
  }
}

/** When no request waits for the reply any more, it is sent another way, and later deliveries get none. */
async function finalAnswer({ answer, sendLate }: Outcome, flight: InFlight): Promise<Answer> {
  if (!sendLate || flight.isAwaited || !flight.isTooLate) return answer
  await sendLate()
  return undefined
}

function readAnswer(value: string): Answer {
  try {
    return JSON.parse(value) as Answer
  } catch {
    throw new StoreError('The store returned a different value than was written.', { product: 'gateway' })
  }
}
