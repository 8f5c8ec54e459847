import type { RequestOptions } from '../core/client-options.ts'
import type { OptionRules } from '../core/options.ts'

/** Fields of a form; `undefined` ones are left out. */
export type Fields = Readonly<Record<string, string | number | boolean | undefined>>

/** One endpoint of the API. `Params` is `undefined` for a call without parameters. */
export interface Endpoint<Params, Result> {
  readonly host: 'sms' | 'voice' | 'flow'
  readonly path: string
  /**
   * Whether a retry has no second effect. A retried send is a second message (and a second fee), and a pull whose
   * response was lost has already removed what it returned.
   */
  readonly idempotent: boolean
  /** Rules of the parameters; absent for a call without parameters. */
  readonly rules?: OptionRules | undefined
  /** Builds the form; default: the parameters unchanged. */
  readonly encode?: ((params: Params, operation: string) => Fields) | undefined
  /** Reads the result; default: the body of the response. */
  readonly decode?: ((body: unknown, operation: string) => Result) | undefined
}

type Method<Params, Result> = [Params] extends [undefined]
  ? (options?: RequestOptions) => Promise<Result>
  : Record<never, never> extends Params
    ? (params?: Params, options?: RequestOptions) => Promise<Result>
    : (params: Params, options?: RequestOptions) => Promise<Result>

/** The methods of a family of endpoints. */
export type Methods<Rows> = {
  readonly [Name in keyof Rows]: Rows[Name] extends Endpoint<infer Params, infer Result>
    ? Method<Params, Result>
    : never
}

/** An idempotent call. */
export function query<Params, Result>(
  path: `/v2/${string}`,
  row: Partial<Omit<Endpoint<Params, Result>, 'path' | 'idempotent'>> = {}
): Endpoint<Params, Result> {
  return { host: 'sms', path, idempotent: true, ...row }
}

/** A call that is never retried once it may have been sent. */
export function command<Params, Result>(
  path: `/v2/${string}`,
  row: Partial<Omit<Endpoint<Params, Result>, 'path' | 'idempotent'>> = {}
): Endpoint<Params, Result> {
  return { host: 'sms', path, idempotent: false, ...row }
}
