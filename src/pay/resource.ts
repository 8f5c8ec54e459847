import type { RequestOptions } from '../core/client-options.ts'
import type { Endpoint } from './endpoint.ts'
import type { PayApi } from './pay-api.ts'

type Method<P, R> = [P] extends [undefined]
  ? (options?: RequestOptions) => Promise<R>
  : (params: P, options?: RequestOptions) => Promise<R>

/** The methods of a family of endpoints. A mapped type keeps the docstring of each row. */
export type Methods<Rows> = {
  readonly [Name in keyof Rows]: Rows[Name] extends Endpoint<infer P, infer R> ? Method<P, R> : never
}

/** A class whose methods are the rows of a table. */
export interface ResourceClass<Rows> {
  new (api: PayApi): Methods<Rows>
  /** @internal */
  readonly rows: Readonly<Record<string, Endpoint>>
}

type Call = (this: { readonly api: PayApi }, ...args: never[]) => Promise<unknown>

/**
 * Creates the class of a family.
 *
 * @param family field of the client, e.g. `refunds`
 */
export function resource<Rows extends object>(family: string, rows: Rows): ResourceClass<Rows>
export function resource(family: string, rows: Readonly<Record<string, Endpoint>>): new (api: PayApi) => object {
  class Resource {
    static readonly rows = rows
    declare readonly api: PayApi

    constructor(api: PayApi) {
      // Not shown by console.log, and not part of the type.
      Object.defineProperty(this, 'api', { value: api })
    }
  }
  for (const [name, endpoint] of Object.entries(rows)) {
    const operation = `${family}.${name}`
    const value: Call = endpoint.rules
      ? function (params: object, options?: RequestOptions) {
          return this.api.call(operation, endpoint, params, options)
        }
      : function (options?: RequestOptions) {
          return this.api.call(operation, endpoint, {}, options)
        }
    Object.defineProperty(value, 'name', { value: name })
    Object.defineProperty(Resource.prototype, name, { value, configurable: true, writable: true })
  }
  return Resource
}
