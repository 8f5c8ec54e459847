import { integer } from '../../core/options.ts'
import { ConfigError } from '../../errors/index.ts'
import type { SimulatorClock } from './clock.ts'
import type { ExchangeLog } from './log.ts'
import { refuseRemoteUrl } from './production-url.ts'

/** The form of every handler of this library: `gateway.handler`, `pay.notifyHandler(…)`, … */
export type FetchHandler = (request: Request) => Promise<Response> | Response

/** Kinds of callbacks; services may add their own. */
export type DeliveryKind = 'gateway' | 'pay' | 'refund' | 'transfer' | 'qiniu' | 'yunpian' | (string & {})

/**
 * Where callbacks go: a handler that runs in this process, or a loopback URL. For a kind whose URL the application
 * names itself (`notify_url`), a URL here replaces the origin and keeps path and query.
 */
export type DeliveryTarget = FetchHandler | string | URL

/** Targets by kind; a single target serves all kinds. */
export interface DeliveryTargets {
  gateway?: DeliveryTarget | Readonly<Record<string, DeliveryTarget>>
  pay?: DeliveryTarget
  refund?: DeliveryTarget
  transfer?: DeliveryTarget
  qiniu?: DeliveryTarget
  yunpian?: DeliveryTarget
  /** For kinds without a target of their own. */
  default?: DeliveryTarget
  /** Hosts other than loopback that may be called, e.g. the name of a container. */
  allowHosts?: readonly string[]
}

/** What the answer to a callback means in its protocol. */
export interface Verdict {
  /** `true` ends the retries. */
  readonly delivered: boolean
  readonly note: string
}

export interface DeliverySpec {
  readonly kind: DeliveryKind
  /** Account that the callback is of; picks the target when there is one per account. */
  readonly account?: string | undefined
  /** URL that the application gave; for kinds without one (gateway, SMS push) the target is the URL. */
  readonly url?: string | undefined
  /** Makes the request of an attempt (0 is the first), with fresh timestamps and signatures. */
  readonly request: (attempt: number, url: string) => Request | Promise<Request>
  /** Waits before the second, third … attempt, in ms on the clock of the simulator. */
  readonly retryAfterMs: readonly number[]
  /** How long the upstream waits for the answer, in real ms. */
  readonly timeoutMs: number
  readonly judge: (response: Response, body: string) => Verdict | Promise<Verdict>
  /** Called once, when it was delivered or given up. */
  readonly finished?: (delivery: Delivery) => void
}

export interface DeliveryAttempt {
  readonly time: number
  readonly status: number | undefined
  readonly body: string
  readonly delivered: boolean
  readonly note: string
}

/** A callback on its way to the application. */
export interface Delivery {
  readonly id: number
  readonly kind: DeliveryKind
  readonly url: string
  readonly attempts: readonly DeliveryAttempt[]
  readonly state: 'held' | 'pending' | 'delivered' | 'failed' | 'undeliverable'
  /** Resolves after the first attempt. */
  readonly first: Promise<Delivery>
  /** Resolves when it was delivered or given up. With a manual clock that takes `advance`. */
  readonly done: Promise<Delivery>
  /** Sends it once more, as the platform does now and then although it was answered. */
  redeliver(): Promise<DeliveryAttempt>
}

interface MutableDelivery extends Delivery {
  attempts: DeliveryAttempt[]
  state: Delivery['state']
}

interface Mode {
  duplicates: number
  held: (() => void)[] | undefined
}

/** Characters of an answer that an attempt keeps. */
const KEPT_BODY = 8_192
const NO_TARGET = 'no target: set `deliver` (or --notify-base)'

