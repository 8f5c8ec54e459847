import type { ErrorCode } from './codes.ts'

/** The product whose call failed. */
export type Product =
  | 'core'
  | 'mp'
  | 'miniapp'
  | 'gateway'
  | 'pay'
  | 'qiniu'
  | 'yunpian'
  | 'geetest'
  | 'adapter'
  | 'simulator'

/** What to do about an error, in English (`en`) and Chinese (`zh`). */
export interface Hint {
  readonly en: string
  readonly zh: string
}

/** Whether money may have moved: `refused`, nothing was executed; `unknown`, query before doing anything else. */
export type Outcome = 'refused' | 'unknown'

/** Options that every error of this library takes. */
export interface WeixinKitErrorOptions {
  cause?: unknown
  product?: Product | undefined
  /** What to do; the message says what happened. */
  hint?: Hint | undefined
  /** The inner step that failed, e.g. `accessToken`. */
  step?: string | undefined
  /** For calls that move money. */
  outcome?: Outcome | undefined
}

const brandOf = (name: string) => Symbol.for(`weixin-kit:error:${name}`)

/**
 * Base class of every error that this library throws.
 *
 * `instanceof` works across copies of the package and across ESM and CJS, because it checks a brand (`Symbol.for`)
 * instead of the identity of the class.
 */
export class WeixinKitError extends Error {
  static readonly brand: string = 'WeixinKitError'
  /** Stable: part of the public interface under semantic versioning. */
  readonly code: ErrorCode
  /** Product whose client or handler threw the error; `undefined` outside products. */
  readonly product: Product | undefined
  /** The method whose call failed, e.g. `accessToken.get` or `orders.unified`; absent outside of calls. */
  declare readonly operation?: string
  /** What to do about it; the message says what happened. */
  declare readonly hint?: Hint | undefined
  /**
   * The inner step of a call that failed: `accessToken`, `ticket`, `exchange`, `snapshot`, `platformKeys`, `sandboxKey`, `publicKey`,
   * `charge`, `query`, `reverse`, `confirmRefund`, `region`.
   */
  declare readonly step?: string
  /** Calls that move money: `refused`, nothing was executed; `unknown`, query before doing anything else. */
  declare readonly outcome?: Outcome

  constructor(code: ErrorCode, message: string, options: WeixinKitErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.product = options.product
    if (options.hint) this.hint = options.hint
    if (options.step !== undefined) this.step = options.step
    if (options.outcome !== undefined) this.outcome = options.outcome
    // Walking the chain once per error is cheaper than a branded prototype per class, which every bundler would have to
    // keep.
    let type: unknown = new.target
    for (; typeof type === 'function'; type = Object.getPrototypeOf(type)) {
      if (!Object.hasOwn(type, 'brand')) continue
      Object.defineProperty(this, brandOf((type as typeof WeixinKitError).brand), { value: true })
    }
    Object.defineProperty(this, 'name', { value: new.target.brand, configurable: true, writable: true })
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    // biome-ignore-start lint/complexity/noThisInStatic: each subclass must be asked for its own brand
    if (!Object.hasOwn(this, 'brand')) return Function.prototype[Symbol.hasInstance].call(this, value)
    return typeof value === 'object' && value !== null && brandOf(this.brand) in value
    // biome-ignore-end lint/complexity/noThisInStatic: as above
  }

  /**
   * Returns the fields of the error for structured logs.
   *
   * @returns All fields except the stack and the cause.
   */
  toJSON(): object {
    return Object.assign({ name: this.name, message: this.message }, this)
  }
}
