import { BoundedMap } from '../framework/bounded-map.ts'
import type { SimulatorContext } from '../framework/context.ts'

/** A captcha that was registered. */
export interface Captcha {
  readonly captchaId: string
  /** What the browser calls it, by the digest of the account's SDK. */
  readonly challenge: string
  readonly registeredAt: number
  /** Challenges as browsers returned them, with the seccode that belongs to each. */
  readonly solutions: { readonly challenge: string; readonly seccode: string }[]
  used: boolean
}

/** How long a captcha can be solved and validated. */
export const CAPTCHA_LIFE_MS = 10 * 60_000

/** @internal Everything that the simulated Geetest holds. */
export class GeetestState {
  readonly context: SimulatorContext
  /** By the challenge that the browser gets. */
  readonly captchas: BoundedMap<string, Captcha>
  /** The captcha that a seccode belongs to. */
  readonly seccodes: BoundedMap<string, string>
  /** Whether Geetest is down: registering fails, the bypass status says so. */
  isDown = false

  constructor(context: SimulatorContext) {
    this.context = context
    this.captchas = new BoundedMap(context.limits.records)
    this.seccodes = new BoundedMap(context.limits.records)
  }
}
