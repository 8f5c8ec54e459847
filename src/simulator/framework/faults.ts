import {
  callback,
  checkOptions,
  flag,
  integer,
  type OptionRules,
  oneOf,
  optional,
  record,
  text
} from '../../core/options.ts'
import { ConfigError } from '../../errors/index.ts'
import type { Exchange } from './exchange.ts'

/** How an upstream misbehaves. `errcode` and `status` are shaped by the protocol of the service. */
export interface FaultSpec {
  /** The protocol's own error: an `errcode`, an `err_code` of v2, a `code` of v3, a code of Yunpian … */
  errcode?: number | string | undefined
  errmsg?: string | undefined
  /** HTTP status, with the error body that the protocol has for it. */
  status?: number | undefined
  /** A complete response of your own. */
  response?: ((exchange: Exchange) => Response | Promise<Response>) | undefined
  /** Headers to add, e.g. `{ 'retry-after': '1' }`. */
  headers?: Readonly<Record<string, string>> | undefined
  kind?: FaultKind | undefined
  /** For `slow`: how long the response is held back, on the clock of the simulator. 3,000 ms by default. */
  delayMs?: number | undefined
  /** How many calls are hit; 1 by default, `Infinity` until `restore()`. */
  times?: number | undefined
  /** How many fitting calls pass first. */
  skip?: number | undefined
  /**
   * Whether the upstream does the work before it misbehaves: the order exists although the response never came. `true` by
   * default for faults that lose or damage the response, `false` for `errcode` and `status`.
   */
  executed?: boolean | undefined
}

/**
 * - `timeout`: no response until the client gives up
 * - `reset`: the connection breaks
 * - `slow`: the response is late
 * - `html`: a page of some proxy instead of the response
 * - `truncated`: half of the body
 * - `bad-signature`: the response carries a signature that does not fit, where the protocol has one
 */
export type FaultKind = 'timeout' | 'reset' | 'slow' | 'html' | 'truncated' | 'bad-signature'

const KINDS = ['timeout', 'reset', 'slow', 'html', 'truncated', 'bad-signature'] satisfies FaultKind[]

const count = (min: number) => (value: unknown) =>
  value === Number.POSITIVE_INFINITY ? undefined : integer(min)(value)

const RULES: OptionRules = {
  errcode: optional((value) =>
    ['string', 'number'].includes(typeof value) ? undefined : 'must be a string or number'
  ),
  errmsg: optional(text()),
  status: optional(integer(200, 999)),
  response: optional(callback),
  headers: optional(record),
  kind: optional(oneOf(...KINDS)),
  delayMs: optional(integer()),
  times: optional(count(1)),
  skip: optional(count(0)),
  executed: optional(flag)
}

/** A fault that is misspelt would hit a call with nothing, and the test that waits for it would prove nothing. */
function checkFault(match: unknown, spec: FaultSpec): void {
  checkOptions(spec, RULES, { owner: 'simulator.fail', product: 'simulator' })
  const says = (text: string, option: string) =>
    new ConfigError(`simulator.fail: ${text}`, { option, product: 'simulator' })
  if (![spec.errcode, spec.status, spec.response, spec.kind].some((what) => what !== undefined)) {
    throw says(`give one of errcode, status, response, kind (${KINDS.join(', ')}).`, 'kind')
  }
  const isMatch = match instanceof RegExp || typeof match === 'function' || (typeof match === 'string' && match !== '')
  if (!isMatch) throw says('"match" must be part of "host/path?query", a RegExp, a function, or "*".', 'match')
}

/** Part of a path, a pattern over `METHOD host/path?query`, or a function. */
export type FaultMatch = string | RegExp | ((exchange: Exchange) => boolean)

/** A fault in force. */
export interface Fault extends Omit<Readonly<FaultSpec>, 'kind' | 'executed'> {
  readonly kind: FaultKind | undefined
  readonly executed: boolean
}

/** A fault that was put in force by `simulator.fail`. */
export interface FaultHandle {
  /** Calls hit so far. */
  readonly hits: number
  /** Calls still to be hit. */
  readonly remaining: number
  /** Ends the fault. */
  restore(): void
}

/** A fault in force, as the console lists it. */
export interface FaultView {
  readonly id: number
  readonly match: string
  /** What happens, in a word: `timeout`, `errcode 45009`, `status 502`. */
  readonly what: string
  readonly hits: number
  /** Calls still to be hit; `null` for all. */
  readonly remaining: number | null
}

interface ActiveFault {
  readonly id: number
  readonly label: string
  readonly match: (exchange: Exchange) => boolean
  readonly fault: Fault
  skip: number
  remaining: number
  hits: number
}

function matcher(match: FaultMatch): (exchange: Exchange) => boolean {
  if (typeof match === 'function') return match
  if (typeof match === 'string')
    return (exchange) => match === '*' || `${exchange.host}${exchange.target}`.includes(match)
  return (exchange) =>
    new RegExp(match.source, match.flags.replace('g', '')).test(`${exchange.method} ${exchange.host}${exchange.target}`)
}

/** @internal The faults that wait for their calls; the newest that fits wins. */
export class FaultList {
  #active: ActiveFault[] = []
  #id = 0

  add(match: FaultMatch, what: FaultSpec | FaultKind, times?: number): FaultHandle {
    const given: FaultSpec = typeof what === 'string' ? { kind: what } : what
    const spec: FaultSpec = times === undefined ? given : { ...given, times }
    checkFault(match, spec)
    const fault: Fault = {
      ...spec,
      kind: spec.kind,
      executed: spec.executed ?? spec.kind !== undefined
    }
    const active: ActiveFault = {
      id: ++this.#id,
      label: typeof match === 'function' ? match.name || 'function' : String(match),
      match: matcher(match),
      fault,
      skip: spec.skip ?? 0,
      remaining: spec.times ?? 1,
      hits: 0
    }
    this.#active.unshift(active)
    return {
      get hits() {
        return active.hits
      },
      get remaining() {
        return active.remaining
      },
      restore: () => {
        active.remaining = 0
        this.#active = this.#active.filter((other) => other !== active)
      }
    }
  }

  take(exchange: Exchange): Fault | undefined {
    for (const active of this.#active) {
      if (active.remaining <= 0 || !active.match(exchange)) continue
      if (active.skip > 0) {
        active.skip--
        continue
      }
      active.remaining--
      active.hits++
      if (active.remaining <= 0) this.#active = this.#active.filter((other) => other !== active)
      return active.fault
    }
    return undefined
  }

  clear(): void {
    this.#active = []
  }

  list(): FaultView[] {
    return this.#active.map(({ id, label, fault, hits, remaining }) => ({
      id,
      match: label,
      what: describe(fault),
      hits,
      remaining: Number.isFinite(remaining) ? remaining : null
    }))
  }

  /** Ends one fault; `false` when it is not in force. */
  end(id: number): boolean {
    const before = this.#active.length
    this.#active = this.#active.filter((active) => active.id !== id)
    return this.#active.length < before
  }
}

function describe({ kind, errcode, status }: Fault): string {
  if (kind !== undefined) return kind
  if (errcode !== undefined) return `errcode ${errcode}`
  return status === undefined ? 'response' : `status ${status}`
}
