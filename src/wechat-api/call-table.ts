import type { RequestOptions } from '../core/client-options.ts'
import type { QueryValue } from '../core/endpoints.ts'
import type { HttpBody } from '../core/http-client.ts'
import { UnexpectedResponseError } from '../errors/index.ts'
import type { WeChatApiClient, WeChatCall } from './wechat-api-client.ts'

/** One endpoint: all in which it differs from the others. */
export interface CallSpec {
  readonly method: 'GET' | 'POST'
  readonly path: string
  /** WeChat may execute the call twice without harm. */
  readonly idempotent: boolean
  /** Default `access_token` in the query. */
  readonly auth?: 'access_token' | 'none'
  /** A field without which the answer is useless. */
  readonly answersWith?: string
}

/** The endpoints of a resource by the names of its methods. */
export type CallTable<Name extends string = string> = Readonly<Record<Name, CallSpec>>

/** What a call sends. */
export interface CallInput<T> {
  query?: Readonly<Record<string, QueryValue>>
  json?: unknown
  body?: HttpBody | (() => HttpBody)
  read?: NonNullable<WeChatCall<T>['read']>
}

/** Calls an endpoint of a table by its name. */
export type Caller<Name extends string> = <T>(name: Name, input: CallInput<T>, options?: RequestOptions) => Promise<T>

/**
 * Makes the function through which a resource calls its endpoints.
 *
 * @param resource Name of the resource in diagnostics and errors, e.g. `users`.
 */
export function createCaller<Name extends string>(
  api: WeChatApiClient,
  resource: string,
  table: CallTable<Name>
): Caller<Name> {
  return async <T>(name: Name, input: CallInput<T>, options: RequestOptions = {}) => {
    const { answersWith, ...spec }: CallSpec = table[name]
    const operation = `${resource}.${name}`
    const answer = await api.call<T>({ ...spec, ...withoutUndefined(input), operation }, options)
    if (answersWith !== undefined && (answer as Record<string, unknown>)[answersWith] === undefined) {
      throw new UnexpectedResponseError(
        `${operation}: WeChat answered without ${answersWith}. See the document of ${spec.path}; a proxy or mock in between?`,
        { product: api.product }
      )
    }
    return answer
  }
}

function withoutUndefined<T>({ query, json, body, read }: CallInput<T>): CallInput<T> {
  return {
    ...(query === undefined ? {} : { query }),
    ...(json === undefined ? {} : { json }),
    ...(body === undefined ? {} : { body }),
    ...(read === undefined ? {} : { read })
  }
}