/** @internal Sends callbacks with the retries of their protocol. */
export class DeliveryOffice {
  readonly #clock: SimulatorClock
  readonly #log: ExchangeLog
  readonly #targets: DeliveryTargets
  readonly #allowed: readonly string[]
  readonly #timeoutMs: number | undefined
  readonly #modes = new Map<string, Mode>()
  readonly #recent: MutableDelivery[] = []
  readonly #keep: number
  /** Deliveries whose next attempt is due later, the oldest first, and what gives each up. */
  readonly #waiting = new Map<number, () => void>()
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
    this.#targets = { ...targets }
    this.#allowed = targets.allowHosts ?? []
    this.#timeoutMs = options.timeoutMs
    this.#keep = options.keep
    this.#mostWaiting = options.mostWaiting
    for (const [kind, target] of Object.entries(targets)) if (kind !== 'allowHosts') this.#check(kind, target)
  }

  #check(kind: string, target: unknown): void {
    if (typeof target === 'string' || target instanceof URL) refuseRemoteUrl(target, `deliver.${kind}`, this.#allowed)
    else if (typeof target === 'object' && target !== null)
      for (const [account, inner] of Object.entries(target)) this.#check(`${kind}.${account}`, inner)
    else if (typeof target !== 'function' && target !== undefined) {
      throw new ConfigError(`\`deliver.${kind}\` must be a handler or a URL.`, { option: kind, product: 'simulator' })
    }
  }

  /** Sets or replaces the target of a kind. */
  target(kind: DeliveryKind, target: DeliveryTarget): void {
    this.#check(kind, target)
    Object.assign(this.#targets, { [kind]: target })
  }

  /** Whether callbacks of a kind have somewhere to go. */
  hasTarget(kind: DeliveryKind, account?: string): boolean {
    return this.#targetOf(kind, account) !== undefined
  }

  get recent(): readonly Delivery[] {
    return [...this.#recent]
  }

  /** Sends every callback of a kind this many extra times. */
  duplicate(kind: DeliveryKind, extra: number): void {
    const wrong = integer()(extra)
    if (wrong) {
      const message = `deliveries.duplicate: "extra" ${wrong}.`
      throw new ConfigError(message, { code: 'ERR_INVALID_PARAM', option: 'extra', product: 'simulator' })
    }
    this.#mode(kind).duplicates = extra
  }

  /** Keeps callbacks of a kind back until `release`. */
  hold(kind: DeliveryKind): void {
    this.#mode(kind).held ??= []
  }

  /** Lets held callbacks go, the newest first when `reversed`, and resolves when each was tried once. */
  async release(kind: DeliveryKind, options: { reversed?: boolean } = {}): Promise<void> {
    const mode = this.#mode(kind)
    const held = mode.held ?? []
    mode.held = undefined
    if (options.reversed) held.reverse()
    for (const start of held) {
      start()
      await this.#clock.settle()
    }
  }

  deliver(spec: DeliverySpec): Delivery {
    let firstDone: (delivery: Delivery) => void = () => {}
    let allDone: (delivery: Delivery) => void = () => {}
    const first = new Promise<Delivery>((resolve) => (firstDone = resolve))
    const done = new Promise<Delivery>((resolve) => (allDone = resolve))
    const mode = this.#mode(spec.kind)
    const { send, url, problem } = this.#resolve(spec)
    const delivery: MutableDelivery = {
      id: ++this.#id,
      kind: spec.kind,
      url,
      attempts: [],
      state: mode.held ? 'held' : 'pending',
      first,
      done,
      redeliver: () => this.#clock.track(this.#attempt(spec, send, url, delivery.attempts.length))
    }
    this.#recent.push(delivery)
    if (this.#recent.length > this.#keep) this.#recent.shift()
    const finish = (state: Delivery['state']) => {
      delivery.state = state
      this.#waiting.delete(delivery.id)
      spec.finished?.(delivery)
      firstDone(delivery)
      allDone(delivery)
    }
    if (!send) {
      this.#note(spec, url, problem ?? NO_TARGET)
      finish('undeliverable')
      return delivery
    }
    const run = async (attempt: number): Promise<void> => {
      const result = await this.#attempt(spec, send, url, attempt)
      delivery.attempts.push(result)
      if (attempt === 0) {
        for (let i = 0; i < mode.duplicates; i++) delivery.attempts.push(await this.#attempt(spec, send, url, attempt))
      }
      const wait = spec.retryAfterMs[attempt]
      if (result.delivered) finish('delivered')
      else if (wait === undefined) finish('failed')
      else {
        const next = this.#clock.schedule(wait, () => run(attempt + 1))
        this.#wait(delivery.id, () => {
          next.cancel()
          this.#note(spec, url, `given up: more than ${this.#mostWaiting} callbacks wait for another attempt`)
          finish('failed')
        })
        firstDone(delivery)
      }
    }
    const start = () => {
      delivery.state = 'pending'
      const work = run(0).catch((error: unknown) => {
        this.#note(spec, url, error instanceof Error ? error.message : String(error))
        finish('failed')
      })
      void this.#clock.track(work)
    }
    if (mode.held) mode.held.push(start)
    else start()
    return delivery
  }

  /** Bounded: an application that is down for a day must not fill the memory. */
  #wait(id: number, giveUp: () => void): void {
    this.#waiting.set(id, giveUp)
    if (this.#waiting.size > this.#mostWaiting) this.#waiting.values().next().value?.()
  }

  #mode(kind: string): Mode {
    let mode = this.#modes.get(kind)
    if (!mode) {
      mode = { duplicates: 0, held: undefined }
      this.#modes.set(kind, mode)
    }
    return mode
  }

  #targetOf(kind: DeliveryKind, account: string | undefined): DeliveryTarget | undefined {
    const byKind = (this.#targets as Record<string, unknown>)[kind] ?? this.#targets.default
    if (typeof byKind === 'function' || typeof byKind === 'string' || byKind instanceof URL)
      return byKind as DeliveryTarget
    return (byKind as Record<string, DeliveryTarget> | undefined)?.[account ?? '']
  }

  #resolve(spec: DeliverySpec): { send: FetchHandler | undefined; url: string; problem?: string } {
    const target = this.#targetOf(spec.kind, spec.account)
    if (typeof target === 'function') return { send: target, url: spec.url ?? 'https://app.example.com/callback' }
    const own = spec.url === undefined ? undefined : parse(spec.url)
    if (spec.url !== undefined && !own) return { send: undefined, url: spec.url, problem: 'the URL is malformed' }
    if (target !== undefined) {
      const base = new URL(target)
      if (!own) return { send: realFetch, url: base.href }
      const prefix = base.pathname.replace(/\/$/, '')
      return { send: realFetch, url: `${base.origin}${prefix}${own.pathname}${own.search}` }
    }
    if (!own) return { send: undefined, url: '', problem: NO_TARGET }
    try {
      refuseRemoteUrl(own, 'notify_url', this.#allowed)
    } catch {
      return { send: undefined, url: own.href, problem: `refused: ${own.hostname} is not this machine; ${NO_TARGET}` }
    }
    return { send: realFetch, url: own.href }
  }

  async #attempt(
    spec: DeliverySpec,
    send: FetchHandler | undefined,
    url: string,
    attempt: number
  ): Promise<DeliveryAttempt> {
    const time = this.#clock.now()
    const started = performance.now()
    if (!send) return { time, status: undefined, body: '', delivered: false, note: NO_TARGET }
    let request: Request | undefined
    let requestBody = ''
    let status: number | undefined
    let body = ''
    let verdict: Verdict
    try {
      request = await spec.request(attempt, url)
      requestBody = this.#log.bodyText(new Uint8Array(await request.clone().arrayBuffer()))
      const response = await withTimeout(send, request, this.#timeoutMs ?? spec.timeoutMs)
      status = response.status
      body = await response.clone().text()
      verdict = await spec.judge(response, body)
    } catch (error) {
      verdict = { delivered: false, note: describe(error) }
    }
    this.#log.add({
      id: this.#log.nextId(),
      time,
      direction: 'out',
      service: spec.kind,
      account: spec.account,
      method: request?.method ?? 'POST',
      url: request?.url ?? url,
      status,
      durationMs: Math.round(performance.now() - started),
      verified: [],
      note: `${verdict.delivered ? 'delivered' : 'not delivered'}, attempt ${attempt + 1}: ${verdict.note}`,
      requestBody,
      responseBody: this.#log.bodyText(new TextEncoder().encode(body))
    })
    return { time, status, body: body.slice(0, KEPT_BODY), delivered: verdict.delivered, note: verdict.note }
  }

  #note(spec: DeliverySpec, url: string, note: string): void {
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
      note: `not sent: ${note}`,
      requestBody: '',
      responseBody: ''
    })
  }
}

/** With the cause: `fetch failed` alone does not say that nobody listens at the address. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  // Where a name has several addresses, the cause is an AggregateError without a message.
  const { code, message } = (error.cause ?? {}) as { code?: string; message?: string }
  const cause = message || code
  return `${error.name}: ${error.message}${cause ? ` (${cause})` : ''}`
}

function parse(text: string): URL | undefined {
  try {
    return new URL(text)
  } catch {
    return undefined
  }
}

// Redirects are an answer to a callback, not an order to the platform.
const realFetch: FetchHandler = (request) => fetch(request, { redirect: 'manual' })

async function withTimeout(send: FetchHandler, request: Request, timeoutMs: number): Promise<Response> {
  const abort = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = new Error(`no answer within ${timeoutMs} ms`)
      abort.abort(error)
      reject(error)
    }, timeoutMs)
  })
  try {
    return await Promise.race([Promise.resolve(send(new Request(request, { signal: abort.signal }))), timeout])
  } finally {
    clearTimeout(timer)
  }
}
