import type { OptionCheck } from '../core/options.ts'
import type { ResponseContext } from './read-response.ts'

/** Properties that may differ between endpoints, besides method and path. */
export interface EndpointSpec<Result> {
  /**
   * Checks of the parameters; a name that ends in `?` is optional. Unknown names are accepted: WeChat may have added
   * them.
   */
  readonly rules?: Readonly<Record<string, OptionCheck>> | undefined
  /** Whether the call may be retried without a second effect. Default `true` for GET, `false` for POST. */
  readonly idempotent?: boolean
  /** Default: the access token is sent in the query. */
  readonly auth?: 'none' | undefined
  /** The result is the whole body, which must have this field (`*`: no field is required). */
  readonly returns?: '*' | (keyof Result & string) | undefined
  /** The result is this field of the body. */
  readonly picks?: string | undefined
  /** Reads a response that is not JSON. */
  readonly read?: ((response: Response, context: ResponseContext) => Promise<Result>) | undefined
}

/** One endpoint of the WeChat API. Without `returns`, `picks` and `read` its calls resolve to nothing. */
export interface Endpoint<Params, Result> extends EndpointSpec<Result> {
  /** Name of the method for diagnostics and errors, e.g. `users.info`. */
  readonly operation: string
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly idempotent: boolean
  /** Never set: carries the type of the parameters. */
  readonly params?: ((params: Params) => void) | undefined
}

/** A GET endpoint; its parameters are sent in the query. */
export function get<Params extends object, Result = void>(
  operation: string,
  path: string,
  spec: EndpointSpec<Result> = {}
): Endpoint<Params, Result> {
  return { operation, method: 'GET', path, idempotent: true, ...spec }
}

/** A POST endpoint; its parameters are sent as JSON. */
export function post<Params extends object, Result = void>(
  operation: string,
  path: string,
  spec: EndpointSpec<Result> = {}
): Endpoint<Params, Result> {
  return { operation, method: 'POST', path, idempotent: false, ...spec }
}
