import { type RunOnceOptions, runOnce, type Store } from '../core/index.ts'
import { StoreError } from '../errors/index.ts'
import { copyText } from './copy-text.ts'
import { type Answer, Flight, type Settled, type Waiter } from './flight.ts'
import type { SetTimer } from './gateway-options.ts'
import { MessageMemory } from './message-memory.ts'

/** What a handler round came to. */
export interface Outcome {
  answer: Answer
  /** Leave no mark, so that a redelivery runs the handlers again. */
  isFailed: boolean
  /** Sends the reply another way; absent when that is not possible. */
  sendLate?: (() => Promise<void>) | undefined
}

export interface DeliveryTask {
  readonly key: string
  /** Milliseconds until the answer is due. */
  readonly dueMs: number
  /** Milliseconds for which a redelivery gets the same answer. */
  readonly doneTtlMs: number
}

export interface DeliveryOptions<T extends DeliveryTask> {
  /** Shared with other processes; absent: there are none. */
  store: Store | undefined
  /** In front of the keys in the store. */
  keyPrefix: string
  setTimer: SetTimer
  clock: () => number
  /** Calls the handlers. Never rejects. */
  run: (task: T, flight: Flight) => Promise<Outcome>
  /** The reply was given but not kept for other processes, or (`hasRun` false) nobody waits any more to be told. */
  onStoreError: (error: unknown, hasRun: boolean) => void
}

/** Redeliveries come 5 and 10 s after the first: within that time a process must be found dead, or its message is lost. */
const RUNNING_TTL_MS = 7_000
const RENEW_MS = 2_000

/**
 * Runs each message once and gives its reply to every delivery of it that can still carry it: in this process from memory, in
 * others through the store.
 */
export class Delivery<T extends DeliveryTask> {
  readonly #options: DeliveryOptions<T>
  /** By how long they are kept. */
  readonly #memories = new Map<number, MessageMemory>()

  constructor(options: DeliveryOptions<T>) {
    this.#options = options
  }

  /**
   * @returns the answer in an object; `undefined` when it did not come in time
   * @throws {StoreError} ERR_STORE when the store fails before the handlers ran.
   */
  deliver(task: T): Promise<Settled | undefined> {
    return new Promise((resolve, reject) => {
      const memory = this.#memoryFor(task.doneTtlMs)
      const known = memory.get(task.key)
      if (known && !(known instanceof Flight)) {
        resolve(known)
        return
      }
      this.#wait(known ?? this.#start(task, memory), task.dueMs, resolve, reject)
    })
  }

  #wait(
    flight: Flight,
    dueMs: number,
    resolve: (result: Settled | undefined) => void,
    reject: (error: unknown) => void
  ): void {
    const waiter: Waiter = {
      resolve: (answer) => {
        stopTimer()
        resolve({ answer })
      },
      reject: (error) => {
        stopTimer()
        reject(error)
      }
    }
    const stopTimer = this.#options.setTimer(() => {
      flight.leave(waiter, dueMs)
      if (flight.isUnknown)
        reject(new StoreError(`The store did not answer within ${dueMs} ms.`, { product: 'gateway' }))
      else resolve(undefined)
    }, dueMs)
    flight.join(waiter)
  }

  #memoryFor(ttlMs: number): MessageMemory {
    let memory = this.#memories.get(ttlMs)
    if (!memory) {
      memory = new MessageMemory(ttlMs, this.#options.clock)
      this.#memories.set(ttlMs, memory)
    }
    return memory
  }

  #start(task: T, memory: MessageMemory): Flight {
    const flight = new Flight()
    memory.set(task.key, flight)
    const { store } = this.#options
    void (store ? this.#flyShared(task, flight, memory, store) : this.#fly(task, flight, memory))
    return flight
  }

  async #fly(task: T, flight: Flight, memory: MessageMemory): Promise<void> {
    try {
      const outcome = await this.#options.run(task, flight)
      const answer = outcome.sendLate && !flight.isAwaited ? await sendLate(outcome) : outcome.answer
      if (outcome.isFailed) memory.delete(task.key)
      else memory.set(task.key, keepable(answer))
      flight.settle(answer)
    } catch (error) {
      // A logger that throws: nobody else waits for this promise, so that it would end the process.
      memory.delete(task.key)
      flight.fail(error)
    }
  }

  async #flyShared(task: T, flight: Flight, memory: MessageMemory, store: Store): Promise<void> {
    const options: RunOnceOptions = {
      runningTtlMs: RUNNING_TTL_MS,
      renewMs: RENEW_MS,
      doneTtlMs: task.doneTtlMs,
      waitMs: task.dueMs,
      onStoreError: (error) => this.#options.onStoreError(error, true)
    }
    flight.isUnknown = true
    const watched: Store = {
      ...store,
      setIfAbsent: async (key, value, ttlMs) => {
        const isNew = await store.setIfAbsent(key, value, ttlMs)
        flight.isUnknown = false
        return isNew
      }
    }
    let outcome: Outcome | undefined
    const work = async (): Promise<string> => {
      outcome = await this.#options.run(task, flight)
      const kept = outcome.sendLate && !flight.isAwaited ? await sendLate(outcome) : outcome.answer
      flight.settle(kept)
      if (outcome.isFailed) throw new Error('The mark is taken away, so that a redelivery runs the handlers again.')
      return kept === undefined ? '' : JSON.stringify(kept)
    }
    try {
      const result = await runOnce(watched, `${this.#options.keyPrefix}${task.key}`, work, options)
      if (result.outcome === 'ran') return
      // Runs elsewhere and is not finished: the other process has the reply, this request goes without.
      const value = result.outcome === 'repeated' ? result.value : ''
      flight.settle(value === '' ? undefined : readAnswer(value))
    } catch (error) {
      if (outcome === undefined) {
        if (!flight.isAwaited) this.#options.onStoreError(error, false)
        flight.fail(error)
      }
    } finally {
      // From now on what the store says counts: it may be shared, and forgets by its own clock.
      memory.delete(task.key)
    }
  }
}

const NOTHING: Settled = { answer: undefined }

function keepable(answer: Answer): Settled {
  if (answer === undefined) return NOTHING
  return { answer: typeof answer === 'string' ? copyText(answer) : answer }
}

/** Nobody waits for the reply any more: it goes out another way, and later deliveries get none. */
async function sendLate(outcome: Outcome): Promise<undefined> {
  await outcome.sendLate?.()
  return undefined
}

function readAnswer(value: string): Answer {
  try {
    return JSON.parse(value) as Answer
  } catch {
    throw new StoreError('The store answered with something else than was written.', { product: 'gateway' })
  }
}
