import { integer } from '../../core/options.ts'
import { ConfigError } from '../../errors/index.ts'
import type { SimulatorClock } from './clock.ts'
import type {
  Delivery,
  DeliveryAttempt,
  DeliveryKind,
  DeliverySpec,
  DeliveryTarget,
  DeliveryTargets,
  FetchHandler,
  Verdict
} from './delivery.ts'
import { NO_TARGET, TargetBook } from './delivery-targets.ts'
import type { ExchangeLog } from './log.ts'
import { describeFailure, realFetch, sendCallback } from './send-callback.ts'
import { Shipment } from './shipment.ts'

interface Mode {
  duplicates: number
  held: Shipment[] | undefined
}

/** Characters of a response that an attempt keeps. */
const KEPT_BODY = 8_192

/** @internal Sends callbacks with the retries of their protocol. */
export class DeliveryOffice {
  readonly #clock: SimulatorClock
  readonly #log: ExchangeLog
  readonly #targets: TargetBook
  readonly #timeoutMs: number | undefined
  readonly #modes = new Map<string, Mode>()
  readonly #recent: Shipment[] = []
  readonly #keep: number
  /** Deliveries whose next attempt is due later, the oldest first, and what gives each up. */
  readonly #waiting = new Map<number, (reason: string) => void>()
  readonly #mostWaiting: number
  #id = 0

  constructor(
    clock: SimulatorClock,
    log: ExchangeLog,
    targets: DeliveryTargets,
    options: { timeoutMs?: number | undefined; keep: number; mostWaiting: number }
  ) {
    this.#clock = clock
    this.#log = log
    this.#targets = new TargetBook(targets)
    this.#timeoutMs = options.timeoutMs
    this.#keep = options.keep
    this.#mostWaiting = options.mostWaiting
  }

  /**
   * Sets or replaces the target of a kind, or of its accounts (`*` for those that are not named).
   *
   * @param kind Kind of callback.
   * @param target A URL or a handler, or one for each account.
   */
  target(kind: DeliveryKind, target: DeliveryTarget | Readonly<Record<string, DeliveryTarget>>): void {
    this.#targets.set(kind, target)
  }

  /**
   * Whether callbacks of a kind have somewhere to go.
   *
   * @param kind Kind of callback.
   * @param account Account that it comes from.
   */
  hasTarget(kind: DeliveryKind, account?: string): boolean {
    return this.#targets.find(kind, account) !== undefined
  }

  get recent(): readonly Delivery[] {
    return [...this.#recent]
  }

  /**
   * Sends every callback of a kind this many extra times.
   *
   * @param kind Kind of callback.
   * @param extra Number of extra deliveries.
   */
  duplicate(kind: DeliveryKind, extra: number): void {
    const wrong = integer()(extra)
    if (wrong) {
      const message = `deliveries.duplicate: "extra" ${wrong}.`
      throw new ConfigError(message, { code: 'ERR_INVALID_PARAM', option: 'extra', product: 'simulator' })
    }
    this.#mode(kind).duplicates = extra
  }

  /**
   * Keeps callbacks of a kind back until `release`.
   *
   * @param kind Kind of callback.
   */
  hold(kind: DeliveryKind): void {
    this.#mode(kind).held ??= []
  }

  /**
   * Lets held callbacks go, the newest first when `reversed`, and resolves when each was tried once.
   *
   * @param kind Kind of callback.
   * @param options `reversed`: the newest first.
   * @throws Nothing: failures are in `attempts`.
   */
  async release(kind: DeliveryKind, options: { reversed?: boolean | undefined } = {}): Promise<void> {
    const mode = this.#mode(kind)
    const held = mode.held ?? []
    mode.held = undefined
    if (options.reversed) held.reverse()
    for (const shipment of held) {
      // One that was released by itself is gone already.
      if (shipment.state !== 'held') continue
      void shipment.sendNow()
      await this.#clock.settle()
    }
  }

  /** @internal What `hold` and `duplicate` have set, by kind. */
  get modes(): Record<string, { held: number | undefined; duplicates: number }> {
    const shown = [...this.#modes].filter(([, { duplicates, held }]) => duplicates > 0 || held)
    return Object.fromEntries(
      shown.map(([kind, { duplicates, held }]) => {
        const waiting = held?.filter(({ state }) => state === 'held').length
        return [kind, { held: waiting, duplicates }]
      })
    )
  }

  /**
   * Sends a callback, and retries by the schedule of its protocol.
   *
   * @param spec What is sent, to whom and when.
   */
  deliver(spec: DeliverySpec): Delivery {
    const mode = this.#mode(spec.kind)
    const { send, url, problem } = this.#targets.resolve(spec)
    const id = ++this.#id
    const shipment = new Shipment(id, spec, url, {
      clock: this.#clock,
      attempt: (attempt) => this.#attempt(spec, { send, url, id }, attempt),
      duplicates: () => mode.duplicates,
      waits: (giveUp) => this.#wait(id, giveUp),
      ended: () => void this.#waiting.delete(id),
      note: (text) => this.#note(spec, url, text, id)
    })
    this.#recent.push(shipment)
    if (this.#recent.length > this.#keep) this.#recent.shift()
    if (!send) {
      this.#note(spec, url, problem ?? NO_TARGET, id)
      shipment.finish('undeliverable')
    } else if (mode.held) {
      shipment.hold()
      mode.held.push(shipment)
    } else void shipment.start()
    return shipment
  }

  /** Bounded: an application that is down for a day must not fill the memory. */
  #wait(id: number, giveUp: (reason: string) => void): void {
    this.#waiting.set(id, giveUp)
    if (this.#waiting.size <= this.#mostWaiting) return
    this.#waiting.values().next().value?.(`more than ${this.#mostWaiting} callbacks wait for another attempt`)
  }

  /**
   * What the receiver of a kind has on its clock, in ms.
   *
   * @param kind Kind of callback.
   * @param account Account that it comes from.
   * @returns Milliseconds since 1970.
   */
  receiverTime(kind: DeliveryKind, account?: string): number {
    const target = this.#targets.find(kind, account)
    return typeof target === 'function' ? this.#clock.now() : this.#clock.transport()
  }

  /** A handler in this process shares the clock of the simulator; a URL leads to one with the real time. */
  #timeAt(send: FetchHandler): number {
    return send === realFetch ? this.#clock.transport() : this.#clock.now()
  }

  #mode(kind: string): Mode {
    let mode = this.#modes.get(kind)
    if (!mode) {
      mode = { duplicates: 0, held: undefined }
      this.#modes.set(kind, mode)
    }
    return mode
  }

  async #attempt(
    spec: DeliverySpec,
    { send, url, id }: { send: FetchHandler | undefined; url: string; id: number },
    attempt: number
  ): Promise<DeliveryAttempt> {
    const time = this.#clock.now()
    const started = performance.now()
    if (!send) return { time, status: undefined, tookMs: 0, body: '', delivered: false, note: NO_TARGET }
    let request: Request | undefined
    let requestBody = ''
    let status: number | undefined
    let body = ''
    let verdict: Verdict
    let responseHeaders: Headers | undefined
    try {
      request = await spec.request(attempt, url, this.#timeAt(send))
      const bytes = new Uint8Array(await request.arrayBuffer())
      requestBody = this.#log.bodyText(bytes)
      const response = await sendCallback(send, request, bytes, this.#timeoutMs ?? spec.timeoutMs)
      status = response.status
      responseHeaders = response.headers
      body = await response.text()
      verdict = await spec.judge(response, body)
    } catch (error) {
      verdict = { delivered: false, note: describeFailure(error) }
    }
    const tookMs = Math.round(performance.now() - started)
    this.#log.add({
      id: this.#log.nextId(),
      time,
      direction: 'out',
      service: spec.kind,
      account: spec.account,
      method: request?.method ?? 'POST',
      url: request?.url ?? url,
      status,
      durationMs: tookMs,
      verified: [],
      refused: [],
      note: `${verdict.delivered ? 'delivered' : 'not delivered'}, attempt ${attempt + 1}: ${verdict.note}`,
      requestBody,
      responseBody: this.#log.bodyText(body),
      requestHeaders: request?.headers,
      responseHeaders,
      signature: verdict.signature,
      subject: spec.subject,
      deliveryId: id
    })
    return { time, status, tookMs, body: body.slice(0, KEPT_BODY), delivered: verdict.delivered, note: verdict.note }
  }

  #note(spec: DeliverySpec, url: string, note: string, id: number): void {
    this.#log.add({
      id: this.#log.nextId(),
      time: this.#clock.now(),
      direction: 'out',
      service: spec.kind,
      account: spec.account,
      method: 'POST',
      url,
      status: undefined,
      durationMs: 0,
      verified: [],
      refused: [],
      note: `not sent: ${note}`,
      requestBody: '',
      responseBody: '',
      subject: spec.subject,
      deliveryId: id
    })
  }
}
